/* One file of a run into a folder, which it cannot leave. Private to track/get*.c. */
#ifndef ASSAY_TRACK_GET_WRITE_H
#define ASSAY_TRACK_GET_WRITE_H

#include "base/hash.h"
#include "track/get.h"

struct get_file {
	char *path; /* below the folder to write into */
	char *in_git; /* path on the branch; NULL: it is not there */
	char sha256[SHA256_HEX]; /* "" not known */
	/* OUTSIDE: a large file that stayed where it was when it was recorded, and was never taken */
	enum { GET_GIT, GET_LFS, GET_LOCAL, GET_OUTSIDE } from;
	int chosen;
};

MUST_CHECK int get_open_folder(int *fd, const char *into, struct error *err);
void get_close_folder(int fd);

/* Write it; what is wrong with it alone becomes a problem of the report, and 0 is returned. */
MUST_CHECK int get_write(struct get_report *report, int folder, struct store *store, const char *tip,
			 const struct get_file *file, int force, struct error *err);

#endif
