/* The bytes of one file into another. */
#ifndef ASSAY_TRACK_FILE_COPY_H
#define ASSAY_TRACK_FILE_COPY_H

#include "base/error.h"

/*
 * Append what `path` holds to fd; the file system shares the blocks where it can. A link is not followed.
 * ERR_NOT_FOUND.
 */
MUST_CHECK int file_copy_to(int fd, const char *path, struct error *err);

#endif
