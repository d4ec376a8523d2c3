/* Places beside the repository's own: spools, further work trees, LFS; and the difference of two commits. */
#include "store/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

static void without_the_variable_everything_lies_in_the_git_directory(void **state)
{
	struct names places = {0};
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	const char *place;

	(void)state;
	unsetenv("ASSAY_SPOOL");
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	check_ok(store_spool(&place, store, &err), err);
	assert_string_equal(place, store_assay_dir(store));
	check_ok(store_spools(&places, store, &err), err);
	assert_int_equal(places.n, 1);
	assert_string_equal(places.name[0], store_assay_dir(store));
	names_free(&places);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_spool_is_found_again_without_the_variable(void **state)
{
	struct names places = {0};
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	const char *place;
	char spool[96], *first;

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(spool, sizeof(spool), "%s/big/disk", fixture.dir);
	setenv("ASSAY_SPOOL", spool, 1);
	store = open_store(fixture.repo);
	check_ok(store_spool(&place, store, &err), err);
	first = mem_text(place);
	assert_int_equal(strncmp(first, spool, strlen(spool)), 0);
	assert_int_equal(strncmp(first + strlen(spool), "/repo-", 6), 0);
	assert_true(dir_exists(first));
	store_free(store);
	store = open_store(fixture.repo); /* the same place the next time */
	check_ok(store_spool(&place, store, &err), err);
	assert_string_equal(place, first);
	store_free(store);
	unsetenv("ASSAY_SPOOL");
	store = open_store(fixture.repo);
	check_ok(store_spools(&places, store, &err), err);
	assert_int_equal(places.n, 2);
	assert_string_equal(places.name[1], first);
	names_free(&places);
	store_free(store);
	free(first);
	fixture_remove(&fixture);
}

static void two_repositories_never_share_a_place(void **state)
{
	struct names places = {0};
	struct fixture fixture;
	struct error err = {0};
	struct store *store, *copy;
	const char *place, *other;
	char spool[96], moved[128];

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(spool, sizeof(spool), "%s/spool", fixture.dir);
	setenv("ASSAY_SPOOL", spool, 1);
	store = open_store(fixture.repo);
	check_ok(store_spool(&place, store, &err), err);
	free(command_says(fixture.dir, (const char *const[]){"cp", "-r", "repo", "copy", NULL}));
	snprintf(moved, sizeof(moved), "%s/copy", fixture.dir);
	copy = open_store(moved);
	check_ok(store_spools(&places, copy, &err), err);
	assert_int_equal(places.n, 1); /* the first one's runs are not the copy's to recover */
	names_free(&places);
	check_ok(store_spool(&other, copy, &err), err);
	assert_string_not_equal(place, other);
	store_free(copy);
	store_free(store);
	/* a repository that was moved takes its place along */
	free(command_says(fixture.dir, (const char *const[]){"mv", "repo", "moved", NULL}));
	snprintf(moved, sizeof(moved), "%s/moved", fixture.dir);
	store = open_store(moved);
	check_ok(store_spools(&places, store, &err), err);
	assert_int_equal(places.n, 2);
	names_free(&places);
	store_free(store);
	unsetenv("ASSAY_SPOOL");
	fixture_remove(&fixture);
}

static void a_work_tree_at_a_commit_touches_nothing_of_the_users(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char dir[128], *commit, *before, *text;

	(void)state;
	fixture_make(&fixture, "repo");
	commit = git(&fixture, "rev-parse", "HEAD");
	write_text(fixture.repo, "train.py", "print(2)\n");
	git_quiet(&fixture, "commit", "-q", "-a", "-m", "later");
	write_text(fixture.repo, "staged", "x\n");
	git_quiet(&fixture, "add", "staged");
	/* a hook of the user's that must not run, and a sparse checkout that must not hide the code */
	write_text(fixture.repo, ".git/hook", "#!/bin/sh\ntouch hooked\n");
	free(command_says(
		fixture.repo,
		(const char *const[]){"sh", "-c",
				      "mkdir -p .git/hooks; mv .git/hook .git/hooks/post-checkout; chmod +x "
				      ".git/hooks/post-checkout; git config core.sparseCheckout true; mkdir -p "
				      ".git/info; echo /other >.git/info/sparse-checkout",
				      NULL}));
	before = command_says(fixture.repo, (const char *const[]){"sha256sum", ".git/index", ".git/HEAD", NULL});
	store = open_store(fixture.repo);
	snprintf(dir, sizeof(dir), "%s/there", fixture.dir);
	check_ok(store_worktree_add(store, commit, dir, &err), err);
	text = command_says(dir, (const char *const[]){"cat", "train.py", NULL});
	assert_string_equal(text, "print(1)");
	free(text);
	check_said(git_in(dir, "rev-parse", "HEAD"), commit);
	check_said(git_in(dir, "status", "--porcelain"), "");
	assert_int_equal(store_worktree_add(store, commit, dir, &err), ERR_INPUT);
	error_clear(&err);
	assert_int_equal(store_worktree_remove(store, fixture.repo, &err), ERR_MACHINE); /* its .git is a folder */
	error_clear(&err);
	check_ok(store_worktree_remove(store, dir, &err), err);
	assert_false(file_exists(dir));
	check_said(command_says(fixture.repo, (const char *const[]){"sha256sum", ".git/index", ".git/HEAD", NULL}),
		   before);
	check_said(command_says(fixture.repo, (const char *const[]){"sh", "-c", "git worktree list | wc -l", NULL}),
		   "1");
	assert_int_equal(store_worktree_add(store, "0123456789012345678901234567890123456789", dir, &err), ERR_MACHINE);
	assert_false(file_exists(dir));
	free(before);
	free(commit);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_difference_is_git_diffs_and_says_where_it_was_cut(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	struct buf text = BUF_INIT;
	char *from, *to, *want;

	(void)state;
	fixture_make(&fixture, "repo");
	from = git(&fixture, "rev-parse", "HEAD");
	write_text(fixture.repo, "train.py", "print(2)\n");
	git_quiet(&fixture, "commit", "-q", "-a", "-m", "later");
	git_quiet(&fixture, "config", "color.diff", "always");
	to = git(&fixture, "rev-parse", "HEAD");
	store = open_store(fixture.repo);
	check_ok(store_diff(&text, store, from, to, 1 << 20, &err), err);
	want = git(&fixture, "diff", "--no-color", from, to);
	assert_int_equal(strncmp(text.text, want, strlen(want)), 0);
	assert_int_equal(text.len, strlen(want) + 1);
	buf_clear(&text);
	check_ok(store_diff(&text, store, from, to, 100, &err), err);
	assert_non_null(strstr(text.text, "\n(cut after "));
	assert_true(text.len < 250);
	buf_clear(&text);
	check_ok(store_diff(&text, store, from, from, 100, &err), err);
	assert_int_equal(text.len, 0);
	assert_int_equal(store_diff(&text, store, "--output=x", to, 100, &err), ERR_NOT_FOUND);
	buf_release(&text);
	free(want);
	free(from);
	free(to);
	store_free(store);
	fixture_remove(&fixture);
}

static int system_has_no_lfs(void)
{
	struct process_result result = {0};

	return process_run(&result,
			   &(struct process_options){.argv = (const char *const[]){"git-lfs", "version", NULL}},
			   NULL) < 0;
}

static int uses_lfs(const struct fixture *fixture, int force)
{
	struct store *store = open_store(fixture->repo);
	struct error err = {0};
	int uses = store_uses_lfs(store, force, &err);

	assert_int_equal(err.code, 0);
	store_free(store);
	return uses;
}

static void lfs_is_used_where_heads_attributes_name_it(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *folder, want[160];

	(void)state;
	if (system_has_no_lfs())
		skip();
	fixture_make(&fixture, "repo");
	assert_int_equal(uses_lfs(&fixture, 0), 0);
	assert_int_equal(uses_lfs(&fixture, 1), 1);
	write_text(fixture.repo, ".gitattributes", "# *.x filter=lfs\n*.bin filter=lfsx\n");
	git_quiet(&fixture, "add", ".gitattributes");
	git_quiet(&fixture, "commit", "-q", "-m", "none");
	assert_int_equal(uses_lfs(&fixture, 0), 0);
	write_text(fixture.repo, ".gitattributes", "*.txt text\r\n*.bin filter=lfs diff=lfs merge=lfs -text\r\n");
	assert_int_equal(uses_lfs(&fixture, 0), 0); /* not in HEAD yet */
	git_quiet(&fixture, "add", ".gitattributes");
	git_quiet(&fixture, "commit", "-q", "-m", "lfs");
	assert_int_equal(uses_lfs(&fixture, 0), 1);
	store = open_store(fixture.repo);
	check_ok(store_lfs_folder(&folder, store, &err), err);
	snprintf(want, sizeof(want), "%s/.git/lfs/objects", fixture.repo);
	assert_string_equal(folder, want);
	free(folder);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_branch_in_the_way_is_told_before_a_run(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	check_ok(store_ready(store, &err), err);
	git_quiet(&fixture, "branch", "assay");
	assert_int_equal(store_ready(store, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "branch assay"));
	assert_non_null(strstr(err.hint, "git: {branch: NAME}"));
	error_clear(&err);
	git_quiet(&fixture, "branch", "-m", "assay", "assay/runs/mine");
	git_quiet(&fixture, "pack-refs", "--all");
	assert_int_equal(store_ready(store, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "assay/runs/mine"));
	error_clear(&err);
	check_ok(store_set_branch(store, "lab", &err), err);
	check_ok(store_ready(store, &err), err);
	store_free(store);
	fixture_remove(&fixture);
}

/* Make a folder or a file in assay_dir that was touched so many hours ago. */
static char *left_behind(const struct store *store, const char *name, int folder, time_t hours)
{
	struct timespec when[2] = {{.tv_sec = time(NULL) - hours * 3600}, {.tv_sec = time(NULL) - hours * 3600}};
	char *path = path_join(store_assay_dir(store), name);
	struct error err = {0};

	check_ok(dir_make(folder ? path : store_assay_dir(store), &err), err);
	if (!folder)
		check_ok(file_write(path, "x", 1, &err), err);
	assert_int_equal(utimensat(AT_FDCWD, path, when, 0), 0);
	return path;
}

static void what_killed_snapshots_left_goes_after_a_day(void **state)
{
	struct fixture fixture;
	struct test_run memory;
	struct store_run run;
	struct error err = {0};
	struct store *store;
	char *why = NULL, *old, *old_index, *young, *other;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	old = left_behind(store, "objects-abcdef", 1, 25);
	old_index = left_behind(store, "index-abcdef", 0, 25);
	young = left_behind(store, "objects-ghijkl", 1, 23);
	other = left_behind(store, "cache", 1, 100);
	run = test_run(&memory, 1);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	assert_false(file_exists(old));
	assert_false(file_exists(old_index));
	assert_true(file_exists(young));
	assert_true(file_exists(other));
	free(old);
	free(old_index);
	free(young);
	free(other);
	store_free(store);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_the_variable_everything_lies_in_the_git_directory),
		cmocka_unit_test(a_spool_is_found_again_without_the_variable),
		cmocka_unit_test(two_repositories_never_share_a_place),
		cmocka_unit_test(a_work_tree_at_a_commit_touches_nothing_of_the_users),
		cmocka_unit_test(a_difference_is_git_diffs_and_says_where_it_was_cut),
		cmocka_unit_test(lfs_is_used_where_heads_attributes_name_it),
		cmocka_unit_test(a_branch_in_the_way_is_told_before_a_run),
		cmocka_unit_test(what_killed_snapshots_left_goes_after_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
