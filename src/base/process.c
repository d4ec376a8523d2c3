#include "base/process.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { EXIT_NOT_FOUND = 127 };

/* What this process has mapped, in bytes: the first figure of /proc/self/statm. */
static size_t mapped_bytes(void)
{
	struct buf text = BUF_INIT;
	size_t pages = 0;

	if (file_read(&text, "/proc/self/statm", NULL) == 0)
		pages = strtoul(text.text, NULL, 10);
	buf_release(&text);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void set_limit(int what, rlim_t value)
{
	struct rlimit limit = {value, value};

	setrlimit(what, &limit);
}

/* In the child: its own group, gone with its parent, no core, the limits. */
static void confine(const struct process_limits *limits, size_t mapped)
{
	if (!limits || !limits->asks)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!limits)
		return;
	set_limit(RLIMIT_CORE, 0);
	if (limits->cpu_seconds)
		set_limit(RLIMIT_CPU, limits->cpu_seconds);
	if (limits->memory_bytes)
		set_limit(RLIMIT_AS, mapped + limits->memory_bytes);
}

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			close(pair[i]);
		pair[i] = -1;
	}
}

static int exit_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return exit_of(status);
}

/* environ with `extra` NAME=VALUE entries before it: the first of a name is the one that getenv() finds. */
static char **environment_with(const char *const *extra)
{
	size_t n = 0, k = 0, out = 0;
	char **all;

	while (environ[n])
		n++;
	while (extra && extra[k])
		k++;
	all = mem_array(n + k + 1, sizeof(*all));
	if (!all)
		return NULL;
	for (size_t i = 0; i < k; i++)
		all[out++] = (char *)(size_t)extra[i];
	for (size_t i = 0; i < n; i++) {
		int replaced = 0;

		for (size_t j = 0; j < k && !replaced; j++) {
			size_t name = strcspn(extra[j], "=") + 1;

			replaced = !strncmp(environ[i], extra[j], name);
		}
		if (!replaced)
			all[out++] = environ[i];
	}
	all[out] = NULL;
	return all;
}

/* Between fork and exec: only calls that are safe after a fork of a threaded program. Tells errno through report_fd. */
static void run_child(const char *const *argv, const char *cwd, char **environment, const int fds[3], int report_fd)
{
	int reason;

	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			goto out;
	if (cwd && chdir(cwd) < 0)
		goto out;
	signal(SIGPIPE, SIG_DFL);
	execvpe(argv[0], (char *const *)(size_t)argv, environment);
out:
	reason = errno;
	if (write(report_fd, &reason, sizeof(reason)) < 0)
		_exit(EXIT_NOT_FOUND);
	_exit(EXIT_NOT_FOUND);
}

/* Start argv with the three descriptors; 0 once exec has succeeded. */
static int start(pid_t *pid, const char *const *argv, const char *cwd, const char *const *extra, const int fds[3],
		 const struct process_limits *limits, struct error *err)
{
	size_t mapped = limits && limits->memory_bytes ? mapped_bytes() : 0;
	char **environment = environment_with(extra);
	int report[2] = {-1, -1}, reason = 0;
	ssize_t got;

	if (!environment)
		return error_nomem(err);
	if (pipe2(report, O_CLOEXEC) < 0) {
		free(environment);
		return error_errno(err, "cannot make a pipe");
	}
	*pid = fork();
	if (!*pid) {
		confine(limits, mapped);
		run_child(argv, cwd, environment, fds, report[1]);
	}
	free(environment);
	close(report[1]);
	if (*pid < 0) {
		close(report[0]);
		return error_errno(err, "cannot start %s", argv[0]);
	}
	do
		got = read(report[0], &reason, sizeof(reason));
	while (got < 0 && errno == EINTR);
	close(report[0]);
	if (got == (ssize_t)sizeof(reason)) {
		wait_for(*pid);
		errno = reason;
		return error_errno(err, "cannot start %s", argv[0]);
	}
	return 0;
}

/* One readable end: append to sink, or drop. Returns 0 when it is at its end. */
static int drain(int fd, struct buf *sink)
{
	char block[1 << 14];
	ssize_t got = read(fd, block, sizeof(block));

	if (got > 0 && sink)
		buf_put(sink, block, (size_t)got);
	return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

struct pump {
	int in, out, errors;
	const char *input;
	size_t input_len;
	struct buf *sink, *error_sink;
	const struct process_limits *limits;
	pid_t pid;
};

static void feed(struct pump *pump)
{
	ssize_t done = write(pump->in, pump->input, pump->input_len);

	if (done > 0) {
		pump->input += done;
		pump->input_len -= (size_t)done;
	}
	if ((done < 0 && errno != EINTR && errno != EAGAIN) || !pump->input_len) {
		close(pump->in);
		pump->in = -1;
	}
}

/* Move bytes until both outputs are closed or a limit is passed. 1 if it was. */
static int pump_all(struct pump *pump)
{
	double end = pump->limits && pump->limits->seconds > 0 ? clock_seconds() + pump->limits->seconds : 0;
	size_t before = pump->sink ? pump->sink->len : 0, most = pump->limits ? pump->limits->output_bytes : 0;

	while (pump->out >= 0 || pump->errors >= 0) {
		struct pollfd fds[3] = {{pump->in, POLLOUT, 0}, {pump->out, POLLIN, 0}, {pump->errors, POLLIN, 0}};
		double left = end > 0 ? end - clock_seconds() : 1;

		if (left <= 0)
			return 1;
		if (poll(fds, 3, end > 0 ? (int)(left * 1000) + 1 : -1) < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents)
			feed(pump);
		if (fds[1].revents && !drain(pump->out, pump->sink)) {
			close(pump->out);
			pump->out = -1;
		}
		if (fds[2].revents && !drain(pump->errors, pump->error_sink)) {
			close(pump->errors);
			pump->errors = -1;
		}
		if (most && pump->sink && pump->sink->len - before > most)
			return 1;
	}
	return 0;
}

static int finish(struct process_result *result, struct pump *pump)
{
	void (*old)(int) = signal(SIGPIPE, SIG_IGN);

	result->timed_out = pump_all(pump);
	signal(SIGPIPE, old);
	if (result->timed_out) {
		kill(-pump->pid, SIGKILL);
		kill(pump->pid, SIGKILL);
	}
	for (int i = 0; i < 3; i++) {
		int *fd = (int *[]){&pump->in, &pump->out, &pump->errors}[i];

		if (*fd >= 0)
			close(*fd);
		*fd = -1;
	}
	result->exit = wait_for(pump->pid);
	return 0;
}

int process_run(struct process_result *result, const struct process_options *options, struct error *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, errors[2] = {-1, -1}, null = -1, rc = 0;
	struct pump pump = {.input = options->input,
			    .input_len = options->input_len,
			    .sink = options->out,
			    .error_sink = options->errors,
			    .limits = options->limits};

	*result = (struct process_result){0};
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || (options->input && pipe2(in, O_CLOEXEC) < 0) || pipe2(out, O_CLOEXEC) < 0 ||
	    pipe2(errors, O_CLOEXEC) < 0) {
		rc = error_errno(err, "cannot make a pipe for %s", options->argv[0]);
		goto out;
	}
	rc = start(&pump.pid, options->argv, options->cwd, options->environment,
		   (int[3]){options->input ? in[0] : null, out[1], errors[1]}, options->limits, err);
	if (rc < 0)
		goto out;
	close(out[1]);
	close(errors[1]);
	pump.in = in[1];
	pump.out = out[0];
	pump.errors = errors[0];
	in[1] = out[0] = out[1] = errors[0] = errors[1] = -1;
	if (pump.in >= 0) {
		if (fcntl(pump.in, F_SETFL, O_NONBLOCK) < 0 || !pump.input_len) {
			close(pump.in);
			pump.in = -1;
		}
	}
	finish(result, &pump);
	if (options->out && options->out->failed)
		rc = error_nomem(err);
out:
	close_pair(in);
	close_pair(out);
	close_pair(errors);
	if (null >= 0)
		close(null);
	return rc;
}

int process_fork(struct process_result *result, struct buf *out, int (*work)(void *context, int fd), void *context,
		 const struct process_limits *limits, struct error *err)
{
	size_t mapped = limits && limits->memory_bytes ? mapped_bytes() : 0;
	struct pump pump = {.in = -1, .errors = -1, .sink = out, .limits = limits};
	int pair[2];

	*result = (struct process_result){0};
	if (pipe2(pair, O_CLOEXEC) < 0)
		return error_errno(err, "cannot make a pipe");
	pump.pid = fork();
	if (!pump.pid) {
		confine(limits, mapped);
		close(pair[0]);
		_exit(work(context, pair[1]));
	}
	close(pair[1]);
	if (pump.pid < 0) {
		close(pair[0]);
		return error_errno(err, "cannot fork");
	}
	pump.out = pair[0];
	finish(result, &pump);
	return out->failed ? error_nomem(err) : 0;
}

int process_open(struct process *process, const char *const *argv, const char *cwd, const struct process_limits *limits,
		 struct error *err)
{
	int in[2] = {-1, -1}, errors[2] = {-1, -1}, null, rc = 0;

	*process = (struct process){.stdin_fd = -1, .stderr_fd = -1};
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || pipe2(in, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
		rc = error_errno(err, "cannot make a pipe for %s", argv[0]);
	if (!rc)
		rc = start(&process->pid, argv, cwd, NULL, (int[3]){in[0], null, errors[1]}, limits, err);
	if (!rc) {
		process->stdin_fd = in[1];
		process->stderr_fd = errors[0];
		in[1] = errors[0] = -1;
	}
	close_pair(in);
	close_pair(errors);
	if (null >= 0)
		close(null);
	return rc;
}

int process_close(struct process *process, int kill_it)
{
	if (process->stdin_fd >= 0)
		close(process->stdin_fd);
	if (process->stderr_fd >= 0)
		close(process->stderr_fd);
	if (kill_it) {
		kill(-process->pid, SIGKILL);
		kill(process->pid, SIGKILL);
	}
	process->stdin_fd = process->stderr_fd = -1;
	return wait_for(process->pid);
}
