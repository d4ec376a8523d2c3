/* Intervals of one score: published and recorded values, the edges, and the same bits for any number of threads. */
#include "check.h"

#include "base/random.h"
#include "reference/metrics.h"
#include "stats/area.h"
#include "stats/interval.h"
#include "stats/proportion.h"

#include <gsl/gsl_cdf.h>

#define ROWS 500

struct sample {
	int y[ROWS], predicted[ROWS];
	double score[3 * ROWS];
	struct predictions p;
};

/* Scores that know `skill` of the labels. */
static void fill(struct sample *s, int classes, double skill, uint64_t seed)
{
	struct random random;

	random_init(&random, seed, 0);
	for (int i = 0; i < ROWS; i++) {
		double sum = 0, best = -1;

		s->y[i] = classes == 2 ? random_unit(&random) < 0.3 : (int)random_below(&random, (uint64_t)classes);
		for (int c = 0; c < classes; c++)
			sum += s->score[i * classes + c] = random_unit(&random) + (c == s->y[i] ? skill : 0);
		for (int c = 0; c < classes; c++) {
			s->score[i * classes + c] /= sum;
			if (s->score[i * classes + c] > best) {
				best = s->score[i * classes + c];
				s->predicted[i] = c;
			}
		}
	}
	s->p = (struct predictions){ROWS, classes, classes == 2 ? 1 : -1, s->y, s->predicted, s->score, NULL, NULL, 0};
}

static struct measured measured_of(const struct measured *m, const char *name)
{
	for (size_t i = 0; i < metric_count(); i++)
		if (strcmp(m[i].metric->name, name) == 0)
			return m[i];
	fail_msg("no %s", name);
	return m[0];
}

static void wilsons_interval_agrees_with_scipy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reference_wilson) / sizeof(*reference_wilson); i++) {
		const double *r = reference_wilson[i];
		double low, high;

		wilson_interval(&low, &high, r[0], r[1], gsl_cdf_ugaussian_Qinv((1 - r[2]) / 2));
		check_close(low, r[3], 1e-12);
		check_close(high, r[4], 1e-12);
	}
}

static void tangos_interval_is_where_the_restricted_likelihood_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reference_tango) / sizeof(*reference_tango); i++) {
		const double *r = reference_tango[i];
		double low, high;

		tango_interval(&low, &high, r[0], r[1], r[2], gsl_cdf_ugaussian_Qinv((1 - r[3]) / 2));
		check_close(low, r[4], 1e-6);
		check_close(high, r[5], 1e-6);
	}
}

static void tangos_interval_is_not_empty_where_nothing_changed(void **state)
{
	double low, high, z = gsl_cdf_ugaussian_Qinv(0.025);

	(void)state;
	tango_interval(&low, &high, 0, 0, 50, z);
	check_close(high, z * z / (50 + z * z), 1e-12);
	check_close(low, -high, 1e-12);
	tango_interval(&low, &high, 50, 0, 50, z);
	check_close(high, 1, 0);
	assert_true(low > 0.8 && low < 1);
}

static void the_area_and_its_variance_are_delongs(void **state)
{
	enum { N = sizeof(delong_y) / sizeof(*delong_y) };
	double a[2 * N], of_a[N], of_b[N], variance = 0, difference = 0;
	int predicted[N] = {0};
	struct predictions p = {
		.n = N, .classes = 2, .positive = 1, .y_true = delong_y, .y_pred = predicted, .score = a};
	struct error err = {0};
	struct area area;

	(void)state;
	for (int i = 0; i < N; i++) {
		a[2 * i] = 1 - delong_a[i];
		a[2 * i + 1] = delong_a[i];
	}
	check_ok(area_measure(&area, of_a, &p, &err), err);
	check_close(area.value, delong_result[0], 1e-14);
	for (int i = 0; i < N; i++) {
		variance += of_a[i] * of_a[i];
		a[2 * i] = 1 - delong_b[i];
		a[2 * i + 1] = delong_b[i];
	}
	check_close(variance, delong_result[2], 1e-14);
	check_ok(area_measure(&area, of_b, &p, &err), err);
	check_close(area.value, delong_result[1], 1e-14);
	for (int i = 0; i < N; i++)
		difference += (of_a[i] - of_b[i]) * (of_a[i] - of_b[i]);
	check_close(difference, delong_result[3], 1e-14);
}

static void every_interval_holds_its_value_and_has_a_width(void **state)
{
	static struct sample s;
	struct measured m[32];
	struct error err = {0};

	(void)state;
	for (int classes = 2; classes <= 3; classes++) {
		fill(&s, classes, 0.4, 11);
		check_ok(measure(m, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
		for (size_t i = 0; i < metric_count(); i++) {
			int absent = m[i].metric->kind == METRIC_TIMING ||
				     (classes == 3 && m[i].metric == &metric_brier_score_loss);

			assert_int_equal(m[i].defined, !absent);
			if (absent)
				continue;
			assert_true(m[i].has_interval && m[i].low < m[i].value && m[i].value < m[i].high);
			assert_true(m[i].high - m[i].low > 0.01 && m[i].high - m[i].low < 0.25);
		}
	}
	assert_string_equal(measured_of(m, "brier_score_loss").note, "brier_score_loss is for two classes, here are 3");
	assert_string_equal(measured_of(m, "latency_ms").note, "");
}

static void intervals_have_the_same_bits_for_any_number_of_threads(void **state)
{
	static struct sample s;
	struct measured one[32], many[32];
	struct error err = {0};

	(void)state;
	fill(&s, 3, 0.4, 12);
	check_ok(measure(one, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
	for (unsigned threads = 2; threads <= 5; threads += 3) {
		check_ok(measure(many, metrics, metric_count(), &s.p, 0.95, threads, &err), err);
		for (size_t i = 0; i < metric_count(); i++) {
			check_close(many[i].low, one[i].low, 0);
			check_close(many[i].high, one[i].high, 0);
		}
	}
}

/* A bootstrap interval and a normal approximation of the same score, in a case where both hold. */
static void the_bootstrap_of_f1_agrees_with_the_delta_method(void **state)
{
	static struct sample s;
	const struct metric *f1 = &metric_f1;
	struct measured m;
	struct error err = {0};
	double hits = 0, wrong = 0, share, se;

	(void)state;
	fill(&s, 2, 0.4, 13);
	for (int i = 0; i < ROWS; i++) {
		hits += s.y[i] && s.predicted[i];
		wrong += s.y[i] != s.predicted[i];
	}
	/* F1 = 2 h / (2 h + w); h given h + w is binomial, and dF1/dlog(h/w) = F1 (1 - F1) */
	share = 2 * hits / (2 * hits + wrong);
	se = share * (1 - share) * sqrt(1 / hits + 1 / wrong);
	check_ok(measure(&m, &f1, 1, &s.p, 0.95, 1, &err), err);
	check_close(m.value, share, 1e-14);
	check_close((m.high - m.low) / (2 * 1.96 * se), 1, 0.05);
}

static void a_perfect_score_is_not_called_certain(void **state)
{
	static struct sample s;
	struct measured m[32];
	struct error err = {0};
	const char *highest[] = {"accuracy", "balanced_accuracy", "precision", "recall",
				 "f1",       "f1_macro",          "roc_auc",   "matthews_corrcoef"};

	(void)state;
	fill(&s, 2, 5, 14);
	check_ok(measure(m, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
	for (size_t i = 0; i < sizeof(highest) / sizeof(*highest); i++) {
		struct measured got = measured_of(m, highest[i]);

		check_close(got.value, 1, 1e-12);
		check_close(got.high, 1, 1e-12);
		assert_true(got.low < 0.9999 && got.low > 0.9);
	}
}

static void a_constant_prediction_has_scores_that_no_sample_can_change(void **state)
{
	static struct sample s;
	struct measured m[32];
	struct error err = {0};

	(void)state;
	fill(&s, 2, 0, 15);
	for (int i = 0; i < ROWS; i++) {
		s.predicted[i] = 0;
		s.score[2 * i] = 0.7;
		s.score[2 * i + 1] = 0.3;
	}
	check_ok(measure(m, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
	check_close(measured_of(m, "f1").high, 0, 0);
	check_close(measured_of(m, "balanced_accuracy").low, 0.5, 1e-15);
	check_close(measured_of(m, "balanced_accuracy").high, 0.5, 1e-15);
	check_close(measured_of(m, "roc_auc").low, 0.5, 1e-12);
	check_close(measured_of(m, "roc_auc").high, 0.5, 1e-12);
	assert_string_equal(measured_of(m, "precision").note, "precision is 0: nothing was predicted positive");
	assert_true(measured_of(m, "average_precision").high > measured_of(m, "average_precision").low + 0.02);
}

static void equal_weights_change_nothing_but_bits(void **state)
{
	static struct sample s;
	static double weight[ROWS];
	struct measured plain[32], weighted[32];
	struct error err = {0};

	(void)state;
	fill(&s, 2, 0.4, 16);
	check_ok(measure(plain, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
	for (int i = 0; i < ROWS; i++)
		weight[i] = 3;
	s.p.weight = weight;
	check_ok(measure(weighted, metrics, metric_count(), &s.p, 0.95, 1, &err), err);
	for (size_t i = 0; i < metric_count(); i++) {
		check_close(weighted[i].low, plain[i].low, 1e-6);
		check_close(weighted[i].high, plain[i].high, 1e-6);
	}
}

static void the_median_has_the_order_statistics_of_the_binomial(void **state)
{
	double value[25], few[] = {3, 1, 2}, median, low, high;

	(void)state;
	for (int i = 0; i < 25; i++)
		value[i] = (i * 7) % 25 + 1;
	median_interval(&median, &low, &high, value, 25, 0.95);
	check_close(median, 13, 0);
	check_close(low, 8, 0); /* Conover 1999, table A3: n = 25 */
	check_close(high, 18, 0);
	median_interval(&median, &low, &high, few, 3, 0.95);
	check_close(median, 2, 0);
	check_close(low, 1, 0);
	check_close(high, 3, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilsons_interval_agrees_with_scipy),
		cmocka_unit_test(tangos_interval_is_where_the_restricted_likelihood_says),
		cmocka_unit_test(tangos_interval_is_not_empty_where_nothing_changed),
		cmocka_unit_test(the_area_and_its_variance_are_delongs),
		cmocka_unit_test(every_interval_holds_its_value_and_has_a_width),
		cmocka_unit_test(intervals_have_the_same_bits_for_any_number_of_threads),
		cmocka_unit_test(the_bootstrap_of_f1_agrees_with_the_delta_method),
		cmocka_unit_test(a_perfect_score_is_not_called_certain),
		cmocka_unit_test(a_constant_prediction_has_scores_that_no_sample_can_change),
		cmocka_unit_test(equal_weights_change_nothing_but_bits),
		cmocka_unit_test(the_median_has_the_order_statistics_of_the_binomial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
