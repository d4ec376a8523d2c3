/* Single tests and the parts of repeated ones against figures of scipy, statsmodels and pROC (tests/reference). */
#include "check.h"

#include "reference/repeated.h"
#include "stats/bounds.h"
#include "stats/mcnemar.h"
#include "stats/paired.h"
#include "stats/proportion.h"

#include <gsl/gsl_cdf.h>

static void mid_p_agrees_with_statsmodels_and_the_papers_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reference_midp) / sizeof(*reference_midp); i++)
		check_close(mcnemar_midp(reference_midp[i][0], reference_midp[i][1]), reference_midp[i][2], 1e-12);
	assert_true(fabs(mcnemar_midp(1, 7) - 0.039) < 5e-4);
	check_close(mcnemar_midp(0, 0), 1, 0);
}

/* Printed digits: the example of Fagerland et al. 2014 (Statistics in Medicine 33:2850), and what R's PropCIs 0.3-0 says. */
static void tangos_interval_agrees_with_the_printed_examples(void **state)
{
	double low, high;

	(void)state;
	tango_interval(&low, &high, 1, 7, 21, gsl_cdf_ugaussian_Qinv(0.025));
	assert_true(fabs(low + 0.517) < 5e-4 && fabs(high + 0.026) < 5e-4);
	tango_interval(&low, &high, 28, 25, 618, gsl_cdf_ugaussian_Qinv(0.05));
	assert_true(fabs(low + 0.0148) < 5e-5 && fabs(high - 0.0247) < 5e-5);
}

static void the_difference_of_areas_agrees_with_proc(void **state)
{
	enum { N = sizeof(proc_y) / sizeof(*proc_y) };
	double a[2 * N], b[2 * N];
	int predicted[N] = {0};
	struct predictions pa = {.n = N,
				 .classes = 2,
				 .positive = 1,
				 .y_true = proc_y,
				 .y_pred = predicted,
				 .score = a},
			   pb = pa;
	const struct metric *metric[] = {&metric_roc_auc};
	struct paired_options options = {.family = 1};
	struct paired_rows rows;
	struct paired got;
	struct error err = {0};

	(void)state;
	pb.score = b;
	for (int i = 0; i < N; i++) {
		a[2 * i + 1] = proc_a[i];
		a[2 * i] = 1 - proc_a[i];
		b[2 * i + 1] = proc_b[i];
		b[2 * i] = 1 - proc_b[i];
	}
	check_ok(paired_compare(&got, &rows, metric, 1, &pa, &pb, &options, &err), err);
	check_close(got.difference, proc_result[0] - proc_result[1], 1e-13);
	check_close(got.difference / got.se, proc_result[2], 1e-10);
	check_close(got.p, proc_result[3], 1e-10);
	check_close(got.low, proc_result[4], 1e-10);
	check_close(got.high, proc_result[5], 1e-10);
}

static void two_one_sided_tests_agree_with_statsmodels(void **state)
{
	enum { N = sizeof(tost_x) / sizeof(*tost_x) };
	double mean = 0, squares = 0, p;
	struct bounds bounds;

	(void)state;
	for (int i = 0; i < N; i++)
		mean += (tost_x[i] - tost_y[i]) / N;
	for (int i = 0; i < N; i++)
		squares += pow(tost_x[i] - tost_y[i] - mean, 2);
	bounds_by_quantiles(&bounds, &p, mean, sqrt(squares / (N - 1) / N), N - 1, 1);
	check_close(bounds.low[BOUND_TOST], tost_result[0], 1e-12);
	check_close(bounds.high[BOUND_TOST], tost_result[1], 1e-12);
	/* the margin that statsmodels finds equivalence at, at exactly 5 %, is where this interval ends */
	check_close(fmax(-bounds.low[BOUND_TOST], bounds.high[BOUND_TOST]), tost_result[2], 1e-12);
	check_close(tost_result[3], 0.05, 1e-9);
}

static void parts_of_one_law_are_that_law_and_of_two_lie_between(void **state)
{
	const struct bounds_part seeds = {4e-4, 4}, rows = {9e-4, HUGE_VAL}, both[] = {rows, seeds};
	struct bounds bounds;
	double p, low, high, se = sqrt(13e-4);

	(void)state;
	check_close(bounds_half(&seeds, 1, 0.05), 0.02 * gsl_cdf_tdist_Qinv(0.025, 4), 1e-14);
	check_close(bounds_half(both, 2, 0.05),
		    sqrt(4e-4 * pow(gsl_cdf_tdist_Qinv(0.025, 4), 2) + 9e-4 * pow(1.959963984540054, 2)), 1e-12);
	bounds_by_parts(&bounds, &p, 0.09, both, 2, 1);
	low = 2 * gsl_cdf_ugaussian_Q(0.09 / se);
	high = 2 * gsl_cdf_tdist_Q(0.09 / se, 4);
	assert_true(low < p && p < high);
	check_close(bounds_half(both, 2, p), 0.09, 1e-12);
	bounds_by_parts(&bounds, &p, 0, both, 2, 1);
	check_close(p, 1, 0);
	bounds_by_parts(&bounds, &p, 0.01, &(struct bounds_part){0, 4}, 1, 1);
	check_close(p, 0, 0);
	check_close(bounds.low[BOUND_PLAIN], 0.01, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mid_p_agrees_with_statsmodels_and_the_papers_example),
		cmocka_unit_test(tangos_interval_agrees_with_the_printed_examples),
		cmocka_unit_test(the_difference_of_areas_agrees_with_proc),
		cmocka_unit_test(two_one_sided_tests_agree_with_statsmodels),
		cmocka_unit_test(parts_of_one_law_are_that_law_and_of_two_lie_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
