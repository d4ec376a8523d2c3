/* Repeated runs, what training does, and the best of many, under failing allocations. */
#include "failing_malloc.h"

#include "base/random.h"
#include "stats/best_of_many.h"
#include "stats/repeated.h"

enum { ROWS = 120, SETS = 3, SPLITS = 3 };

static int truth[ROWS], predicted[2 * SETS][ROWS];
static double score[2 * SETS][2 * ROWS];
static size_t cluster[ROWS], row[ROWS];
static struct predictions p[2 * SETS];
static const struct predictions *set[2 * SETS];

static int draw(void **state)
{
	struct random random;

	(void)state;
	random_init(&random, 3, 1);
	for (size_t i = 0; i < ROWS; i++) {
		truth[i] = i % 2 == 0;
		cluster[i] = i / 2;
		row[i] = i;
	}
	for (size_t j = 0; j < 2 * SETS; j++) {
		for (size_t i = 0; i < ROWS; i++) {
			double unit = random_unit(&random);

			score[j][2 * i] = unit;
			score[j][2 * i + 1] = 1 - unit;
			predicted[j][i] = unit < 0.5;
		}
		p[j] = (struct predictions){.n = ROWS,
					    .classes = 2,
					    .positive = 1,
					    .y_true = truth,
					    .y_pred = predicted[j],
					    .score = score[j],
					    .cluster = cluster,
					    .clusters = ROWS / 2};
		set[j] = &p[j];
	}
	return 0;
}

static int compare(struct error *err)
{
	const struct repeated_side a = {.set = set, .n = SETS}, b = {.set = set + SETS, .n = SETS};
	const struct paired_options options = {.family = 1, .judge_log_loss = 1, .threads = 1};
	struct repeated info;
	struct paired out[32];

	return repeated_compare(out, &info, metrics, metric_count(), &a, &b, &options, err);
}

static int measure(struct error *err)
{
	const struct metric *const metric[] = {&metric_f1, &metric_roc_auc, &metric_average_precision};
	struct training_split split[SPLITS];
	struct training out[3];

	for (size_t j = 0; j < SPLITS; j++)
		split[j] = (struct training_split){set[j], set[SETS + j], row};
	return training_measure(out, metric, 3, split, SPLITS, ROWS, err);
}

static int pick(struct error *err)
{
	const double value[] = {0.8, 0.82, 0.79}, covariance[] = {4e-4, 1e-4, 1e-4, 1e-4, 4e-4, 1e-4, 1e-4, 1e-4, 4e-4};
	const struct best_of_many_input input = {.m = 3, .value = value, .covariance = covariance};
	struct best_of_many_place place[3];
	struct best_of_many out;

	return best_of_many_find(&out, place, &input, 1, err);
}

static void seeds_are_compared_or_refused_whatever_allocation_fails(void **state)
{
	(void)state;
	fail_in_turn(compare);
}

static void training_is_measured_or_refused_whatever_allocation_fails(void **state)
{
	(void)state;
	fail_in_turn(measure);
}

static void the_best_is_corrected_or_refused_whatever_allocation_fails(void **state)
{
	(void)state;
	fail_in_turn(pick);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds_are_compared_or_refused_whatever_allocation_fails),
		cmocka_unit_test(training_is_measured_or_refused_whatever_allocation_fails),
		cmocka_unit_test(the_best_is_corrected_or_refused_whatever_allocation_fails),
	};

	return cmocka_run_group_tests(tests, draw, NULL);
}
