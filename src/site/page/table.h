/* The table of runs: best first, one axis for all rows, the baseline as a line. Used by overview, experiment and runs. */
#ifndef ASSAY_SITE_PAGE_TABLE_H
#define ASSAY_SITE_PAGE_TABLE_H

#include "site/page/model.h"

struct run_table {
	const char *metric;
	int lower;
	const struct seen_run **row; /* borrowed runs, in the order of the rows; the array is the caller's */
	size_t rows;
	const struct seen_run *bar; /* what has to be beaten; NULL: none */
	int names_experiment; /* 1: the second line of a row begins with its experiment */
	int places; /* 1: a column with each run's places, where there are any; the runs are those of one experiment */
	int narrow; /* 1: no column of latency, there is a margin beside the table */
};

/* Order rows: finished runs with the metric best first, then those without it, then failed ones; the earlier of equals. */
void run_table_sort(struct run_table *table);

/*
 * `key`: {metric, title, bar, axis, rows: [...], has_criteria, has_latency, has_places, bracket}: see
 * templates/part/runs.mustache.
 */
MUST_CHECK int run_table_view(struct view *out, const char *key, const struct site_model *model,
			      const struct run_table *table, struct error *err);

/* {text, href} of a commit: href only where the project names its repository on the web; false where hex is "". */
void commit_view(struct view *out, const char *key, const struct site_model *model, const char *hex);

void difference_words(struct buf *out, const struct judged *judged,
		      const char *metric); /* "+0.020 no difference shown" */
void difference_interval(struct buf *out, const struct judged *judged,
			 const char *metric); /* "−0.013 to +0.051, p 0.23" */

/* 1 if both were measured on the same data and split, as far as the records say. */
int same_rows(const struct seen_run *a, const struct seen_run *b);

#endif
