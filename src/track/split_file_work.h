/* The steps of making a split file. Private to track/. */
#ifndef ASSAY_TRACK_SPLIT_FILE_WORK_H
#define ASSAY_TRACK_SPLIT_FILE_WORK_H

#include "learn/split.h"
#include "track/split_file.h"

struct split_wanted { /* what is to be split, and how; borrowed but for data */
	char *data; /* as it can be opened */
	const char *target, *positive, *id, *task;
	const struct names *missing;
	struct split_options options;
};

/* `data.split` of a record; *out is the caller's. */
MUST_CHECK int split_record(json_t **out, const struct split *split, struct error *err);

/* Read the data and write parts.csv, labels.csv and split.json into `folder`, which is there and empty. */
MUST_CHECK int split_rows_write(const char *folder, const struct split_wanted *wanted, struct error *err);

/* Where the split of these data lies; made there if it is not whole. *folder is the caller's. */
MUST_CHECK int split_cache_folder(char **folder, const struct store *store, const struct split_wanted *wanted,
				  const char *data_sha256, struct error *err);

/* Fill parts, labels, positive, record and class names of *out from a folder. ERR_NOT_FOUND: it is not whole. */
MUST_CHECK int split_cache_read(struct split_file *out, const char *folder, struct error *err);

#endif
