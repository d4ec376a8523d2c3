/* Inside track/series*.c: what is kept of a metric. */
#ifndef ASSAY_TRACK_SERIES_INSIDE_H
#define ASSAY_TRACK_SERIES_INSIDE_H

#include "track/series.h"

#include <stdint.h>

struct point {
	uint64_t order; /* the how-manyeth of its metric, from 0; NO_POINT: there is none */
	double step, time, value;
};
#define NO_POINT UINT64_MAX

struct stretch {
	struct point least, greatest, nan;
};

struct metric_series {
	char *name;
	size_t len;
	uint64_t hash;
	uint64_t count;
	struct point first, last, best;
	int lower;
	size_t stamp;
	struct stretch *stretch;
	size_t n, cap;
	uint64_t width; /* points in each stretch but the last */
	uint64_t in_last; /* points in the last one */
};

struct series {
	struct metric_series *metric;
	size_t n, cap;
	size_t *slot; /* [slots] hash table: number of the metric + 1, 0 free */
	size_t slots; /* a power of two */
	size_t total; /* stretches of all */
	size_t limit; /* stretches of one metric at most; a power of two */
};

/* Take `from` into `into`, which comes before it. */
void stretch_join(struct stretch *into, const struct stretch *from);

#endif
