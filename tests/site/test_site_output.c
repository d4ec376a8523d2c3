/* The output folder: only what is ours is written, replaced and removed. */
#include "check.h"

#include "base/mem.h"
#include "site/site_output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;

static int set_up(void **state)
{
	char name[] = "/tmp/assay-output-XXXXXX";

	(void)state;
	dir = mkdtemp(name) ? mem_text(name) : NULL;
	return dir ? 0 : -1;
}

static int tear_down(void **state)
{
	struct error err = {0};
	int rc = dir_remove(dir, &err);

	(void)state;
	free(dir);
	return rc;
}

static char *at(const char *name)
{
	char *path = path_join(dir, name);

	assert_non_null(path);
	return path;
}

static int there(const char *name)
{
	char *path = at(name);
	int is = file_exists(path);

	free(path);
	return is;
}

static void put_file(const char *name, const char *bytes)
{
	struct error err = {0};
	char *path = at(name);

	check_ok(file_write(path, bytes, strlen(bytes), &err), err);
	free(path);
}

/* One build into dir/site with these files. */
static int build(const char *const *path, struct error *err)
{
	struct site_output *output = NULL;
	char *site = at("site");
	int rc = site_output_open(&output, site, err);

	for (size_t i = 0; rc == 0 && path[i]; i++)
		rc = site_output_put(output, path[i], path[i], strlen(path[i]), err);
	if (rc == 0)
		rc = site_output_finish(output, err);
	site_output_free(output);
	free(site);
	return rc;
}

static void what_is_no_longer_made_is_removed_and_nothing_else(void **state)
{
	static const char *const first[] = {"index.html", "runs/a.html", "runs/b.html", NULL};
	static const char *const second[] = {"index.html", "runs/a.html", NULL};
	struct error err = {0};

	(void)state;
	check_ok(build(first, &err), err);
	put_file("site/mine.txt", "kept");
	check_ok(build(second, &err), err);
	assert_true(there("site/runs/a.html"));
	assert_false(there("site/runs/b.html"));
	assert_true(there("site/mine.txt"));
}

static void a_folder_with_other_files_is_refused(void **state)
{
	static const char *const files[] = {"index.html", NULL};
	struct error err = {0};
	char *site = at("site");

	(void)state;
	check_ok(dir_make(site, &err), err);
	put_file("site/thesis.tex", "years of work");
	assert_int_equal(build(files, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "thesis.tex"));
	assert_false(there("site/index.html"));
	assert_false(there("site/.assay-site"));
	free(site);
}

static void an_unchanged_file_is_not_written_again(void **state)
{
	static const char *const files[] = {"index.html", NULL};
	struct error err = {0};
	struct stat before, after;
	char *path = at("site/index.html");

	(void)state;
	check_ok(build(files, &err), err);
	assert_int_equal(stat(path, &before), 0);
	check_ok(build(files, &err), err);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	free(path);
}

static void no_path_leads_out_of_the_folder(void **state)
{
	static const char *const bad[] = {"../x.html", "/tmp/x.html", "runs/../x.html", "a/b/c.html", ".git", "runs/.x",
					  "",          "a\\b"};
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *const files[] = {bad[i], NULL};

		error_clear(&err);
		assert_int_equal(build(files, &err), ERR_INPUT);
	}
}

static void a_mark_that_a_stranger_wrote_removes_nothing_outside(void **state)
{
	static const char *const files[] = {"index.html", NULL};
	struct error err = {0};
	char *runs = at("site/runs"), *other = at("other"), *site = at("site");

	(void)state;
	check_ok(dir_make(other, &err), err);
	check_ok(dir_make(site, &err), err);
	put_file("other/a.html", "kept");
	put_file("precious", "kept");
	put_file("site/.assay-site", "../precious\n/etc/passwd\nruns/a.html\nruns/../../precious\n");
	assert_int_equal(symlink("../other", runs), 0);
	check_ok(build(files, &err), err);
	assert_true(there("precious"));
	assert_true(there("other/a.html"));
	free(runs);
	free(other);
	free(site);
}

static void a_link_in_place_of_a_folder_is_not_written_through(void **state)
{
	static const char *const files[] = {"runs/a.html", NULL};
	struct error err = {0};
	char *runs = at("site/runs"), *other = at("other"), *site = at("site");

	(void)state;
	check_ok(dir_make(other, &err), err);
	check_ok(dir_make(site, &err), err);
	put_file("site/.assay-site", "");
	assert_int_equal(symlink("../other", runs), 0);
	assert_int_equal(build(files, &err), ERR_INPUT);
	assert_false(there("other/a.html"));
	free(runs);
	free(other);
	free(site);
}

static void a_build_that_was_cut_short_can_be_built_again(void **state)
{
	static const char *const files[] = {"index.html", NULL};
	struct site_output *output = NULL;
	struct error err = {0};
	char *site = at("site");

	(void)state;
	check_ok(site_output_open(&output, site, &err), err);
	check_ok(site_output_put(output, "index.html", "half", 4, &err), err);
	site_output_free(output);
	check_ok(build(files, &err), err);
	free(site);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_is_no_longer_made_is_removed_and_nothing_else),
		TEST(a_folder_with_other_files_is_refused),
		TEST(an_unchanged_file_is_not_written_again),
		TEST(no_path_leads_out_of_the_folder),
		TEST(a_mark_that_a_stranger_wrote_removes_nothing_outside),
		TEST(a_link_in_place_of_a_folder_is_not_written_through),
		TEST(a_build_that_was_cut_short_can_be_built_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
