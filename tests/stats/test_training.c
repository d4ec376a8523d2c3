/* What training rows do to a difference: found where it is, not made up where it is not, and added as the header says. */
#include "check.h"

#include "base/random.h"
#include "stats/repeated.h"

enum { DATA = 1000, TEST = 400, SPLITS = 10 };

struct one_split {
	size_t row[TEST];
	int y[TEST], predicted[2][TEST];
	double score[2][2 * TEST];
	struct predictions p[2];
};

static struct one_split split[SPLITS];
static struct training_split given[SPLITS];

/* Random test rows for every split, or of each split its own; the first three of ten rows are positive. */
static void draw_rows(int disjoint)
{
	static size_t order[DATA];
	struct random random;

	random_init(&random, 5, 1);
	for (size_t i = 0; i < DATA; i++)
		order[i] = i;
	for (size_t j = 0; j < SPLITS; j++) {
		size_t n = disjoint ? DATA / SPLITS : TEST, from = disjoint ? j * n : 0;

		if (!disjoint)
			random_shuffle(&random, order, DATA);
		for (size_t i = 0; i < n; i++) {
			split[j].row[i] = order[from + i];
			split[j].y[i] = order[from + i] % 10 < 3;
		}
		for (int side = 0; side < 2; side++)
			split[j].p[side] = (struct predictions){.n = n,
								.classes = 2,
								.positive = 1,
								.y_true = split[j].y,
								.y_pred = split[j].predicted[side],
								.score = split[j].score[side]};
		given[j] = (struct training_split){&split[j].p[0], &split[j].p[1], split[j].row};
	}
}

static void set(size_t j, int side, size_t i, double score, int predicted)
{
	split[j].score[side][2 * i] = 1 - score;
	split[j].score[side][2 * i + 1] = score;
	split[j].predicted[side][i] = predicted;
}

static void measure(struct training *out, const struct metric *metric)
{
	struct error err = {0};

	check_ok(training_measure(out, &metric, 1, given, SPLITS, DATA, &err), err);
}

/* Every row of a split loses the same by its training: the spread is the variance of these. */
static void what_training_adds_to_every_row_is_the_spread(void **state)
{
	struct training got;
	double mean = 0, variance = 0, shift[SPLITS];

	(void)state;
	draw_rows(0);
	for (size_t j = 0; j < SPLITS; j++) {
		shift[j] = 0.001 * (double)(j * j);
		mean += shift[j] / SPLITS;
		for (size_t i = 0; i < TEST; i++) {
			double base = 0.05 + 0.0001 * (double)(split[j].row[i] % 97), loss = sqrt(base + shift[j]);

			set(j, 0, i, split[j].y[i] ? 1 - loss : loss, 0);
			set(j, 1, i, split[j].y[i] ? 1 - sqrt(0.05) : sqrt(0.05), 0);
		}
	}
	for (size_t j = 0; j < SPLITS; j++)
		variance += pow(shift[j] - mean, 2) / (SPLITS - 1);
	measure(&got, &metric_brier_score_loss);
	check_close(got.spread / variance, 1, 1e-9);
	assert_true(got.spread_se > 0);
}

/* Rows that come out differently by chance are no effect of training: near 0 on either side. */
static void rows_that_flip_by_themselves_are_no_spread(void **state)
{
	const struct metric *metric[] = {&metric_accuracy, &metric_recall, &metric_f1};
	struct random random;
	struct training got;

	(void)state;
	draw_rows(0);
	random_init(&random, 9, 2);
	for (size_t j = 0; j < SPLITS; j++)
		for (size_t i = 0; i < TEST; i++)
			for (int side = 0; side < 2; side++) {
				int right = random_unit(&random) < 0.8;

				set(j, side, i, 0.5, right ? split[j].y[i] : !split[j].y[i]);
			}
	for (int m = 0; m < 3; m++) {
		measure(&got, metric[m]);
		assert_true(fabs(got.spread) < 3 * got.spread_se);
		assert_true(fabs(got.spread) < got.rows);
	}
	/* 0.8 x 0.2 of variance a row and side */
	measure(&got, &metric_accuracy);
	check_close(got.rows / (2 * 0.16 / TEST), 1, 0.1);
}

/* The cut of each split lies elsewhere: recall moves as a whole. */
static void a_cut_that_training_places_is_found_in_recall(void **state)
{
	struct training got;

	(void)state;
	draw_rows(0);
	for (size_t j = 0; j < SPLITS; j++)
		for (size_t i = 0; i < TEST; i++) {
			double score = (double)(split[j].row[i] * 7919 % DATA) / DATA;

			set(j, 0, i, score, score > 0.3 + 0.04 * (double)j);
			set(j, 1, i, score, score > 0.5);
		}
	measure(&got, &metric_recall);
	/* cuts 0.04 apart: the variance of 0 .. 9 is 9.17 */
	check_close(got.spread / (0.0016 * 55 / 6), 1, 0.2);
}

/* Two that say one class of all rows differ by the classes' sizes alone, which are the same in every split. */
static void how_many_rows_a_class_has_is_no_part_of_what_rows_do(void **state)
{
	struct training got;

	(void)state;
	draw_rows(0);
	for (size_t j = 0; j < SPLITS; j++)
		for (size_t i = 0; i < TEST; i++) {
			set(j, 0, i, 0.5, 1);
			set(j, 1, i, 0.5, 0);
		}
	measure(&got, &metric_f1);
	check_close(got.rows, 0, 1e-20);
	assert_true(got.spread <= 0);
}

static void what_is_missing_follows_the_formula(void **state)
{
	const struct training none = {.spread = -1e-5, .spread_se = 1e-6, .rows = 4e-4};
	const struct training some = {.spread = 1e-5, .spread_se = 2e-5, .rows = 4e-4};
	const struct training unknown = {.spread = NAN, .rows = 4e-4};
	double spread = 2e-5, whole = 2 * sqrt(0.8 * 4e-4 * spread);

	(void)state;
	check_close(training_missing(&none, 3e-4, 0.25), 0, 0);
	check_close(training_missing(&unknown, 3e-4, 0.25), 0, 0);
	/* s2 says nothing of a covariance */
	check_close(training_missing(&some, 1e-3, 0.25) / (spread * 3.75), 1, 1e-12);
	/* s2 = 3.2e-4 + 2e-5 - 1e-5 */
	check_close(training_missing(&some, 3.3e-4, 0.25) / (spread * 3.75 + 1e-5 / 0.8), 1, 1e-9);
	/* at most what a correlation of 1 gives */
	check_close(training_missing(&some, 0, 0.25) / (spread * 3.75 + whole / 0.8), 1, 1e-12);
}

static void splits_that_share_no_rows_cannot_judge_a_cut(void **state)
{
	double a[SPLITS], b[SPLITS];
	struct repeated_splits splits = {.n = SPLITS, .test_to_train = 1.0 / 9, .rarer = 100, .family = 1};
	struct training got;
	struct paired f1, brier;
	struct error err = {0};

	(void)state;
	draw_rows(1);
	for (size_t j = 0; j < SPLITS; j++) {
		a[j] = 0.8 + 0.001 * (double)j;
		b[j] = 0.7 + 0.001 * (double)(j * j % 7);
		for (size_t i = 0; i < DATA / SPLITS; i++)
			for (int side = 0; side < 2; side++)
				set(j, side, i, 0.5, (i + j) % 3 == 0);
	}
	measure(&got, &metric_f1);
	assert_true(isnan(got.spread));
	splits.training = &got;
	check_ok(repeated_splits_compare(&f1, &metric_f1, a, b, &splits, &err), err);
	check_ok(repeated_splits_compare(&brier, &metric_brier_score_loss, a, b, &splits, &err), err);
	assert_true(f1.too_few && !brier.too_few);
	assert_non_null(strstr(f1.note, "no two splits share test rows"));
	check_close(f1.se, brier.se, 0);
}

static void the_interval_is_wider_by_what_is_missing(void **state)
{
	const struct training training = {.spread = 1e-5, .spread_se = 0, .rows = 1e-5};
	double a[SPLITS], b[SPLITS], s2;
	struct repeated_splits splits = {.n = SPLITS, .test_to_train = 0.25, .rarer = 100, .family = 1};
	struct paired without, with;
	struct error err = {0};

	(void)state;
	for (size_t j = 0; j < SPLITS; j++) {
		a[j] = 0.8 + 0.001 * (double)(j * j % 7);
		b[j] = 0.79;
	}
	check_ok(repeated_splits_compare(&without, &metric_f1, a, b, &splits, &err), err);
	splits.training = &training;
	check_ok(repeated_splits_compare(&with, &metric_f1, a, b, &splits, &err), err);
	s2 = without.se * without.se / 0.35;
	check_close(with.se, sqrt(s2 * 0.35 + training_missing(&training, s2, 0.25)), 1e-14);
	assert_true(with.se > without.se && with.low < without.low);
	/* more splits make s2 / J smaller and nothing else */
	check_close(with.se * with.se - with.se_rows * with.se_rows, s2 / SPLITS, 1e-14);
	check_close(with.difference, without.difference, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_training_adds_to_every_row_is_the_spread),
		cmocka_unit_test(rows_that_flip_by_themselves_are_no_spread),
		cmocka_unit_test(a_cut_that_training_places_is_found_in_recall),
		cmocka_unit_test(how_many_rows_a_class_has_is_no_part_of_what_rows_do),
		cmocka_unit_test(what_is_missing_follows_the_formula),
		cmocka_unit_test(splits_that_share_no_rows_cannot_judge_a_cut),
		cmocka_unit_test(the_interval_is_wider_by_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
