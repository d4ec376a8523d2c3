/* McNemar's test of two paired shares, in the form that keeps its level and is hardly conservative. */
#ifndef ASSAY_STATS_MCNEMAR_H
#define ASSAY_STATS_MCNEMAR_H

/*
 * Two-sided mid-P (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91): the exact conditional
 * p with half of the chance of what was seen. fixed, broken: whole numbers of rows that only one of the two has right;
 * 1 where there are none.
 */
double mcnemar_midp(double fixed, double broken);

#endif
