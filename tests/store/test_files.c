/* Runs whose files lie on the disk, however large; and runs that are taken away again. */
#include "store/fixture.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A run of one record and one file. */
struct file_run {
	struct store_file file[2];
	struct store_run run;
};

static void file_run(struct file_run *out, const char *folder, const char *from)
{
	out->file[0] = (struct store_file){.path = "run.json", .bytes = "{}\n", .len = 3};
	out->file[1] = (struct store_file){.path = "artifacts/data", .from = from};
	out->run = (struct store_run){
		.folder = folder, .file = out->file, .files = 2, .message = "assay: run\n\nAssay-Run: x\n", .code = ""};
}

/* A file of `size` bytes that do not compress, in the fixture's folder. */
static void make_file(const struct fixture *fixture, const char *name, size_t size, char path[160])
{
	unsigned x = 1;
	char *bytes = mem_array(size + 1, 1);
	struct error err = {0};

	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(x >> 24);
	}
	snprintf(path, 160, "%s/%s", fixture->dir, name);
	check_ok(file_write(path, bytes, size, &err), err);
	free(bytes);
}

static void files_of_every_size_are_taken_from_the_disk(void **state)
{
	static const size_t size[] = {0, 1, 1 << 20, (1 << 20) + 1, 5 << 20, 20 << 20};
	struct fixture fixture;
	struct error err = {0};

	(void)state;
	fixture_make(&fixture, "repo");
	for (size_t i = 0; i < sizeof(size) / sizeof(*size); i++) {
		char from[160], folder[64], name[128], *want, *why;
		struct store *store = open_store(fixture.repo);
		struct file_run run;

		make_file(&fixture, "data", size[i], from);
		snprintf(folder, sizeof(folder), "runs/e/2026-11/24/%02zu/id-%zu", i, i);
		file_run(&run, folder, from);
		check_ok(store_commit_runs(store, &run.run, 1, &why, &err), err);
		store_free(store);
		want = git(&fixture, "hash-object", "--no-filters", from);
		snprintf(name, sizeof(name), "assay/runs:%s/artifacts/data", folder);
		check_git(&fixture, want, "rev-parse", name);
		free(want);
	}
	check_git(&fixture, "", "fsck", "--strict", "--full");
	/* packs are let go, and gc keeps what is in them */
	free(command_says(fixture.repo, (const char *const[]){"sh", "-c", "! ls .git/objects/pack/*.keep", NULL}));
	git_quiet(&fixture, "gc", "-q", "--prune=now");
	check_git(&fixture, "", "fsck", "--strict", "--full");
	fixture_remove(&fixture);
}

static void a_large_file_does_not_grow_the_memory(void **state)
{
	enum { SIZE = 200 << 20, ROOM = 24 << 10 };
	struct fixture fixture;
	char from[160];
	struct error err = {0};
	int fd;

	(void)state;
	fixture_make(&fixture, "repo");
	snprintf(from, sizeof(from), "%s/data", fixture.dir);
	fd = open(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && ftruncate(fd, SIZE) == 0 && close(fd) == 0);
	{
		struct rusage before, after;
		struct file_run run;
		struct store *store = open_store(fixture.repo);
		char *why;

		getrusage(RUSAGE_SELF, &before);
		file_run(&run, "runs/e/2026-11/24/00/id-0", from);
		check_ok(store_commit_runs(store, &run.run, 1, &why, &err), err);
		getrusage(RUSAGE_SELF, &after);
		assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, ROOM);
		store_free(store);
	}
	check_git(&fixture, "209715200", "cat-file", "-s", "assay/runs:runs/e/2026-11/24/00/id-0/artifacts/data");
	fixture_remove(&fixture);
}

static void what_is_no_plain_file_is_refused_by_name(void **state)
{
	struct fixture fixture;
	struct file_run run;
	struct error err = {0};
	struct store *store;
	char link[160], *why;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	snprintf(link, sizeof(link), "%s/link", fixture.dir);
	assert_int_equal(symlink("/etc/hostname", link), 0);
	file_run(&run, "runs/e/2026-11/24/00/id-0", link);
	assert_true(store_commit_runs(store, &run.run, 1, &why, &err) < 0);
	assert_non_null(strstr(err.text, link));
	error_clear(&err);
	file_run(&run, "runs/e/2026-11/24/00/id-0", fixture.dir);
	assert_int_equal(store_commit_runs(store, &run.run, 1, &why, &err), ERR_INPUT);
	check_git(&fixture, "", "for-each-ref", "refs/heads/assay", "refs/assay");
	store_free(store);
	fixture_remove(&fixture);
}

static void objects_that_a_gc_takes_away_are_written_again(void **state)
{
	struct fixture fixture;
	struct store_run run;
	struct test_run memory;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	/* what a gc says of itself while it runs */
	write_text(fixture.repo, ".git/gc.pid", "1 elsewhere\n");
	store = open_store(fixture.repo);
	run = test_run(&memory, 1);
	check_ok(store_commit_runs(store, &run, 1, &why, &err), err);
	store_free(store);
	/* its prune removes the loose ones that it did not see on any branch */
	free(command_says(
		fixture.repo,
		(const char *const[]){"sh", "-c",
				      "rm .git/gc.pid; git rev-list --objects assay/runs refs/assay/keep ^main "
				      "| while read -r id path; do rm -f .git/objects/$(echo $id | cut "
				      "-c1-2)/$(echo $id | cut -c3-); done",
				      NULL}));
	check_git(&fixture, "", "fsck", "--strict", "--full");
	check_git(&fixture, run.commit, "rev-parse", "assay/runs");
	fixture_remove(&fixture);
}

static void a_snapshot_that_is_held_outlives_a_gc_before_its_run_is_there(void **state)
{
	struct store_code code;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;

	(void)state;
	fixture_make(&fixture, "repo");
	write_text(fixture.repo, "train.py", "print(2)\n");
	store = open_store(fixture.repo);
	check_ok(store_code_state(&code, store, NULL, &err), err);
	check_ok(store_keep(store, "", &err), err);
	check_git(&fixture, "", "for-each-ref", "refs/assay");
	check_ok(store_keep(store, code.snapshot, &err), err);
	git_quiet(&fixture, "gc", "-q", "--prune=now");
	check_git(&fixture, "commit", "cat-file", "-t", code.snapshot);
	check_git(&fixture, "", "for-each-ref", "refs/heads/assay");
	check_git(&fixture, code.snapshot, "log", "-1", "--format=%P", "refs/assay/keep");
	check_git(&fixture, "", "fsck", "--strict");
	store_code_release(&code);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_pack_that_a_killed_process_held_is_let_go(void **state)
{
	struct fixture fixture;
	struct store *store;
	struct file_run run;
	struct error err = {0};
	char from[160], *why;

	(void)state;
	fixture_make(&fixture, "repo");
	make_file(&fixture, "data", 2 << 20, from);
	git_quiet(&fixture, "gc", "-q");
	free(command_says(fixture.repo, (const char *const[]){"sh", "-c",
							      "echo assay 999999999 $(uname -n) earlier-boot 1 x "
							      ">.git/objects/pack/pack-1.keep",
							      NULL}));
	write_text(fixture.repo, ".git/objects/pack/pack-2.keep", "the user's own\n");
	store = open_store(fixture.repo);
	file_run(&run, "runs/e/2026-11/24/00/id-0", from);
	check_ok(store_commit_runs(store, &run.run, 1, &why, &err), err);
	store_free(store);
	check_said(
		command_says(fixture.repo, (const char *const[]){"sh", "-c", "cd .git/objects/pack; ls *.keep", NULL}),
		"pack-2.keep");
	fixture_remove(&fixture);
}

static void a_run_is_taken_away_with_the_folders_that_held_nothing_else(void **state)
{
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why = NULL, *keep;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 2);
	store = open_store(fixture.repo);
	check_ok(store_remove_run(store, "runs/e/2026-11/24/01/id-1", "assay: remove\n\nAssay-Removed: id-1\n", &why,
				  &err),
		 err);
	check_git(&fixture, "id-2", "ls-tree", "--name-only", "assay/runs:runs/e/2026-11/24/02");
	check_git(&fixture, "02", "ls-tree", "--name-only", "assay/runs:runs/e/2026-11/24");
	check_git(&fixture, "assay: remove", "log", "-1", "--format=%s", "assay/runs");
	/* the chain goes on holding the run, and knows of the removal */
	keep = git(&fixture, "log", "--format=%P", "-1", "refs/assay/keep");
	free(git(&fixture, "merge-base", "--is-ancestor", "assay/runs", "refs/assay/keep"));
	free(keep);
	assert_int_equal(store_remove_run(store, "runs/e/2026-11/24/01/id-1", "m\n", &why, &err), ERR_NOT_FOUND);
	error_clear(&err);
	check_ok(store_remove_run(store, "runs/e/2026-11/24/02/id-2", "m\n", &why, &err), err);
	check_git(&fixture, ".gitattributes", "ls-tree", "--name-only", "assay/runs");
	assert_int_equal(store_remove_run(store, "runs/e/2026-11/24/02/id-2", "m\n", &why, &err), ERR_NOT_FOUND);
	error_clear(&err);
	check_git(&fixture, "", "fsck", "--strict");
	git_quiet(&fixture, "checkout", "-q", "assay/runs");
	assert_int_equal(store_remove_run(store, "runs/e/2026-11/24/02/id-2", "m\n", &why, &err), 1);
	free(why);
	store_free(store);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_every_size_are_taken_from_the_disk),
		cmocka_unit_test(a_large_file_does_not_grow_the_memory),
		cmocka_unit_test(what_is_no_plain_file_is_refused_by_name),
		cmocka_unit_test(objects_that_a_gc_takes_away_are_written_again),
		cmocka_unit_test(a_snapshot_that_is_held_outlives_a_gc_before_its_run_is_there),
		cmocka_unit_test(a_pack_that_a_killed_process_held_is_let_go),
		cmocka_unit_test(a_run_is_taken_away_with_the_folders_that_held_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
