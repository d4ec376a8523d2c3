/* store_commit_runs(): what lands on the branch and in the chain that keeps it, seen by git. */
#include "store/fixture.h"

#include <sys/wait.h>

static void first_run_starts_the_branch_with_attributes(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	check_git(&fixture,
		  ".gitattributes\nruns/e/2026-11/24/01/id-1/artifacts/deep/scores.csv\nruns/e/2026-11/24/01/id-1/"
		  "run.json",
		  "ls-tree", "-r", "--name-only", "assay/runs");
	check_git(&fixture,
		  "* -text -filter -ident !working-tree-encoding\n**/lfs/** filter=lfs diff=lfs merge=lfs -text",
		  "show", "assay/runs:.gitattributes");
	check_git(&fixture, "{\"id\": 1}", "show", "assay/runs:runs/e/2026-11/24/01/id-1/run.json");
	check_git(&fixture, "assay: run 1", "log", "--format=%s", "assay/runs");
	check_git(&fixture, "", "status", "--porcelain");
	check_git(&fixture, "", "fsck", "--strict");
	fixture_remove(&fixture);
}

static void many_runs_are_a_commit_each_in_order(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 6);
	commit_runs(fixture.repo, 7, 2);
	check_git(&fixture,
		  "assay: run 1\nassay: run 2\nassay: run 3\nassay: run 4\nassay: run 5\nassay: run 6\nassay: run "
		  "7\nassay: run 8",
		  "log", "--reverse", "--format=%s", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict");
	fixture_remove(&fixture);
}

static void hundreds_of_runs_go_into_one_pack(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "gc", "-q");
	commit_runs(fixture.repo, 1, 300);
	check_git(&fixture, "300", "rev-list", "--count", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict");
	check_said(command_says(fixture.repo,
				(const char *const[]){"sh", "-c",
						      "ls .git/objects/pack/*.pack | wc -l; ls -d .git/objects/tmp* "
						      "2>/dev/null; ls .git/objects | wc -l",
						      NULL}),
		   "2\n2");
	fixture_remove(&fixture);
}

/* Lengths around the steps of a pack's numbers, and bytes that do and do not compress. */
static void files_of_every_size_come_back_from_a_pack(void **state)
{
	static const size_t size[] = {0, 1, 15, 16, 17, 2047, 2048, 2049, 262143, 262144, 1 << 20};
	enum { KINDS = 3, FILES = KINDS * (int)(sizeof(size) / sizeof(*size)) };
	struct store_file file[FILES + 1] = {{.path = "run.json", .bytes = "{}\n", .len = 3}};
	char *bytes = mem_array(1 << 20, KINDS), path[FILES][32];
	struct store_run run = {
		.folder = "runs/e/2026-11/24/00/id-0", .file = file, .files = FILES + 1, .message = "m\n", .code = ""};
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	assert_non_null(bytes);
	for (unsigned i = 0, x = 1; i < KINDS << 20; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(i >> 20 == 0 ? 0 : i >> 20 == 1 ? 'a' + (x >> 28) : x >> 24);
	}
	for (int i = 0; i < FILES; i++) {
		snprintf(path[i], sizeof(path[i]), "artifacts/%02d", i);
		file[i + 1] = (struct store_file){
			.path = path[i], .bytes = bytes + ((size_t)(i % KINDS) << 20), .len = size[i / KINDS]};
	}
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	store_free(store);
	check_git(&fixture, "", "fsck", "--strict", "--full");
	store = open_store(fixture.repo);
	for (int i = 1; i <= FILES; i++) {
		struct buf text = BUF_INIT;
		char full[96];

		snprintf(full, sizeof(full), "%s/%s", run.folder, file[i].path);
		check_ok(store_file_at(&text, store, run.commit, full, &err), err);
		assert_int_equal(text.len, file[i].len);
		assert_memory_equal(text.text, file[i].bytes, text.len);
		buf_release(&text);
	}
	store_free(store);
	free(bytes);
	fixture_remove(&fixture);
}

static void the_keep_chain_holds_code_and_runs_as_parents(void **state)
{
	struct fixture fixture;
	struct store_run run[2];
	struct test_run memory[2];
	struct error err = {0};
	struct store *store;
	char *head, *why, want[256];

	(void)state;
	fixture_make(&fixture, "repo");
	head = git(&fixture, "rev-parse", "HEAD");
	store = open_store(fixture.repo);
	for (int i = 0; i < 2; i++) {
		run[i] = test_run(&memory[i], i);
		run[i].code = head;
	}
	check_ok(store_commit_runs(store, run, 2, &why, &err), err);
	store_free(store);
	snprintf(want, sizeof(want), "%s %s %s", head, run[0].commit, run[1].commit);
	check_git(&fixture, want, "log", "-1", "--format=%P", "refs/assay/keep");
	/* a code state that is not here would be a hole in the repository */
	store = open_store(fixture.repo);
	run[0] = test_run(&memory[0], 5);
	run[0].code = "0123456789012345678901234567890123456789";
	check_ok(store_commit_runs(store, run, 1, &why, &err), err);
	store_free(store);
	check_git(&fixture, "", "fsck", "--strict");
	free(head);
	fixture_remove(&fixture);
}

static void a_run_that_is_there_is_not_committed_again(void **state)
{
	struct store_run run[2], again;
	struct test_run memory[2];
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why, *keep;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	for (int i = 0; i < 2; i++)
		run[i] = test_run(&memory[i], i);
	check_ok(store_commit_runs(store, run, 2, &why, &err), err);
	keep = git(&fixture, "rev-parse", "refs/assay/keep");
	again = run[0];
	again.commit[0] = '\0';
	check_ok(store_commit_runs(store, &again, 1, &why, &err), err);
	assert_string_equal(again.commit, run[0].commit);
	check_git(&fixture, "2", "rev-list", "--count", "assay/runs");
	check_git(&fixture, keep, "rev-parse", "refs/assay/keep");
	/* nor beside one that is not there yet */
	run[1] = test_run(&memory[1], 7);
	again.commit[0] = '\0';
	check_ok(store_commit_runs(store, (struct store_run[]){run[1], again}, 2, &why, &err), err);
	check_git(&fixture, "3", "rev-list", "--count", "assay/runs");
	/* killed between branch and chain: the chain is mended, the branch stays */
	git_quiet(&fixture, "update-ref", "-d", "refs/assay/keep");
	check_ok(store_commit_runs(store, &again, 1, &why, &err), err);
	check_git(&fixture, run[0].commit, "log", "-1", "--format=%P", "refs/assay/keep");
	check_git(&fixture, "3", "rev-list", "--count", "assay/runs");
	/* another record of the same run replaces its folder */
	memory[1].file[0].bytes = "{\"id\": 1, \"status\": \"finished\"}\n";
	memory[1].file[0].len = strlen(memory[1].file[0].bytes);
	run[1].files = 1;
	check_ok(store_commit_runs(store, &run[1], 1, &why, &err), err);
	check_git(&fixture, "runs/e/2026-11/24/07/id-7/run.json", "ls-tree", "-r", "--name-only", "assay/runs",
		  "runs/e/2026-11/24/07/id-7/");
	store_free(store);
	free(keep);
	fixture_remove(&fixture);
}

/* `writers` processes at once, each landing its runs in two calls. */
static void write_at_once(const struct fixture *fixture, int writers, int each)
{
	int status, failed = 0;

	for (int w = 0; w < writers; w++) {
		if (fork() == 0) {
			commit_runs(fixture->repo, w * 2 * each, (size_t)each);
			commit_runs(fixture->repo, w * 2 * each + each, (size_t)each);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		failed += status != 0;
	assert_int_equal(failed, 0);
}

static void sixteen_writers_at_once_all_land(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	write_at_once(&fixture, 16, 2);
	check_git(&fixture, "64", "rev-list", "--count", "assay/runs");
	check_git(&fixture, "64", "rev-list", "--count", "--grep=^Assay-Run: id-[0-9]*$", "assay/runs");
	check_said(command_says(fixture.repo,
				(const char *const[]){"sh", "-c",
						      "git log --format=%s assay/runs | sort -u | wc -l; "
						      "git ls-tree -r --name-only assay/runs | grep -c run.json",
						      NULL}),
		   "64\n64");
	check_git(&fixture, "", "rev-list", "refs/assay/keep..assay/runs");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
	fixture_remove(&fixture);
}

/* Without the lock among ourselves (another machine, a file system without flock) compare-and-swap alone must hold. */
static void writers_that_cannot_lock_lose_nothing_either(void **state)
{
	struct fixture fixture;
	char path[160];

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1000, 1);
	snprintf(path, sizeof(path), "%s/.git/assay", fixture.repo);
	/* every writer gets a lock of its own */
	for (int w = 0; w < 6; w++) {
		if (fork() == 0) {
			for (int i = 0; i < 4; i++) {
				char lock[200];

				snprintf(lock, sizeof(lock), "%s/lock", path);
				unlink(lock);
				commit_runs(fixture.repo, w * 4 + i, 1);
			}
			_exit(0);
		}
	}
	for (int status, w = 0; w < 6; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	check_git(&fixture, "25", "rev-list", "--count", "assay/runs");
	check_git(&fixture, "", "rev-list", "refs/assay/keep..assay/runs");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
	fixture_remove(&fixture);
}

static void a_lock_of_somebody_else_is_named_and_left(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	write_text(fixture.repo, ".git/refs/heads/assay/runs.lock", "");
	store = open_store(fixture.repo);
	run = test_run(&memory, 2);
	assert_int_equal(store_commit_runs(store, &run, 1, &why, &err), ERR_MOVED);
	assert_non_null(strstr(err.text, "refs/heads/assay/runs"));
	assert_non_null(strstr(err.hint, "refs/heads/assay/runs.lock"));
	store_free(store);
	check_git(&fixture, "1", "rev-list", "--count", "assay/runs");
	fixture_remove(&fixture);
}

static void a_branch_that_is_checked_out_or_rebased_is_left_alone(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	store = open_store(fixture.repo);
	run = test_run(&memory, 2);
	git_quiet(&fixture, "checkout", "-q", "assay/runs");
	assert_int_equal(store_commit_runs(store, &run, 1, &why, &err), 1);
	assert_non_null(strstr(why, fixture.repo));
	free(why);
	git_quiet(&fixture, "checkout", "-q", "--detach", "main");
	git_quiet(&fixture, "worktree", "add", "-q", "--detach", "../other");
	git_quiet(&fixture, "-C", "../other", "symbolic-ref", "HEAD", "refs/heads/assay/runs");
	assert_int_equal(store_commit_runs(store, &run, 1, &why, &err), 1);
	assert_non_null(strstr(why, "/other"));
	free(why);
	git_quiet(&fixture, "worktree", "remove", "--force", "../other");
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	store_free(store);
	check_git(&fixture, "2", "rev-list", "--count", "assay/runs");
	fixture_remove(&fixture);
}

/* In place of the C library's: how often a file system was brought to the disk. */
static int synced;

int syncfs(int fd)
{
	(void)fd;
	synced++;
	return 0;
}

static void core_fsync_is_obeyed_where_it_asks_for_more_than_the_default(void **state)
{
	static const struct {
		const char *value;
		int synced;
	} cases[] = {{"default", 0},        {"committed", 1}, {"all", 1},  {"none", 0}, {"objects,-loose-object", 0},
		     {"-all,reference", 1}, {"all,none", 0},  {"pack", 0}, {"index", 0}};
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	for (int i = 0; i < (int)(sizeof(cases) / sizeof(*cases)); i++) {
		synced = 0;
		git_quiet(&fixture, "config", "core.fsync", cases[i].value);
		commit_runs(fixture.repo, i, 1);
		if (synced != cases[i].synced)
			print_error("core.fsync = %s: %d\n", cases[i].value, synced);
		assert_int_equal(synced, cases[i].synced);
	}
	check_git(&fixture, "", "fsck", "--strict");
	fixture_remove(&fixture);
}

static void maintenance_follows_and_nobody_waits_for_it(void **state)
{
	const char *count[] = {"sh", "-c", "ls .git/objects/pack/*.pack | wc -l", NULL};
	struct fixture fixture;
	char *packs = NULL;

	(void)state;
	fixture_make(&fixture, "repo");
	git_quiet(&fixture, "gc", "-q");
	git_quiet(&fixture, "config", "gc.autoPackLimit", "1");
	commit_runs(fixture.repo, 1, 40);
	check_said(command_says(fixture.repo, count), "2");
	git_quiet(&fixture, "config", "maintenance.auto", "true");
	commit_runs(fixture.repo, 41, 1);
	for (int tries = 0; tries < 200 && (!packs || strcmp(packs, "1") != 0); tries++) {
		usleep(50000);
		free(packs);
		packs = command_says(fixture.repo, count);
	}
	check_said(packs, "1");
	/* it is still clearing away */
	free(command_says(fixture.repo,
			  (const char *const[]){"sh", "-c", "while test -e .git/gc.pid; do sleep 0.02; done", NULL}));
	check_git(&fixture, "41", "rev-list", "--count", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict");
	fixture_remove(&fixture);
}

static void a_branch_that_somebody_rewrote_is_noticed(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *note;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	assert_int_equal(store_rewritten(store, &note, &err), 0);
	commit_runs(fixture.repo, 1, 2);
	assert_int_equal(store_rewritten(store, &note, &err), 0);
	git_quiet(&fixture, "update-ref", "refs/heads/assay/runs", "assay/runs^");
	assert_int_equal(store_rewritten(store, &note, &err), 1);
	assert_non_null(strstr(note, "reset or rewritten"));
	free(note);
	git_quiet(&fixture, "update-ref", "-d", "refs/heads/assay/runs");
	assert_int_equal(store_rewritten(store, &note, &err), 1);
	assert_non_null(strstr(note, "deleted"));
	free(note);
	commit_runs(fixture.repo, 3, 1);
	assert_int_equal(store_rewritten(store, &note, &err), 0);
	store_free(store);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_run_starts_the_branch_with_attributes),
		cmocka_unit_test(many_runs_are_a_commit_each_in_order),
		cmocka_unit_test(hundreds_of_runs_go_into_one_pack),
		cmocka_unit_test(files_of_every_size_come_back_from_a_pack),
		cmocka_unit_test(the_keep_chain_holds_code_and_runs_as_parents),
		cmocka_unit_test(a_run_that_is_there_is_not_committed_again),
		cmocka_unit_test(sixteen_writers_at_once_all_land),
		cmocka_unit_test(writers_that_cannot_lock_lose_nothing_either),
		cmocka_unit_test(a_lock_of_somebody_else_is_named_and_left),
		cmocka_unit_test(a_branch_that_is_checked_out_or_rebased_is_left_alone),
		cmocka_unit_test(core_fsync_is_obeyed_where_it_asks_for_more_than_the_default),
		cmocka_unit_test(maintenance_follows_and_nobody_waits_for_it),
		cmocka_unit_test(a_branch_that_somebody_rewrote_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
