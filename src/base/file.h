/* Files and folders. Every result is written beside its place and renamed into it; nothing half-written is left. */
#ifndef ASSAY_BASE_FILE_H
#define ASSAY_BASE_FILE_H

#include "base/buf.h"

/* Append the whole file to out. ERR_NOT_FOUND if it is not there, ERR_MACHINE else. */
MUST_CHECK int file_read(struct buf *out, const char *path, struct error *err);

/* Append all that can be read from fd. */
MUST_CHECK int fd_read(struct buf *out, int fd, const char *name, struct error *err);

/* Write all of it to fd. */
MUST_CHECK int fd_write(int fd, const void *bytes, size_t len, const char *name, struct error *err);

/* Write path by a temporary file in the same folder and rename; the folder must be there. */
MUST_CHECK int file_write(const char *path, const void *bytes, size_t len, struct error *err);

/* As file_write, but ERR_INPUT with a message if path exists already (also when it appears meanwhile). */
MUST_CHECK int file_create(const char *path, const void *bytes, size_t len, struct error *err);

int file_exists(const char *path); /* 1 for anything there, a dangling link included */
int dir_exists(const char *path); /* 1 for a folder, links followed */
int file_is_plain(
	const char *path); /* 1 for a regular file, links followed, and where nothing is: reading it will not wait */

/* mkdir -p. */
MUST_CHECK int dir_make(const char *path, struct error *err);

/* rm -r, links not followed; 0 if it was not there. */
MUST_CHECK int dir_remove(const char *path, struct error *err);

/* Names in a folder without "." and "..", sorted by bytes. names_free() ends it. ERR_NOT_FOUND if there is no such. */
struct names {
	char **name;
	size_t n, cap;
};
MUST_CHECK int names_add(struct names *names, const char *name, struct error *err);
MUST_CHECK int dir_list(struct names *out, const char *path, struct error *err);
void names_sort(struct names *names); /* by bytes, each once */
int names_has(const struct names *names, const char *name); /* 1 if it is there; they are sorted */
void names_free(struct names *names);

/* "dir/name" (name alone if it is absolute or dir is empty); the caller's to free(); NULL without memory. */
char *path_join(const char *dir, const char *name) MUST_CHECK;

/* 1 for a relative path without "..", "." or empty parts: below a folder it stays there. */
int path_stays(const char *path);

/* The part after the last '/'. Points into path. */
const char *path_base(const char *path);

#endif
