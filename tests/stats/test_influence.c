/* Influences are what a row's weight does to a metric: against moving each weight a little, for every metric of the table. */
#include "check.h"

#include "reference/metrics.h"
#include "stats/influence.h"

#define MOST 64
#define STEP 1e-4

static double moved(const struct metric *metric, const struct predictions *p, double *weight, size_t row, double by)
{
	struct predictions other = *p;
	double before = weight[row], value;
	struct error err = {0};

	weight[row] += by;
	other.weight = weight;
	check_ok(metric->compute(&value, &other, NULL, &err), err);
	weight[row] = before;
	return value;
}

/* DeLong's variance is of n - 1 on each side: his influences are larger by the root. */
static double factor(const struct metric *metric, const struct predictions *p, size_t row)
{
	double side = 0;

	if (metric->kind != METRIC_AREA)
		return 1;
	for (size_t i = 0; i < p->n; i++)
		side += (p->y_true[i] == p->positive) == (p->y_true[row] == p->positive);
	return sqrt(side / (side - 1));
}

static int checked(const struct metric *metric, const struct predictions *p)
{
	double influence[MOST], weight[MOST], value, straight, sum = 0;
	struct error err = {0};

	if (metric->kind == METRIC_TIMING || (metric->kind == METRIC_AREA && p->classes > 2))
		return 0;
	if (metric_influence(influence, &value, metric, p, &err) < 0)
		return 0;
	check_ok(metric->compute(&straight, p, NULL, &err), err);
	check_close(value, straight, 0);
	for (size_t i = 0; i < p->n; i++)
		weight[i] = p->weight ? p->weight[i] : 1;
	for (size_t i = 0; i < p->n; i++) {
		double slope = (moved(metric, p, weight, i, STEP) - moved(metric, p, weight, i, -STEP)) / (2 * STEP);

		check_close(influence[i], weight[i] * slope * factor(metric, p, i), 1e-6);
		sum += influence[i] / factor(metric, p, i);
	}
	check_close(sum, 0, 1e-6);
	return 1;
}

static void influences_are_derivatives_by_the_weights(void **state)
{
	int done = 0, cases = sizeof(reference_cases) / sizeof(*reference_cases);

	(void)state;
	for (int c = 0; c < cases; c++) {
		const struct reference_case *r = &reference_cases[c];
		const struct predictions p = {.n = (size_t)r->n,
					      .classes = r->classes,
					      .positive = r->classes == 2 ? 1 : -1,
					      .y_true = r->y_true,
					      .y_pred = r->y_pred,
					      .score = r->score,
					      .weight = r->weight};

		assert_true(p.n <= MOST);
		for (size_t m = 0; metrics[m]; m++)
			done += checked(metrics[m], &p);
	}
	assert_in_range(done, 9 * cases, 11 * cases);
}

static void what_is_not_defined_is_refused_with_a_reason(void **state)
{
	const int y[] = {1, 1, 1}, predicted[] = {1, 0, 1};
	const double score[] = {.5, .5, .6, .4, .2, .8};
	const struct predictions p = {
		.n = 3, .classes = 2, .positive = 1, .y_true = y, .y_pred = predicted, .score = score};
	const struct metric *const refused[] = {&metric_roc_auc, &metric_average_precision, &metric_latency_ms};
	double influence[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct error err = {0};

		assert_int_equal(metric_influence(influence, NULL, refused[i], &p, &err), ERR_INPUT);
		assert_non_null(strstr(err.text, refused[i]->name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(influences_are_derivatives_by_the_weights),
		cmocka_unit_test(what_is_not_defined_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
