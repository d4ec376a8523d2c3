/* Whether two areas differ by less than a margin: the interval against its formulas in numpy and scipy, and its limits. */
#include "check.h"

#include "stats/area_margin.h"

#define ROWS 60
#define POSITIVE 20 /* the first rows */

/* What two classifiers say, made by numpy: normal numbers, the positive ones higher. */
static const double of_a[ROWS] = {0.4,   -0.12, 0.95,  1.62,  2.34,  1.31,  0.65,  0.42,  1.95,  2.83, 1.47,  -0.03,
				  0.24,  2.8,   1.4,   -0.53, 1.12,  0.04,  0.57,  0.71,  -0.71, 0.55, -0.06, -0.59,
				  0.41,  0.83,  -1.64, -0.26, -0.98, -0.17, -1.29, 0.02,  -0.04, -0.3, -1.05, -0.4,
				  -1.09, -1.36, 0.22,  -1.11, 1.17,  0.72,  -2,    0.27,  -1.1,  0.03, 0.04,  -1.99,
				  -0.23, -0.26, 0.96,  -1.18, 0.74,  -1.1,  -0.33, -0.84, 1.45,  0.57, 2.43,  0.64};
static const double of_b[ROWS] = {0.95,  0.63,  0.41,  1.13,  2.41,  0.75,  0.7,   0.44,  1.74,  1.68,  0.99,  0.33,
				  0.41,  1.36,  1.58,  -0.9,  0.15,  -0.55, 1.12,  0.41,  -1.01, -0.35, 0.22,  -0.99,
				  -0.52, 0.87,  -1.7,  -0.35, -0.59, -0.37, -0.81, 0.82,  -0.33, -0.94, -1.73, -0.36,
				  -0.87, -0.66, -0.15, -0.95, 0.27,  0.12,  -1.1,  -0.07, -0.6,  1.16,  0.31,  -2.14,
				  0.9,   0.05,  0.01,  -0.16, 0.45,  -1.03, -0.58, -1.1,  0.9,   0.98,  1.26,  0.64};

struct side {
	int y[ROWS], pred[ROWS];
	double score[2 * ROWS], influence[ROWS];
	struct predictions p;
	struct area area;
};

static void fill(struct side *side, const double *score)
{
	struct error err = {0};

	for (int i = 0; i < ROWS; i++) {
		side->y[i] = i < POSITIVE;
		side->pred[i] = score[i] > 0.5;
		side->score[2 * i] = 1 - score[i];
		side->score[2 * i + 1] = score[i];
	}
	side->p = (struct predictions){
		.n = ROWS, .classes = 2, .positive = 1, .y_true = side->y, .y_pred = side->pred, .score = side->score};
	check_ok(area_measure(&side->area, side->influence, &side->p, &err), err);
}

static void bounds(double *low, double *high, const struct side *a, const struct side *b, double alpha)
{
	struct error err = {0};

	check_ok(area_margin(low, high, &a->area, &b->area, a->influence, b->influence, &a->p, alpha, &err), err);
}

static void the_interval_is_that_of_zou_and_donner(void **state)
{
	struct side a, b;
	double low, high;

	(void)state;
	fill(&a, of_a);
	fill(&b, of_b);
	bounds(&low, &high, &a, &b, 0.1);
	check_close(low, -0.08310889310784701, 1e-9);
	check_close(high, 0.08631668561710773, 1e-9);
	bounds(&low, &high, &a, &b, 0.01);
	check_close(low, -0.15348905617015238, 1e-9);
	check_close(high, 0.16415475787231412, 1e-9);
}

static void swapping_the_sides_mirrors_it(void **state)
{
	struct side a, b;
	double low, high, other_low, other_high;

	(void)state;
	fill(&a, of_a);
	fill(&b, of_b);
	bounds(&low, &high, &a, &b, 0.1);
	bounds(&other_low, &other_high, &b, &a, 0.1);
	check_close(other_low, -high, 1e-15);
	check_close(other_high, -low, 1e-15);
}

static void each_row_a_cluster_of_its_own_changes_nothing(void **state)
{
	size_t cluster[ROWS];
	struct side a, b;
	double low, high, by_cluster[2];

	(void)state;
	fill(&a, of_a);
	fill(&b, of_b);
	bounds(&low, &high, &a, &b, 0.1);
	for (size_t i = 0; i < ROWS; i++)
		cluster[i] = ROWS - 1 - i;
	a.p.cluster = cluster;
	a.p.clusters = ROWS;
	bounds(&by_cluster[0], &by_cluster[1], &a, &b, 0.1);
	check_close(by_cluster[0], low, 1e-9);
	check_close(by_cluster[1], high, 1e-9);
}

static void areas_with_next_to_no_row_misplaced_are_shown_inside_no_margin(void **state)
{
	double sharp[ROWS];
	struct side a, b;
	double low = 0, high = 0;

	(void)state;
	for (int i = 0; i < ROWS; i++)
		sharp[i] = i < POSITIVE ? 2.2 + of_a[i] : of_a[i];
	fill(&a, sharp);
	for (int i = 0; i < ROWS; i++)
		sharp[i] = i < POSITIVE ? 2 + of_b[i] : of_b[i];
	fill(&b, sharp);
	assert_true(a.area.value < 1 && b.area.value < 1 && POSITIVE * (1 - (a.area.value + b.area.value) / 2) < 2);
	bounds(&low, &high, &a, &b, 0.1);
	assert_true(isinf(low) && low < 0);
	assert_true(isinf(high) && high > 0);
}

static void what_does_not_differ_leaves_the_bounds_alone(void **state)
{
	double low = 3, high = 4;
	struct side a;

	(void)state;
	fill(&a, of_a);
	bounds(&low, &high, &a, &a, 0.1);
	assert_true(low == 3 && high == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_interval_is_that_of_zou_and_donner),
		cmocka_unit_test(swapping_the_sides_mirrors_it),
		cmocka_unit_test(each_row_a_cluster_of_its_own_changes_nothing),
		cmocka_unit_test(areas_with_next_to_no_row_misplaced_are_shown_inside_no_margin),
		cmocka_unit_test(what_does_not_differ_leaves_the_bounds_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
