/* Sentences, tables and criteria from records that were made by hand: what a page says of which record. */
#include "check.h"

#include "site/page/criteria.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include "site/world.h"

#define SCOPE "This is about one trained model: training noise is unknown."

static const char *scope(const struct world *world)
{
	return json_string_value(json_object_get(world->view.json, "scope"));
}

static void a_run_that_is_shown_better_beats_and_what_it_misses_is_said(void **state)
{
	const char *const record[] = {baseline, better};
	struct judged judged;
	struct world world;

	(void)state;
	world_open(&world, "", record, 2);
	judged_of(&judged, &world.model, &world.run[1], "f1", JUDGED_TODAY);
	assert_int_equal(judged.verdict, VERDICT_BETTER);
	lead_overview(&world.view, &world.model, &world.run[1], &judged);
	assert_string_equal(plain(&world), "cut beats the best baseline, but misses 1 of 2 criteria.");
	lead_run(&world.view, &world.model, &world.item, &world.run[1]);
	assert_string_equal(plain(&world), "cut is better than the baseline, by 0.072, but misses 1 of 2 criteria.");
	assert_string_equal(scope(&world), SCOPE);
	world_close(&world);
}

static void no_difference_shown_is_never_called_equal_or_better(void **state)
{
	const char *const record[] = {baseline, undecided};
	struct judged judged;
	struct world world;

	(void)state;
	world_open(&world, expects_better, record, 2);
	judged_of(&judged, &world.model, &world.run[1], "f1", JUDGED_TODAY);
	lead_overview(&world.view, &world.model, &world.run[1], &judged);
	assert_string_equal(plain(&world), "No run beats the baseline yet.");
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "gbt shows no difference to the baseline.");
	assert_null(scope(&world)); /* there is no claim that could hold for anything */
	world_close(&world);
}

static void a_hypothesis_is_confirmed_or_refuted_by_its_prediction(void **state)
{
	const char *const record[] = {baseline, better};
	struct world world;

	(void)state;
	world_open(&world, expects_better, record, 2);
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "Confirmed: cut is better than the baseline, by 0.072.");
	assert_string_equal(scope(&world), SCOPE);
	world_close(&world);
	world_open(&world, expects_worse, record, 2);
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "Refuted: cut is better than the baseline, by 0.072.");
	assert_string_equal(scope(&world), SCOPE);
	world_close(&world);
}

static void before_any_run_the_page_says_what_is_missing(void **state)
{
	const char *const record[] = {baseline};
	struct world world;

	(void)state;
	world_open(&world, "", NULL, 0);
	lead_overview(&world.view, &world.model, NULL, NULL);
	assert_string_equal(plain(&world), "Nothing has been measured yet.");
	world_close(&world);
	world_open(&world, expects_better, record, 1);
	lead_overview(&world.view, &world.model, &world.run[0], NULL);
	assert_string_equal(plain(&world), "The bar is set: logistic, F1" NO_BREAK "0.591.");
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "Not tested yet.");
	world_close(&world);
}

static void a_failed_run_stays_in_the_table_and_stands_last(void **state)
{
	const char *const record[] = {baseline, better, failed};
	struct run_table table = {.metric = "f1"};
	struct error err = {0};
	struct world world;
	const json_t *row;

	(void)state;
	world_open(&world, "", record, 3);
	table.row = world.list;
	table.rows = 3;
	table.bar = world.item.bar;
	run_table_sort(&table);
	check_ok(run_table_view(&world.view, "table", &world.model, &table, &err), err);
	row = json_object_get(json_object_get(world.view.json, "table"), "rows");
	assert_string_equal(json_string_value(json_object_get(json_array_get(row, 0), "name")), "cut");
	assert_string_equal(json_string_value(json_object_get(json_array_get(row, 1), "name")), "logistic");
	assert_string_equal(json_string_value(json_object_get(json_array_get(row, 2), "name")), "crash");
	assert_string_equal(json_string_value(json_object_get(json_array_get(row, 2), "score_v")), "");
	assert_string_equal(json_string_value(json_object_get(json_array_get(row, 2), "diff_note")), "exit 137");
	lead_run(&world.view, &world.model, &world.item, &world.run[2]);
	assert_string_equal(plain(&world), "crash failed after 12" NO_BREAK "s.");
	world_close(&world);
}

static const char other[] =
	HEAD(OTHER, "gbt", "run") "\"params\": {\"depth\": 4}, \"measured\": {\"f1\": 0.6}, " COMPARED(
		"0.02", "-0.013", "0.051", "0.2", "undecided") "}";

static void a_larger_family_widens_the_interval_and_the_record_keeps_its_own(void **state)
{
	const char *const record[] = {baseline, better, other};
	struct judged then, today;
	struct world world;

	(void)state;
	world_open(&world, "", record, 3); /* two points now, one on the day of the record */
	judged_of(&then, &world.model, &world.run[1], "f1", JUDGED_THEN);
	judged_of(&today, &world.model, &world.run[1], "f1", JUDGED_TODAY);
	assert_int_equal(then.family, 1);
	assert_int_equal(today.family, 2);
	assert_int_equal(then.verdict, VERDICT_BETTER);
	check_close(today.low, today.difference - 2.2414 * 0.01, 1e-6); /* the normal quantile at 0.025 / 2, se 0.01 */
	assert_true(today.p > then.p);
	world_close(&world);
}

static void a_criterion_without_a_limit_has_no_line_on_the_axis(void **state)
{
	const char *const record[] = {baseline, better};
	struct world world;

	(void)state;
	world_open(&world, "", record, 2);
	check_close(criteria_limit(&world.run[1], "f1"), 0.6, 1e-15);
	assert_true(isnan(criteria_limit(&world.run[1], "roc_auc")));
	assert_true(isnan(criteria_limit(&world.run[0], "f1")));
	assert_int_equal(criteria_count(&world.run[1]).met, 1);
	assert_int_equal(criteria_count(&world.run[1]).unmet, 1);
	assert_int_equal(criteria_count(&world.run[0]).of, 0);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_that_is_shown_better_beats_and_what_it_misses_is_said),
		cmocka_unit_test(no_difference_shown_is_never_called_equal_or_better),
		cmocka_unit_test(a_hypothesis_is_confirmed_or_refuted_by_its_prediction),
		cmocka_unit_test(before_any_run_the_page_says_what_is_missing),
		cmocka_unit_test(a_failed_run_stays_in_the_table_and_stands_last),
		cmocka_unit_test(a_larger_family_widens_the_interval_and_the_record_keeps_its_own),
		cmocka_unit_test(a_criterion_without_a_limit_has_no_line_on_the_axis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
