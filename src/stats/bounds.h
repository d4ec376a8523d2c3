/* The three intervals that every paired test gives, by their levels and by quantiles of a distribution. */
#ifndef ASSAY_STATS_BOUNDS_H
#define ASSAY_STATS_BOUNDS_H

#include <stddef.h>

enum { BOUND_PLAIN, BOUND_CORRECTED, BOUND_TOST, BOUNDS };

struct bounds {
	double low[BOUNDS], high[BOUNDS];
};

/* Two-sided levels of the intervals: 0.05, 0.05 / family, 0.1 / family (two one-sided tests, Schuirmann 1987). */
void bounds_levels(double alpha[BOUNDS], double family);

/* difference +- quantile x se, and the two-sided p that goes with it; df: of t, HUGE_VAL for the normal law. */
void bounds_by_quantiles(struct bounds *out, double *p, double difference, double se, double df, double family);

/* A standard error of parts that are known differently well: from many rows, from a few seeds. */
struct bounds_part {
	double variance, df; /* df: of t, HUGE_VAL for the normal law */
};

/*
 * The half-width at the two-sided level alpha: sqrt(sum of quantile^2 x variance), each part's quantile by its own df
 * (Banerjee 1961, Sankhya A 23:359: never under its level). Of one part it is quantile x se.
 */
double bounds_half(const struct bounds_part *part, size_t n, double alpha);

/* difference +- bounds_half(), and the two-sided p that goes with it: the level whose half-width is |difference|. */
void bounds_by_parts(struct bounds *out, double *p, double difference, const struct bounds_part *part, size_t n,
		     double family);

#endif
