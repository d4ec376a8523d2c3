/*
 * Rows that are alike (the same label, the same prediction of one or of two classifiers) as cells, and the multinomial
 * bootstrap over them: resampling rows with replacement, without touching a row.
 *
 * A cell that happens to be empty would stay so in every draw, and a difference that rests on a handful of rows would look
 * certain. So half a row is added to both cells of a mirrored pair ((y, a, b) and (y, b, a)), and with one classifier and
 * two classes to every cell; never to one that needs a class which that classifier never predicts.
 */
#ifndef ASSAY_STATS_CELLS_H
#define ASSAY_STATS_CELLS_H

#include "stats/metric.h"

struct cell {
	int y, a, b;            /* b: 0 where there is one classifier */
	size_t rows;
	double extra;           /* 0, or the half row */
	double weight;          /* mean weight of its rows */
};

struct cells {
	struct cell *cell;      /* by rising rows */
	size_t n, cap;
	size_t rows;
	int classes, positive, paired;
};

/* The cells of a, or of a and b (not NULL) that have the same rows. ERR_NOMEM alone. O(rows). */
MUST_CHECK int cells_make(struct cells *out, const struct predictions *a, const struct predictions *b, struct error *err);
void cells_release(struct cells *cells);

/* How many draws of n metrics are worth their time: 10,000, fewer where cells and classes are many. */
size_t cells_draws(const struct cells *cells, size_t n);

/*
 * out [n][draws]: each metric (with from_counts) in each draw; of a - b where the cells are paired, from the same draw.
 * Seed 0; the same bits for any number of threads (0: one per processor). ERR_NOMEM alone.
 */
MUST_CHECK int cells_resample(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
                              const struct cells *cells, unsigned threads, struct error *err);

#endif
