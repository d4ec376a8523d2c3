/* For tests of store: a repository of its own in a temporary folder, with its own HOME, and git to look at it. */
#ifndef ASSAY_TESTS_STORE_FIXTURE_H
#define ASSAY_TESTS_STORE_FIXTURE_H

#include "check.h"

#include "base/mem.h"
#include "base/process.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	char dir[64]; /* the temporary folder */
	char repo[128]; /* the repository in it */
};

#define ARGS_MOST 32

/* Run argv[0] in `cwd` and return its stdout without the last line end; the test fails unless it exits with 0. */
static inline char *command_says(const char *cwd, const char *const *argv)
{
	struct buf out = BUF_INIT, said = BUF_INIT;
	struct process_result result = {0};
	struct error err = {0};

	check_ok(process_run(&result, &(struct process_options){.argv = argv, .cwd = cwd, .out = &out, .errors = &said},
			     &err),
		 err);
	if (result.exit) {
		print_error("exit %d of %s %s: %s\n", result.exit, argv[0], argv[1] ? argv[1] : "", said.text);
		fail();
	}
	buf_release(&said);
	while (out.len && out.text[out.len - 1] == '\n')
		out.text[--out.len] = '\0';
	if (!out.cap)
		buf_puts(&out, "");
	buf_reserve(&out, 1) < 0 ? fail() : (void)0;
	return out.text;
}

#define git_in(cwd, ...) command_says((cwd), (const char *const[]){"git", __VA_ARGS__, NULL})
#define git(fixture, ...) git_in((fixture)->repo, __VA_ARGS__)
#define git_quiet(fixture, ...) free(git(fixture, __VA_ARGS__))

/* git says exactly this. */
#define check_git(fixture, want, ...) check_said(git(fixture, __VA_ARGS__), want)
static inline void check_said(char *got, const char *want)
{
	if (strcmp(got, want) != 0) {
		print_error("git says '%s', not '%s'\n", got, want);
		free(got);
		fail();
	}
	free(got);
}

static inline void write_text(const char *dir, const char *name, const char *text)
{
	char *path = path_join(dir, name);
	struct error err = {0};

	assert_non_null(path);
	check_ok(file_write(path, text, strlen(text), &err), err);
	free(path);
}

/* A folder with a HOME, and in it a repository NAME with one commit and an identity. */
static inline void fixture_make(struct fixture *fixture, const char *name)
{
	char home[sizeof(fixture->dir) + 8];

	snprintf(fixture->dir, sizeof(fixture->dir), "%s", "/tmp/assay-store-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	snprintf(home, sizeof(home), "%s/home", fixture->dir);
	snprintf(fixture->repo, sizeof(fixture->repo), "%s/%s", fixture->dir, name);
	setenv("HOME", home, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	free(command_says(fixture->dir, (const char *const[]){"mkdir", home, NULL}));
	free(git_in(fixture->dir, "init", "-q", "--template=", "-b", "main", fixture->repo));
	git_quiet(fixture, "config", "user.name", "Tester");
	git_quiet(fixture, "config", "user.email", "tester@example.org");
	git_quiet(fixture, "config", "maintenance.auto", "false");
	write_text(fixture->repo, "train.py", "print(1)\n");
	git_quiet(fixture, "add", "train.py");
	git_quiet(fixture, "commit", "-q", "-m", "start");
}

static inline void fixture_remove(struct fixture *fixture)
{
	assert_int_equal(dir_remove(fixture->dir, NULL), 0);
}

/* Files of a run, and the run: folder and bytes differ by its number. */
struct test_run {
	char folder[64], json[64], other[64], message[128];
	struct store_file file[2];
};

static inline struct store_run test_run(struct test_run *memory, int number)
{
	snprintf(memory->folder, sizeof(memory->folder), "runs/e/2026-11/24/%02x/id-%d", number & 255, number);
	snprintf(memory->json, sizeof(memory->json), "{\"id\": %d}\n", number);
	snprintf(memory->other, sizeof(memory->other), "id,score\n1,0.%d\n", number);
	snprintf(memory->message, sizeof(memory->message), "assay: run %d\n\nAssay-Run: id-%d\n", number, number);
	memory->file[0] = (struct store_file){.path = "run.json", .bytes = memory->json, .len = strlen(memory->json)};
	memory->file[1] = (struct store_file){
		.path = "artifacts/deep/scores.csv", .bytes = memory->other, .len = strlen(memory->other)};
	return (struct store_run){
		.folder = memory->folder, .file = memory->file, .files = 2, .message = memory->message, .code = ""};
}

static inline struct store *open_store(const char *dir)
{
	struct store *store = NULL;
	struct error err = {0};

	check_ok(store_open(&store, dir, &err), err);
	return store;
}

/* Commit `n` runs numbered from `first`, by a store opened for it. */
static inline void commit_runs(const char *dir, int first, size_t n)
{
	struct test_run *memory = mem_zeroed(n, sizeof(*memory));
	struct store_run *run = mem_zeroed(n, sizeof(*run));
	struct store *store = open_store(dir);
	struct error err = {0};
	char *why = NULL;

	assert_true(memory && run);
	for (size_t i = 0; i < n; i++)
		run[i] = test_run(&memory[i], first + (int)i);
	check_ok(store_commit_runs(store, run, n, &why, &err), err);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(strlen(run[i].commit), 40);
	store_free(store);
	free(memory);
	free(run);
}

#endif
