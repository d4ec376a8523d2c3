/* Order statistics of many values without sorting them all. */
#ifndef ASSAY_STATS_ORDER_STATISTIC_H
#define ASSAY_STATS_ORDER_STATISTIC_H

#include "base/error.h"

#include <stddef.h>

/* out[i] = the value that stands at place rank[i] (0 .. n-1) when value [n] is sorted. value is only read. O(n). */
MUST_CHECK int order_statistics(double *out, const size_t *rank, size_t ranks, const double *value, size_t n,
				struct error *err);

/* Sorts in place. */
void sort_values(double *value, size_t n);

#endif
