/* The views of the pages and their charts, with every allocation failing in turn. */
#include "check.h"

#include "site/page/changes.h"
#include "site/page/criteria.h"
#include "site/page/facts.h"
#include "site/page/hypotheses.h"
#include "site/page/matrix.h"
#include "site/page/metrics.h"
#include "site/page/plots.h"
#include "site/page/record.h"
#include "site/page/table.h"

#include "failing_malloc.h"
#include "site/world.h"

static struct world world;

static int make_views(struct error *err)
{
	struct run_table table = {
		.metric = "f1", .row = world.list, .rows = 3, .bar = world.item.bar, .names_experiment = 1};
	struct view view = view_object();
	int rc;

	lead_experiment(&view, &world.model, &world.item);
	lead_run(&view, &world.model, &world.item, &world.run[1]);
	facts_view(&view, &world.model, &world.run[1], "f1", FACTS_OF_PROJECT);
	fact_cost(&view, &world.run[1], &world.run[0]);
	fact_latest(&view, &world.model, &world.run[2], "f1");
	metrics_view(&view, "metrics", &world.model, &world.item, &world.run[1], 0);
	criteria_list(&view, "criteria", &world.model, &world.run[1], 0);
	hypotheses_view(&view, "hypotheses", &world.model, HYPOTHESES_ALL);
	record_params(&view, &world.run[1]);
	record_environment(&view, &world.run[1]);
	rc = run_table_view(&view, "table", &world.model, &table, err);
	if (rc == 0)
		rc = changes_view(&view, &world.model, &world.item, &world.run[1], err);
	if (rc == 0)
		rc = view_end(&view, err);
	view_release(&view);
	return rc;
}

/* Two things changed since the baseline, and the step was judged. */
static void set_changes(void)
{
	static char top[] = "", site[] = "site";
	struct run *run = &world.run[1].run;
	struct error err = {0};

	world.project.below = top;
	world.project.site.output = site;
	check_ok(run_set(run, "changes",
			 json_pack("{s:s, s:s, s:[{s:s, s:s, s:i}, {s:s, s:s, s:s}]}", "against", BASE, "verdict",
				   "confounded", "factors", "factor", "params", "name", "depth", "to", 4, "factor",
				   "code", "name", "train.py", "from", "0123456789012345678901234567890123456789"),
			 &err),
		 err);
	check_ok(run_set(run, "params.depth", json_integer(4), &err), err);
	check_ok(run_set(run, "command", json_pack("[s, s, s]", "python", "train.py", "--depth=4"), &err), err);
	assert_int_equal(json_array_append_new(json_object_get(run->json, "comparison"),
					       json_pack("{s:s, s:s, s:{s:{s:f, s:[f, f], s:s}}}", "against", BASE,
							 "role", "previous", "metrics", "f1", "difference", 0.1,
							 "interval", 0.05, 0.15, "verdict", "better")),
			 0);
}

static void a_view_without_memory_says_so_and_leaks_nothing(void **state)
{
	const char *const record[] = {baseline, better, failed};

	(void)state;
	world_open(&world, expects_better, record, 3);
	set_changes();
	fail_in_turn(make_views);
	world_close(&world);
}

static int make_figures(struct error *err)
{
	const struct plot_runs runs = {world.list, 3, "f1", 0, world.item.bar, world.list[0]};
	struct figures figures = {0};
	int rc;

	rc = plot_differences(&figures, &world.model, &runs, "data/differences.csv", err);
	if (rc == 0)
		rc = plot_history(&figures, &world.model, &runs, "data/history.csv", err);
	if (rc == 0 && figures.n != 2)
		rc = error_set(err, ERR_INPUT, "%zu figures", figures.n);
	figures_free(&figures);
	return rc;
}

static void a_figure_without_memory_says_so_and_leaks_nothing(void **state)
{
	const char *const record[] = {baseline, better, failed};

	(void)state;
	world_open(&world, expects_better, record, 3);
	fail_in_turn(make_figures);
	world_close(&world);
}

static int make_matrix(struct error *err)
{
	json_t *evaluation = json_pack("{s:[s,s],s:[[i,i],[i,i]]}", "classes", "no", "yes", "confusion_matrix", 8, 2, 1,
				       9);
	struct view view = view_object();
	int rc;

	if (!evaluation) {
		view_release(&view);
		return error_nomem(err);
	}
	matrix_view(&view, "matrix", evaluation);
	rc = view_end(&view, err);
	view_release(&view);
	json_decref(evaluation);
	return rc;
}

static void a_matrix_without_memory_says_so_and_leaks_nothing(void **state)
{
	(void)state;
	fail_in_turn(make_matrix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_without_memory_says_so_and_leaks_nothing),
		cmocka_unit_test(a_figure_without_memory_says_so_and_leaks_nothing),
		cmocka_unit_test(a_matrix_without_memory_says_so_and_leaks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
