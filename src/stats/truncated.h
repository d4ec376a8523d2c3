/* A normal figure that was seen because it lay between bounds. */
#ifndef ASSAY_STATS_TRUNCATED_H
#define ASSAY_STATS_TRUNCATED_H

/*
 * Two-sided interval of 95 % for the mean of a normal figure x with standard error se > 0 that was looked at because it lay
 * between low and high (-HUGE_VAL, HUGE_VAL: no bound), low <= x <= high: the hybrid interval of Andrews, Kitagawa and McCloskey
 * (2024, Quarterly Journal of Economics 139:305, section 4), of the means inside x +- c se, where c holds all of `among` figures
 * at once with 99.5 % (Bonferroni), those for which x is neither among the lowest 2.26 % nor the highest, given the bounds.
 */
void truncated_interval(double *interval_low, double *interval_high, double x, double se, double low, double high,
			double among);

#endif
