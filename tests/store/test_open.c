/* store_open() and committing in every kind of repository that git has. */
#include "store/fixture.h"

/* libgit2 1.5 loses the match data of the expression with which it reads a repository's extensions. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2";
}

/* Runs land in a repository at `dir`, and git finds them there and nothing else changed. */
static void check_lands(const struct fixture *fixture, const char *dir)
{
	char *count;

	commit_runs(dir, 1, 1);
	commit_runs(dir, 2, 1);
	count = git_in(dir, "rev-list", "--count", "assay/runs");
	assert_string_equal(count, "2");
	free(count);
	check_git(fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
}

static void check_refused(const char *dir, const char *words)
{
	struct store *store = NULL;
	struct error err = {0};

	assert_int_equal(store_open(&store, dir, &err), ERR_INPUT);
	if (!strstr(err.text, words))
		print_error("says '%s', not '%s'\n", err.text, words);
	assert_non_null(strstr(err.text, words));
	assert_null(store);
}

static void a_folder_without_a_repository_is_refused_with_a_hint(void **state)
{
	struct store *store = NULL;
	struct fixture fixture;
	struct error err = {0};

	(void)state;
	fixture_make(&fixture, "repo");
	assert_int_equal(store_open(&store, fixture.dir, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "not inside a git repository"));
	assert_non_null(strstr(err.hint, "git init"));
	check_refused("/nowhere/at/all", "there is no folder /nowhere/at/all");
	fixture_remove(&fixture);
}

static void a_sha256_repository_is_refused_by_name(void **state)
{
	char dir[160];
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(dir, sizeof(dir), "%s/sha256", fixture.dir);
	free(git_in(fixture.dir, "init", "-q", "--object-format=sha256", "sha256"));
	check_refused(dir, "sha256");
	fixture_remove(&fixture);
}

static void a_broken_configuration_is_told_in_words_of_git(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	write_text(fixture.repo, ".git/config", "[core\n");
	check_refused(fixture.repo, "bad config line 1");
	fixture_remove(&fixture);
}

static void a_path_with_blanks_and_odd_letters_is_found_from_a_folder_below(void **state)
{
	char below[200];
	struct fixture fixture;
	struct store *store;

	(void)state;
	fixture_make(&fixture, "my r\xc3\xa9po 'x\" $y");
	snprintf(below, sizeof(below), "%s/a b", fixture.repo);
	assert_int_equal(dir_make(below, NULL), 0);
	store = open_store(below);
	assert_string_equal(store_worktree(store), fixture.repo);
	assert_non_null(strstr(store_assay_dir(store), "$y/.git/assay"));
	store_free(store);
	check_lands(&fixture, below);
	fixture_remove(&fixture);
}

static void a_bare_repository_takes_runs_and_has_no_code_state(void **state)
{
	struct store_code code;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "clone", "-q", "--bare", ".", "../bare.git");
	snprintf(fixture.repo, sizeof(fixture.repo), "%s/bare.git", fixture.dir);
	git_quiet(&fixture, "config", "user.name", "Tester");
	git_quiet(&fixture, "config", "user.email", "tester@example.org");
	git_quiet(&fixture, "config", "maintenance.auto", "false");
	store = open_store(fixture.repo);
	assert_null(store_worktree(store));
	check_ok(store_code_state(&code, store, NULL, &err), err);
	assert_string_equal(code.commit, "");
	store_free(store);
	check_lands(&fixture, fixture.repo);
	/* HEAD of a bare repository is no checkout */
	git_quiet(&fixture, "symbolic-ref", "HEAD", "refs/heads/assay/runs");
	commit_runs(fixture.repo, 3, 1);
	fixture_remove(&fixture);
}

static void runs_of_a_linked_work_tree_go_to_the_common_repository(void **state)
{
	struct fixture fixture;
	struct store *store;
	char dir[160];

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "worktree", "add", "-q", "-b", "idea", "../linked");
	git_quiet(&fixture, "config", "extensions.worktreeConfig", "true");
	snprintf(dir, sizeof(dir), "%s/linked", fixture.dir);
	store = open_store(dir);
	assert_string_equal(store_worktree(store), dir);
	assert_null(strstr(store_assay_dir(store), "worktrees"));
	store_free(store);
	check_lands(&fixture, dir);
	check_git(&fixture, "2", "rev-list", "--count", "assay/runs");
	fixture_remove(&fixture);
}

static void a_shallow_clone_goes_on_with_the_branch_of_its_origin(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char url[200], *why, first[OID_HEX];

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 3);
	git_quiet(&fixture, "tag", "before", "assay/runs");
	snprintf(url, sizeof(url), "file://%s", fixture.repo);
	free(git_in(fixture.dir, "clone", "-q", "--depth", "1", "--no-single-branch", url, "shallow"));
	snprintf(fixture.repo, sizeof(fixture.repo), "%s/shallow", fixture.dir);
	git_quiet(&fixture, "config", "user.name", "Tester");
	git_quiet(&fixture, "config", "user.email", "tester@example.org");
	git_quiet(&fixture, "config", "maintenance.auto", "false");
	/* a run that the origin has is not committed twice */
	store = open_store(fixture.repo);
	run = test_run(&memory, 3);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	snprintf(first, sizeof(first), "%s", run.commit);
	store_free(store);
	check_git(&fixture, first, "rev-parse", "refs/remotes/origin/assay/runs");
	check_git(&fixture, first, "rev-parse", "refs/heads/assay/runs");
	commit_runs(fixture.repo, 4, 2);
	check_git(&fixture, "assay: run 5\nassay: run 4\nassay: run 3", "log", "--format=%s", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
	fixture_remove(&fixture);
}

static void a_partial_clone_takes_runs(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	struct buf text = BUF_INIT;
	char url[200], tip[OID_HEX];

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	git_quiet(&fixture, "config", "uploadpack.allowFilter", "true");
	git_quiet(&fixture, "config", "uploadpack.allowAnySHA1InWant", "true");
	snprintf(url, sizeof(url), "file://%s", fixture.repo);
	free(git_in(fixture.dir, "clone", "-q", "--filter=blob:none", url, "partial"));
	snprintf(fixture.repo, sizeof(fixture.repo), "%s/partial", fixture.dir);
	git_quiet(&fixture, "config", "user.name", "Tester");
	git_quiet(&fixture, "config", "user.email", "tester@example.org");
	git_quiet(&fixture, "config", "maintenance.auto", "false");
	commit_runs(fixture.repo, 2, 1);
	/* a blob that only the origin has is fetched by git */
	store = open_store(fixture.repo);
	check_ok(store_tip(tip, store, &err), err);
	check_ok(store_file_at(&text, store, tip, "runs/e/2026-11/24/01/id-1/run.json", &err), err);
	assert_string_equal(text.text, "{\"id\": 1}\n");
	buf_release(&text);
	store_free(store);
	fixture_remove(&fixture);
}

static void an_unborn_branch_is_no_obstacle(void **state)
{
	struct store_code code;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "checkout", "-q", "--orphan", "fresh");
	git_quiet(&fixture, "rm", "-q", "-f", "train.py");
	store = open_store(fixture.repo);
	check_ok(store_code_state(&code, store, NULL, &err), err);
	assert_string_equal(code.commit, "");
	assert_string_equal(code.branch, "fresh");
	assert_int_equal(code.dirty, 0);
	store_free(store);
	check_lands(&fixture, fixture.repo);
	fixture_remove(&fixture);
}

static void a_detached_head_and_a_merge_under_way_are_no_obstacle(void **state)
{
	struct process_result result;
	struct store_code code;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	const char *merge[] = {"git", "merge", "-q", "other", NULL};

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "checkout", "-q", "-b", "other");
	write_text(fixture.repo, "train.py", "print('other')\n");
	git_quiet(&fixture, "commit", "-q", "-a", "-m", "other");
	git_quiet(&fixture, "checkout", "-q", "--detach", "main");
	write_text(fixture.repo, "train.py", "print('mine')\n");
	git_quiet(&fixture, "commit", "-q", "-a", "-m", "mine");
	check_ok(process_run(&result, &(struct process_options){.argv = merge, .cwd = fixture.repo}, &err), err);
	assert_int_equal(result.exit, 1);
	check_lands(&fixture, fixture.repo);
	store = open_store(fixture.repo);
	check_ok(store_code_state(&code, store, NULL, &err), err);
	assert_string_equal(code.branch, "");
	assert_int_equal(code.dirty, 1);
	assert_int_equal(strlen(code.snapshot), 40);
	store_code_release(&code);
	store_free(store);
	check_git(&fixture, "UU train.py", "status", "--porcelain");
	fixture_remove(&fixture);
}

static void the_environment_of_git_counts(void **state)
{
	struct fixture fixture;
	struct store *store;
	char git_dir[160];

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(git_dir, sizeof(git_dir), "%s/.git", fixture.repo);
	setenv("GIT_DIR", git_dir, 1);
	setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
	store = open_store("/");
	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
	assert_non_null(strstr(store_assay_dir(store), fixture.repo));
	store_free(store);
	fixture_remove(&fixture);
}

static void without_a_name_for_commits_the_hint_says_what_to_do(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "config", "--unset", "user.name");
	git_quiet(&fixture, "config", "--unset", "user.email");
	git_quiet(&fixture, "config", "user.useConfigOnly", "true");
	store = open_store(fixture.repo);
	assert_int_equal(store_identity(store, &err), ERR_INPUT);
	assert_non_null(strstr(err.hint, "git config --global user.name"));
	assert_non_null(strstr(err.hint, "git config --global user.email"));
	store_free(store);
	fixture_remove(&fixture);
}

static void author_and_committer_come_from_the_environment_as_in_git(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	setenv("GIT_AUTHOR_NAME", "A. <Uthor", 1);
	setenv("GIT_AUTHOR_DATE", "2020-02-03T04:05:06+0130", 1);
	setenv("GIT_COMMITTER_EMAIL", "c@example.org", 1);
	commit_runs(fixture.repo, 1, 1);
	unsetenv("GIT_AUTHOR_NAME");
	unsetenv("GIT_AUTHOR_DATE");
	unsetenv("GIT_COMMITTER_EMAIL");
	check_git(&fixture, "A. Uthor tester@example.org 2020-02-03T04:05:06+01:30 Tester c@example.org", "log",
		  "--format=%an %ae %aI %cn %ce", "assay/runs");
	fixture_remove(&fixture);
}

static void a_branch_in_the_way_is_named_with_a_hint(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "branch", "assay");
	store = open_store(fixture.repo);
	run = test_run(&memory, 1);
	assert_int_equal(store_commit_runs(store, &run, 1, &why, &err), ERR_MACHINE);
	assert_non_null(strstr(err.hint, "git: {branch: NAME}"));
	error_clear(&err);
	assert_int_equal(store_set_branch(store, "-x", &err), ERR_INPUT);
	error_clear(&err);
	assert_int_equal(store_set_branch(store, "a..b", &err), ERR_INPUT);
	error_clear(&err);
	check_ok(store_set_branch(store, "lab/runs", &err), err);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	store_free(store);
	check_git(&fixture, "1", "rev-list", "--count", "lab/runs");
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_without_a_repository_is_refused_with_a_hint),
		cmocka_unit_test(a_sha256_repository_is_refused_by_name),
		cmocka_unit_test(a_broken_configuration_is_told_in_words_of_git),
		cmocka_unit_test(a_path_with_blanks_and_odd_letters_is_found_from_a_folder_below),
		cmocka_unit_test(a_bare_repository_takes_runs_and_has_no_code_state),
		cmocka_unit_test(runs_of_a_linked_work_tree_go_to_the_common_repository),
		cmocka_unit_test(a_shallow_clone_goes_on_with_the_branch_of_its_origin),
		cmocka_unit_test(a_partial_clone_takes_runs),
		cmocka_unit_test(an_unborn_branch_is_no_obstacle),
		cmocka_unit_test(a_detached_head_and_a_merge_under_way_are_no_obstacle),
		cmocka_unit_test(the_environment_of_git_counts),
		cmocka_unit_test(without_a_name_for_commits_the_hint_says_what_to_do),
		cmocka_unit_test(author_and_committer_come_from_the_environment_as_in_git),
		cmocka_unit_test(a_branch_in_the_way_is_named_with_a_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
