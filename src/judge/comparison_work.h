/* Pieces of an entry of `comparison` that single and repeated runs have in common. Private to judge/. */
#ifndef ASSAY_JUDGE_COMPARISON_WORK_H
#define ASSAY_JUDGE_COMPARISON_WORK_H

#include "judge/judge.h"

/* What is to be judged, and in which of the two families. */
struct judged {
	const struct metric **metric; /* [n], owned */
	size_t *family; /* [n], owned: how many comparisons share the error */
	size_t n;
};

/* The metrics of the table that both have measured and that have a test. Released by judged_release() also after an error. */
MUST_CHECK int judged_choose(struct judged *out, const struct run *run, const struct run *base,
			     const struct declared_metric *declared, size_t n_declared, size_t points,
			     struct error *err);
void judged_release(struct judged *judged);

/* ERR_INPUT: the two were not predicted over the same classes, with the same positive one, or have no labels. */
MUST_CHECK int judge_same_classes(const struct stored_predictions *a, const struct stored_predictions *b,
				  struct error *err);

int metric_is_declared(const struct declared_metric *declared, size_t n, const char *name);

/* The margin that counts for a metric of this run; NaN: none. */
double margin_of(const struct experiment *experiment, const struct run *run, const char *metric);

int judge_has_measured(const struct run *run, const char *metric);

/*
 * A new entry: who is compared with whom (run: NULL where the record is the run's own, role: NULL where there is none), at which
 * scope, on how many rows. *out is the caller's.
 */
struct comparison_head {
	const char *run, *against, *role, *scope;
	size_t rows, of_rows;
};
MUST_CHECK int comparison_open(json_t **out, const struct comparison_head *head, struct error *err);

/* Rows that the run was measured on, as its record says; `rows` where it does not. */
size_t comparison_of_rows(const struct run *run, size_t rows);

/*
 * What an entry says of the rows: clusters where there are some; of labels (rows is NULL where a side has none) how many stand
 * outside the largest class, which are fixed and broken where both sides say what they predict, and whether rankings agree.
 */
MUST_CHECK int comparison_rows(json_t *entry, const struct paired_rows *rows, const struct predictions *run,
			       const struct predictions *base, struct error *err);

struct comparison_metric { /* what an entry says of a metric beside its figures */
	const char *name;
	int lower; /* lower is better */
	int known; /* it is in the table of metrics; else the entry says its direction */
	int declared;
	double margin; /* NaN: none counts */
};

/* Add a metric's entry to the object `metrics`: figures and verdict. */
MUST_CHECK int comparison_put(json_t *all, const struct comparison_metric *metric, const struct paired *paired,
			      struct error *err);

/* The same for a metric of the table, which is paired->metric. */
MUST_CHECK int comparison_metric(json_t *all, const struct paired *paired, int declared, double margin,
				 struct error *err);

#endif
