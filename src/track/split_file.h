/*
 * The rows on which a user's model is to be scored, so that it meets the baselines on the same ones: the split of assay.yaml,
 * else that of the experiment's baseline.
 */
#ifndef ASSAY_TRACK_SPLIT_FILE_H
#define ASSAY_TRACK_SPLIT_FILE_H

#include "record/experiment.h"
#include "record/runs.h"

struct split_options_given { /* NULL, NaN, -1: the project's, else the baseline's */
	const char *data, *target, *id; /* data: relative to the current folder */
	double test;
	long long seed;
};

/*
 * A split that lies on disk, from assay_dir/cache/splits/KEY, made there where it was not: id,part for the command to read
 * (in the order of the data), and id,part,label of the rows that do not train for the scoring. KEY: data hash, target, id,
 * positive class, split and version, so that reading a large table is paid once.
 */
struct split_file {
	char *parts; /* path of the CSV `id,part`; NULL: this project has no split, ASSAY_SPLIT is not set; notes may say why */
	char *labels; /* path of the CSV `id,part,label` of valid and test rows */
	char *data; /* the data file, as recorded (relative to the root) */
	char *data_path; /* the same, as it can be opened: what data_file_record() takes */
	char *target, *positive; /* positive: the positive class of two, else NULL */
	json_t *record; /* data.split as baselines record it */
	struct names class_name; /* sorted as the dataset sorts them */
	struct names notes; /* what a reader of the run should know: the data changed since the baseline was trained */
};
void split_file_release(struct split_file *split);

/*
 * runs: to find the experiment's baseline where assay.yaml names no data; may be NULL. given may be NULL. *out is filled or
 * left alone. ERR_INPUT where data cannot be split: no such file or target, ...
 */
MUST_CHECK int split_file_make(struct split_file *out, struct store *store, const struct project *project,
			       const struct experiment *experiment, const struct runs *runs,
			       const struct split_options_given *given, struct error *err);

#endif
