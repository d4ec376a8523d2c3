/*
 * Rows that are alike (the same label, the same prediction of one or of two classifiers) as cells, and the multinomial
 * bootstrap over them: resampling rows with replacement, without touching a row.
 *
 * A cell that happens to be empty would stay so in every draw, and a difference that rests on a handful of rows would
 * look certain. So half a row is added to both cells of a mirrored pair ((y, a, b) and (y, b, a)), and with one
 * classifier and two classes to every cell; never to one that needs a class which that classifier never predicts. With
 * more than two classes the halves are scaled to two rows in all.
 *
 * Where rows are of clusters, the clusters are drawn, each with all that it has in every cell; the half row is then half a
 * cluster with as much in that cell as those have that have any.
 */
#ifndef ASSAY_STATS_CELLS_H
#define ASSAY_STATS_CELLS_H

#include "stats/metric.h"

/*
 * Each of the n metrics (with from_counts) in each draw: of a, or of a - b from the same draw where b is not NULL and
 * has the same rows and clusters. 10,000 draws, fewer where classes are so many that it would take seconds; seed 0; the same bits
 * for any number of threads (0: one per processor).
 *
 * out    [n][*draws], the caller's to free(); untouched unless 0 is returned
 *
 * ERR_NOMEM alone. O(rows + draws x (cells + n x classes^2)).
 */
MUST_CHECK int cells_bootstrap(double **out, size_t *draws, const struct metric *const *metric, size_t n,
			       const struct predictions *a, const struct predictions *b, unsigned threads,
			       struct error *err);

#endif
