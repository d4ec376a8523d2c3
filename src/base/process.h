/*
 * Child processes: an argument vector, never a shell. Also a forked child of this very program with limits, for code
 * that can abort or run away.
 */
#ifndef ASSAY_BASE_PROCESS_H
#define ASSAY_BASE_PROCESS_H

#include "base/buf.h"

#include <sys/types.h>

struct process_limits { /* 0: no limit of that kind */
	double seconds; /* of wall time; then SIGKILL to its process group */
	unsigned cpu_seconds; /* RLIMIT_CPU */
	size_t memory_bytes; /* RLIMIT_AS on top of what this process has mapped now */
	size_t output_bytes; /* of stdout; the child is killed beyond it */
	int asks; /* 1: it may ask for a password on the terminal, for which it has to stay in this process's group */
};

struct process_result {
	int exit; /* 0-255; 128 + n for signal n */
	int timed_out; /* killed for time or output */
};

/*
 * Run argv[0] (looked up in PATH) and wait. input/input_len go to its stdin (NULL: /dev/null); stdout and stderr are
 * appended to out and errors (NULL: dropped). environment: NULL-terminated extra NAME=VALUE or NULL. cwd: NULL for here.
 * limits may be NULL.
 * 0 whenever the child could be started, whatever its exit; ERR_NOT_FOUND if there is no such program.
 */
struct process_options {
	const char *const *argv;
	const char *cwd;
	const char *const *environment;
	const void *input;
	size_t input_len;
	struct buf *out;
	struct buf *errors;
	const struct process_limits *limits;
};
MUST_CHECK int process_run(struct process_result *result, const struct process_options *options, struct error *err);

/*
 * Call work(context, fd) in a forked child that has `limits` and may write its result to fd; what it wrote is appended
 * to out. result->exit is work's return value, or 128 + n. The child never returns to the caller's code and dumps no core.
 * Only for work that touches no lock of another thread.
 */
MUST_CHECK int process_fork(struct process_result *result, struct buf *out, int (*work)(void *context, int fd),
			    void *context, const struct process_limits *limits, struct error *err);

/* A child that is fed over time: gnuplot. stdin_fd and stderr_fd are the caller's until process_close(). */
struct process {
	pid_t pid;
	int stdin_fd;
	int stderr_fd;
};
MUST_CHECK int process_open(struct process *process, const char *const *argv, const char *cwd,
			    const struct process_limits *limits, struct error *err);
/* Closes what is open, kills if `kill_it`, waits. The exit as in process_result. */
int process_close(struct process *process, int kill_it);

#endif
