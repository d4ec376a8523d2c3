/* The three intervals that every paired test gives, by their levels and by quantiles of a distribution. */
#ifndef ASSAY_STATS_BOUNDS_H
#define ASSAY_STATS_BOUNDS_H

enum { BOUND_PLAIN, BOUND_CORRECTED, BOUND_TOST, BOUNDS };

struct bounds {
	double low[BOUNDS], high[BOUNDS];
};

/* Two-sided levels of the intervals: 0.05, 0.05 / family, 0.1 / family (two one-sided tests, Schuirmann 1987). */
void bounds_levels(double alpha[BOUNDS], double family);

/* difference +- quantile x se, and the two-sided p that goes with it; df: of t, HUGE_VAL for the normal law. */
void bounds_by_quantiles(struct bounds *out, double *p, double difference, double se, double df, double family);

#endif
