/* The baselines of a data set as runs: what is made, what is shown again, and that an error leaves nothing. */
#include "store/fixture.h"

#include "base/buf.h"
#include "track/baseline.h"

#include <math.h>

/* A table of 120 rows whose target follows from the first column nearly always; `spoilt` is appended as it is. */
static void write_table(const char *repo, const char *spoilt)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "a,b,t\n");
	for (int i = 0; i < 120; i++)
		buf_printf(&text, "%d,%s,%s\n", i * 37 % 101, i % 3 ? "x" : "y",
			   i * 37 % 101 + i % 7 > 55 ? "yes" : "no");
	buf_puts(&text, spoilt);
	write_text(repo, "table.csv", text.text);
	buf_release(&text);
}

struct world {
	struct fixture fixture;
	struct store *store;
	struct project *project;
	struct experiment *experiment;
	char *data;
};

static void world_make(struct world *world)
{
	struct error err = {0};

	fixture_make(&world->fixture, "repo");
	write_table(world->fixture.repo, "");
	world->store = open_store(world->fixture.repo);
	check_ok(project_load(&world->project, world->fixture.repo, store_worktree(world->store), &err), err);
	check_ok(experiment_load(&world->experiment, world->project, "default", &err), err);
	world->data = path_join(world->fixture.repo, "table.csv");
	assert_non_null(world->data);
}

static void world_remove(struct world *world)
{
	free(world->data);
	experiment_free(world->experiment);
	project_free(world->project);
	store_free(world->store);
	fixture_remove(&world->fixture);
}

static int train(struct baseline_report *report, const struct world *world, struct baseline_options options,
		 struct error *err)
{
	static const char *const argv[] = {"assay", "baseline", NULL};

	options.data = world->data;
	options.target = options.target ? options.target : "t";
	options.command = argv;
	return track_baseline(report, world->store, world->project, world->experiment, &options, NULL, err);
}

/* Defaults of the options that are not zero. */
#define OPTIONS .test = NAN, .seed = -1, .threads = 1

static void check_nothing_is_left(const struct world *world)
{
	char *running = path_join(store_assay_dir(world->store), "running");
	struct names names = {0};

	check_git(&world->fixture, "", "for-each-ref", "refs/heads/assay", "refs/assay");
	if (!dir_list(&names, running, NULL))
		assert_int_equal(names.n, 0);
	names_free(&names);
	free(running);
}

static void each_baseline_becomes_a_run_with_its_files(void **state)
{
	struct baseline_report report = {0};
	struct world world;
	struct error err = {0};

	(void)state;
	world_make(&world);
	check_ok(train(&report, &world, (struct baseline_options){OPTIONS}, &err), err);
	assert_int_equal(report.made.n, 6);
	assert_int_equal(report.shown + report.failed, 0);
	assert_int_equal(report.rows, 120);
	assert_int_equal(report.test_rows, 24);
	assert_int_equal(report.features, 2);
	assert_string_equal(report.metric, "f1");
	assert_non_null(report.best);
	assert_null(report.waiting);
	check_git(&world.fixture, "6", "rev-list", "--count", "assay/runs");
	for (size_t i = 0; i < report.made.n; i++) {
		const struct seen_run *seen = &report.made.item[i];
		double f1, seed;

		assert_int_equal(seen->where, WHERE_GIT);
		assert_int_equal(strlen(seen->commit), 40);
		assert_string_equal(run_text(&seen->run, "status"), "finished");
		assert_int_equal(run_number(&f1, &seen->run, "measured.f1"), 1);
		assert_int_equal(run_number(&seed, &seen->run, "seed"), 1);
		check_close(seed, 0, 0);
		assert_int_equal(json_array_size(run_field(&seen->run, "artifacts")), 2);
		assert_int_equal(i == 0, !run_field(&seen->run, "comparison"));
		assert_true(i == 0 || strcmp(run_id(&seen->run), run_id(&report.made.item[i - 1].run)) > 0);
	}
	baseline_report_release(&report);
	world_remove(&world);
}

static void what_is_on_record_is_shown_until_something_differs(void **state)
{
	struct baseline_report first = {0}, second = {0}, third = {0};
	struct world world;
	struct error err = {0};

	(void)state;
	world_make(&world);
	check_ok(train(&first, &world, (struct baseline_options){OPTIONS}, &err), err);
	check_ok(train(&second, &world, (struct baseline_options){OPTIONS}, &err), err);
	assert_int_equal(second.shown, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(run_id(&first.made.item[i].run), run_id(&second.made.item[i].run));
	assert_string_equal(first.best, second.best);
	check_ok(train(&third, &world, (struct baseline_options){.test = NAN, .seed = 5}, &err), err);
	assert_int_equal(third.shown, 0);
	baseline_report_release(&third);
	check_ok(train(&third, &world, (struct baseline_options){OPTIONS, .again = 1}, &err), err);
	assert_int_equal(third.shown, 0);
	check_git(&world.fixture, "18", "rev-list", "--count", "assay/runs");
	baseline_report_release(&first);
	baseline_report_release(&second);
	baseline_report_release(&third);
	world_remove(&world);
}

static void an_error_leaves_nothing_behind(void **state)
{
	struct baseline_report report = {0};
	struct world world;
	struct error err = {0};

	(void)state;
	world_make(&world);
	assert_int_equal(train(&report, &world, (struct baseline_options){OPTIONS, .target = "tt"}, &err), ERR_INPUT);
	check_nothing_is_left(&world);
	error_clear(&err);
	assert_int_equal(train(&report, &world, (struct baseline_options){.test = 2, .seed = -1}, &err), ERR_INPUT);
	check_nothing_is_left(&world);
	error_clear(&err);
	write_table(world.fixture.repo, "1,x\n");
	assert_int_equal(train(&report, &world, (struct baseline_options){OPTIONS}, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "table.csv:122"));
	check_nothing_is_left(&world);
	assert_null(report.made.item);
	world_remove(&world);
}

static void without_an_identity_no_work_starts(void **state)
{
	struct baseline_report report = {0};
	struct world world;
	struct error err = {0};

	(void)state;
	world_make(&world);
	git_quiet(&world.fixture, "config", "--unset", "user.email");
	git_quiet(&world.fixture, "config", "user.useConfigOnly", "true");
	assert_int_equal(train(&report, &world, (struct baseline_options){OPTIONS}, &err), ERR_INPUT);
	assert_non_null(strstr(err.hint, "git config"));
	check_nothing_is_left(&world);
	world_remove(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_baseline_becomes_a_run_with_its_files),
		cmocka_unit_test(what_is_on_record_is_shown_until_something_differs),
		cmocka_unit_test(an_error_leaves_nothing_behind),
		cmocka_unit_test(without_an_identity_no_work_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
