/* Scores per row that no table of metrics knows (exact_match, judge): what both runs have measured of them. Private to judge/. */
#ifndef ASSAY_JUDGE_COMPARISON_FURTHER_H
#define ASSAY_JUDGE_COMPARISON_FURTHER_H

#include "judge/comparison_work.h"

struct further_judged {
	const char *name; /* borrowed from the run's predictions */
	const double *run, *base; /* a value for each stored row */
	int declared, lower; /* lower: lower is better */
	size_t family;
};

struct further_list {
	struct further_judged *item; /* [n], owned */
	size_t n;
};

/*
 * Choose the columns that both sides have stored and measured and that `judged` does not have already; the sizes of the families
 * of both are set anew, since they share the error. Directions are those declared, else of the table of metrics, else higher.
 * Released by further_list_release() also after an error.
 */
MUST_CHECK int further_choose(struct further_list *out, struct judged *judged, const struct judge_side *run,
			      const struct judge_side *base, const struct declared_metric *declared, size_t n_declared,
			      size_t points, struct error *err);
void further_list_release(struct further_list *list);

/* Judge one and add it to the object `metrics`, with its direction. rows: the pairs, run_row and base_row [rows->n] where they are stored. */
MUST_CHECK int further_compare(json_t *all, const struct further_judged *further, const struct predictions *rows,
			       const size_t *run_row, const size_t *base_row, double margin, struct error *err);

#endif
