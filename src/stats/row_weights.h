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
 * weight [n][ROW_WEIGHT_LANES]: how often each unit (row or cluster) is in each draw of block number `block`, seed 0. The same
 * draws for every n and every machine: 0 to 6 times (beyond that a chance of 2^-16 is rounded away).
 */
void row_weights(unsigned char *weight, size_t n, size_t block);

/*
 * The same draws a piece at a time, for more rows than weights of all of them have room: row_stream_init(), then the weights
 * of the next ROW_STREAM_ROWS rows by each row_stream_next().
 */
#define ROW_STREAM_ROWS 64
struct row_stream {
	uint64_t state[4][4];
};
void row_stream_init(struct row_stream *stream, size_t block);
void row_stream_next(unsigned char *weight, struct row_stream *stream); /* [ROW_STREAM_ROWS][ROW_WEIGHT_LANES] */

#endif
