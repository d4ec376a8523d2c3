/*
 * The user's command as a child: what it prints goes on to where it would have gone, and into the run's log as well. stdin
 * is the user's own, and so are session, process group and controlling terminal: Ctrl-C, Ctrl-Z, fg and bg, typing ahead,
 * /dev/tty and the keys of `| less` are what they are without assay. Where stdout or stderr is a terminal the command gets
 * one too (a pty, of the same size and modes), else a pipe; one for both where both are the same.
 */
#ifndef ASSAY_TRACK_LAUNCH_H
#define ASSAY_TRACK_LAUNCH_H

#include "base/error.h"

#include <sys/types.h>

struct launch_options {
	const char *const *argv; /* NULL-terminated; looked up in PATH; no shell */
	const char *cwd; /* NULL: here */
	const char *const *environment; /* NAME=VALUE that replace or add; NULL-terminated */
	const char *log; /* file to append what it prints to, masked by secret.h; NULL: none is kept */
	/* Masked in the log wherever they stand, where they are secret_is_distinct(), as the values of variables with
	 * secret names are. NULL-terminated; NULL: none. */
	const char *const *secrets;
	int silent; /* 1: nothing is passed on (reproduce) */
	/* The process exists, and waits to begin until this returns; NULL: nobody asks. */
	void (*started)(void *context, pid_t pid);
	void (*tick)(void *context); /* about once a minute while it runs; NULL: never */
	void *context;
};

struct launch_result {
	int started; /* 0: it could not be: exit is 127 (no such program) or 126 */
	int reason; /* errno of that */
	int exit; /* 0-255; 128 + n for signal n */
	int signal; /* n, else 0 */
	int interrupted; /* SIGINT, SIGQUIT, SIGTERM or SIGHUP came to this process meanwhile (the last of them), else 0 */
	double seconds, cpu_seconds; /* of the command and the children it waited for */
	double peak_rss_bytes; /* of the largest of them; not below what a copy of this process has: 3 MB */
	unsigned long long log_bytes; /* it printed, before anything was cut */
	size_t masked; /* secrets masked in the log */
};

/*
 * Run it and wait for its end. SIGINT and SIGQUIT from the keyboard are the command's own affair: this process outlives
 * them. Those that somebody sent to this process, SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 are passed on. A daemon that the
 * command leaves behind does not hold it: what has been printed by the end of the command is taken, no more waited for.
 * Where the reader of stdout or stderr is gone the command gets SIGPIPE. Memory does not grow with the output. Without a
 * log the command has stdin, stdout and stderr themselves; `silent` without a log drops what it prints; `silent`: stdin is
 * /dev/null.
 * ERR_MACHINE: no pipe, no log, no process, no `cwd`: the child was not started. Or the disk refused the log later: then
 * the command runs on to its end, *result is filled (`started` is 1), the log is shorter and `log_bytes` counts all.
 */
MUST_CHECK int launch(struct launch_result *result, const struct launch_options *options, struct error *err);

/*
 * Bring a log to its size in the record: over 1 MiB the first 256 and the last 768 KiB with a line between them that says
 * how much is missing, cut at line ends where there are some near. 1 if it was cut (`from` stays as it was), 0 if it
 * fitted; `to` is written in both cases.
 */
MUST_CHECK int log_trim(const char *from, const char *to, struct error *err);

#endif
