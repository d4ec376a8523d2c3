/* What the files of launch share: the command's outputs, the log, and the child's start. */
#ifndef ASSAY_TRACK_LAUNCH_WORK_H
#define ASSAY_TRACK_LAUNCH_WORK_H

#include "base/buf.h"
#include "track/launch.h"
#include "track/secret.h"

#include <signal.h>
#include <termios.h>

/* One thing that the command prints to: stdout, stderr, or both where they are one. */
struct output {
	int from; /* our end of the pipe, or of the terminal; -1: closed */
	int child; /* the command's end. A terminal's stays open here too, or it would break when the command closes its own */
	int to; /* where it goes on to; -1: nowhere (any more) */
	int to_is_ours; /* `to` is a description of our own that never blocks, to be closed */
	int is_terminal, is_pipe; /* what `to` is */
	struct termios modes; /* the user's terminal's, before anything was changed */
	int is_changed;
	char *block; /* read from the command, of which [sent, len) still has to go to `to` */
	size_t sent, len;
	size_t after_end; /* bytes read since the command's end */
	struct secret_stream *stream;
};

/* The log: masked text of all outputs in the order in which it came. */
struct launch_log {
	int fd; /* -1: none is kept, or the disk refused */
	const char *path;
	int failure; /* errno of that */
	unsigned long long bytes;
	size_t masked;
	struct output *last; /* whose text came last */
	struct buf text;
};

struct outputs {
	struct output one[2];
	size_t n;
	int fds[3]; /* what the command gets as 0, 1 and 2; -1: closed there as it is here */
	struct names known; /* secrets that are masked in the log wherever they stand */
	int null; /* /dev/null where something needs it, else -1 */
};

/* Make the pipes and terminals for what stdin, stdout and stderr of this process are. outputs_close() ends it. */
MUST_CHECK int outputs_open(struct outputs *outputs, const struct launch_options *options, struct error *err);
void outputs_close(struct outputs *outputs);
void outputs_started(struct outputs *outputs); /* the child has its ends: close ours */

/* Read what is there into the log and the block; how much. `from` is closed at its end. */
size_t output_take(struct output *output, struct launch_log *log);
void output_send(struct output *output); /* as much of the block as `to` takes now */
void output_drop(struct output *output); /* nobody reads: send no more, and let the command know */
/* Bring the terminals to the size of the user's; 1 if it was another. */
int outputs_resize(struct outputs *outputs);

/* A terminal of the user's size and modes for `output`. 0 if the system has none to give: then a pipe has to do. */
int terminal_open(struct output *output);
/* As read(), but 0 is no end: only the modes were changed by the command. */
ssize_t terminal_read(struct output *output, char *bytes, size_t len);
int terminal_size(int from, int to); /* copy it; 1 if it was another */
void terminal_restore(struct output *output);

int fd_above(int fd); /* `fd`, or where it is 0, 1 or 2, another in its place */

MUST_CHECK int log_open(struct launch_log *log, const char *path, struct error *err);
void log_put(struct launch_log *log, struct output *output, const char *bytes, size_t len);
void log_rest(struct launch_log *log, struct output *output); /* write what was held back to see what follows */
MUST_CHECK int log_close(struct launch_log *log, struct outputs *outputs, struct error *err);

enum { WATCHED = 8 };

struct watch {
	int fd, sender; /* the pipe */
	int is_set;
	struct sigaction old[WATCHED], old_pipe;
};

struct heard { /* a signal that came */
	int number;
	int from_kernel; /* 0: somebody sent it */
	pid_t sender;
};

MUST_CHECK int watch_open(struct watch *watch, struct error *err);
int watch_read(const struct watch *watch, struct heard *heard); /* 1 if there is one */
void watch_undo(const struct watch *watch); /* handlers as they were */
void watch_close(struct watch *watch);

/* The command's process and what came of it. */
struct child {
	pid_t pid;
	int failure; /* errno of why it could not be started, 0 if it was */
};
MUST_CHECK int child_start(struct child *child, const struct launch_options *options, const struct outputs *outputs,
			   const struct watch *watch, struct error *err);

#endif
