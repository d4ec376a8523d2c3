/* Run the user's command: see launch.h. One loop over its outputs and the signals of this process. */
#include "base/clock.h"
#include "track/launch_work.h"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MINUTE 60.0
#define IDLE 1.0 /* seconds after which half a line goes into the log as it is */
#define AGAIN 0.1 /* seconds in which the same signal counts once: `timeout` sends it to us and to our group */

enum {
	AFTER_END = 4 << 20, /* bytes taken after the command's end: more than a pipe holds, so they are a daemon's */
	EXIT_NOT_FOUND = 127,
	EXIT_NOT_RUN = 126,
};

struct loop {
	const struct launch_options *options;
	struct launch_result *result;
	struct outputs outputs;
	struct launch_log log;
	struct watch watch;
	struct child child;
	double start, next_tick, last_output, last_sent;
	int last_signal;
	int held; /* the log may hold back half a line */
	int ended;
};

static void set_ended(struct loop *loop, int status, const struct rusage *usage)
{
	struct launch_result *result = loop->result;

	loop->ended = 1;
	result->seconds = clock_seconds() - loop->start;
	result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	result->exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	result->cpu_seconds = (double)usage->ru_utime.tv_sec + (double)usage->ru_stime.tv_sec +
			      1e-6 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
	result->peak_rss_bytes = (double)usage->ru_maxrss * 1024;
}

/* Nobody is left to hear it: give up on a reader that does not read. */
static void drop_all(struct loop *loop)
{
	for (size_t i = 0; i < loop->outputs.n; i++)
		if (loop->outputs.one[i].to >= 0)
			output_drop(&loop->outputs.one[i]);
}

static void pass_on(struct loop *loop, const struct heard *heard)
{
	int ends = heard->number != SIGUSR1 && heard->number != SIGUSR2;
	int had_it = heard->from_kernel && (heard->number == SIGINT || heard->number == SIGQUIT); /* the keyboard */
	double now = clock_seconds();

	if (ends)
		loop->result->interrupted = heard->number;
	if (loop->ended && ends)
		drop_all(loop);
	else if (!loop->ended && !had_it && (heard->number != loop->last_signal || now - loop->last_sent > AGAIN))
		kill(loop->child.pid, heard->number);
	loop->last_signal = heard->number;
	loop->last_sent = now;
}

static void hear(struct loop *loop)
{
	struct heard heard;
	struct rusage usage;
	int status;

	while (watch_read(&loop->watch, &heard)) {
		if (heard.number == SIGWINCH) {
			/* the command had its signal from the terminal, maybe before the new size */
			if (heard.sender != getpid() && outputs_resize(&loop->outputs))
				kill(0, SIGWINCH);
		} else if (heard.number != SIGCHLD) {
			pass_on(loop, &heard);
		}
	}
	if (!loop->ended && wait4(loop->child.pid, &status, WNOHANG, &usage) == loop->child.pid)
		set_ended(loop, status, &usage);
}

/* What there is to do for one output by what poll() said of its two ends. */
static void serve(struct loop *loop, struct output *output, short from, short to)
{
	size_t got;

	if (to & (POLLERR | POLLHUP | POLLNVAL)) /* its reader is gone */
		output_drop(output);
	else if (to & POLLOUT)
		output_send(output);
	if (output->from < 0 || output->sent < output->len || !from)
		return;
	got = output_take(output, &loop->log);
	if (got) {
		loop->last_output = clock_seconds();
		loop->held = 1;
		output_send(output);
	}
	if (loop->ended)
		output->after_end += got;
}

/* After the command's end: nothing more in the pipe is the end, whoever still has it open. */
static int is_done(struct loop *loop, const struct pollfd *fds)
{
	for (size_t i = 0; i < loop->outputs.n; i++) {
		const struct output *output = &loop->outputs.one[i];

		if (output->sent < output->len)
			return 0;
		if (output->from >= 0 && fds[1 + 2 * i].revents & POLLIN && output->after_end < AFTER_END)
			return 0;
	}
	return 1;
}

/* Milliseconds to wait for something to happen. */
static int patience(const struct loop *loop)
{
	double now = clock_seconds(), until = loop->next_tick;

	if (loop->ended) {
		for (size_t i = 0; i < loop->outputs.n; i++)
			if (loop->outputs.one[i].sent < loop->outputs.one[i].len)
				return -1;
		return 0;
	}
	if (loop->held && loop->last_output + IDLE < until)
		until = loop->last_output + IDLE;
	return until <= now ? 0 : (int)((until - now) * 1000) + 1;
}

static void keep_time(struct loop *loop)
{
	double now = clock_seconds();

	if (loop->held && now >= loop->last_output + IDLE) {
		for (size_t i = 0; i < loop->outputs.n; i++)
			log_rest(&loop->log, &loop->outputs.one[i]);
		loop->held = 0;
	}
	if (now < loop->next_tick)
		return;
	loop->next_tick = now + MINUTE;
	if (loop->options->tick)
		loop->options->tick(loop->options->context);
}

static int turn(struct loop *loop, struct error *err)
{
	for (;;) {
		struct pollfd fds[5] = {{loop->watch.fd, POLLIN, 0}};
		int was_ended = loop->ended;

		for (size_t i = 0; i < loop->outputs.n; i++) {
			const struct output *output = &loop->outputs.one[i];
			int waits = output->sent < output->len;

			fds[1 + 2 * i] = (struct pollfd){waits ? -1 : output->from, POLLIN, 0};
			fds[2 + 2 * i] = (struct pollfd){output->to, waits ? POLLOUT : 0, 0};
		}
		if (poll(fds, 1 + 2 * loop->outputs.n, patience(loop)) < 0 && errno != EINTR)
			return error_errno(err, "cannot wait for %s", loop->options->argv[0]);
		if (fds[0].revents)
			hear(loop);
		/* was_ended: what poll() has seen is the state after the command's end */
		if (was_ended && is_done(loop, fds))
			return 0;
		for (size_t i = 0; i < loop->outputs.n; i++)
			serve(loop, &loop->outputs.one[i], fds[1 + 2 * i].revents, fds[2 + 2 * i].revents);
		keep_time(loop);
	}
}

/* The loop failed: the command is not left without its reader and unwatched. */
static void abandon(struct loop *loop)
{
	struct rusage usage = {0};
	int status = 0;

	outputs_close(&loop->outputs);
	while (!loop->ended && wait4(loop->child.pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	if (!loop->ended)
		set_ended(loop, status, &usage);
}

int launch(struct launch_result *result, const struct launch_options *options, struct error *err)
{
	struct loop loop = {.options = options, .result = result, .watch = {.fd = -1, .sender = -1}};
	int rc, log_rc;

	*result = (struct launch_result){0};
	rc = outputs_open(&loop.outputs, options, err);
	log_rc = log_open(&loop.log, options->log, err);
	if (!rc)
		rc = log_rc;
	if (!rc)
		rc = watch_open(&loop.watch, err);
	loop.start = loop.last_output = clock_seconds();
	loop.next_tick = loop.start + MINUTE;
	if (!rc)
		rc = child_start(&loop.child, options, &loop.outputs, &loop.watch, err);
	if (!rc && loop.child.failure) {
		result->reason = loop.child.failure;
		result->exit = result->reason == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
	} else if (!rc) {
		result->started = 1;
		outputs_started(&loop.outputs);
		rc = turn(&loop, err);
		if (rc < 0)
			abandon(&loop);
	}
	watch_close(&loop.watch);
	log_rc = log_close(&loop.log, &loop.outputs, err);
	outputs_close(&loop.outputs);
	result->log_bytes = loop.log.bytes;
	result->masked = loop.log.masked;
	return rc < 0 ? rc : log_rc;
}
