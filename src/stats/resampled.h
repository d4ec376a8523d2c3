/* What many resampled values say: percentile intervals, and their p values read the same way. */
#ifndef ASSAY_STATS_RESAMPLED_H
#define ASSAY_STATS_RESAMPLED_H

#include "base/error.h"
#include "stats/bounds.h"

#include <stddef.h>

/* The percentile interval (Efron 1979) of value [n] at `level`. ERR_NOMEM alone. O(n). */
MUST_CHECK int resampled_interval(double *low, double *high, const double *value, size_t n, double level,
				  struct error *err);

/*
 * The level whose percentiles have the width that `level` asks for where the statistic rests on so many independent units:
 * percentiles are too narrow for few of them, by as much as a normal quantile is short of t's (Hesterberg 2015, The American
 * Statistician 69:371, expanded percentile interval).
 */
double resampled_level(double level, double units);

struct resampled {
	double se;
	struct bounds bounds;
	double p, p_floor; /* two-sided; the least that n draws can say, 0 beyond their resolution */
	int beyond; /* 1: fewer than ten draws would lie in a tail at the family's level */
};

/*
 * A difference judged by its resamplings value [n]: percentiles, p twice the smaller share on either side of 0, so that
 * p <= 0.05 / family exactly where the corrected interval excludes 0. Beyond the draws' resolution all of it by
 * difference +- quantile x standard error instead.
 *
 * rows: how many independent units the statistic rests on, HUGE_VAL for enough: levels are those of resampled_level().
 *
 * ERR_NOMEM alone. O(n).
 */
MUST_CHECK int resampled_difference(struct resampled *out, double difference, const double *value, size_t n,
				    double rows, double family, struct error *err);

#endif
