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

#endif
