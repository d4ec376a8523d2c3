/* Runs in flight: what is on disk between start and commit, and what a settle makes of the remains. */
#include "store/fixture.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/owner.h"
#include "track/flight.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <signal.h>
#include <sys/wait.h>

/* Of the project: its size rules alone count here. */
static const struct project rules = {.git = {.artifact_limit = 1 << 20}};

/* A record as a run has it at its start. */
static void make_run(struct run *run, const char *name)
{
	struct error err = {0};
	char id[RUN_ID];

	check_ok(id_new(id, clock_now(), NULL, &err), err);
	check_ok(run_new(run, &err), err);
	check_ok(run_set_text(run, "id", id, &err), err);
	check_ok(run_set_text(run, "experiment", "churn", &err), err);
	check_ok(run_set_text(run, "name", name, &err), err);
	check_ok(run_set_text(run, "kind", "baseline", &err), err);
	check_ok(run_set_text(run, "status", "running", &err), err);
	check_ok(run_set_text(run, "started", "2026-11-24T10:30:15Z", &err), err);
}

static void finish_run(struct flight *flight, struct run *run)
{
	const struct store_file file[] = {{.path = "evaluation.json", .bytes = "{}\n", .len = 3},
					  {.path = "artifacts/a b.txt", .bytes = "text", .len = 4}};
	struct error err = {0};

	check_ok(run_set_text(run, "status", "finished", &err), err);
	check_ok(run_set_number(run, "measured.f1", 0.861, &err), err);
	check_ok(flight_finish(flight, run, file, 2, &err), err);
}

static size_t entries(const struct store *store)
{
	char *running = path_join(store_assay_dir(store), "running");
	struct names names = {0};
	struct error err = {0};
	size_t n;

	check_ok(dir_list(&names, running, &err), err);
	n = names.n;
	names_free(&names);
	free(running);
	return n;
}

static void settle(struct flight_report *report, const char *repo)
{
	struct store *store = open_store(repo);
	struct error err = {0};

	check_ok(flight_settle(report, store, &rules, &err), err);
	store_free(store);
}

/* Start a run in a child that dies at once, and whose command is this process: it lives on. */
static void fly_and_leave_a_command(const char *repo)
{
	pid_t command = getpid(), pid = fork();
	int status;

	if (!pid) {
		struct store *store = open_store(repo);
		struct flight *flight = NULL;
		struct error err = {0};
		struct run run;

		make_run(&run, "orphan");
		check_ok(flight_start(&flight, store, &run, &err), err);
		check_ok(flight_child(flight, command, &err), err);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Start a run in a child that dies at once, after its final/ is complete or before. */
static void fly_and_die(const char *repo, int finished)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct store *store = open_store(repo);
		struct flight *flight = NULL;
		struct error err = {0};
		struct run run;

		make_run(&run, "majority");
		check_ok(flight_start(&flight, store, &run, &err), err);
		if (finished)
			finish_run(flight, &run);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void landed_runs_are_in_git_and_no_longer_in_flight(void **state)
{
	struct flight *flight[2] = {0};
	char commits[2][OID_HEX], *why;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	struct run run[2];

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	for (int i = 0; i < 2; i++) {
		make_run(&run[i], i ? "logistic" : "majority");
		check_ok(flight_start(&flight[i], store, &run[i], &err), err);
	}
	assert_int_equal(entries(store), 2);
	for (int i = 0; i < 2; i++)
		finish_run(flight[i], &run[i]);
	check_ok(flight_land(store, flight, 2, commits, &why, &err), err);
	assert_null(why);
	assert_int_equal(entries(store), 0);
	check_git(&fixture, commits[1], "rev-parse", "assay/runs");
	check_git(&fixture, "assay: majority on churn: f1 0.861\nassay: logistic on churn: f1 0.861", "log",
		  "--reverse", "--format=%s", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling");
	for (int i = 0; i < 2; i++) {
		flight_free(flight[i]);
		run_release(&run[i]);
	}
	store_free(store);
	fixture_remove(&fixture);
}

static void a_finished_run_of_a_dead_process_lands_as_it_is(void **state)
{
	struct flight_report report;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	fly_and_die(fixture.repo, 1);
	settle(&report, fixture.repo);
	assert_int_equal(report.landed, 1);
	assert_int_equal(report.recovered, 0);
	check_git(&fixture, "finished", "log", "--format=%(trailers:key=Assay-Status,valueonly,separator=%x20)",
		  "assay/runs");
	settle(&report, fixture.repo);
	assert_int_equal(report.landed + report.recovered + report.waiting + report.running, 0);
	check_git(&fixture, "1", "rev-list", "--count", "assay/runs");
	fixture_remove(&fixture);
}

static void a_run_whose_command_outlives_its_owner_is_left_alone(void **state)
{
	struct flight_report report;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	fly_and_leave_a_command(fixture.repo);
	settle(&report, fixture.repo);
	assert_int_equal(report.running, 1);
	assert_int_equal(report.landed + report.recovered + report.waiting, 0);
	fixture_remove(&fixture);
}

static void what_was_gathered_is_committed_with_the_files_in_memory(void **state)
{
	const struct store_file file = {.path = "evaluation.json", .bytes = "{}\n", .len = 3};
	const char *gathered, *again;
	struct flight *flight = NULL;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	struct run run;
	char *why, *path, *folder, *said, *made;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	make_run(&run, "train");
	check_ok(flight_start(&flight, store, &run, &err), err);
	check_ok(flight_gather(&gathered, flight, &err), err);
	path = path_join(gathered, "log.txt");
	check_ok(file_write(path, "said\n", 5, &err), err);
	check_ok(flight_gather(&again, flight, &err), err);
	assert_string_equal(gathered, again);
	check_ok(flight_finish(flight, &run, &file, 1, &err), err);
	check_ok(flight_land(store, &flight, 1, NULL, &why, &err), err);
	folder = id_folder("churn", run_id(&run));
	said = mem_printf("assay/runs:%s/log.txt", folder);
	made = mem_printf("assay/runs:%s/evaluation.json", folder);
	check_git(&fixture, "said", "show", said);
	check_git(&fixture, "{}", "show", made);
	free(folder);
	free(said);
	free(made);
	flight_free(flight);
	run_release(&run);
	store_free(store);
	free(path);
	fixture_remove(&fixture);
}

static void a_started_run_of_a_dead_process_is_recorded_as_killed(void **state)
{
	struct flight_report report;
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	fly_and_die(fixture.repo, 0);
	settle(&report, fixture.repo);
	assert_int_equal(report.recovered, 1);
	check_git(&fixture, "assay: majority on churn: killed", "log", "--format=%s", "assay/runs");
	fixture_remove(&fixture);
}

static void a_run_of_a_living_process_is_left_alone(void **state)
{
	struct flight *flight = NULL;
	struct flight_report report;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	struct run run;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	make_run(&run, "majority");
	check_ok(flight_start(&flight, store, &run, &err), err);
	settle(&report, fixture.repo);
	assert_int_equal(report.running, 1);
	assert_int_equal(entries(store), 1);
	flight_free(flight);
	run_release(&run);
	store_free(store);
	fixture_remove(&fixture);
}

static void runs_wait_while_the_branch_is_checked_out_and_land_later(void **state)
{
	struct flight *flight = NULL;
	struct flight_report report;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	struct run run;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	git_quiet(&fixture, "worktree", "add", "-q", "../other", "assay/runs");
	store = open_store(fixture.repo);
	make_run(&run, "majority");
	check_ok(flight_start(&flight, store, &run, &err), err);
	finish_run(flight, &run);
	assert_int_equal(flight_land(store, &flight, 1, NULL, &why, &err), 1);
	assert_non_null(strstr(why, "checked out"));
	assert_non_null(strstr(why, "other"));
	free(why);
	assert_int_equal(entries(store), 1);
	check_git(&fixture, "1", "rev-list", "--count", "assay/runs");
	git_quiet(&fixture, "worktree", "remove", "../other");
	check_ok(flight_land(store, &flight, 1, NULL, &why, &err), err);
	check_git(&fixture, "2", "rev-list", "--count", "assay/runs");
	settle(&report, fixture.repo);
	assert_int_equal(report.waiting, 0);
	flight_free(flight);
	run_release(&run);
	store_free(store);
	fixture_remove(&fixture);
}

static void write_owner(const struct store *store, const char *id, const char *line, long age_seconds)
{
	const struct timespec times[2] = {{clock_now() - age_seconds, 0}, {clock_now() - age_seconds, 0}};
	char *folder = mem_printf("%s/running/%s", store_assay_dir(store), id), *path = path_join(folder, "owner");

	assert_non_null(path);
	write_text(folder, "owner", line);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(folder);
	free(path);
}

static void a_folder_that_somebody_is_just_making_is_left_alone(void **state)
{
	const struct timespec old[2] = {{clock_now() - 3700, 0}, {clock_now() - 3700, 0}};
	struct flight_report report;
	struct fixture fixture;
	char *making;

	(void)state;
	fixture_make(&fixture, "repo");
	making = mem_printf("%s/.git/assay/running/.tmp-20260101-000000-0123456789", fixture.repo);
	assert_non_null(making);
	assert_int_equal(dir_make(making, NULL), 0);
	write_text(making, "owner", ""); /* created, and not yet written */
	settle(&report, fixture.repo);
	assert_true(dir_exists(making));
	assert_int_equal(utimensat(AT_FDCWD, making, old, 0), 0);
	settle(&report, fixture.repo);
	assert_false(dir_exists(making));
	free(making);
	fixture_remove(&fixture);
}

static void an_owner_on_another_host_is_dead_after_an_hour_of_silence(void **state)
{
	struct flight *flight = NULL;
	struct flight_report report;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	struct run run;

	(void)state;
	fixture_make(&fixture, "repo");
	store = open_store(fixture.repo);
	make_run(&run, "majority");
	check_ok(flight_start(&flight, store, &run, &err), err);
	write_owner(store, run_id(&run), "1 elsewhere.example 0-0 5 pid:[1]\n\n\n", 60);
	settle(&report, fixture.repo);
	assert_int_equal(report.running, 1);
	write_owner(store, run_id(&run), "1 elsewhere.example 0-0 5 pid:[1]\n\n\n", 3700);
	settle(&report, fixture.repo);
	assert_int_equal(report.recovered, 1);
	/* and if it was alive all the time, what it brings in the end replaces that */
	finish_run(flight, &run);
	check_ok(flight_land(store, &flight, 1, NULL, &report.why, &err), err);
	check_git(&fixture, "assay: majority on churn: f1 0.861\nassay: majority on churn: killed", "log",
		  "--format=%s", "assay/runs");
	flight_free(flight);
	run_release(&run);
	store_free(store);
	fixture_remove(&fixture);
}

static void a_number_used_again_by_another_process_is_not_alive(void **state)
{
	struct buf self = BUF_INIT, other = BUF_INIT;
	struct error err = {0};
	char host[128], boot[64], space[64];
	unsigned long long ticks;
	long pid;

	(void)state;
	check_ok(owner_self(&self, &err), err);
	assert_int_equal(owner_state(self.text), OWNER_ALIVE);
	assert_int_equal(sscanf(self.text, "%ld %127s %63s %llu %63s", &pid, host, boot, &ticks, space), 5);
	buf_printf(&other, "%ld %s %s %llu %s", pid, host, boot, ticks + 1, space);
	assert_int_equal(owner_state(other.text), OWNER_DEAD);
	buf_clear(&other);
	buf_printf(&other, "%ld %s another-boot %llu %s", pid, host, ticks, space);
	assert_int_equal(owner_state(other.text), OWNER_DEAD);
	buf_clear(&other);
	buf_printf(&other, "%ld %s %s %llu pid:[7]", pid, host, boot, ticks);
	assert_int_equal(owner_state(other.text), OWNER_ELSEWHERE);
	buf_release(&self);
	buf_release(&other);
}

/* A container's first process may never reap what was killed. */
static void a_process_that_was_killed_and_not_reaped_is_dead(void **state)
{
	int ends[2], status;
	char line[512];
	ssize_t got;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		struct buf self = BUF_INIT;

		if (owner_self(&self, NULL) < 0 || write(ends[1], self.text, self.len) < 0)
			_exit(1);
		pause();
	}
	assert_true(pid > 0);
	got = read(ends[0], line, sizeof(line) - 1);
	assert_true(got > 0);
	line[got] = '\0';
	assert_int_equal(owner_state(line), OWNER_ALIVE);
	assert_int_equal(kill(pid, SIGKILL), 0);
	for (int i = 0; i < 1000 && owner_state(line) != OWNER_DEAD; i++)
		usleep(5000);
	assert_int_equal(owner_state(line), OWNER_DEAD);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ends[0]);
	close(ends[1]);
}

static void a_record_that_cannot_be_read_waits_and_stops_nobody(void **state)
{
	struct flight_report report;
	struct fixture fixture;
	char *bad;

	(void)state;
	fixture_make(&fixture, "repo");
	fly_and_die(fixture.repo, 1);
	bad = mem_printf("%s/.git/assay/running/20260101-000000-0123456789/final", fixture.repo);
	assert_non_null(bad);
	assert_int_equal(dir_make(bad, NULL), 0);
	write_text(bad, "run.json", "{\"id\": ");
	*strrchr(bad, '/') = '\0';
	write_text(bad, "owner", "nobody\n");
	settle(&report, fixture.repo);
	assert_int_equal(report.landed, 1);
	assert_int_equal(report.waiting, 1);
	assert_non_null(strstr(report.why, "20260101-000000-0123456789"));
	assert_true(dir_exists(bad));
	flight_report_release(&report);
	free(bad);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(landed_runs_are_in_git_and_no_longer_in_flight),
		cmocka_unit_test(a_finished_run_of_a_dead_process_lands_as_it_is),
		cmocka_unit_test(a_run_whose_command_outlives_its_owner_is_left_alone),
		cmocka_unit_test(what_was_gathered_is_committed_with_the_files_in_memory),
		cmocka_unit_test(a_started_run_of_a_dead_process_is_recorded_as_killed),
		cmocka_unit_test(a_run_of_a_living_process_is_left_alone),
		cmocka_unit_test(runs_wait_while_the_branch_is_checked_out_and_land_later),
		cmocka_unit_test(a_folder_that_somebody_is_just_making_is_left_alone),
		cmocka_unit_test(an_owner_on_another_host_is_dead_after_an_hour_of_silence),
		cmocka_unit_test(a_number_used_again_by_another_process_is_not_alive),
		cmocka_unit_test(a_process_that_was_killed_and_not_reaped_is_dead),
		cmocka_unit_test(a_record_that_cannot_be_read_waits_and_stops_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
