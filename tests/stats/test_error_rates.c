/*
 * How often intervals miss, and how often the paired tests name a winner where there is none, by simulation with a
 * fixed seed: two classifiers that are equally good by construction (scores from one distribution, the same on a share
 * of the rows), judged 500 times. The limit is the level and three standard errors of so many trials.
 */
#include "check.h"

#include "base/random.h"
#include "stats/interval.h"
#include "stats/paired.h"

#ifdef __SANITIZE_ADDRESS__
#define TRIALS 100 /* for the sanitizers' sake; the rates are what the plain build is for */
#else
#define TRIALS 500
#endif
#define MAX_ROWS 400

struct side {
	int predicted[MAX_ROWS];
	double score[2 * MAX_ROWS];
};

static double limit(double level, int trials)
{
	return level + 3 * sqrt(level * (1 - level) / trials);
}

static double score_of(struct random *random, int y, double knows)
{
	double score = 0.25 + knows * y + 0.5 * (random_unit(random) + random_unit(random) + random_unit(random)) / 1.5;

	return fmin(fmax(score - knows / 2 - 0.1, 0), 1);
}

static void set(struct side *side, size_t i, double score)
{
	side->score[2 * i] = 1 - score;
	side->score[2 * i + 1] = score;
	side->predicted[i] = score >= 0.5;
}

struct null_case {
	const char *name;
	size_t rows;
	double positive; /* share of positive rows */
	double alike; /* share of rows on which both give one score */
	size_t family;
};

static const struct metric *const judged[] = {&metric_accuracy, &metric_recall,          &metric_precision,
					      &metric_f1,       &metric_roc_auc,         &metric_average_precision,
					      &metric_log_loss, &metric_brier_score_loss};
#define JUDGED (sizeof(judged) / sizeof(*judged))

/* One trial: winners [JUDGED] counts those that the corrected interval names. */
static void trial(size_t *winners, const struct null_case *of, struct random *random)
{
	static int y[MAX_ROWS];
	static struct side a, b;
	struct predictions pa = {of->rows, 2, 1, y, a.predicted, a.score, NULL, NULL, 0};
	struct predictions pb = {of->rows, 2, 1, y, b.predicted, b.score, NULL, NULL, 0};
	struct paired_options options = {.family = of->family, .judge_log_loss = 1, .threads = 1};
	struct paired got[JUDGED];
	struct paired_rows rows;
	struct error err = {0};

	for (size_t i = 0; i < of->rows; i++) {
		double one, other;

		y[i] = random_unit(random) < of->positive;
		one = score_of(random, y[i], 0.2);
		other = random_unit(random) < of->alike ? one : score_of(random, y[i], 0.2);
		set(&a, i, one);
		set(&b, i, other);
	}
	check_ok(paired_compare(got, &rows, judged, JUDGED, &pa, &pb, &options, &err), err);
	for (size_t m = 0; m < JUDGED; m++)
		winners[m] += got[m].corrected_low > 0 || got[m].corrected_high < 0;
}

static void simulate(const struct null_case *of)
{
	size_t winners[JUDGED] = {0};
	struct random random;

	random_init(&random, 17, of->rows);
	for (int i = 0; i < TRIALS; i++)
		trial(winners, of, &random);
	for (size_t m = 0; m < JUDGED; m++) {
		double share = (double)winners[m] / TRIALS;

		print_message("%s: %s names a winner in %.4f\n", of->name, judged[m]->name, share);
		if (share > limit(0.05 / (double)of->family, TRIALS))
			fail_msg("%s: %s names a winner in %.4f of null cases", of->name, judged[m]->name, share);
	}
}

static void few_winners_are_named_where_there_is_none(void **state)
{
	(void)state;
	simulate(&(struct null_case){"150 rows", 150, 0.3, 0.5, 1});
	simulate(&(struct null_case){"400 rows, rare", 400, 0.12, 0.8, 1});
}

static void few_winners_are_named_in_a_family(void **state)
{
	(void)state;
	simulate(&(struct null_case){"400 rows, family of 10", 400, 0.3, 0.9, 10});
}

/* Four classes, a guess that is right in six of ten rows, half of the guesses shared. */
static void guess(struct predictions *a, struct predictions *b, struct random *random)
{
	enum { ROWS = 120 };
	static int y[ROWS], of_a[ROWS], of_b[ROWS];

	for (int i = 0; i < ROWS; i++) {
		y[i] = (int)random_below(random, 4);
		of_a[i] = random_unit(random) < 0.6 ? y[i] : (int)random_below(random, 4);
		of_b[i] = random_unit(random) < 0.6 ? y[i] : (int)random_below(random, 4);
		if (random_unit(random) < 0.5)
			of_b[i] = of_a[i];
	}
	*a = (struct predictions){ROWS, 4, -1, y, of_a, NULL, NULL, NULL, 0};
	*b = (struct predictions){ROWS, 4, -1, y, of_b, NULL, NULL, NULL, 0};
}

static void few_winners_are_named_among_four_classes(void **state)
{
	enum { FEWER = TRIALS / 3 };
	const struct metric *metric[] = {&metric_accuracy, &metric_f1, &metric_balanced_accuracy};
	struct paired_options options = {.family = 1, .threads = 1};
	size_t winners[3] = {0};
	struct random random;

	(void)state;
	random_init(&random, 31, 0);
	for (int i = 0; i < FEWER; i++) {
		struct predictions a, b;
		struct paired got[3];
		struct paired_rows rows;
		struct error err = {0};

		guess(&a, &b, &random);
		check_ok(paired_compare(got, &rows, metric, 3, &a, &b, &options, &err), err);
		for (int m = 0; m < 3; m++)
			winners[m] += got[m].corrected_low > 0 || got[m].corrected_high < 0;
	}
	for (int m = 0; m < 3; m++) {
		print_message("four classes: %s names a winner in %zu of %d\n", metric[m]->name, winners[m], FEWER);
		assert_true((double)winners[m] / FEWER <= limit(0.05, FEWER));
		assert_true(winners[m] > 0); /* and the test is not asleep */
	}
}

/* A sample of n rows in memory of the caller. */
static struct predictions sample(struct random *random, size_t n, int *y, struct side *side)
{
	for (size_t i = 0; i < n; i++) {
		y[i] = random_unit(random) < 0.3;
		set(side, i, score_of(random, y[i], 0.2));
	}
	return (struct predictions){n, 2, 1, y, side->predicted, side->score, NULL, NULL, 0};
}

/* The mean over many samples stands for the score of the whole population. */
static void true_scores(double *truth, struct random *random)
{
	static int y[MAX_ROWS];
	static struct side side;
	enum { SAMPLES = 800 };

	memset(truth, 0, JUDGED * sizeof(*truth));
	for (int i = 0; i < SAMPLES; i++) {
		struct predictions p = sample(random, MAX_ROWS, y, &side);

		for (size_t m = 0; m < JUDGED; m++) {
			struct error err = {0};
			double value;

			check_ok(judged[m]->compute(&value, &p, NULL, &err), err);
			truth[m] += value / SAMPLES;
		}
	}
}

static void intervals_hold_the_true_score_as_often_as_they_say(void **state)
{
	static int y[MAX_ROWS];
	static struct side side;
	double truth[JUDGED];
	size_t missed[JUDGED] = {0};
	struct random random;

	(void)state;
	random_init(&random, 23, 0);
	true_scores(truth, &random);
	for (int i = 0; i < TRIALS; i++) {
		struct predictions p = sample(&random, 200, y, &side);
		struct measured got[JUDGED];
		struct error err = {0};

		check_ok(measure(got, judged, JUDGED, &p, 0.95, 1, &err), err);
		for (size_t m = 0; m < JUDGED; m++)
			missed[m] += truth[m] < got[m].low || truth[m] > got[m].high;
	}
	for (size_t m = 0; m < JUDGED; m++) {
		double share = (double)missed[m] / TRIALS;

		print_message("%s is missed in %.4f\n", judged[m]->name, share);
		/* a probability of 0 costs 36 nats once in a while: no interval of 200 rows knows */
		if (judged[m] != &metric_log_loss && share > limit(0.05, TRIALS))
			fail_msg("%s lies outside its interval in %.4f", judged[m]->name, share);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_winners_are_named_where_there_is_none),
		cmocka_unit_test(few_winners_are_named_in_a_family),
		cmocka_unit_test(few_winners_are_named_among_four_classes),
		cmocka_unit_test(intervals_hold_the_true_score_as_often_as_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
