/*
 * Starting, finishing and landing runs, killed at the first, second, third ... call that changes the file system, until
 * it gets through; and the same with that call, or every call from it on, failing as on a full disk. After each the
 * next settle must bring every run that had started into git, once, with nothing of the user's changed.
 *
 * The calls are counted by functions of the C library's names in this program, which libgit2 finds first.
 */
#include "store/fixture.h"

#include "base/hash.h"
#include "track/flight.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum mode { PASS, KILL, FAIL_ONCE, FAIL_ON };

static enum mode mode;
static int countdown;

/* Counts one call; 1 if it is to fail. creates: a call that needs room on the disk. */
static int struck(int creates)
{
	if (mode == PASS || (mode != KILL && !creates))
		return 0;
	countdown--;
	if (mode == KILL && countdown == 0)
		raise(SIGKILL);
	errno = ENOSPC;
	return mode == FAIL_ONCE ? countdown == 0 : mode == FAIL_ON && countdown <= 0;
}

/* The C library's own. POSIX lets a pointer to data stand for one to a function; ISO C does not, hence the copy. */
#define REAL(name) (*(__typeof__(name) **)(void *[]){dlsym(RTLD_NEXT, #name)})

int open(const char *path, int flags, ...)
{
	mode_t permissions = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		permissions = va_arg(args, mode_t);
	va_end(args);
	return flags & O_CREAT && struck(1) ? -1 : REAL(open)(path, flags, permissions);
}

int open64(const char *path, int flags, ...)
{
	mode_t permissions = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		permissions = va_arg(args, mode_t);
	va_end(args);
	return flags & O_CREAT && struck(1) ? -1 : REAL(open64)(path, flags, permissions);
}

int mkostemp(char *pattern, int flags)
{
	return struck(1) ? -1 : REAL(mkostemp)(pattern, flags);
}

char *mkdtemp(char *pattern)
{
	return struck(1) ? NULL : REAL(mkdtemp)(pattern);
}

int mkdir(const char *path, mode_t permissions)
{
	return struck(1) ? -1 : REAL(mkdir)(path, permissions);
}

int rename(const char *from, const char *to)
{
	return struck(1) ? -1 : REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
	return struck(1) ? -1 : REAL(link)(from, to);
}

int unlink(const char *path)
{
	return struck(0) ? -1 : REAL(unlink)(path);
}

int unlinkat(int dir, const char *path, int flags)
{
	return struck(0) ? -1 : REAL(unlinkat)(dir, path, flags);
}

/* A kill in the middle of a write leaves half of it. */
ssize_t write(int fd, const void *bytes, size_t len)
{
	struct stat st;

	if (mode == PASS || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return REAL(write)(fd, bytes, len);
	if (mode == KILL && countdown == 1)
		(void)!REAL(write)(fd, bytes, len / 2);
	return struck(1) ? -1 : REAL(write)(fd, bytes, len);
}

static void make_run(struct run *run, unsigned number)
{
	struct error err = {0};
	char id[RUN_ID], name[32];

	snprintf(name, sizeof(name), "run-%u", number);
	snprintf(id, sizeof(id), "20261124-10301%u-00000000%02x", number % 10, number & 255);
	check_ok(run_new(run, &err), err);
	check_ok(run_set_text(run, "id", id, &err), err);
	check_ok(run_set_text(run, "experiment", "churn", &err), err);
	check_ok(run_set_text(run, "name", name, &err), err);
	check_ok(run_set_text(run, "kind", "baseline", &err), err);
	check_ok(run_set_text(run, "status", "running", &err), err);
	check_ok(run_set_text(run, "started", "2026-11-24T10:30:15Z", &err), err);
}

/* Of the project: its size rules alone count here. */
static const struct project rules = {.git = {.artifact_limit = 1 << 20}};

/* The objects of two runs go to disk loose, those of four in a pack. */
enum { LOOSE = 2, PACKED = 4, RUNS = PACKED };

static int runs;

/* What a command does: settle, start, finish, land. The first negative code ends it, and it must have its words. */
static int fly(struct store *store, struct run *run, struct error *err)
{
	const struct store_file file = {.path = "predictions.csv", .bytes = "id,score\n1,0.5\n", .len = 15};
	struct flight *flight[RUNS] = {0};
	struct flight_report report;
	char *why = NULL;
	int rc = flight_settle(&report, store, &rules, err);

	if (!rc)
		flight_report_release(&report);
	for (int i = 0; !rc && i < runs; i++)
		rc = flight_start(&flight[i], store, &run[i], err);
	for (int i = 0; !rc && i < runs; i++) {
		check_ok(run_set_text(&run[i], "status", "finished", err), *err);
		rc = flight_finish(flight[i], &run[i], &file, 1, err);
	}
	if (!rc)
		rc = flight_land(store, flight, (size_t)runs, NULL, &why, err);
	for (int i = 0; i < runs; i++)
		flight_free(flight[i]);
	free(why);
	return rc;
}

/* In a child. 0: it got through untouched; 1: it failed and said why; else the wait status of a kill. */
static int fly_struck(const char *repo, enum mode how, int n)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct store *store = open_store(repo);
		struct error err = {0};
		struct run run[RUNS];
		int rc, through;

		for (int i = 0; i < runs; i++)
			make_run(&run[i], (unsigned)i);
		countdown = n;
		mode = how;
		rc = fly(store, run, &err);
		through = countdown > 0;
		mode = PASS;
		if (rc < 0 && !err.text[0])
			_exit(3);
		for (int i = 0; i < runs; i++)
			run_release(&run[i]);
		store_free(store);
		_exit(through ? rc != 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : status;
}

/* Ids of runs in flight, by folder names. */
static size_t in_flight(const char *repo, char id[RUNS][RUN_ID])
{
	char *running = mem_printf("%s/.git/assay/running", repo);
	struct names names = {0};
	size_t n = 0;

	if (dir_exists(running))
		assert_int_equal(dir_list(&names, running, NULL), 0);
	for (size_t i = 0; i < names.n; i++)
		if (id_valid(names.name[i]) && n < RUNS)
			snprintf(id[n++], RUN_ID, "%s", names.name[i]);
	names_free(&names);
	free(running);
	return n;
}

static char *ids_on_branch(const struct fixture *fixture)
{
	char *ref = mem_printf("%s/.git/refs/heads/assay/runs", fixture->repo), *ids;

	assert_non_null(ref);
	ids = file_exists(ref)
		      ? git(fixture, "log", "--format=%(trailers:key=Assay-Run,valueonly,separator=%x20)", "assay/runs")
		      : mem_text("");
	free(ref);
	return ids;
}

static int count_of(const char *text, const char *word)
{
	int n = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		n++;
	return n;
}

/* After the strike: settle, then look with git. */
static void check_repository(const struct fixture *fixture, enum mode how, int n)
{
	char id[RUNS][RUN_ID], left[RUNS][RUN_ID], *before = ids_on_branch(fixture), *after, *keep;
	size_t flying = in_flight(fixture->repo, id);
	struct store *store = open_store(fixture->repo);
	struct flight_report report;
	struct error err = {0};

	check_ok(flight_settle(&report, store, &rules, &err), err);
	store_free(store);
	if (report.waiting)
		print_error("mode %d, call %d: %s\n", how, n, report.why);
	assert_int_equal(report.waiting + report.running, 0);
	flight_report_release(&report);
	assert_int_equal(in_flight(fixture->repo, left), 0);
	after = ids_on_branch(fixture);
	for (size_t i = 0; i < flying; i++)
		assert_int_equal(count_of(after, id[i]), 1);
	for (char *at = before; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		char one[RUN_ID];

		snprintf(one, sizeof(one), "%s", at);
		assert_int_equal(count_of(after, one), 1);
	}
	if (*after) {
		keep = git(fixture, "rev-list", "refs/assay/keep..assay/runs");
		assert_string_equal(keep, "");
		free(keep);
	}
	check_git(fixture, "", "fsck", "--strict", "--no-dangling", "--no-progress");
	free(before);
	free(after);
}

/* Bytes of HEAD, index, the user's branch and files, and the names of the files. */
static char *user_state(const char *repo)
{
	static const char *const file[] = {".git/index", ".git/HEAD", ".git/refs/heads/main", "notes.txt", "train.py"};
	char hex[SHA256_HEX];
	struct names names = {0};
	struct buf bytes = BUF_INIT;

	for (size_t i = 0; i < sizeof(file) / sizeof(*file); i++) {
		char *path = path_join(repo, file[i]);

		assert_int_equal(file_read(&bytes, path, NULL), 0);
		free(path);
	}
	assert_int_equal(dir_list(&names, repo, NULL), 0);
	for (size_t i = 0; i < names.n; i++)
		buf_puts(&bytes, names.name[i]);
	assert_int_equal(sha256(hex, bytes.text, bytes.len, NULL), 0);
	names_free(&names);
	buf_release(&bytes);
	return mem_text(hex);
}

static void strike_every_call(enum mode how, int stride, int how_many)
{
	struct fixture fixture, copy;
	char *mine, *state;
	int n = 1, got;

	runs = how_many;
	fixture_make(&fixture, "template");
	write_text(fixture.repo, "notes.txt", "staged\n");
	git_quiet(&fixture, "add", "notes.txt");
	write_text(fixture.repo, "train.py", "print(2)\n");
	state = user_state(fixture.repo);
	copy = fixture;
	snprintf(copy.repo, sizeof(copy.repo), "%s/repo", fixture.dir);
	do {
		free(command_says(fixture.dir, (const char *const[]){"cp", "-a", fixture.repo, copy.repo, NULL}));
		got = fly_struck(copy.repo, how, n);
		assert_true(got == 0 || got == 1 || (how == KILL && WIFSIGNALED(got) && WTERMSIG(got) == SIGKILL));
		check_repository(&copy, how, n);
		mine = user_state(copy.repo);
		assert_string_equal(mine, state);
		free(mine);
		assert_int_equal(dir_remove(copy.repo, NULL), 0);
		n += stride;
	} while (got != 0);
	assert_true(n > 50);
	free(state);
	fixture_remove(&fixture);
}

static void no_run_is_lost_or_doubled_by_a_kill_at_any_call(void **state)
{
	(void)state;
	strike_every_call(KILL, 1, LOOSE);
}

static void no_run_is_lost_or_doubled_by_a_kill_while_a_pack_is_written(void **state)
{
	(void)state;
	strike_every_call(KILL, 3, PACKED);
}

static void no_run_is_lost_or_doubled_by_one_call_that_finds_the_disk_full(void **state)
{
	(void)state;
	strike_every_call(FAIL_ONCE, 5, LOOSE);
	strike_every_call(FAIL_ONCE, 5, PACKED);
}

static void no_run_is_lost_or_doubled_when_the_disk_is_full_from_any_call_on(void **state)
{
	(void)state;
	strike_every_call(FAIL_ON, 11, LOOSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_run_is_lost_or_doubled_by_a_kill_at_any_call),
		cmocka_unit_test(no_run_is_lost_or_doubled_by_a_kill_while_a_pack_is_written),
		cmocka_unit_test(no_run_is_lost_or_doubled_by_one_call_that_finds_the_disk_full),
		cmocka_unit_test(no_run_is_lost_or_doubled_when_the_disk_is_full_from_any_call_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
