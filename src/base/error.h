/*
 * base: what every room stands on: errors, text and its escapes, memory, files, hashing, processes, random numbers,
 * clocks and the progress hook. Knows no other room and nothing of machine learning, git or runs.
 *
 * Errors travel as a return code (0 or one of the negative codes below) and a struct error, the last argument. The
 * first report wins; later ones are dropped, so that a message names the cause and not what followed from it.
 */
#ifndef ASSAY_BASE_ERROR_H
#define ASSAY_BASE_ERROR_H

#include "base/banned.h"

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(position, first) __attribute__((format(printf, position, first)))

enum error_code {
	ERR_INPUT = -1, /* wrong use or bad input: exit 2 */
	ERR_MACHINE = -2, /* disk, memory of the system, git or a library refused: exit 3 */
	ERR_NOMEM = -3, /* an allocation failed: exit 3 */
	ERR_NOT_FOUND = -4, /* what was asked for is not there; a caller may go on without it */
	ERR_MOVED = -5, /* somebody else was first (a reference moved or is locked): build again on the new state */
};

struct error {
	int code; /* 0: nothing reported */
	char text[2048]; /* what is wrong, with file:line or key; one line, no "assay:" before it, no full stop */
	char hint[1024]; /* what to do; empty where nothing is known */
};

/* Report: keeps the first. Returns `code`, so that `return error_set(...)` reads well. err may be NULL. */
int error_set(struct error *err, int code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Say what to do about the error that is set; nothing if none is, or if it has a hint already. */
void error_hint(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Put "WHERE: " before the text of the error that is set. */
void error_prefix(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* ERR_NOMEM with its usual text. Inline, so that who reads the code by machine sees that it is never 0. */
void error_say_nomem(struct error *err);
static inline int error_nomem(struct error *err)
{
	error_say_nomem(err);
	return ERR_NOMEM;
}

/* ERR_MACHINE with "WHAT: strerror(errno)"; ERR_NOT_FOUND instead where errno is ENOENT. */
int error_errno(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

void error_clear(struct error *err);

/* The exit code of FORMATS for an error code: 2 or 3. */
int error_exit(int code);

#endif
