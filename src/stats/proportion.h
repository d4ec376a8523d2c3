/* Intervals of shares of rows, one and paired. */
#ifndef ASSAY_STATS_PROPORTION_H
#define ASSAY_STATS_PROPORTION_H

/* Wilson's score interval (1927, JASA 22:209) of `hits` of `rows`, z the quantile of the normal distribution. */
void wilson_interval(double *low, double *high, double hits, double rows, double z);

/*
 * Tango's score interval (1998, Statistics in Medicine 17:891) of the difference of two paired shares: (fixed - broken)
 * / rows, where `fixed` rows are right in the first alone and `broken` in the second alone. It excludes 0 exactly where
 * McNemar's statistic exceeds z.
 */
void tango_interval(double *low, double *high, double fixed, double broken, double rows, double z);

#endif
