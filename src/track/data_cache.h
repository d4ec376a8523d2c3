/*
 * The hashes of data files that were read before, in assay_dir/cache/data: a line a file, checked by a sum of its own, the
 * latest last. Derived: what is lost or damaged is computed again. Private to track/.
 */
#ifndef ASSAY_TRACK_DATA_CACHE_H
#define ASSAY_TRACK_DATA_CACHE_H

#include "store/store.h"
#include "track/data_read.h"

#define DATA_CACHE_FILES 8192 /* at most that many are remembered */

struct data_cache;

/* Read it; a file that is not there or not readable gives an empty one. ERR_NOMEM alone. */
MUST_CHECK int data_cache_open(struct data_cache **out, const struct store *store, struct error *err);

/* As data_read(), from the cache while device, inode, size, mtime and ctime are those that were read. */
MUST_CHECK int data_cache_read(struct data_content *out, struct data_cache *cache, const char *path, int csv,
			       struct error *err);

/* Write it if something is new, whole or not at all; a disk that refuses costs only time later. Frees it; NULL allowed. */
void data_cache_close(struct data_cache *cache);

#endif
