/* What the paired tests share. Private to stats/paired*.c. */
#ifndef ASSAY_STATS_PAIRED_WORK_H
#define ASSAY_STATS_PAIRED_WORK_H

#include "stats/bounds.h"
#include "stats/paired.h"
#include "stats/rows.h"

void paired_set_bounds(struct paired *out, const struct bounds *bounds);

/* Intervals and p by the difference and its standard error, both set; df: of t, HUGE_VAL for the normal law. */
void paired_by_quantiles(struct paired *out, double df);

/* No difference is beyond +- most: nor are its intervals. */
void paired_confine(struct paired *out, double most);

/* All by t on a mean of differences; not defined where one unit alone has no spread. */
void paired_by_mean(struct paired *out, const struct rows_mean *mean);

/* What follows from the rest: the detectable difference, and that all of the standard error is the rows'. */
void paired_finish(struct paired *out);

#endif
