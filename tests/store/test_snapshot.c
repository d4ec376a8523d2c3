/* store_code_state(): what a snapshot holds and leaves out, and that nothing of the user's moves. */
#include "store/fixture.h"

#include "base/hash.h"

static char *index_bytes(const struct fixture *fixture)
{
	struct buf bytes = BUF_INIT;
	char hex[SHA256_HEX], *path = mem_printf("%s/.git/index", fixture->repo);

	assert_non_null(path);
	assert_int_equal(file_read(&bytes, path, NULL), 0);
	assert_int_equal(sha256(hex, bytes.text, bytes.len, NULL), 0);
	buf_release(&bytes);
	free(path);
	return mem_text(hex);
}

/* The state by these rules; index, branches and work tree are as they were. */
static void code_state(struct store_code *code, const struct fixture *fixture, enum store_snapshot rule,
		       const char *const *ignore)
{
	char *index = index_bytes(fixture), *refs = git(fixture, "for-each-ref"), *after;
	struct store *store = open_store(fixture->repo);
	struct error err = {0};

	check_ok(store_code_state(code, store, &(struct store_code_options){rule, ignore}, &err), err);
	store_free(store);
	check_said(git(fixture, "for-each-ref"), refs);
	after = index_bytes(fixture);
	assert_string_equal(after, index);
	free(index);
	free(refs);
	free(after);
}

static void make_dirty(struct fixture *fixture)
{
	char big[(100 << 10) + 2];

	fixture_make(fixture, "repo");
	write_text(fixture->repo, "old.py", "old\n");
	write_text(fixture->repo, ".env.shared", "TOKEN=0\n");
	write_text(fixture->repo, ".gitignore", "ignored.txt\n");
	git_quiet(fixture, "add", "-A");
	git_quiet(fixture, "commit", "-q", "-m", "more");
	write_text(fixture->repo, "train.py", "print(2)\n"); /* changed */
	free(command_says(fixture->repo, (const char *const[]){"rm", "old.py", NULL})); /* deleted */
	write_text(fixture->repo, "staged.py", "staged\n"); /* staged, then changed again */
	git_quiet(fixture, "add", "staged.py");
	write_text(fixture->repo, "staged.py", "newer!\n");
	write_text(fixture->repo, "new file.py", "new\n"); /* untracked text */
	write_text(fixture->repo, "ignored.txt", "ignored\n");
	write_text(fixture->repo, ".env", "TOKEN=1\n"); /* secrets, untracked, tracked and staged */
	write_text(fixture->repo, ".env.shared", "TOKEN=2\n");
	git_quiet(fixture, "add", ".env.shared");
	write_text(fixture->repo, "server.PEM", "KEY\n");
	git_quiet(fixture, "add", "server.PEM");
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	write_text(fixture->repo, "big.csv", big); /* one byte too many */
}

static void check_blob(const struct fixture *fixture, const char *commit, const char *path, const char *want)
{
	char *name = mem_printf("%s:%s", commit, path);

	check_git(fixture, want, "cat-file", "blob", name);
	free(name);
}

static void check_left_out(const struct store_code *code, const char *want)
{
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < code->left_out.n; i++)
		buf_printf(&got, "%s%s", i ? " " : "", code->left_out.name[i]);
	assert_string_equal(got.text, want);
	buf_release(&got);
}

static void a_clean_tree_is_its_commit(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	code_state(&code, &fixture, SNAPSHOT_TEXT, NULL);
	assert_int_equal(code.dirty, 0);
	assert_string_equal(code.snapshot, "");
	assert_string_equal(code.branch, "main");
	check_git(&fixture, code.commit, "rev-parse", "HEAD");
	check_git(&fixture, code.tree, "rev-parse", "HEAD^{tree}");
	fixture_remove(&fixture);
}

static void a_snapshot_holds_changes_and_new_text_but_no_secret(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	make_dirty(&fixture);
	code_state(&code, &fixture, SNAPSHOT_TEXT, NULL);
	assert_int_equal(code.dirty, 1);
	check_left_out(&code, ".env.shared server.PEM .env big.csv");
	check_git(&fixture, ".env.shared\n.gitignore\nnew file.py\nstaged.py\ntrain.py", "ls-tree", "-r", "--name-only",
		  code.snapshot);
	check_blob(&fixture, code.snapshot, ".env.shared", "TOKEN=0");
	check_blob(&fixture, code.snapshot, "staged.py", "newer!");
	check_blob(&fixture, code.snapshot, "train.py", "print(2)");
	check_git(&fixture, code.commit, "log", "-1", "--format=%P", code.snapshot);
	assert_int_equal(code.files, 4);
	assert_int_equal(code.bytes, 9 + 7 + 4);
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void the_rules_decide_about_untracked_files(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	make_dirty(&fixture);
	code_state(&code, &fixture, SNAPSHOT_TRACKED, NULL);
	check_left_out(&code, ".env.shared server.PEM .env big.csv new file.py");
	store_code_release(&code);
	code_state(&code, &fixture, SNAPSHOT_ALL, NULL);
	check_left_out(&code, ".env.shared server.PEM .env");
	check_git(&fixture, "102401", "ls-tree", "--format=%(objectsize)", code.snapshot, "big.csv");
	store_code_release(&code);
	code_state(&code, &fixture, SNAPSHOT_NONE, NULL);
	assert_int_equal(code.dirty, 1);
	assert_string_equal(code.snapshot, "");
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void what_is_to_be_ignored_makes_nothing_dirty(void **state)
{
	const char *const ignore[] = {"site/", "experiments/*.results.md", NULL};
	struct store_code code;
	struct fixture fixture;
	char dir[160];

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(dir, sizeof(dir), "%s/site", fixture.repo);
	assert_int_equal(dir_make(dir, NULL), 0);
	write_text(dir, "index.html", "x");
	snprintf(dir, sizeof(dir), "%s/experiments", fixture.repo);
	assert_int_equal(dir_make(dir, NULL), 0);
	write_text(dir, "churn.results.md", "x");
	code_state(&code, &fixture, SNAPSHOT_TEXT, ignore);
	assert_int_equal(code.dirty, 0);
	write_text(fixture.repo, "site.py", "x");
	code_state(&code, &fixture, SNAPSHOT_TEXT, ignore);
	assert_int_equal(code.dirty, 1);
	check_git(&fixture, "site.py\ntrain.py", "ls-tree", "-r", "--name-only", code.snapshot);
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void the_same_work_tree_gives_the_same_snapshot(void **state)
{
	struct store_code first, second;
	struct fixture fixture;

	(void)state;
	make_dirty(&fixture);
	code_state(&first, &fixture, SNAPSHOT_TEXT, NULL);
	code_state(&second, &fixture, SNAPSHOT_TEXT, NULL);
	assert_string_equal(first.snapshot, second.snapshot);
	store_code_release(&first);
	store_code_release(&second);
	fixture_remove(&fixture);
}

/*
 * A change that neither size nor times of the file betray: git finds it only because the index is no younger than the
 * file, so a copy of the index must not look younger than it is.
 */
static void a_change_of_the_same_size_in_the_same_moment_is_seen(void **state)
{
	const char *script = "touch -d '1 second' train.py && git add train.py && cp -p train.py ../times && "
			     "printf 'print(7)\\n' 1<>train.py && touch -r ../times train.py && sleep 1.1";
	struct store_code code;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "config", "core.trustctime", "false");
	free(command_says(fixture.repo, (const char *const[]){"sh", "-c", script, NULL}));
	code_state(&code, &fixture, SNAPSHOT_TEXT, NULL);
	check_blob(&fixture, code.snapshot, "train.py", "print(7)");
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void work_before_the_first_commit_is_a_snapshot_without_parent(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "checkout", "-q", "--orphan", "fresh");
	code_state(&code, &fixture, SNAPSHOT_TEXT, NULL);
	assert_string_equal(code.commit, "");
	check_git(&fixture, "train.py", "ls-tree", "-r", "--name-only", code.snapshot);
	check_git(&fixture, "1", "rev-list", "--count", code.snapshot);
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void a_split_index_and_hidden_entries_are_read_as_git_reads_them(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	make_dirty(&fixture);
	git_quiet(&fixture, "update-index", "--split-index");
	git_quiet(&fixture, "update-index", "--skip-worktree", ".gitignore");
	git_quiet(&fixture, "add", "-N", "new file.py");
	code_state(&code, &fixture, SNAPSHOT_TEXT, NULL);
	check_git(&fixture, ".env.shared\n.gitignore\nnew file.py\nstaged.py\ntrain.py", "ls-tree", "-r", "--name-only",
		  code.snapshot);
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void a_repository_inside_is_left_out_by_name(void **state)
{
	struct store_code code;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "init", "-q", "inner");
	git_quiet(&fixture, "-C", "inner", "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty",
		  "-m", "x");
	code_state(&code, &fixture, SNAPSHOT_ALL, NULL);
	check_left_out(&code, "inner/");
	assert_int_equal(code.dirty, 1);
	assert_string_equal(code.snapshot, "");
	store_code_release(&code);
	fixture_remove(&fixture);
}

static void a_snapshot_stays_reachable_by_the_keep_chain(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct store_code code;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	make_dirty(&fixture);
	store = open_store(fixture.repo);
	check_ok(store_code_state(&code, store, NULL, &err), err);
	run = test_run(&memory, 1);
	run.code = code.snapshot;
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	store_free(store);
	git_quiet(&fixture, "reset", "-q", "--hard");
	git_quiet(&fixture, "update-ref", "-d", "refs/heads/assay/runs");
	git_quiet(&fixture, "gc", "-q", "--prune=now");
	check_blob(&fixture, code.snapshot, "train.py", "print(2)");
	check_git(&fixture, "assay: run 1", "log", "-1", "--format=%s", run.commit);
	store_code_release(&code);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_tree_is_its_commit),
		cmocka_unit_test(a_snapshot_holds_changes_and_new_text_but_no_secret),
		cmocka_unit_test(the_rules_decide_about_untracked_files),
		cmocka_unit_test(what_is_to_be_ignored_makes_nothing_dirty),
		cmocka_unit_test(the_same_work_tree_gives_the_same_snapshot),
		cmocka_unit_test(a_change_of_the_same_size_in_the_same_moment_is_seen),
		cmocka_unit_test(work_before_the_first_commit_is_a_snapshot_without_parent),
		cmocka_unit_test(a_split_index_and_hidden_entries_are_read_as_git_reads_them),
		cmocka_unit_test(a_repository_inside_is_left_out_by_name),
		cmocka_unit_test(a_snapshot_stays_reachable_by_the_keep_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
