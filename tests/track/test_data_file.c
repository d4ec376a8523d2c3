/* Data files as a record names them: bytes, shape, and the hash that is not computed twice nor trusted too long. */
#include "store/fixture.h"

#include "base/buf.h"
#include "learn/table.h"
#include "track/data_file.h"

#include <fcntl.h>
#include <sys/stat.h>

struct world {
	struct fixture fixture;
	struct store *store;
	struct project *project;
};

static void world_make(struct world *world)
{
	struct error err = {0};

	fixture_make(&world->fixture, "repo");
	world->store = open_store(world->fixture.repo);
	check_ok(project_load(&world->project, world->fixture.repo, store_worktree(world->store), &err), err);
}

static void world_remove(struct world *world)
{
	project_free(world->project);
	store_free(world->store);
	fixture_remove(&world->fixture);
}

/* Record one file of the repository; the run is the caller's. */
static void record(struct run *run, const struct world *world, const char *name)
{
	char *path = path_join(world->fixture.repo, name);
	struct error err = {0};

	check_ok(run_new(run, &err), err);
	check_ok(data_file_record(run, world->store, world->project, path, &err), err);
	free(path);
}

static void set_time(const struct world *world, const char *name, time_t when)
{
	const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
	char *path = path_join(world->fixture.repo, name);

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

/* Far enough in the past that its times can be trusted. */
static void settle(const struct world *world, const char *name)
{
	set_time(world, name, 1500000000);
	sleep(1); /* ctime cannot be set */
	sleep(1);
}

static int has_rows(const struct run *run)
{
	return run_field(run, "data.files.0.rows") != NULL;
}

static void rows_and_columns_are_those_that_a_table_has(void **state)
{
	static const char *const text[] = {
		"a,b\n1,2\n",
		"a,b\n1,2",
		"\xef\xbb\xbf\"a\",b\r\n\r\n1,2\r\n\r\n3,4\r\n",
		"a;b;c\n1;2;3\n4;5;6\n",
		"a,b\n\"x\ny\",2\n\"\"\"q\"\"\",\"\"\n",
		"\n\na\tb\n1\t2\n\n\n3\t4\n\r\n",
		"a,b\nx\"y,2\n5\" disk,3\n",
	};
	struct world world;

	(void)state;
	world_make(&world);
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		char *path = path_join(world.fixture.repo, "d.csv");
		struct table *table = NULL;
		struct error err = {0};
		struct run run;

		write_text(world.fixture.repo, "d.csv", text[i]);
		check_ok(table_read(&table, path, NULL, &err), err);
		record(&run, &world, "d.csv");
		check_close(json_number_value(run_field(&run, "data.files.0.rows")), (double)table->rows, 0);
		check_close(json_number_value(run_field(&run, "data.files.0.columns")), (double)table->columns, 0);
		assert_string_equal(run_text(&run, "data.files.0.sha256"), table->sha256);
		run_release(&run);
		table_free(table);
		free(path);
	}
	world_remove(&world);
}

static void many_rows_over_blocks_are_counted_as_a_table_counts_them(void **state)
{
	struct buf text = BUF_INIT;
	struct table *table = NULL;
	struct error err = {0};
	struct world world;
	struct run run;
	char *path;

	(void)state;
	world_make(&world);
	path = path_join(world.fixture.repo, "big.csv");
	buf_puts(&text, "a,b\n");
	for (int i = 0; i < 60000; i++)
		buf_printf(&text, i % 7 ? "%d,word\n" : i % 2 ? "\"%d\",\"a\"\"\n,b\"\n" : "%d,\r\n\r\n", i);
	write_text(world.fixture.repo, "big.csv", text.text);
	check_ok(table_read(&table, path, NULL, &err), err);
	record(&run, &world, "big.csv");
	check_close(json_number_value(run_field(&run, "data.files.0.rows")), (double)table->rows, 0);
	run_release(&run);
	table_free(table);
	buf_release(&text);
	free(path);
	world_remove(&world);
}

static void what_is_no_csv_has_no_shape(void **state)
{
	struct world world;
	struct run run;

	(void)state;
	world_make(&world);
	write_text(world.fixture.repo, "d.bin", "a,b\n1,2\n");
	record(&run, &world, "d.bin");
	assert_false(has_rows(&run));
	check_close(json_number_value(run_field(&run, "data.files.0.bytes")), 8, 0);
	run_release(&run);
	write_text(world.fixture.repo, "d.csv", "a,b\n\"1,2\n");
	record(&run, &world, "d.csv");
	assert_false(has_rows(&run));
	run_release(&run);
	write_text(world.fixture.repo, "d.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n");
	record(&run, &world, "d.csv");
	assert_false(has_rows(&run));
	assert_non_null(strstr(json_string_value(json_array_get(run_field(&run, "notes"), 0)), "a Git LFS pointer"));
	run_release(&run);
	world_remove(&world);
}

/* The cache's text; the caller's. */
static char *cache_text(const struct world *world)
{
	char *path = path_join(store_assay_dir(world->store), "cache/data");
	struct buf text = BUF_INIT;
	struct error err = {0};

	buf_puts(&text, "");
	if (file_exists(path))
		check_ok(file_read(&text, path, &err), err);
	free(path);
	return buf_detach(&text);
}

static void a_hash_is_reused_until_the_file_changes(void **state)
{
	char *cache, *at, *path;
	struct error err = {0};
	struct world world;
	struct run run;

	(void)state;
	world_make(&world);
	write_text(world.fixture.repo, "d.csv", "a,b\n1,2\n");
	set_time(&world, "d.csv", 4000000000);
	record(&run, &world, "d.csv");
	run_release(&run);
	cache = cache_text(&world);
	assert_string_equal(cache, ""); /* by its times it may yet change unseen */
	free(cache);
	settle(&world, "d.csv");
	record(&run, &world, "d.csv");
	cache = cache_text(&world);
	at = strstr(cache, run_text(&run, "data.files.0.sha256"));
	assert_non_null(at);
	run_release(&run);
	/* Garbage around it, and a digit of the hash: what is damaged is computed again. */
	*at = *at == '0' ? '1' : '0';
	path = path_join(store_assay_dir(world.store), "cache/data");
	check_ok(file_write(path, cache, strlen(cache), &err), err);
	record(&run, &world, "d.csv");
	assert_string_not_equal(run_text(&run, "data.files.0.sha256"), "");
	assert_int_not_equal(*run_text(&run, "data.files.0.sha256"), *at);
	run_release(&run);
	check_ok(file_write(path, "\x00\xff garbage\n1 2 3\n", 17, &err), err);
	record(&run, &world, "d.csv");
	check_close(json_number_value(run_field(&run, "data.files.0.rows")), 1, 0);
	run_release(&run);
	write_text(world.fixture.repo, "d.csv", "a,b\n3,4\n");
	settle(&world, "d.csv"); /* the same size and mtime: ctime and inode differ */
	record(&run, &world, "d.csv");
	assert_int_equal(strncmp(run_text(&run, "data.files.0.sha256"), "57f657", 6), 0);
	run_release(&run);
	free(path);
	free(cache);
	world_remove(&world);
}

static void a_folder_has_one_hash_of_its_files(void **state)
{
	struct world world;
	struct run run, other;
	char *deep;

	(void)state;
	world_make(&world);
	free(command_says(world.fixture.repo, (const char *const[]){"mkdir", "-p", "data/deep", NULL}));
	deep = path_join(world.fixture.repo, "data/deep");
	write_text(deep, "x.bin", "x");
	write_text(world.fixture.repo, "data/a.csv", "a\n1\n");
	record(&run, &world, "data/");
	assert_string_equal(run_text(&run, "data.files.0.path"), "data");
	check_said(command_says(world.fixture.repo,
				(const char *const[]){"sh", "-c",
						      "cd data && sha256sum a.csv deep/x.bin | sha256sum | cut -c1-64",
						      NULL}),
		   run_text(&run, "data.files.0.sha256"));
	check_close(json_number_value(run_field(&run, "data.files.0.bytes")), 5, 0);
	write_text(deep, "x.bin", "y");
	record(&other, &world, "data");
	assert_string_not_equal(run_text(&run, "data.files.0.sha256"), run_text(&other, "data.files.0.sha256"));
	run_release(&other);
	free(command_says(deep, (const char *const[]){"ln", "-s", "..", "up", NULL}));
	record(&other, &world, "data");
	assert_non_null(strstr(json_string_value(json_array_get(run_field(&other, "notes"), 0)), "not followed: 1"));
	run_release(&other);
	run_release(&run);
	free(deep);
	world_remove(&world);
}

static void a_link_is_named_and_its_content_recorded_and_what_is_outside_has_a_name_alone(void **state)
{
	struct error err = {0};
	struct world world;
	struct run run;
	char *path;

	(void)state;
	world_make(&world);
	write_text(world.fixture.dir, "far.csv", "a,b\n1,2\n");
	free(command_says(world.fixture.repo, (const char *const[]){"ln", "-s", "../far.csv", "near.csv", NULL}));
	record(&run, &world, "near.csv");
	assert_string_equal(run_text(&run, "data.files.0.path"), "near.csv");
	assert_null(run_field(&run, "data.files.0.outside"));
	check_close(json_number_value(run_field(&run, "data.files.0.rows")), 1, 0);
	path = path_join(world.fixture.dir, "far.csv");
	check_ok(data_file_record(&run, world.store, world.project, path, &err), err);
	assert_string_equal(run_text(&run, "data.files.1.path"), "far.csv");
	assert_true(json_is_true(run_field(&run, "data.files.1.outside")));
	assert_int_equal(data_file_record(&run, world.store, world.project, "/nowhere/x.csv", &err), ERR_INPUT);
	error_clear(&err);
	assert_int_equal(data_file_record(&run, world.store, world.project, "/dev/null", &err), ERR_INPUT);
	assert_int_equal(json_array_size(run_field(&run, "data.files")), 2);
	run_release(&run);
	free(path);
	world_remove(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_columns_are_those_that_a_table_has),
		cmocka_unit_test(many_rows_over_blocks_are_counted_as_a_table_counts_them),
		cmocka_unit_test(what_is_no_csv_has_no_shape),
		cmocka_unit_test(a_hash_is_reused_until_the_file_changes),
		cmocka_unit_test(a_folder_has_one_hash_of_its_files),
		cmocka_unit_test(a_link_is_named_and_its_content_recorded_and_what_is_outside_has_a_name_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
