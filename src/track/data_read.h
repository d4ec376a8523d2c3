/* The bytes of a data file in one pass: hash, size, and rows and columns of CSV. Private to track/. */
#ifndef ASSAY_TRACK_DATA_READ_H
#define ASSAY_TRACK_DATA_READ_H

#include "base/error.h"
#include "base/hash.h"

#include <sys/stat.h>

struct data_content {
	char sha256[SHA256_HEX];
	unsigned long long bytes;
	int has_shape; /* it is CSV by its name and its bytes */
	unsigned long long rows, columns; /* as table_read() counts them: no header, no blank lines */
	int is_pointer; /* of Git LFS: the content is elsewhere */
};

/*
 * Read `path`; csv: count rows and columns. *st is that of the file as it was read, *settled 1 if nobody changed it
 * meanwhile nor so shortly before that its times would not show another change. Memory does not grow with the file.
 * ERR_INPUT: no such file, or no plain one. O(bytes).
 */
MUST_CHECK int data_read(struct data_content *out, struct stat *st, int *settled, const char *path, int csv,
			 struct error *err);

#endif
