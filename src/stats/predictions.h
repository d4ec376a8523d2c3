/*
 * stats: numbers in, numbers out: metrics, curves, intervals, paired tests. Knows base/ only: nothing of runs, files or
 * git.
 *
 * This file: what a metric is computed from.
 */
#ifndef ASSAY_STATS_PREDICTIONS_H
#define ASSAY_STATS_PREDICTIONS_H

#include <stddef.h>

struct predictions { /* all arrays are the caller's and only read */
	size_t n; /* rows */
	int classes; /* at least 2 */
	int positive; /* two classes: the code of the positive one (0 or 1); else -1 */
	const int *y_true; /* [n] 0 .. classes-1 */
	const int *y_pred; /* [n]; NULL: scores that nobody cut, without metrics of labels */
	const double *score; /* [n x classes], row-major, rows sum to 1; NULL: no scores */
	const double *weight; /* [n] positive; NULL: all 1 */
	/* Rows of one unit (a patient, a document) are not independent: [n] the code of each row's unit, 0 .. clusters-1, every
	 * one with a row. Intervals and tests go by units then. NULL: each row is a unit of its own. */
	const size_t *cluster;
	size_t clusters;
};

/* 1 if score [n x classes] are probabilities: none below 0 or above 1, and each row's sum 1 to three digits. */
int scores_are_probabilities(const double *score, size_t n, int classes);

#endif
