/* Rows in the order of a 64-bit key. */
#ifndef ASSAY_STATS_ORDER_H
#define ASSAY_STATS_ORDER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * row [n] becomes the indices 0 .. n-1 by rising key, equal keys in their order (radix sort, 11 bits a pass, passes in
 * which all keys agree left out). key is only read. n < 2^32. ERR_NOMEM alone.
 */
MUST_CHECK int order_by_key(uint32_t *row, const uint64_t *key, size_t n, struct error *err);

#endif
