/*
 * The lines of a file as a stream, in memory that does not grow with it: up to a limit a line, longer ones are passed over
 * and told. Never more than was in the file when reading began, so that a file that grows has an end.
 */
#ifndef ASSAY_FORMAT_LINES_H
#define ASSAY_FORMAT_LINES_H

#include "base/buf.h"

struct lines {
	const char *name; /* for messages */
	const char *text; /* the line just read, without its end (LF or CRLF); valid until the next lines_next() */
	size_t len;
	size_t number; /* its number, from 1 */
	int too_long; /* 1: it was longer than the limit; text and len are its beginning */
	int unfinished; /* 1: the file's last line, without a line end */
	/* inside */
	int fd;
	size_t limit;
	unsigned long long left; /* bytes to read still */
	struct buf buf; /* read and not given out yet: from `at` on */
	size_t at;
	int started;
};

/* fd stays the caller's. most: bytes to read at most (the file's size; ULLONG_MAX for a pipe). A BOM is passed over. */
void lines_init(struct lines *lines, int fd, const char *name, size_t limit, unsigned long long most);
void lines_release(struct lines *lines);

/* The next line: 1, 0 at the end, ERR_MACHINE if reading fails, ERR_NOMEM. */
MUST_CHECK int lines_next(struct lines *lines, struct error *err);

/* 1 if the line just read holds nothing but blanks. */
int lines_is_blank(const struct lines *lines);

/* 1 if another line is complete in memory already: lines_next() will not have to wait for it. */
int lines_waiting(const struct lines *lines);

#endif
