/* Two sets of predictions that are on no record, judged as a run is against its baseline. */
#ifndef ASSAY_JUDGE_ROWS_H
#define ASSAY_JUDGE_ROWS_H

#include "judge/judge.h"

struct judge_rows_metric {
	const char *name;
	const struct metric
		*metric; /* NULL: a score for each row, which the table does not have; behind all that it has */
	int lower; /* of such: lower is better */
	double margin; /* NaN: none */
};

struct judge_rows {
	const char *run, *against; /* what the two are called */
	const struct judge_rows_metric *metric; /* [n] */
	size_t n, of_table; /* metrics in all, and of the table */
	const double *const *run_value, *const *base_value; /* [n - of_table][rows] of the others, NaN: none */
	size_t family; /* comparisons that share the error */
	unsigned threads;
};

/*
 * {run, against, scope: model, rows, of_rows, fixed, broken, same_ranking, metrics} with metrics as in `comparison` of a
 * record; those alone that are defined for both. run and base: the same rows in the same order, with the same labels
 * (y_true NULL: none, and no metric of the table), weights and clusters (an assert). paired [n]: what the entry does not hold, the notes of what is not compared or too few. *out is the
 * caller's.
 */
MUST_CHECK int judge_rows(json_t **out, struct paired *paired, const struct judge_rows *what,
			  const struct predictions *run, const struct predictions *base, struct error *err);

#endif
