/*
 * Who holds a lock or a folder: a process, named so that a later one can tell whether it still lives. The text is one
 * line, `PID HOST BOOTID STARTTIME PIDSPACE`; the last tells containers apart that share host name and boot.
 */
#ifndef ASSAY_STORE_OWNER_H
#define ASSAY_STORE_OWNER_H

#include "base/buf.h"

#include <sys/types.h>

enum owner_state {
	OWNER_ALIVE,
	OWNER_DEAD,
	OWNER_ELSEWHERE, /* another host or another space of process numbers: nothing can be told from here */
};

/* Append this process's line, without a line end. ERR_MACHINE where /proc does not say. */
MUST_CHECK int owner_self(struct buf *out, struct error *err);

/* The same of another process of this machine. ERR_NOT_FOUND: there is none of that number. */
MUST_CHECK int owner_of(struct buf *out, pid_t pid, struct error *err);

/* The state of the owner that `line` names; text after its first line is not read. A line that names nobody is dead. */
enum owner_state owner_state(const char *line);

#endif
