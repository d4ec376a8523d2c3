/* A command's predictions.csv, scored by the code that scores the baselines. */
#ifndef ASSAY_TRACK_SCORE_H
#define ASSAY_TRACK_SCORE_H

#include "record/evaluation.h"
#include "record/project.h"
#include "record/run.h"
#include "track/labels.h"
#include "track/split_file.h"

struct scored {
	struct stored_predictions *
		stored; /* as a later reader sees them; NULL: nothing that can be compared row by row, a note says why */
	/* The files evaluation.json and predictions.csv of the run, empty where there is none; predictions.csv alone where the
	 * command's file has an id and numbers for each row, which are measured, and no labels. */
	struct buf evaluation, predictions;
	int perfect; /* every row is predicted as the labels that it was given have it */
};
void scored_release(struct scored *scored);

/*
 * Read predictions (`id` and any of y_true, y_pred, score, score_CLASS, weight, cluster, further columns), join them with
 * pinned labels (NULL: none; evaluation.source project: all of them), else with the split's where there are some (source split:
 * the rows of `part` test, else valid) - missing, doubled and unknown ids are refused with their count, in a note -, else with
 * the file's own y_true (source run), and set in the record: measured, intervals, threshold, evaluation {source, part, rows, matched, missing}, notes. A further numeric column is a score
 * per row: its mean and t interval are measured under its name; others, `group_*` and data.groups are kept as groups.
 * Rows of the valid part beside all of the test part are left out with a note; y_pred and score_CLASS of 0 and 1 stand for the
 * negative and the positive class where the given classes are no numbers; by pinned labels the file's weights do not count; scores that are no probabilities are measured by the
 * metrics of rankings; where y_pred is absent the likelier class is taken (two classes: at 0.5, threshold.chosen half).
 * Scores that are no probabilities and that no y_pred cuts have no matrix, no report and no threshold. Where there is a column
 * `cluster`, intervals go by clusters.
 * What cannot be scored is a note, never an error: the run stands. ERR_NOMEM, ERR_MACHINE alone are errors. At most 64 bytes a
 * row beyond the file's own size.
 */
MUST_CHECK int score(struct scored *out, struct run *run, const char *predictions, const struct split_file *split,
		     const struct labels *labels, const struct project *project, unsigned threads, struct error *err);

#endif
