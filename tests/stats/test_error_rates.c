/*
 * How often the paired tests name a winner where there is none, by simulation with a fixed seed: two classifiers that
 * are equally good by construction (scores from one distribution, the same on a share of the rows), judged 500 times.
 * The limits are the level and three standard errors of 500 trials.
 */
#include "check.h"

#include "base/random.h"
#include "stats/paired.h"

#define TRIALS 500
#define MAX_ROWS 400

struct side {
	int predicted[MAX_ROWS];
	double score[2 * MAX_ROWS];
};

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
	struct predictions pa = {of->rows, 2, 1, y, a.predicted, a.score, NULL};
	struct predictions pb = {of->rows, 2, 1, y, b.predicted, b.score, NULL};
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

static void simulate(const struct null_case *of, double most)
{
	size_t winners[JUDGED] = {0};
	struct random random;

	random_init(&random, 17, of->rows);
	for (int i = 0; i < TRIALS; i++)
		trial(winners, of, &random);
	for (size_t m = 0; m < JUDGED; m++) {
		double share = (double)winners[m] / TRIALS;

		print_message("%s: %s names a winner in %.4f\n", of->name, judged[m]->name, share);
		if (share > most)
			fail_msg("%s: %s names a winner in %.4f of null cases", of->name, judged[m]->name, share);
	}
}

static void few_winners_are_named_where_there_is_none(void **state)
{
	(void)state;
	simulate(&(struct null_case){"150 rows", 150, 0.3, 0.5, 1}, 0.08);
	simulate(&(struct null_case){"400 rows, rare", 400, 0.12, 0.8, 1}, 0.08);
}

static void few_winners_are_named_in_a_family(void **state)
{
	(void)state;
	simulate(&(struct null_case){"400 rows, family of 10", 400, 0.3, 0.9, 10}, 0.0145);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_winners_are_named_where_there_is_none),
		cmocka_unit_test(few_winners_are_named_in_a_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
