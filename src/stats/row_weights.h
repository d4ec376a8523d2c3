/*
 * Resampling of rows by independent Poisson(1) weights instead of n draws with replacement: for statistics that do not
 * change when all weights are scaled the two bootstraps agree to order 1/n (Hanley and MacGibbon 2006, Computer Methods
 * and Programs in Biomedicine 83:57), and no row number is ever drawn.
 */
#ifndef ASSAY_STATS_ROW_WEIGHTS_H
#define ASSAY_STATS_ROW_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#define ROW_WEIGHT_LANES 16 /* draws that are made and evaluated side by side */

/* How many draws are worth their time: 2,000, fewer (500 at the least) where rows x rankings are above 100,000. */
size_t row_draws(size_t n, int classes);

/*
 * weight [n][ROW_WEIGHT_LANES]: how often each row is in each draw of block number `block`, seed 0, times own [n]
 * (NULL: 1). The same draws for every n and every machine: 0 to 6 times (beyond that a chance of 2^-16 is rounded
 * away).
 */
void row_weights(float *weight, const double *own, size_t n, size_t block);

#endif
