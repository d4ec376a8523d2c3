/* Predictions of several runs on the rows that all of them have, in one order. Private to judge/. */
#ifndef ASSAY_JUDGE_MATCHED_H
#define ASSAY_JUDGE_MATCHED_H

#include "record/evaluation.h"

struct matched {
	const struct stored_predictions **stored; /* [n] borrowed */
	struct predictions_view *view; /* [n] */
	const struct predictions **p; /* [n] the views */
	size_t n;
	size_t **row; /* [n] of each set its rows in the order of the first set's, [rows] */
	size_t rows;
};

/*
 * The sets a [n_a], then b [n_b], matched by id; weights and clusters are those of the first that has
 * some, and y_pred or score is NULL in all views where a set has none. To be released also after an error.
 * ERR_INPUT: other classes, true labels that disagree, or no row that all have. O(sets x rows).
 */
MUST_CHECK int matched_make(struct matched *out, const struct stored_predictions *const *a, size_t n_a,
			    const struct stored_predictions *const *b, size_t n_b, struct error *err);
void matched_release(struct matched *matched);

#endif
