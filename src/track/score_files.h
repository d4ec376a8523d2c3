/* Files of predictions that no run has brought, joined with labels row by row: what `assay compare a.csv b.csv` judges. */
#ifndef ASSAY_TRACK_SCORE_FILES_H
#define ASSAY_TRACK_SCORE_FILES_H

#include "record/run.h"
#include "stats/metric.h"
#include "track/labels.h"

struct score_files_wanted { /* all borrowed */
	char *const *path; /* [n] of predictions, the one to compare with first */
	size_t n; /* at least 2 */
	const char *labels; /* file; NULL: the y_true of the first */
	const char *id, *target; /* columns; NULL: `id`; y_true, else the labels' other column */
	const char *positive; /* class; NULL: as labels_read() has it */
	const char *const
		*column; /* [columns] of numbers, a score for each row, that are wanted beside the table's metrics */
	size_t columns;
	int columns_only; /* no labels are asked for: the rows are those of the first file */
};

struct scored_file {
	const char *path; /* borrowed */
	char sha256[SHA256_HEX];
	struct predictions p; /* all rows of the labels, in their order: the same rows for all files */
	int probabilities; /* the scores are: 0 also where there are none */
	struct run run; /* measured: metric -> value; notes: what a reader should know */
	int *y_pred; /* behind p; the weights of the first file are those of all */
	double *score, *weight;
	double **value; /* [columns wanted][p.n], NaN: none */
	size_t *cluster; /* those of the first file that names some are all files' */
};

struct scored_files {
	struct scored_file *file; /* [n] */
	size_t n, columns;
	int *y_true; /* of all */
	struct labels labels;
};
void scored_files_release(struct scored_files *files);

/*
 * Read, join and measure, without intervals, every metric of the table that has a meaning for the file, and the means of the
 * columns wanted. p.y_true is NULL with columns_only. No repository is asked.
 * ERR_INPUT with the file's name: what cannot be read, rows missing, doubled or unknown (with their number), labels that none of
 * the classes has, scores that are no finite numbers, true labels, weights or clusters that differ from the first file's. About 64 bytes a
 * row of each file beside the text of one.
 */
MUST_CHECK int score_files(struct scored_files *out, const struct score_files_wanted *wanted, struct error *err);

#endif
