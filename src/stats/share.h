/* A metric that is a share of rows, as counts: of one classifier or of two on the same rows. */
#ifndef ASSAY_STATS_SHARE_H
#define ASSAY_STATS_SHARE_H

#include "stats/metric.h"

struct share {
	double rows; /* that it is a share of */
	double right_a; /* predicted as they are by a */
	double fixed, broken; /* right in a alone, right in b alone */
};

/*
 * Count for a METRIC_PROPORTION; b may be NULL. 0 where it is no plain share of these rows: more than two classes for
 * one of the positive rows, weights that differ among the rows, no rows.
 */
int share_of(struct share *out, const struct metric *metric, const struct predictions *a, const struct predictions *b);

/*
 * Where the rows are of clusters: the counts divided by the design effect, how many times its variance exceeds that of
 * independent rows (Rao and Scott 1992, Biometrics 48:577), which is never taken to be under 1. Without any variance every
 * cluster counts as one row. *df: of the t whose quantiles go with it; of two classifiers the clusters that tell them apart
 * less one. ERR_NOMEM alone.
 */
MUST_CHECK int share_by_cluster(struct share *share, double *df, const struct metric *metric,
				const struct predictions *a, const struct predictions *b, struct error *err);

#endif
