/* Curves and calibration: end points, areas, ties, thinning. */
#include "check.h"

#include "base/random.h"
#include "stats/curve.h"
#include "stats/metric.h"

#define ROWS 5000

struct sample {
	int y[ROWS], predicted[ROWS];
	double score[2 * ROWS];
	struct predictions p;
};

static void fill(struct sample *s, size_t n, double steps)
{
	struct random random;

	random_init(&random, 21, n);
	for (size_t i = 0; i < n; i++) {
		double score;

		s->y[i] = random_unit(&random) < 0.3;
		score = 0.3 * s->y[i] + 0.7 * random_unit(&random);
		if (steps > 0)
			score = floor(score * steps) / steps;
		s->score[2 * i] = 1 - score;
		s->score[2 * i + 1] = score;
		s->predicted[i] = score >= 0.5;
	}
	s->p = (struct predictions){n, 2, 1, s->y, s->predicted, s->score, NULL, NULL, 0};
}

static double area_under(const struct curve *c)
{
	double area = 0;

	for (size_t i = 1; i < c->n; i++)
		area += (c->point[i].x - c->point[i - 1].x) * (c->point[i].y + c->point[i - 1].y) / 2;
	return area;
}

static void the_area_under_the_roc_curve_is_roc_auc(void **state)
{
	static struct sample s;
	const struct {
		size_t n;
		double steps, tolerance;
	} of[] = {{60, 0, 1e-12}, {ROWS, 20, 1e-12}, {ROWS, 0, 2e-3}}; /* the last is thinned */

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct error err = {0};
		struct curve curve;
		double area;

		fill(&s, of[i].n, of[i].steps);
		check_ok(metric_roc_auc.compute(&area, &s.p, NULL, &err), err);
		check_ok(curve_roc(&curve, &s.p, 1, &err), err);
		check_close(area_under(&curve), area, of[i].tolerance);
		assert_true(curve.n <= CURVE_POINTS);
		check_close(curve.point[0].x + curve.point[0].y, 0, 0);
		assert_true(curve.point[0].threshold == HUGE_VAL);
		check_close(curve.point[curve.n - 1].x + curve.point[curve.n - 1].y, 2, 0);
		for (size_t j = 1; j < curve.n; j++) {
			assert_true(curve.point[j].x >= curve.point[j - 1].x &&
				    curve.point[j].y >= curve.point[j - 1].y);
			assert_true(curve.point[j].threshold < curve.point[j - 1].threshold);
		}
	}
	assert_true(s.p.n == ROWS);
}

static void a_thinned_curve_uses_its_points_along_its_whole_length(void **state)
{
	static struct sample s;
	struct error err = {0};
	struct curve curve;
	double longest = 0;

	(void)state;
	fill(&s, ROWS, 0);
	check_ok(curve_roc(&curve, &s.p, 1, &err), err);
	assert_true(curve.n > CURVE_POINTS / 2);
	for (size_t i = 2; i + 1 < curve.n; i++) /* both ends are straight: one class alone has such scores */
		longest = fmax(longest,
			       curve.point[i].x - curve.point[i - 1].x + curve.point[i].y - curve.point[i - 1].y);
	assert_true(longest < 0.05);
	check_ok(curve_precision_recall(&curve, &s.p, 1, &err), err);
	assert_true(curve.n > CURVE_POINTS / 2 && curve.n <= CURVE_POINTS);
}

static void precision_and_recall_are_those_of_the_cut(void **state)
{
	const int y[] = {1, 0, 1, 0, 0}, predicted[] = {1, 1, 1, 0, 0};
	const double score[] = {.1, .9, .2, .8, .2, .8, .7, .3, .9, .1};
	struct predictions p = {5, 2, 1, y, predicted, score, NULL, NULL, 0};
	struct error err = {0};
	struct curve curve;

	(void)state;
	check_ok(curve_precision_recall(&curve, &p, 1, &err), err);
	assert_int_equal(curve.n, 3);
	check_close(curve.point[0].x, 0.5, 1e-15);
	check_close(curve.point[0].y, 1, 1e-15);
	check_close(curve.point[0].threshold, 0.9, 0);
	check_close(curve.point[1].x, 1, 1e-15);
	check_close(curve.point[1].y, 2.0 / 3, 1e-15);
	check_close(curve.point[2].y, 0.4, 1e-15); /* the row at 0.3 lies on the straight drop */
	check_close(curve.point[2].threshold, 0.1, 0);
}

static void one_class_has_no_curve(void **state)
{
	const int y[] = {1, 1}, predicted[] = {1, 1};
	const double score[] = {.1, .9, .2, .8};
	struct predictions p = {2, 2, 1, y, predicted, score, NULL, NULL, 0};
	struct error err = {0};
	struct curve curve;

	(void)state;
	assert_int_equal(curve_roc(&curve, &p, 1, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "all rows are of one class"));
	error_clear(&err);
	p.score = NULL;
	assert_int_equal(curve_precision_recall(&curve, &p, 1, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "needs scores"));
}

static void calibration_counts_every_row_in_its_tenth(void **state)
{
	const int y[] = {0, 1, 1, 1}, predicted[] = {0, 0, 1, 1};
	const double score[] = {1, 0, .95, .05, 0, 1, .05, .95};
	const double weight[] = {1, 3, 1, 1};
	struct predictions p = {4, 2, 1, y, predicted, score, weight, NULL, 0};
	struct calibration_bin bin[10];

	(void)state;
	assert_int_equal(curve_calibration(bin, &p, 1), 2);
	check_close(bin[0].from, 0, 0);
	check_close(bin[0].to, 0.1, 0);
	check_close(bin[0].n, 4, 0);
	check_close(bin[0].mean_score, 0.0375, 1e-15);
	check_close(bin[0].rate, 0.75, 1e-15);
	check_close(bin[1].from, 0.9, 0);
	check_close(bin[1].mean_score, 0.975, 1e-15);
	p.score = NULL;
	assert_int_equal(curve_calibration(bin, &p, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_area_under_the_roc_curve_is_roc_auc),
		cmocka_unit_test(a_thinned_curve_uses_its_points_along_its_whole_length),
		cmocka_unit_test(precision_and_recall_are_those_of_the_cut),
		cmocka_unit_test(one_class_has_no_curve),
		cmocka_unit_test(calibration_counts_every_row_in_its_tenth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
