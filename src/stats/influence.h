/*
 * What each row contributes to a metric: the first-order change of the value when the row's weight changes (Hampel
 * 1974, JASA 69:383; the infinitesimal jackknife). One thing for all metrics computed from predictions, so that
 * variances, clusters and means over seeds are sums of rows.
 */
#ifndef ASSAY_STATS_INFLUENCE_H
#define ASSAY_STATS_INFLUENCE_H

#include "stats/metric.h"

/*
 * out [n]: the sum of the squares estimates the variance of the metric's value over test rows, the sum of products of
 * two classifiers' influences on the same rows their covariance; within clusters rows are summed first. They sum to 0
 * (roc_auc: but for the small-sample factors of DeLong's variance). value, if not NULL: the metric itself.
 *
 * Functions of counts: the derivative by each cell of the confusion matrix; roc_auc: DeLong's placements
 * (stats/area.h); average_precision: derived here, equal scores one step; means over rows: the centred loss.
 *
 * ERR_INPUT if the metric is not defined for these predictions (as its compute()), METRIC_TIMING always; ERR_NOMEM.
 * O(n log n); functions of counts O(n + classes^2 x occupied cells).
 */
MUST_CHECK int metric_influence(double *out, double *value, const struct metric *metric, const struct predictions *p,
				struct error *err);

#endif
