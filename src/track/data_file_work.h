/* One entry of a record's data.files, whoever read the bytes. Private to track/. */
#ifndef ASSAY_TRACK_DATA_FILE_WORK_H
#define ASSAY_TRACK_DATA_FILE_WORK_H

#include "track/data_file.h"
#include "track/data_read.h"

/* Append a file to data.files; path as the user gave it, "-" for standard input. */
MUST_CHECK int data_file_append(struct run *run, const struct project *project, const char *path,
				const struct data_content *content, struct error *err);

#endif
