/* Reading what was committed: trees, blobs, commits, history. */
#include "store/fixture.h"

struct seen {
	struct buf paths;
	int stop_after;
};

static int note_path(void *context, const char *path, const char *blob_hex)
{
	struct seen *seen = context;

	assert_int_equal(strlen(blob_hex), 40);
	buf_printf(&seen->paths, "%s\n", path);
	return seen->stop_after && --seen->stop_after == 0 ? 7 : 0;
}

static void a_walk_meets_every_file_of_a_name_in_tree_order(void **state)
{
	struct seen seen = {BUF_INIT, 0};
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char tip[OID_HEX];

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	check_ok(store_tip(tip, store, &err), err);
	assert_string_equal(tip, "");
	commit_runs(fixture.repo, 1, 3);
	check_ok(store_tip(tip, store, &err), err);
	check_git(&fixture, tip, "rev-parse", "assay/runs");
	check_ok(store_walk(store, tip, "runs", "run.json", note_path, &seen, &err), err);
	assert_string_equal(seen.paths.text, "runs/e/2026-11/24/01/id-1/run.json\nruns/e/2026-11/24/02/id-2/run.json\n"
					     "runs/e/2026-11/24/03/id-3/run.json\n");
	buf_clear(&seen.paths);
	check_ok(store_walk(store, tip, "runs/e/2026-11/24/02", NULL, note_path, &seen, &err), err);
	assert_string_equal(seen.paths.text, "runs/e/2026-11/24/02/id-2/artifacts/deep/scores.csv\n"
					     "runs/e/2026-11/24/02/id-2/run.json\n");
	buf_clear(&seen.paths);
	seen.stop_after = 2;
	assert_int_equal(store_walk(store, tip, "", NULL, note_path, &seen, &err), 7);
	assert_string_equal(seen.paths.text, ".gitattributes\nruns/e/2026-11/24/01/id-1/artifacts/deep/scores.csv\n");
	buf_clear(&seen.paths);
	check_ok(store_walk(store, tip, "nothing/here", NULL, note_path, &seen, &err), err);
	assert_string_equal(seen.paths.text, "");
	assert_int_equal(store_walk(store, "123", "runs", NULL, note_path, &seen, &err), ERR_NOT_FOUND);
	buf_release(&seen.paths);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_walk_sees_what_is_committed_by_a_store_that_is_open(void **state)
{
	struct seen seen = {BUF_INIT, 0};
	struct fixture fixture;
	struct error err = {0};
	struct store_run run;
	struct test_run memory;
	struct store *store;
	char tip[OID_HEX], *why;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	run = test_run(&memory, 1);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	check_ok(store_tip(tip, store, &err), err);
	assert_string_equal(tip, run.commit);
	check_ok(store_walk(store, tip, "runs", "run.json", note_path, &seen, &err), err);
	assert_string_equal(seen.paths.text, "runs/e/2026-11/24/01/id-1/run.json\n");
	buf_release(&seen.paths);
	store_free(store);
	fixture_remove(&fixture);
}

static int note_change(void *context, const char *path, const char *blob_hex)
{
	buf_printf(context, "%s %s\n", blob_hex ? "is" : "gone", path);
	return 0;
}

static void changes_between_two_commits_are_what_came_went_and_differs(void **state)
{
	struct buf seen = BUF_INIT;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *first, *second;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "checkout", "-q", "-b", "lab");
	git_quiet(&fixture, "rm", "-q", "train.py");
	free(command_says(fixture.repo, (const char *const[]){"mkdir", "-p", "runs/a", "runs/b", "runs/c.d", NULL}));
	write_text(fixture.repo, "runs/a/run.json", "1\n");
	write_text(fixture.repo, "runs/b/run.json", "2\n");
	write_text(fixture.repo, "runs/b/other", "2\n");
	write_text(fixture.repo, "runs/c", "a file that turns into a folder\n");
	git_quiet(&fixture, "add", ".");
	git_quiet(&fixture, "commit", "-q", "-m", "first");
	first = git(&fixture, "rev-parse", "HEAD");
	git_quiet(&fixture, "rm", "-q", "-r", "runs/a", "runs/c");
	free(command_says(fixture.repo, (const char *const[]){"mkdir", "-p", "runs/c/x", "runs/c.d", NULL}));
	write_text(fixture.repo, "runs/b/other", "3\n");
	write_text(fixture.repo, "runs/c/x/run.json", "4\n");
	write_text(fixture.repo, "runs/c.d/run.json", "5\n");
	git_quiet(&fixture, "add", ".");
	git_quiet(&fixture, "commit", "-q", "-m", "second");
	second = git(&fixture, "rev-parse", "HEAD");
	store = open_store(fixture.repo);
	check_ok(store_tree_changes(store, first, second, "runs", "run.json", note_change, &seen, &err), err);
	assert_string_equal(seen.text, "gone runs/a/run.json\nis runs/c.d/run.json\nis runs/c/x/run.json\n");
	buf_clear(&seen);
	check_ok(store_tree_changes(store, first, second, "runs", NULL, note_change, &seen, &err), err);
	assert_string_equal(seen.text, "gone runs/a/run.json\nis runs/b/other\ngone runs/c\nis runs/c.d/run.json\n"
				       "is runs/c/x/run.json\n");
	buf_clear(&seen);
	check_ok(store_tree_changes(store, "", first, "runs", "run.json", note_change, &seen, &err), err);
	assert_string_equal(seen.text, "is runs/a/run.json\nis runs/b/run.json\n");
	buf_clear(&seen);
	check_ok(store_tree_changes(store, first, first, "runs", NULL, note_change, &seen, &err), err);
	assert_string_equal(seen.text, "");
	assert_int_equal(store_tree_changes(store, "0123456789012345678901234567890123456789", first, "runs", NULL,
					    note_change, &seen, &err),
			 ERR_NOT_FOUND);
	buf_release(&seen);
	free(first);
	free(second);
	store_free(store);
	fixture_remove(&fixture);
}

static void the_tip_is_the_branch_else_its_upstream_else_the_origin(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char tip[OID_HEX], *want;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 2);
	want = git(&fixture, "rev-parse", "assay/runs");
	git_quiet(&fixture, "update-ref", "refs/remotes/origin/assay/runs", "assay/runs");
	git_quiet(&fixture, "update-ref", "refs/remotes/up/lab", "assay/runs^");
	git_quiet(&fixture, "update-ref", "-d", "refs/heads/assay/runs");
	store = open_store(fixture.repo);
	check_ok(store_tip(tip, store, &err), err);
	assert_string_equal(tip, want);
	git_quiet(&fixture, "config", "remote.up.url", "/nowhere");
	git_quiet(&fixture, "config", "remote.up.fetch", "+refs/heads/*:refs/remotes/up/*");
	git_quiet(&fixture, "config", "branch.assay/runs.remote", "up");
	git_quiet(&fixture, "config", "branch.assay/runs.merge", "refs/heads/lab");
	check_ok(store_tip(tip, store, &err), err);
	check_git(&fixture, tip, "rev-parse", "refs/remotes/up/lab");
	free(want);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_blob_is_read_by_its_name_or_its_path(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	struct buf text = BUF_INIT;
	char *blob, *head;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	head = git(&fixture, "rev-parse", "HEAD");
	blob = git(&fixture, "rev-parse", "HEAD:train.py");
	check_ok(store_blob(&text, store, blob, &err), err);
	assert_string_equal(text.text, "print(1)\n");
	check_ok(store_file_at(&text, store, head, "train.py", &err), err);
	assert_string_equal(text.text, "print(1)\nprint(1)\n");
	assert_int_equal(store_file_at(&text, store, head, "no.py", &err), ERR_NOT_FOUND);
	error_clear(&err);
	assert_int_equal(store_blob(&text, store, "0123456789012345678901234567890123456789", &err), ERR_NOT_FOUND);
	error_clear(&err);
	assert_int_equal(store_blob(&text, store, head, &err), ERR_NOT_FOUND);
	error_clear(&err);
	assert_int_equal(store_blob(&text, store, "--help", &err), ERR_NOT_FOUND);
	buf_release(&text);
	free(blob);
	free(head);
	store_free(store);
	fixture_remove(&fixture);
}

static void the_commit_of_a_path_is_the_last_that_changed_it_if_head_has_it(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char hex[OID_HEX], *start, *blob;

	(void)state;
	fixture_make(&fixture, "repo");
	start = git(&fixture, "rev-parse", "HEAD");
	git_quiet(&fixture, "commit", "-q", "--allow-empty", "-m", "later");
	store = open_store(fixture.repo);
	blob = git(&fixture, "rev-parse", "HEAD:train.py");
	check_ok(store_path_commit(hex, store, "train.py", blob, &err), err);
	assert_string_equal(hex, start);
	check_ok(store_path_commit(hex, store, "*.py", blob, &err), err);
	assert_string_equal(hex, "");
	check_ok(store_path_commit(hex, store, "train.py", start, &err), err);
	assert_string_equal(hex, "");
	store_free(store);
	free(blob);
	free(start);
	fixture_remove(&fixture);
}

static int note_commit(void *context, const char *id, const char *commit)
{
	assert_int_equal(strlen(commit), 40);
	buf_printf(context, "%s ", id);
	return 0;
}

static void commits_of_runs_come_newest_first_with_their_ids(void **state)
{
	struct buf ids = BUF_INIT;
	struct fixture fixture;
	struct error err = {0};
	struct store_commit_info info;
	struct store *store;
	char tip[OID_HEX];

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "config", "log.showSignature", "true");
	git_quiet(&fixture, "config", "color.ui", "always");
	commit_runs(fixture.repo, 1, 3);
	store = open_store(fixture.repo);
	check_ok(store_run_commits(store, NULL, note_commit, &ids, &err), err);
	assert_string_equal(ids.text, "id-3 id-2 id-1 ");
	check_ok(store_tip(tip, store, &err), err);
	check_ok(store_commit_info(&info, store, tip, &err), err);
	assert_string_equal(info.subject, "assay: run 3");
	assert_string_equal(info.author, "Tester");
	assert_true(info.when > 1600000000);
	assert_int_equal(store_commit_info(&info, store, "0123456789012345678901234567890123456789", &err),
			 ERR_NOT_FOUND);
	buf_release(&ids);
	store_free(store);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_meets_every_file_of_a_name_in_tree_order),
		cmocka_unit_test(a_walk_sees_what_is_committed_by_a_store_that_is_open),
		cmocka_unit_test(changes_between_two_commits_are_what_came_went_and_differs),
		cmocka_unit_test(the_tip_is_the_branch_else_its_upstream_else_the_origin),
		cmocka_unit_test(a_blob_is_read_by_its_name_or_its_path),
		cmocka_unit_test(the_commit_of_a_path_is_the_last_that_changed_it_if_head_has_it),
		cmocka_unit_test(commits_of_runs_come_newest_first_with_their_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
