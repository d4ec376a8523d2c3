/* Sentences, tables and criteria from records that were made by hand: what a page says of which record. */
#include "check.h"

#include "base/mem.h"
#include "site/page/criteria.h"
#include "site/page/lead.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <stdlib.h>
#include <string.h>

#define BASE "20261101-100000-00000000aa"
#define RUN "20261102-100000-00000000bb"
#define OTHER "20261103-100000-00000000cc"

/* A model of one experiment whose runs are these records. */
struct world {
	struct site_model model;
	struct site_experiment item;
	struct seen_run run[3];
	const struct seen_run *list[3];
	struct experiment *experiment;
	struct declared_metric metric;
	struct project project;
	struct view view;
};

static void world_open(struct world *world, const char *front_matter, const char *const *record, size_t n)
{
	struct error err = {0};

	memset(world, 0, sizeof(*world));
	world->metric = (struct declared_metric){(char *)"f1", 0, 1};
	world->project.metric = &world->metric;
	world->project.metrics = 1;
	check_ok(experiment_parse(&world->experiment, &world->project, "e", "experiments/e.md", front_matter,
				  strlen(front_matter), &err),
		 err);
	for (size_t i = 0; i < n; i++) {
		check_ok(run_parse(&world->run[i].run, record[i], strlen(record[i]), "run.json", &err), err);
		world->run[i].where = WHERE_GIT;
		world->list[i] = &world->run[i];
	}
	world->model.runs = (struct runs){.item = world->run, .n = n};
	world->model.metric = "f1";
	world->model.project = &world->project;
	world->item.experiment = world->experiment;
	world->item.metric = experiment_metrics(&world->item.metrics, world->experiment, &world->project);
	world->item.run = world->list;
	world->item.runs = n;
	world->item.best = runs_best(&world->model.runs, "e", "f1", "run");
	world->item.bar = runs_best(&world->model.runs, "e", "f1", "baseline");
	judge_hypothesis(&world->item.hypothesis, &world->model.runs, world->experiment, world->item.metric);
	world->model.experiment = &world->item;
	world->model.experiments = 1;
	world->view = view_object();
}

static void world_close(struct world *world)
{
	view_release(&world->view);
	for (size_t i = 0; i < world->model.runs.n; i++)
		run_release(&world->run[i].run);
	experiment_free(world->experiment);
}

static const char *plain(const struct world *world)
{
	const char *text = json_string_value(json_object_get(json_object_get(world->view.json, "lead"), "plain"));

	return text ? text : "(nothing)";
}

#define HEAD(id, name, kind)                                                                                   \
	"{\"schema\": 1, \"id\": \"" id "\", \"experiment\": \"e\", \"name\": \"" name "\", \"kind\": \"" kind \
	"\", \"status\": \"finished\", \"data\": {\"split\": {\"sha256\": \"s\"}}, "
#define COMPARED(difference, low, high, p, verdict)                                                               \
	"\"comparison\": [{\"against\": \"" BASE                                                                  \
	"\", \"role\": \"baseline\", \"metrics\": {\"f1\": {\"difference\": " difference ", \"corrected\": [" low \
	", " high "], \"interval\": [" low ", " high "], \"se\": 0.01, \"p\": " p                                 \
	", \"test\": \"bootstrap\", \"family\": 1, \"declared\": true, \"verdict\": \"" verdict "\"}}}]"

static const char baseline[] = HEAD(BASE, "logistic", "baseline") "\"measured\": {\"f1\": 0.591}}";
static const char better[] = HEAD(RUN, "cut", "run") "\"measured\": {\"f1\": 0.663}, " COMPARED(
	"0.072", "0.026", "0.119", "0.0002", "better") ", \"criteria\": ["
						       "{\"metric\": \"f1\", \"rule\": \">= 0.6\", \"verdict\": "
						       "\"met\", \"certain\": true, \"value\": 0.663},"
						       "{\"metric\": \"latency_ms\", \"rule\": \"<= 50\", \"verdict\": "
						       "\"unmet\", \"certain\": true, \"value\": 61}]}";
static const char undecided[] = HEAD(RUN, "gbt", "run") "\"measured\": {\"f1\": 0.611}, " COMPARED(
	"0.02", "-0.013", "0.051", "0.2", "undecided") "}";
static const char failed[] = "{\"schema\": 1, \"id\": \"" OTHER "\", \"experiment\": \"e\", \"name\": \"crash\", "
			     "\"kind\": \"run\", \"status\": \"failed\", \"exit\": 137, \"usage\": {\"seconds\": 12}}";

static const char expects_better[] = "---\nexpects: {f1: better}\n---\n";
static const char expects_worse[] = "---\nexpects: {f1: worse}\n---\n";

static void a_run_that_is_shown_better_beats_and_what_it_misses_is_said(void **state)
{
	const char *const record[] = {baseline, better};
	struct judged judged;
	struct world world;

	(void)state;
	world_open(&world, "", record, 2);
	judged_of(&judged, &world.model, &world.run[1], "f1");
	assert_int_equal(judged.verdict, VERDICT_BETTER);
	lead_overview(&world.view, &world.model, &world.run[1], &judged);
	assert_string_equal(plain(&world), "cut beats the best baseline, but misses 1 of 2 criteria.");
	lead_run(&world.view, &world.model, &world.item, &world.run[1]);
	assert_string_equal(plain(&world), "cut is better than the baseline, by 0.072, but misses 1 of 2 criteria.");
	world_close(&world);
}

static void no_difference_shown_is_never_called_equal_or_better(void **state)
{
	const char *const record[] = {baseline, undecided};
	struct judged judged;
	struct world world;

	(void)state;
	world_open(&world, expects_better, record, 2);
	judged_of(&judged, &world.model, &world.run[1], "f1");
	lead_overview(&world.view, &world.model, &world.run[1], &judged);
	assert_string_equal(plain(&world), "No run beats the baseline yet.");
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "gbt shows no difference to the baseline.");
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
	world_close(&world);
	world_open(&world, expects_worse, record, 2);
	lead_experiment(&world.view, &world.model, &world.item);
	assert_string_equal(plain(&world), "Refuted: cut is better than the baseline, by 0.072.");
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

static void a_larger_family_takes_a_verdict_back_and_the_record_keeps_it(void **state)
{
	const char *const record[] = {baseline, better};
	struct judged then, today;
	struct world world;

	(void)state;
	world_open(&world, "", record, 2);
	judged_among(&then, &world.model, &world.run[1], "f1", JUDGED_THEN);
	judged_among(&today, &world.model, &world.run[1], "f1", 1000);
	assert_int_equal(then.family, 1);
	assert_int_equal(today.family, 1000);
	assert_int_equal(then.verdict, VERDICT_BETTER);
	assert_true(today.low < then.difference - 0.03);
	assert_true(today.high - today.low > 2 * 0.01 * 4);
	assert_true(isfinite(today.p) && today.p > then.p);
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
		cmocka_unit_test(a_larger_family_takes_a_verdict_back_and_the_record_keeps_it),
		cmocka_unit_test(a_criterion_without_a_limit_has_no_line_on_the_axis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
