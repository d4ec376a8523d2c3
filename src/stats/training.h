/*
 * How much a difference of two recipes moves with the rows they were trained on, from shared random splits. The
 * corrected resampled t covers what test rows do; where training moves a figure to first order (the place of a cut,
 * and with it recall and f1) it covers a tenth of it, as training parts overlap by far more than test parts.
 */
#ifndef ASSAY_STATS_TRAINING_H
#define ASSAY_STATS_TRAINING_H

#include "stats/metric.h"

struct training_split {
	const struct predictions *a, *b; /* on the test rows of this split, in the same order */
	const size_t *row; /* [n] which row of the data each is: 0 .. rows - 1, none twice */
};

struct training { /* of one metric, a's less b's */
	/* variance over splits of what training does; 0 for none, less by chance. NaN: no two splits share rows */
	double spread;
	double spread_se; /* how well it is known: leaving out one split at a time */
	double rows; /* variance of one split's difference over test rows within classes, mean over splits */
};

/*
 * out [n]. The spread is had from rows that the test parts of two splits share: there the difference of the two
 * splits' differences owes nothing to which rows were drawn. Half of its mean square over all pairs, less what single
 * rows contribute that came out differently (their influences, stats/influence.h; by cluster where there are some).
 *
 * ERR_NOMEM alone. O(splits^2 x shared rows + splits x rows of one).
 */
MUST_CHECK int training_measure(struct training *out, const struct metric *const *metric, size_t n,
				const struct training_split *split, size_t splits, size_t rows, struct error *err);

/*
 * What is to be added to the variance of the mean over splits, s2 x (1/splits + test/train) (Nadeau and Bengio 2003),
 * of which s2 is the variance over splits. With q the share of test rows, V = rows, T = spread / q the variance of a
 * training part's effect: the mean over fresh data has q V + (1 - q) T + 2 C, C the covariance of what a row does when
 * it tests and when it trains; s2 estimates (1 - q) V + q T - 2 C, so that spread x (1 - 2q) / (q (1 - q)) and 2 C /
 * (1 - q) are missing. 2 C is the difference of (1 - q) V + spread and s2, between 0 and what a correlation of 1
 * gives. The spread is taken half a standard error higher: from ten splits it is often 0 by chance (simulated: false
 * winners 4.2 % for recall where it is largest, 6.2 without, 20 by the resampled t alone). 0 where the spread is not
 * known.
 */
double training_missing(const struct training *training, double s2, double test_to_train);

#endif
