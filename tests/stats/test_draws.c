/* The random draws and order statistics that bootstraps stand on, against exact distributions. */
#include "check.h"

#include "stats/binomial.h"
#include "stats/cells.h"
#include "stats/order.h"
#include "stats/order_statistic.h"
#include "stats/resampled.h"
#include "stats/row_weights.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#define DRAWS 40000

/* Chi-square p value of draws of Binomial(n, p) against its probabilities, thin tails pooled. */
static double fit_of_binomial(double p, unsigned n, uint64_t stream)
{
	size_t *seen = calloc(n + 1, sizeof(*seen));
	double chi2 = 0, expected = 0, observed = 0;
	struct binomial binomial;
	struct random random;
	int cells = -1;

	assert_non_null(seen);
	random_init(&random, 4, stream);
	binomial_init(&binomial, p);
	for (int i = 0; i < DRAWS; i++) {
		uint64_t k = binomial_draw(&binomial, n, &random);

		assert_true(k <= n);
		seen[k]++;
	}
	for (unsigned k = 0; k <= n; k++) {
		expected += DRAWS * gsl_ran_binomial_pdf(k, p, n);
		observed += (double)seen[k];
		if (expected >= 10 || (k == n && expected > 0)) {
			chi2 += (observed - expected) * (observed - expected) / expected;
			cells++;
			expected = observed = 0;
		}
	}
	free(seen);
	return cells > 0 ? gsl_cdf_chisq_Q(chi2, cells) : chi2 < 1e-9;
}

static void binomial_draws_have_the_binomial_distribution(void **state)
{
	const struct {
		double p;
		unsigned n;
	} of[] = {{0.5, 1},   {0.02, 100},  {0.3, 20},   {0.49, 20},     {0.5, 21},
		  {0.1, 101}, {0.99, 1409}, {0.6, 1409}, {0.001, 20000}, {0.25, 20000}};

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++)
		if (fit_of_binomial(of[i].p, of[i].n, i) < 1e-4)
			fail_msg("Binomial(%u, %g): p = %g", of[i].n, of[i].p, fit_of_binomial(of[i].p, of[i].n, i));
}

static void a_certain_binomial_is_certain(void **state)
{
	struct binomial never, always;
	struct random random;

	(void)state;
	random_init(&random, 0, 0);
	binomial_init(&never, 0);
	binomial_init(&always, 1);
	assert_int_equal(binomial_draw(&never, 1000, &random), 0);
	assert_int_equal(binomial_draw(&always, 1000, &random), 1000);
	assert_int_equal(binomial_draw(&always, 0, &random), 0);
}

static void row_weights_have_the_poisson_distribution(void **state)
{
	const size_t n = 3000;
	unsigned char *weight = malloc(n * ROW_WEIGHT_LANES);
	double seen[7] = {0}, chi2 = 0, all = (double)(n * ROW_WEIGHT_LANES);

	(void)state;
	assert_non_null(weight);
	row_weights(weight, n, 3);
	for (size_t i = 0; i < n * ROW_WEIGHT_LANES; i++) {
		assert_true(weight[i] <= 6);
		seen[weight[i]]++;
	}
	for (unsigned k = 0; k <= 6; k++) {
		double expected = all * (k < 6 ? gsl_ran_poisson_pdf(k, 1) : gsl_cdf_poisson_Q(5, 1));

		chi2 += (seen[k] - expected) * (seen[k] - expected) / expected;
	}
	assert_true(gsl_cdf_chisq_Q(chi2, 6) > 1e-4);
	free(weight);
}

static void a_row_keeps_its_draws_when_rows_are_added(void **state)
{
	unsigned char few[10 * ROW_WEIGHT_LANES], many[200 * ROW_WEIGHT_LANES], other[10 * ROW_WEIGHT_LANES];

	(void)state;
	row_weights(few, 10, 7);
	row_weights(many, 200, 7);
	assert_memory_equal(few, many, sizeof(few));
	row_weights(other, 10, 8);
	assert_memory_not_equal(few, other, sizeof(few));
}

static void the_order_by_key_is_stable_and_rising(void **state)
{
	enum { N = 5000 };
	static uint64_t key[N];
	static uint32_t row[N];
	struct random random;
	struct error err = {0};

	(void)state;
	random_init(&random, 9, 9);
	for (size_t i = 0; i < N; i++)
		key[i] = i % 3 ? random_u64(&random) : random_below(&random, 5) << 40;
	check_ok(order_by_key(row, key, N, &err), err);
	for (size_t i = 1; i < N; i++)
		assert_true(key[row[i - 1]] < key[row[i]] || (key[row[i - 1]] == key[row[i]] && row[i - 1] < row[i]));
}

static void order_statistics_are_those_of_the_sorted_values(void **state)
{
	enum { N = 3001 };
	static double value[N], sorted[N];
	size_t rank[] = {0, 7, 75, 1500, 2925, N - 1};
	struct random random;
	struct error err = {0};
	double got[6];

	(void)state;
	random_init(&random, 2, 2);
	for (int shape = 0; shape < 3; shape++) {
		for (size_t i = 0; i < N; i++) {
			double u = random_unit(&random);

			value[i] = sorted[i] = shape == 0 ? u : shape == 1 ? pow(u, -4) : (double)(int)(u * 3);
		}
		check_ok(order_statistics(got, rank, 6, value, N, &err), err);
		sort_values(sorted, N);
		for (size_t i = 0; i < 6; i++)
			check_close(got[i], sorted[rank[i]], 0);
	}
}

static void p_and_interval_of_draws_always_agree(void **state)
{
	enum { N = 2000 };
	static double value[N];
	struct random random;
	int excluded = 0;

	(void)state;
	random_init(&random, 5, 5);
	for (int trial = 0; trial < 300; trial++) {
		double shift = 1.2 * random_unit(&random) - 0.6, family = 1 + (double)random_below(&random, 8);
		const double *low, *high;
		struct resampled r;
		struct error err = {0};

		for (size_t i = 0; i < N; i++)
			value[i] = floor(40 * (shift + random_unit(&random) - 0.5)) / 40;
		check_ok(resampled_difference(&r, shift, value, N, trial % 2 ? HUGE_VAL : 50, family, &err), err);
		low = r.bounds.low;
		high = r.bounds.high;
		assert_int_equal(low[BOUND_PLAIN] > 0 || high[BOUND_PLAIN] < 0, r.p <= 0.05);
		assert_int_equal(low[BOUND_CORRECTED] > 0 || high[BOUND_CORRECTED] < 0, r.p <= 0.05 / family);
		assert_int_equal(r.beyond, trial % 2 ? family > 5 : family > 3);
		assert_true(low[BOUND_CORRECTED] <= low[BOUND_TOST] && high[BOUND_TOST] <= high[BOUND_CORRECTED]);
		excluded += low[BOUND_CORRECTED] > 0 || high[BOUND_CORRECTED] < 0;
	}
	assert_in_range(excluded, 5, 295);
}

static void a_bootstrap_of_counts_has_the_multinomial_moments(void **state)
{
	enum { N = 400 };
	static int y[N], predicted[N];
	struct predictions p = {.n = N, .classes = 2, .positive = 1, .y_true = y, .y_pred = predicted};
	const struct metric *metric = &metric_accuracy;
	struct error err = {0};
	double *value, sum = 0, squares = 0;
	size_t draws;

	(void)state;
	for (int i = 0; i < N; i++) {
		y[i] = i % 4 == 0;
		predicted[i] = i % 10 == 0 ? !y[i] : y[i];
	}
	check_ok(cells_bootstrap(&value, &draws, &metric, 1, &p, NULL, 1, &err), err);
	assert_int_equal(draws, 10000);
	for (size_t i = 0; i < draws; i++)
		sum += value[i];
	sum /= (double)draws;
	for (size_t i = 0; i < draws; i++)
		squares += (value[i] - sum) * (value[i] - sum);
	/* half a row in each of four cells: 361 of 402 right; four standard errors */
	check_close(sum, 361.0 / 402, 4 * sqrt(0.898 * 0.102 / N / (double)draws));
	check_close(squares / (double)draws / (361.0 / 402 * 41 / 402 / N), 1, 4 * sqrt(2.0 / (double)draws));
	free(value);
}

static double mean_of(const double *value, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += value[i];
	return sum / (double)n;
}

static double variance_of(const double *value, size_t n)
{
	double mean = mean_of(value, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (value[i] - mean) * (value[i] - mean);
	return sum / (double)n;
}

/* Above 100,000 rows one side's draws are made as they are walked, two sides' by row: both are the same bootstrap. */
static void draws_made_in_the_walk_say_what_draws_by_row_say(void **state)
{
	enum { N = 100003, MANY = 512 };
	int *y = calloc(N, sizeof(*y));
	double *score = calloc(2 * (size_t)N, sizeof(*score)), *weight = calloc(N, sizeof(*weight));
	double *value[4] = {0};
	struct predictions p = {
		.n = N, .classes = 2, .positive = 1, .y_true = y, .y_pred = y, .score = score, .weight = weight};
	const struct predictions *both[] = {&p, &p};
	struct error err = {0};
	struct random random;

	(void)state;
	assert_true(y && score && weight);
	random_init(&random, 1, 2);
	for (size_t i = 0; i < N; i++) {
		y[i] = random_below(&random, 100) < 3;
		score[2 * i + 1] = ((double)random_below(&random, 1000) + 300 * y[i]) / 1300;
		score[2 * i] = 1 - score[2 * i + 1];
		weight[i] = 1 + (double)(i % 3);
	}
	for (size_t k = 0; k < 4; k++)
		assert_non_null(value[k] = calloc(MANY, sizeof(double)));
	check_ok(metric_average_precision.resample(value, both, 1, MANY, 1, &err), err);
	check_ok(metric_average_precision.resample(value + 1, both, 1, MANY, 2, &err), err);
	check_ok(metric_average_precision.resample(value + 2, both, 2, MANY, 2, &err), err);
	assert_memory_equal(value[0], value[1], MANY * sizeof(double));
	assert_memory_equal(value[2], value[3], MANY * sizeof(double));
	assert_memory_not_equal(value[0], value[2], MANY * sizeof(double));
	check_close(mean_of(value[0], MANY) - mean_of(value[2], MANY), 0,
		    4 * sqrt(2 * variance_of(value[2], MANY) / MANY));
	check_close(variance_of(value[0], MANY) / variance_of(value[2], MANY), 1, 4 * sqrt(4.0 / MANY));
	for (size_t k = 0; k < 4; k++)
		free(value[k]);
	free(y);
	free(score);
	free(weight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binomial_draws_have_the_binomial_distribution),
		cmocka_unit_test(a_certain_binomial_is_certain),
		cmocka_unit_test(row_weights_have_the_poisson_distribution),
		cmocka_unit_test(a_row_keeps_its_draws_when_rows_are_added),
		cmocka_unit_test(the_order_by_key_is_stable_and_rising),
		cmocka_unit_test(order_statistics_are_those_of_the_sorted_values),
		cmocka_unit_test(p_and_interval_of_draws_always_agree),
		cmocka_unit_test(a_bootstrap_of_counts_has_the_multinomial_moments),
		cmocka_unit_test(draws_made_in_the_walk_say_what_draws_by_row_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
