/* The metrics against scikit-learn's figures, and what their table promises. */
#include "check.h"

#include "reference/metrics.h"
#include "stats/metric.h"

static struct predictions of_case(const struct reference_case *c)
{
	return (struct predictions){.n = (size_t)c->n,
				    .classes = c->classes,
				    .positive = c->classes == 2 ? 1 : -1,
				    .y_true = c->y_true,
				    .y_pred = c->y_pred,
				    .score = c->score,
				    .weight = c->weight};
}

static void every_metric_agrees_with_scikit_learn(void **state)
{
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(reference_cases) / sizeof(*reference_cases); i++) {
		const struct predictions p = of_case(&reference_cases[i]);

		for (const struct reference_metric *want = reference_cases[i].metric; want->name; want++) {
			const struct metric *metric = metric_find(want->name);
			struct error err = {0};
			double got;

			assert_non_null(metric);
			check_ok(metric->compute(&got, &p, NULL, &err), err);
			if (fabs(got - want->value) > 1e-12)
				print_error("%s, %s:\n", reference_cases[i].name, want->name);
			check_close(got, want->value, 1e-12);
			compared++;
		}
	}
	assert_true(compared > 70);
}

static void every_metric_has_a_reference_value(void **state)
{
	(void)state;
	for (size_t m = 0; metrics[m]; m++) {
		int found = metrics[m]->kind == METRIC_TIMING;

		for (const struct reference_metric *r = reference_cases[0].metric; r->name; r++)
			found |= strcmp(r->name, metrics[m]->name) == 0;
		if (!found)
			fail_msg("%s has none", metrics[m]->name);
	}
}

static void the_table_is_complete_and_names_are_unique(void **state)
{
	(void)state;
	assert_int_equal(metric_count(), 13);
	for (size_t m = 0; metrics[m]; m++) {
		const struct metric *metric = metrics[m];

		assert_ptr_equal(metric_find(metric->name), metric);
		assert_true(metric->title[0] && metric->source[0] && metric->unit);
		assert_int_equal(metric->compute == NULL, metric->kind == METRIC_TIMING);
		assert_int_equal(metric->from_counts != NULL,
				 metric->kind == METRIC_COUNTS || metric->kind == METRIC_PROPORTION);
		assert_int_equal(metric->by_row != NULL, metric->kind == METRIC_ROWS);
		assert_int_equal(metric->resample != NULL, metric->kind == METRIC_RANKING);
		assert_int_equal(metric->from_counts != NULL, metric->uses_cut);
	}
	assert_null(metric_find("F1"));
	assert_string_equal(metrics[4]->name, "f1");
}

static void two_classes_follow_the_positive_code(void **state)
{
	const int y[] = {0, 0, 0, 1}, predicted[] = {0, 0, 1, 1};
	const double score[] = {.9, .1, .6, .4, .3, .7, .2, .8};
	struct predictions p = {.n = 4, .classes = 2, .y_true = y, .y_pred = predicted, .score = score};
	struct error err = {0};
	double got;

	(void)state;
	check_ok(metric_find("precision")->compute(&got, &p, NULL, &err), err);
	check_close(got, 1, 1e-15);
	check_ok(metric_find("recall")->compute(&got, &p, NULL, &err), err);
	check_close(got, 2.0 / 3, 1e-15);
	check_ok(metric_find("brier_score_loss")->compute(&got, &p, NULL, &err), err);
	check_close(got, (.01 + .16 + .49 + .04) / 4, 1e-15);
	check_ok(metric_find("average_precision")->compute(&got, &p, NULL, &err), err);
	check_close(got, 1, 1e-15);
}

static void a_score_that_is_not_defined_says_why(void **state)
{
	const int y[] = {0, 0, 0}, predicted[] = {0, 1, 0};
	const double score[] = {.9, .1, .6, .4, .3, .7}, three[] = {1, 0, 0, 1, 0, 0, 1, 0, 0};
	struct predictions p = {.n = 3, .classes = 2, .positive = 1, .y_true = y, .y_pred = predicted, .score = score};
	const char *needs[] = {"roc_auc", "average_precision"};
	struct error err = {0};
	double got;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		error_clear(&err);
		assert_int_equal(metric_find(needs[i])->compute(&got, &p, NULL, &err), ERR_INPUT);
		assert_non_null(strstr(err.text, "all rows are of one class"));
	}
	p.score = NULL;
	for (size_t m = 0; metrics[m]; m++) {
		error_clear(&err);
		if (metrics[m]->needs == NEEDS_SCORES) {
			assert_int_equal(metrics[m]->compute(&got, &p, NULL, &err), ERR_INPUT);
			assert_non_null(strstr(err.text, "needs scores"));
		}
	}
	p.classes = 3;
	p.positive = -1;
	p.score = three;
	error_clear(&err);
	assert_int_equal(metric_find("brier_score_loss")->compute(&got, &p, NULL, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "two classes"));
}

static void a_precision_of_zero_says_that_nothing_was_predicted_positive(void **state)
{
	const int y[] = {0, 1, 1}, predicted[] = {0, 0, 0};
	struct predictions p = {.n = 3, .classes = 2, .positive = 1, .y_true = y, .y_pred = predicted};
	const char *note = NULL;
	struct error err = {0};
	double got;

	(void)state;
	check_ok(metric_find("precision")->compute(&got, &p, &note, &err), err);
	check_close(got, 0, 0);
	assert_string_equal(note, "precision is 0: nothing was predicted positive");
	note = NULL;
	p.positive = 0;
	check_ok(metric_find("precision")->compute(&got, &p, &note, &err), err);
	assert_null(note);
}

static void a_certain_mistake_costs_36_nats_not_infinity(void **state)
{
	const int y[] = {1, 0}, predicted[] = {0, 0};
	const double score[] = {1, 0, 1, 0};
	struct predictions p = {.n = 2, .classes = 2, .positive = 1, .y_true = y, .y_pred = predicted, .score = score};
	struct error err = {0};
	double got;

	(void)state;
	check_ok(metric_find("log_loss")->compute(&got, &p, NULL, &err), err);
	check_close(got, -log(2.220446049250313e-16) / 2, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_metric_agrees_with_scikit_learn),
		cmocka_unit_test(every_metric_has_a_reference_value),
		cmocka_unit_test(the_table_is_complete_and_names_are_unique),
		cmocka_unit_test(two_classes_follow_the_positive_code),
		cmocka_unit_test(a_score_that_is_not_defined_says_why),
		cmocka_unit_test(a_precision_of_zero_says_that_nothing_was_predicted_positive),
		cmocka_unit_test(a_certain_mistake_costs_36_nats_not_infinity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
