/* Where to cut the scores of two classes: the cut that is best on scores of rows the model was not trained on. */
#ifndef ASSAY_LEARN_THRESHOLD_H
#define ASSAY_LEARN_THRESHOLD_H

#include "stats/metric.h"

#define THRESHOLD_CANDIDATES 1000

/*
 * The cut with the best mean over folds of the metric, in the spirit of scikit-learn's TunedThresholdClassifierCV.
 *
 * Candidates are the midpoints of neighbours among the distinct scores of all folds, at most 1,000 of them, evenly spaced in
 * rank. Each fold is scored by itself at every candidate (a row is predicted positive when its score >= the cut), the folds count
 * alike, and the lowest of equally good candidates is taken. With one distinct score only there is nothing to choose: 0.5.
 *
 * score [n]       of the positive class
 * is_positive [n] 1 or 0
 * fold [n]        0 .. folds-1
 * positive        the code of the positive class, 0 or 1, as metric->from_counts() wants it
 *
 * ERR_NOMEM is the one failure. O(n log n).
 */
MUST_CHECK int threshold_choose(double *threshold, const struct metric *metric, const double *score,
				const int *is_positive, const int *fold, size_t n, int folds, int positive,
				struct error *err);

#endif
