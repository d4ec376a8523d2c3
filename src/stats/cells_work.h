/* Cells as their makers and the two ways of resampling them share them. Private to stats/cells*.c. */
#ifndef ASSAY_STATS_CELLS_WORK_H
#define ASSAY_STATS_CELLS_WORK_H

#include "stats/cells.h"

#include <stdint.h>

struct cell {
	int y, a, b; /* b: 0 where there is one classifier */
	size_t rows; /* of clusters: how many have such rows */
	double extra; /* 0, or the half row (cluster) */
	double weight; /* mean weight of its rows (of what a cluster that has such rows has of them) */
};

struct cells {
	struct cell *cell;
	size_t n, cap;
	size_t rows;
	int classes, positive, paired;
};

struct part { /* what one cluster has in one cell */
	uint32_t cell;
	float weight;
};

struct clusters {
	struct cells cells;
	struct part *part; /* cluster by cluster */
	uint32_t *end; /* [n] one past the last part of each cluster */
	size_t parts, n;
};

/* Cells of rows, with their half rows, by rising number of rows. cells_release() ends them, also after an error. */
MUST_CHECK int cells_make(struct cells *out, const struct predictions *a, const struct predictions *b,
			  struct error *err);
void cells_release(struct cells *cells);

/* The same of clusters; a has some. */
MUST_CHECK int clusters_make(struct clusters *out, const struct predictions *a, const struct predictions *b,
			     struct error *err);
void clusters_release(struct clusters *clusters);

/* Each metric in each draw of clusters, out [n][draws]: cells_clusters.c. */
size_t clusters_draws(const struct clusters *clusters, size_t n);
MUST_CHECK int clusters_resample(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
				 const struct clusters *clusters, unsigned threads, struct error *err);

#endif
