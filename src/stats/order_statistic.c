#include "stats/order_statistic.h"

#include "base/mem.h"

#include <math.h>
#include <stdint.h>

#define BUCKETS 1024

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void sort_values(double *value, size_t n)
{
	qsort(value, n, sizeof(*value), by_value);
}

static void range(double *low, double *high, const double *value, size_t n)
{
	*low = *high = value[0];
	for (size_t i = 1; i < n; i++) {
		*low = fmin(*low, value[i]);
		*high = fmax(*high, value[i]);
	}
}

/* The value at `place` within bucket number `wanted`; kept [n] is scratch. */
static double within(const double *value, const uint16_t *bucket, size_t n, size_t wanted, size_t place, double *kept)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (bucket[i] == wanted)
			kept[found++] = value[i];
	sort_values(kept, found);
	return kept[place];
}

int order_statistics(double *out, const size_t *rank, size_t ranks, const double *value, size_t n, struct error *err)
{
	size_t count[BUCKETS] = {0};
	uint16_t *bucket = mem_array(n, sizeof(*bucket));
	double *kept = mem_array(n, sizeof(*kept)), low, high, scale;
	int rc = 0;

	if (!bucket || !kept) {
		rc = error_nomem(err);
		goto out;
	}
	range(&low, &high, value, n);
	scale = high > low ? (BUCKETS - 1) / (high - low) : 0;
	for (size_t i = 0; i < n; i++) {
		bucket[i] = (uint16_t)((value[i] - low) * scale);
		count[bucket[i]]++;
	}
	for (size_t r = 0; r < ranks; r++) {
		size_t b = 0, before = 0;

		while (before + count[b] <= rank[r])
			before += count[b++];
		out[r] = low == high ? low : within(value, bucket, n, b, rank[r] - before, kept);
	}
out:
	free(bucket);
	free(kept);
	return rc;
}
