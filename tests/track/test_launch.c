/* A command run by launch(): what its user sees, what the log has, and how it ends. Each case runs in a process of its own,
 * whose stdin, stdout and stderr are what the case says. */
#include "check.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "track/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder; /* of one test; the working folder while it runs */

static int enter(void **state)
{
	char name[] = "/tmp/assay-launch-XXXXXX";

	(void)state;
	folder = mem_text(mkdtemp(name));
	return !folder || chdir(folder);
}

static int leave(void **state)
{
	int rc = chdir("/");

	(void)state;
	if (dir_remove(folder, NULL) < 0)
		rc = -1;
	free(folder);
	return rc;
}

enum kind { PIPE, TERMINAL, CLOSED, SAME }; /* of stdout, stderr; SAME: as stdout */

struct scene {
	const char *script; /* for sh -c; NULL: argv */
	const char *const *argv;
	enum kind out, errors;
	const char *input; /* of stdin, a pipe; NULL: /dev/null, or the terminal where `out` is one */
	const char *type; /* typed on the terminal once the command has printed "ready" */
	int signal; /* sent to the launching process then */
	int ignored; /* a signal that it was started to ignore */
	int threads; /* 1: that process has another thread, as computations leave some */
	int reads; /* bytes of stdout after which the reader goes away; 0: to the end */
	struct launch_options options;
};

struct outcome {
	int rc, code; /* of launch() */
	char message[256];
	struct launch_result result;
	long grown; /* KiB that the launching process grew by */
};

struct seen {
	struct outcome outcome;
	struct buf out, errors; /* what the user's side got */
	double seconds;
};

static void seen_release(struct seen *seen)
{
	buf_release(&seen->out);
	buf_release(&seen->errors);
}

static void *wait_for_work(void *nothing)
{
	for (;;)
		pause();
	return nothing;
}

/* In the launching process. */
static void act(const struct scene *scene, int result_fd)
{
	const char *const shell[] = {"sh", "-c", scene->script, NULL};
	struct launch_options options = scene->options;
	struct outcome outcome = {0};
	struct error err = {0};
	struct rusage before, after;
	pthread_t thread;

	if (scene->threads && pthread_create(&thread, NULL, wait_for_work, NULL))
		_exit(1);
	if (scene->ignored)
		signal(scene->ignored, SIG_IGN);
	options.argv = scene->script ? shell : scene->argv;
	getrusage(RUSAGE_SELF, &before);
	outcome.rc = launch(&outcome.result, &options, &err);
	getrusage(RUSAGE_SELF, &after);
	outcome.grown = after.ru_maxrss - before.ru_maxrss;
	snprintf(outcome.message, sizeof(outcome.message), "%.255s", err.text);
	_exit(write(result_fd, &outcome, sizeof(outcome)) != (ssize_t)sizeof(outcome));
}

struct stage { /* ends of what the launching process has; -1: none */
	int in[2], out[2], errors[2], result[2];
	int terminal, slave;
};

static void set_stage(struct stage *stage, const struct scene *scene)
{
	struct winsize size = {.ws_row = 33, .ws_col = 77};

	*stage = (struct stage){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}, -1, -1};
	assert_int_equal(pipe2(stage->result, O_CLOEXEC), 0);
	if (scene->input)
		assert_int_equal(pipe2(stage->in, O_CLOEXEC), 0);
	if (scene->out == PIPE)
		assert_int_equal(pipe2(stage->out, O_CLOEXEC), 0);
	if (scene->errors == PIPE)
		assert_int_equal(pipe2(stage->errors, O_CLOEXEC), 0);
	if (scene->out == TERMINAL || scene->errors == TERMINAL) {
		assert_int_equal(openpty(&stage->terminal, &stage->slave, NULL, NULL, &size), 0);
		fcntl(stage->terminal, F_SETFD, FD_CLOEXEC);
	}
}

static void enter_stage(const struct stage *stage, const struct scene *scene)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (stage->slave >= 0) {
		setsid();
		ioctl(stage->slave, TIOCSCTTY, 0);
	}
	dup2(scene->input ? stage->in[0] : scene->out == TERMINAL ? stage->slave : null, 0);
	dup2(scene->out == TERMINAL ? stage->slave : stage->out[1], 1);
	if (scene->out == CLOSED)
		close(1);
	if (scene->errors == CLOSED)
		close(2);
	else
		dup2(scene->errors == SAME ? 1 : scene->errors == TERMINAL ? stage->slave : stage->errors[1], 2);
	for (int fd = 3; fd < 64; fd++)
		if (fd != stage->result[1])
			close(fd);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* 1 while there may be more. */
static int take(int *fd, struct buf *to, int at_most)
{
	char block[1 << 16];
	ssize_t n = read(*fd, block, sizeof(block));

	if (n > 0)
		buf_put(to, block, (size_t)n);
	if (n <= 0 || (at_most && to->len >= (size_t)at_most))
		close_end(fd);
	return *fd >= 0;
}

/* The user: reads what comes, types or sends a signal when the command is ready. */
static void watch(struct seen *seen, struct stage *stage, const struct scene *scene, pid_t pid)
{
	int *out = scene->out == TERMINAL ? &stage->terminal : &stage->out[0],
	    *errors = scene->errors == TERMINAL && scene->out != TERMINAL ? &stage->terminal : &stage->errors[0],
	    done = 0;

	while (*out >= 0 || *errors >= 0) {
		struct pollfd fds[2] = {{*out, POLLIN, 0}, {*errors, POLLIN, 0}};

		if (poll(fds, 2, 20000) <= 0) {
			kill(pid, SIGKILL);
			fail_msg("the command hangs");
		}
		if (fds[0].revents)
			take(out, &seen->out, scene->reads);
		if (fds[1].revents)
			take(errors, &seen->errors, 0);
		if (!done && (strstr(seen->out.text, "ready") || strstr(seen->errors.text, "ready"))) {
			done = 1;
			if (scene->type)
				assert_int_equal(write(stage->terminal, scene->type, strlen(scene->type)),
						 strlen(scene->type));
			if (scene->signal)
				kill(pid, scene->signal);
		}
	}
}

static struct seen play(const struct scene *scene)
{
	struct seen seen = {.out = BUF_INIT, .errors = BUF_INIT};
	struct stage stage;
	double start = clock_seconds();
	int status;
	pid_t pid;

	set_stage(&stage, scene);
	pid = fork();
	if (!pid) {
		enter_stage(&stage, scene);
		act(scene, stage.result[1]);
	}
	close_end(&stage.in[0]);
	close_end(&stage.out[1]);
	close_end(&stage.errors[1]);
	close_end(&stage.result[1]);
	close_end(&stage.slave);
	if (scene->input) {
		assert_int_equal(write(stage.in[1], scene->input, strlen(scene->input)), strlen(scene->input));
		close_end(&stage.in[1]);
	}
	/* the result is here when launch() is over, even if a daemon of the command keeps stdout open */
	watch(&seen, &stage, scene, pid);
	assert_int_equal(read(stage.result[0], &seen.outcome, sizeof(seen.outcome)), sizeof(seen.outcome));
	seen.seconds = clock_seconds() - start;
	close_end(&stage.result[0]);
	close_end(&stage.terminal);
	waitpid(pid, &status, 0);
	return seen;
}

static void check_file(const char *path, const char *want)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	check_ok(file_read(&text, path, &err), err);
	assert_string_equal(text.text, want);
	buf_release(&text);
}

#define LOG .options = {.log = "log"}

static void stdout_and_stderr_stay_apart_and_the_log_has_both(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three; exit 3", LOG});

	(void)state;
	assert_string_equal(seen.out.text, "one\nthree\n");
	assert_string_equal(seen.errors.text, "two\n");
	check_file("log", "one\ntwo\nthree\n");
	assert_int_equal(seen.outcome.rc, 0);
	assert_int_equal(seen.outcome.result.exit, 3);
	assert_int_equal(seen.outcome.result.signal, 0);
	assert_int_equal(seen.outcome.result.log_bytes, 14);
	assert_true(seen.outcome.result.seconds >= 0.2 && seen.outcome.result.peak_rss_bytes > 1e5);
	seen_release(&seen);
}

static void one_pipe_for_both_keeps_their_order(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "i=0; while [ $i -lt 300 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done",
				.errors = SAME,
				LOG});
	struct buf want = BUF_INIT;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_printf(&want, "o%d\ne%d\n", i, i);
	assert_string_equal(seen.out.text, want.text);
	check_file("log", want.text);
	buf_release(&want);
	seen_release(&seen);
}

static void a_signal_that_ends_it_is_told(void **state)
{
	struct seen seen = play(&(struct scene){.script = "echo last; kill -9 $$", LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.signal, 9);
	assert_int_equal(seen.outcome.result.exit, 137);
	check_file("log", "last\n");
	seen_release(&seen);
}

static void what_cannot_be_started_has_its_own_exit(void **state)
{
	struct seen seen = play(&(struct scene){.argv = (const char *const[]){"no-such-program", NULL}, LOG});

	(void)state;
	assert_int_equal(seen.outcome.rc, 0);
	assert_int_equal(seen.outcome.result.started, 0);
	assert_int_equal(seen.outcome.result.exit, 127);
	assert_int_equal(seen.outcome.result.reason, ENOENT);
	seen_release(&seen);
	seen = play(&(struct scene){.argv = (const char *const[]){"/", NULL}, LOG});
	assert_int_equal(seen.outcome.result.started, 0);
	assert_int_equal(seen.outcome.result.exit, 126);
	seen_release(&seen);
	seen = play(&(struct scene){.script = "true", .options = {.log = "log", .cwd = "nowhere"}});
	assert_int_equal(seen.outcome.rc, ERR_MACHINE);
	assert_non_null(strstr(seen.outcome.message, "nowhere"));
	seen_release(&seen);
}

static void a_reader_that_goes_away_is_felt_as_a_broken_pipe(void **state)
{
	struct seen seen = play(&(struct scene){.script = "echo before >&2; exec yes", .reads = 10, LOG});

	(void)state;
	assert_int_equal(seen.outcome.rc, 0);
	assert_int_equal(seen.outcome.result.signal, SIGPIPE);
	assert_string_equal(seen.errors.text, "before\n");
	seen_release(&seen);
}

static void a_daemon_left_behind_is_not_waited_for(void **state)
{
	struct seen seen = play(&(struct scene){.script = "seq 20000; sleep 4 & exit 5", LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 5);
	assert_true(seen.seconds < 3);
	assert_int_equal(seen.outcome.result.log_bytes, 108894);
	assert_non_null(strstr(seen.out.text, "\n20000\n"));
	seen_release(&seen);
}

static void a_daemon_that_goes_on_printing_is_not_listened_to_for_ever(void **state)
{
	struct seen seen = play(&(struct scene){.script = "timeout 5 yes & sleep 0.1; exit 5",
						.errors = CLOSED,
						.options = {.log = "log", .silent = 1}});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 5);
	assert_true(seen.seconds < 3);
	seen_release(&seen);
}

static void a_signal_to_assay_reaches_the_command(void **state)
{
	const int signals[] = {SIGTERM, SIGHUP, SIGINT};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct seen seen = play(&(struct scene){
			.script = "trap 'echo told; exit 7' TERM HUP INT; echo ready; while :; do sleep 0.02; done",
			.signal = signals[i],
			LOG});

		assert_int_equal(seen.outcome.result.exit, 7);
		assert_int_equal(seen.outcome.result.interrupted, signals[i]);
		assert_string_equal(seen.out.text, "ready\ntold\n");
		seen_release(&seen);
	}
}

static void a_signal_reaches_it_past_threads_that_wait(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "trap 'echo told; exit 7' TERM; echo ready; while :; do sleep 0.02; done",
				.signal = SIGTERM,
				.threads = 1,
				LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 7);
	seen_release(&seen);
}

static void what_nohup_ignores_interrupts_nothing(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "echo ready; sleep 0.3; exit 4", .ignored = SIGHUP, .signal = SIGHUP, LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 4);
	assert_int_equal(seen.outcome.result.interrupted, 0);
	seen_release(&seen);
	/* who ignores the end of children is told of it all the same */
	seen = play(&(struct scene){.script = "exit 4", .ignored = SIGCHLD, LOG});
	assert_int_equal(seen.outcome.result.exit, 4);
	seen_release(&seen);
}

static void a_signal_to_save_is_no_interruption(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "trap 'echo saved; exit 0' USR1; echo ready; while :; do sleep 0.02; done",
				.signal = SIGUSR1,
				LOG});

	(void)state;
	assert_string_equal(seen.out.text, "ready\nsaved\n");
	assert_int_equal(seen.outcome.result.interrupted, 0);
	seen_release(&seen);
}

static void a_command_that_ignores_an_interrupt_goes_on_to_its_end(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "trap '' INT; echo ready; sleep 0.5; echo end", .signal = SIGINT, LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 0);
	assert_string_equal(seen.out.text, "ready\nend\n");
	seen_release(&seen);
}

static void a_terminal_stays_one_where_it_was_one(void **state)
{
	static const char script[] = "for i in 0 1 2; do if test -t $i; then printf 'tty ' >&2; else printf 'no ' >&2; "
				     "fi; done; stty size <&2 >&2";
	struct seen seen = play(&(struct scene){.script = script, .out = TERMINAL, .errors = SAME, LOG});

	(void)state;
	assert_string_equal(seen.out.text, "tty tty tty 33 77\r\n");
	check_file("log", "tty tty tty 33 77\n");
	assert_int_equal(unlink("log"), 0);
	seen_release(&seen);
	seen = play(&(struct scene){.script = script, .out = PIPE, .errors = TERMINAL, LOG});
	assert_string_equal(seen.out.text, "");
	assert_string_equal(seen.errors.text, "no no tty 33 77\r\n");
	seen_release(&seen);
	assert_int_equal(unlink("log"), 0);
	seen = play(&(struct scene){.script = "for i in 0 1 2; do test -t $i && echo $i; done; exit 0",
				    .out = TERMINAL,
				    .errors = PIPE,
				    LOG});
	assert_string_equal(seen.out.text, "0\r\n1\r\n");
	seen_release(&seen);
}

static void keys_go_to_the_command_and_no_further(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.02; done",
				.out = TERMINAL,
				.errors = SAME,
				.type = "\003",
				LOG});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 9);
	assert_int_equal(seen.outcome.result.interrupted, SIGINT);
	check_file("log", "ready\ncaught\n");
	seen_release(&seen);
	seen = play(&(struct scene){.script = "echo ready; read line; echo \"got $line\"",
				    .out = TERMINAL,
				    .errors = SAME,
				    .type = "forty-two\n",
				    LOG});
	assert_non_null(strstr(seen.out.text, "got forty-two\r\n"));
	seen_release(&seen);
}

static void stdin_is_the_command_s_own(void **state)
{
	struct seen seen = play(&(struct scene){.script = "cat", .input = "from a pipe\n", LOG});

	(void)state;
	assert_string_equal(seen.out.text, "from a pipe\n");
	seen_release(&seen);
}

static void what_is_closed_stays_closed(void **state)
{
	struct seen seen = play(&(struct scene){.script = "test -e /proc/self/fd/1; echo $? >&2", .out = CLOSED, LOG});

	(void)state;
	assert_string_equal(seen.errors.text, "1\n");
	check_file("log", "1\n");
	seen_release(&seen);
}

static void bytes_of_any_kind_arrive_as_they_were(void **state)
{
	struct seen seen = play(&(struct scene){.script = "head -c 3000000 /dev/urandom | tee copy", LOG});
	struct buf copy = BUF_INIT, log = BUF_INIT;
	struct error err = {0};

	(void)state;
	check_ok(file_read(&copy, "copy", &err), err);
	check_ok(file_read(&log, "log", &err), err);
	assert_int_equal(copy.len, 3000000);
	assert_int_equal(seen.out.len, copy.len);
	assert_memory_equal(seen.out.text, copy.text, copy.len);
	assert_int_equal(log.len, copy.len);
	assert_memory_equal(log.text, copy.text, copy.len);
	buf_release(&copy);
	buf_release(&log);
	seen_release(&seen);
}

static void memory_does_not_grow_with_the_output(void **state)
{
	struct seen seen = play(&(struct scene){.script = "yes 'a line of a log that is long' | head -c 100000000 >&2",
						.errors = CLOSED,
						.options = {.log = "log", .silent = 1}});

	(void)state;
	assert_int_equal(seen.outcome.result.log_bytes, 100000000);
	assert_true(seen.outcome.grown < 4096);
	print_message("100 MB in %.2f s\n", seen.outcome.result.seconds);
	seen_release(&seen);
}

static void secrets_are_masked_in_the_log_alone(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "printf 'API_KEY=ab'; sleep 0.1; echo cd; echo PASSWORD=x >&2", LOG});

	(void)state;
	assert_string_equal(seen.out.text, "API_KEY=abcd\n");
	check_file("log", "API_KEY=***\nPASSWORD=***\n");
	assert_int_equal(seen.outcome.result.masked, 2);
	assert_int_equal(seen.outcome.result.log_bytes, 24);
	seen_release(&seen);
}

static void secrets_that_are_known_are_masked_without_a_shape(void **state)
{
	const char *const environment[] = {"SOME_API_KEY=horse4staple", NULL}, *const secrets[] = {"abc123", "as",
												   NULL};
	struct seen seen = play(
		&(struct scene){.script = "echo using $SOME_API_KEY as abc123",
				.options = {.log = "log", .environment = environment, .secrets = secrets}});

	(void)state;
	assert_string_equal(seen.out.text, "using horse4staple as abc123\n");
	check_file("log", "using *** as ***\n");
	assert_int_equal(seen.outcome.result.masked, 2);
	seen_release(&seen);
}

static void half_a_line_is_in_the_log_after_a_second(void **state)
{
	struct seen seen = play(&(struct scene){.script = "printf half; sleep 1.5; cat log >copy; echo ' whole'", LOG});

	(void)state;
	check_file("copy", "half");
	check_file("log", "half whole\n");
	seen_release(&seen);
}

static void a_disk_that_refuses_the_log_does_not_stop_the_command(void **state)
{
	struct seen seen = play(&(struct scene){.script = "seq 100000; exit 4", .options = {.log = "/dev/full"}});

	(void)state;
	assert_int_equal(seen.outcome.rc, ERR_MACHINE);
	assert_non_null(strstr(seen.outcome.message, "/dev/full"));
	assert_int_equal(seen.outcome.result.started, 1);
	assert_int_equal(seen.outcome.result.exit, 4);
	assert_int_equal(seen.outcome.result.log_bytes, 588895);
	assert_int_equal(seen.out.len, 588895);
	seen_release(&seen);
}

static void without_a_log_the_command_has_the_user_s_own_output(void **state)
{
	struct seen seen = play(
		&(struct scene){.script = "readlink /proc/self/fd/1; exit 6", .out = TERMINAL, .errors = SAME});

	(void)state;
	assert_int_equal(seen.outcome.result.exit, 6);
	assert_non_null(strstr(seen.out.text, "/dev/pts/"));
	seen_release(&seen);
	seen = play(&(struct scene){.script = "echo unseen; cat", .input = "typed", .options = {.silent = 1}});
	assert_string_equal(seen.out.text, "");
	assert_int_equal(seen.outcome.result.exit, 0);
	seen_release(&seen);
}

static void variables_are_added_and_replaced(void **state)
{
	const char *const environment[] = {"ASSAY_SEED=7", "HOME=/elsewhere", NULL};
	struct seen seen = play(&(struct scene){.script = "echo $ASSAY_SEED $HOME; env | grep -c ^HOME=",
						.options = {.log = "log", .environment = environment}});

	(void)state;
	assert_string_equal(seen.out.text, "7 /elsewhere\n1\n");
	seen_release(&seen);
}

static void note_pid(void *context, pid_t pid)
{
	char *text = mem_printf("%d\n", (int)pid);

	(void)context;
	usleep(50000);
	_exit(file_write("pid", text, strlen(text), NULL) < 0 ? 1 : (free(text), 0));
}

static void note_pid_and_go_on(void *context, pid_t pid)
{
	char *text = mem_printf("%d\n", (int)pid);

	(void)context;
	usleep(50000);
	if (file_write("pid", text, strlen(text), NULL) < 0)
		_exit(1);
	free(text);
}

static void its_process_is_known_before_it_begins(void **state)
{
	struct seen seen = play(&(struct scene){.script = "echo $$ | cmp - pid && echo same",
						.options = {.log = "log", .started = note_pid_and_go_on}});

	(void)state;
	assert_string_equal(seen.out.text, "same\n");
	seen_release(&seen);
}

static void it_never_begins_when_assay_dies_before_it_noted_it(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (!pid) {
		const char *const argv[] = {"touch", "begun", NULL};
		struct launch_result result;
		struct error err = {0};

		_exit(launch(&result, &(struct launch_options){.argv = argv, .started = note_pid}, &err) < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(file_exists("pid"));
	usleep(100000);
	assert_false(file_exists("begun"));
}

static void put_lines(const char *path, size_t lines)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	for (size_t i = 0; i < lines; i++)
		buf_printf(&text, "line %zu\n", i);
	check_ok(file_write(path, text.text, text.len, &err), err);
	buf_release(&text);
}

static void a_log_that_fits_stays_as_it_is(void **state)
{
	struct error err = {0};

	(void)state;
	put_lines("from", 3);
	assert_int_equal(log_trim("from", "to", &err), 0);
	check_file("to", "line 0\nline 1\nline 2\n");
	assert_int_equal(log_trim("nothing", "to", &err), ERR_NOT_FOUND);
}

static void a_long_log_keeps_its_ends_and_says_what_is_missing(void **state)
{
	struct buf whole = BUF_INIT, text = BUF_INIT;
	struct error err = {0};
	size_t missing, all;
	char *line, *rest;

	(void)state;
	put_lines("from", 300000);
	assert_int_equal(log_trim("from", "to", &err), 1);
	check_ok(file_read(&whole, "from", &err), err);
	check_ok(file_read(&text, "to", &err), err);
	assert_true(text.len <= 1 << 20 && text.len > 1000000);
	line = strstr(text.text, "[assay: ");
	assert_non_null(line);
	assert_int_equal(sscanf(line, "[assay: %zu of %zu bytes", &missing, &all), 2);
	assert_int_equal(all, whole.len);
	rest = strchr(line, '\n') + 1;
	assert_int_equal((size_t)(line - text.text) + strlen(rest) + missing, all);
	assert_memory_equal(text.text, whole.text, (size_t)(line - text.text));
	assert_string_equal(rest, whole.text + whole.len - strlen(rest));
	assert_int_equal(line[-1], '\n');
	assert_int_equal(strncmp(rest, "line ", 5), 0);
	buf_release(&whole);
	buf_release(&text);
}

static void a_long_log_without_lines_is_cut_all_the_same(void **state)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 3 << 18; i++)
		buf_put(&text, "\0\377", 2);
	check_ok(file_write("from", text.text, text.len, &err), err);
	assert_int_equal(log_trim("from", "to", &err), 1);
	buf_clear(&text);
	check_ok(file_read(&text, "to", &err), err);
	assert_true(text.len <= 1 << 20 && text.len > 1000000);
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stdout_and_stderr_stay_apart_and_the_log_has_both),
		TEST(one_pipe_for_both_keeps_their_order),
		TEST(a_signal_that_ends_it_is_told),
		TEST(what_cannot_be_started_has_its_own_exit),
		TEST(a_reader_that_goes_away_is_felt_as_a_broken_pipe),
		TEST(a_daemon_left_behind_is_not_waited_for),
		TEST(a_daemon_that_goes_on_printing_is_not_listened_to_for_ever),
		TEST(a_signal_to_assay_reaches_the_command),
		TEST(a_signal_reaches_it_past_threads_that_wait),
		TEST(what_nohup_ignores_interrupts_nothing),
		TEST(a_signal_to_save_is_no_interruption),
		TEST(a_command_that_ignores_an_interrupt_goes_on_to_its_end),
		TEST(a_terminal_stays_one_where_it_was_one),
		TEST(keys_go_to_the_command_and_no_further),
		TEST(stdin_is_the_command_s_own),
		TEST(what_is_closed_stays_closed),
		TEST(bytes_of_any_kind_arrive_as_they_were),
		TEST(memory_does_not_grow_with_the_output),
		TEST(secrets_are_masked_in_the_log_alone),
		TEST(secrets_that_are_known_are_masked_without_a_shape),
		TEST(half_a_line_is_in_the_log_after_a_second),
		TEST(a_disk_that_refuses_the_log_does_not_stop_the_command),
		TEST(without_a_log_the_command_has_the_user_s_own_output),
		TEST(variables_are_added_and_replaced),
		TEST(its_process_is_known_before_it_begins),
		TEST(it_never_begins_when_assay_dies_before_it_noted_it),
		TEST(a_log_that_fits_stays_as_it_is),
		TEST(a_long_log_keeps_its_ends_and_says_what_is_missing),
		TEST(a_long_log_without_lines_is_cut_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
