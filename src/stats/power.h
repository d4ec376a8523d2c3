/*
 * What would decide: how much more has to be measured so that a difference of a stated margin would be seen with power
 * 0.8, and one of nothing be shown to lie within it. From margin and standard error alone, never from the difference
 * that was observed (Hoenig and Heisey 2001, The American Statistician 55:19).
 */
#ifndef ASSAY_STATS_POWER_H
#define ASSAY_STATS_POWER_H

#include <stddef.h>

struct power_design {
	double rows_variance,
		rows_df; /* the part that more test rows make smaller: with their number; HUGE_VAL: normal */
	double repeats_variance, repeats_df; /* the part that more seeds or splits do; 0: none */
	/* what no number of splits takes away; more data make this part and the repeats' smaller. 0 elsewhere */
	double floor_variance;
	size_t rows; /* test rows (units) it was measured on */
	size_t repeats; /* seeds a side, or splits; 0: one run a side */
	double family; /* comparisons that share the error */
};

#define POWER_NEVER ((size_t)-1) /* no number of these alone is enough (or more than a billion) */

struct power_need { /* in addition to those there are; 0: there are enough */
	size_t rows; /* with the repetitions there are */
	size_t repeats; /* with the rows there are; POWER_NEVER also where nothing is repeated */
};

/* margin > 0. At 0.05 / family for a difference, twice 0.05 / family one-sided for equivalence; power 0.8 for both. */
struct power_need power_needed(const struct power_design *design, double margin);

/* The least difference seen with power 0.8 at 0.05 / family. */
double power_detectable(const struct power_design *design);

#endif
