/* Data files as records name them: path, sha256, size, shape; and the hash that is not computed twice. */
#ifndef ASSAY_TRACK_DATA_FILE_H
#define ASSAY_TRACK_DATA_FILE_H

#include "record/run.h"
#include "record/project.h"
#include "store/store.h"

/*
 * Append {path, sha256, bytes, rows, columns, outside} of a file to the record's data.files; rows and columns of CSV files
 * alone (by name: .csv, .tsv, .txt). `path` is as the user gave it, relative to the current folder. A hash is taken from
 * assay_dir/cache/ while device, inode, size, mtime and ctime are those it was computed at, and only if the file was not
 * changed in the second in which it was read (git's racy rule). A folder: its files, by the same rule, sorted, as one hash.
 * ERR_INPUT: it is not there.
 */
MUST_CHECK int data_file_record(struct run *run, const struct store *store, const struct project *project,
				const char *path, struct error *err);

#endif
