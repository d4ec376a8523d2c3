/* The split that a command is given: the baselines' own, once on disk, and none where there is nothing to split. */
#include "store/fixture.h"

#include "base/buf.h"
#include "track/baseline.h"
#include "track/split_file.h"

#include <math.h>
#include <sys/stat.h>

struct world {
	struct fixture fixture;
	struct store *store;
	struct project *project;
	struct experiment *experiment;
	struct runs runs;
};

/* 120 rows with an id of their own; `more` is appended. */
static void write_table(const char *repo, const char *more)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "key,a,b,t\n");
	for (int i = 0; i < 120; i++)
		buf_printf(&text, "%03d,%d,%s,%s\n", i, i * 37 % 101, i % 3 ? "x" : "y",
			   i * 37 % 101 + i % 7 > 55 ? "yes" : "no");
	buf_puts(&text, more);
	write_text(repo, "table.csv", text.text);
	buf_release(&text);
}

static void read_project(struct world *world, const char *yaml)
{
	struct error err = {0};

	project_free(world->project);
	experiment_free(world->experiment);
	write_text(world->fixture.repo, "assay.yaml", yaml);
	check_ok(project_load(&world->project, world->fixture.repo, store_worktree(world->store), &err), err);
	check_ok(experiment_load(&world->experiment, world->project, "default", &err), err);
}

static void world_make(struct world *world, const char *yaml)
{
	*world = (struct world){0};
	fixture_make(&world->fixture, "repo");
	write_table(world->fixture.repo, "");
	world->store = open_store(world->fixture.repo);
	read_project(world, yaml);
}

static void world_remove(struct world *world)
{
	runs_free(&world->runs);
	experiment_free(world->experiment);
	project_free(world->project);
	store_free(world->store);
	fixture_remove(&world->fixture);
}

static void train(struct world *world, struct baseline_options options)
{
	static const char *const argv[] = {"assay", "baseline", NULL};
	char *data = path_join(world->fixture.repo, "table.csv");
	struct baseline_report report = {0};
	struct error err = {0};

	options.data = data;
	options.command = argv;
	options.threads = 1;
	check_ok(track_baseline(&report, world->store, world->project, world->experiment, &options, NULL, &err), err);
	baseline_report_release(&report);
	runs_free(&world->runs);
	check_ok(runs_load(&world->runs, world->store, NULL, &err), err);
	free(data);
}

static void make(struct split_file *out, struct world *world, const struct split_options_given *given)
{
	struct error err = {0};

	check_ok(split_file_make(out, world->store, world->project, world->experiment, &world->runs, given, &err), err);
}

static const char *split_sha(const struct split_file *split)
{
	return json_string_value(json_object_get(split->record, "sha256"));
}

/* How many lines of a file end in these words. */
static size_t count_lines(const char *path, const char *end)
{
	struct buf text = BUF_INIT;
	struct error err = {0};
	size_t n = 0;

	check_ok(file_read(&text, path, &err), err);
	for (char *at = text.text; (at = strstr(at, end)); at++)
		n++;
	buf_release(&text);
	return n;
}

static void it_is_the_split_that_the_baselines_record(void **state)
{
	struct split_file split;
	struct world world;

	(void)state;
	world_make(&world, "data: {file: table.csv, target: t, id: key}\nsplit: {test: 0.3, valid: 0.1, seed: 5}\n");
	train(&world, (struct baseline_options){.test = NAN, .seed = -1});
	make(&split, &world, NULL);
	assert_true(json_equal(split.record, run_field(&world.runs.item[0].run, "data.split")));
	assert_int_equal(count_lines(split.parts, ",test\n"), 36);
	assert_int_equal(count_lines(split.parts, ",valid\n"), 12);
	assert_int_equal(count_lines(split.parts, ",train\n"), 72);
	assert_int_equal(count_lines(split.labels, "\n"), 1 + 36 + 12);
	assert_int_equal(count_lines(split.parts, "\n000,"), 1);
	assert_string_equal(split.positive, "yes");
	assert_string_equal(split.data, "table.csv");
	assert_int_equal(split.class_name.n, 2);
	assert_int_equal(split.notes.n, 0);
	split_file_release(&split);
	world_remove(&world);
}

static void without_data_in_assay_yaml_it_is_the_baselines(void **state)
{
	struct split_file split;
	struct world world;

	(void)state;
	world_make(&world, "project: p\n");
	make(&split, &world, NULL);
	assert_null(split.parts);
	split_file_release(&split);
	train(&world, (struct baseline_options){.target = "t", .id = "key", .positive = "no", .test = 0.25, .seed = 9});
	make(&split, &world, NULL);
	assert_string_equal(split_sha(&split), run_text(&world.runs.item[0].run, "data.split.sha256"));
	assert_string_equal(split.positive, "no");
	assert_string_equal(split.target, "t");
	split_file_release(&split);
	write_table(world.fixture.repo, "900,3,x,no\n");
	make(&split, &world, NULL);
	assert_int_equal(split.notes.n, 1);
	assert_non_null(strstr(split.notes.name[0], "table.csv has changed since baseline"));
	assert_string_not_equal(split_sha(&split), run_text(&world.runs.item[0].run, "data.split.sha256"));
	assert_int_equal(count_lines(split.parts, "\n900,"), 1);
	split_file_release(&split);
	world_remove(&world);
}

static void a_split_is_made_once_and_again_where_it_is_damaged(void **state)
{
	struct split_file first, again;
	struct stat before, after;
	struct world world;
	char *folder;

	(void)state;
	world_make(&world, "data: {file: table.csv, target: t}\n");
	make(&first, &world, NULL);
	assert_int_equal(stat(first.parts, &before), 0);
	assert_int_equal(before.st_mode & 0222, 0); /* a command reads it and does not write */
	make(&again, &world, NULL);
	assert_string_equal(again.parts, first.parts);
	assert_int_equal(stat(again.parts, &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	split_file_release(&again);
	assert_int_equal(unlink(first.labels), 0);
	make(&again, &world, NULL);
	assert_int_equal(count_lines(again.labels, "\n"), 1 + 24);
	assert_string_equal(split_sha(&again), split_sha(&first));
	split_file_release(&again);
	folder = mem_text_n(first.parts, (size_t)(path_base(first.parts) - first.parts - 1));
	assert_non_null(folder);
	assert_int_equal(unlink(first.parts), 0);
	write_text(folder, "split.json", "{\"classes\": [1");
	make(&again, &world, NULL);
	assert_int_equal(count_lines(again.parts, "\n"), 121);
	split_file_release(&again);
	split_file_release(&first);
	free(folder);
	world_remove(&world);
}

static void other_wishes_give_another_split(void **state)
{
	struct split_options_given given = {.test = NAN, .seed = 3};
	struct split_file first, other;
	struct world world;

	(void)state;
	world_make(&world, "data: {file: table.csv, target: t}\n");
	make(&first, &world, NULL);
	make(&other, &world, &given);
	assert_string_not_equal(split_sha(&first), split_sha(&other));
	split_file_release(&other);
	given = (struct split_options_given){.test = 0.5, .seed = -1};
	make(&other, &world, &given);
	assert_int_equal(count_lines(other.parts, ",test\n"), 60);
	split_file_release(&other);
	given = (struct split_options_given){.test = NAN, .seed = -1, .target = "b"};
	make(&other, &world, &given);
	assert_string_equal(other.class_name.name[0], "x");
	split_file_release(&other);
	split_file_release(&first);
	world_remove(&world);
}

static void check_refused(struct world *world, const struct split_options_given *given, const char *why)
{
	struct split_file split;
	struct error err = {0};

	assert_int_equal(split_file_make(&split, world->store, world->project, world->experiment, NULL, given, &err),
			 ERR_INPUT);
	if (!strstr(err.text, why)) {
		print_error("'%s' does not say '%s'\n", err.text, why);
		fail();
	}
}

static void what_cannot_be_split_is_said(void **state)
{
	struct split_options_given given = {.test = NAN, .seed = -1};
	struct world world;

	(void)state;
	world_make(&world, "data: {file: gone.csv, target: t}\n");
	check_refused(&world, NULL, "no such file");
	read_project(&world, "data: {file: table.csv, target: tt}\n");
	check_refused(&world, NULL, "no column 'tt'");
	read_project(&world, "data: {file: table.csv, target: t, id: b}\n");
	check_refused(&world, NULL, "there twice");
	read_project(&world, "data: {file: table.csv, target: t}\n");
	given.test = 1.5;
	check_refused(&world, &given, "between 0 and 1");
	world_remove(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_split_that_the_baselines_record),
		cmocka_unit_test(without_data_in_assay_yaml_it_is_the_baselines),
		cmocka_unit_test(a_split_is_made_once_and_again_where_it_is_damaged),
		cmocka_unit_test(other_wishes_give_another_split),
		cmocka_unit_test(what_cannot_be_split_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
