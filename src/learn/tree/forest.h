/* A random forest (Breiman 2001, Machine Learning 45:5-32) on binned columns. */
#ifndef ASSAY_LEARN_TREE_FOREST_H
#define ASSAY_LEARN_TREE_FOREST_H

#include "learn/tree/grow.h"
#include "base/progress.h"

struct forest; /* opaque: forest_fit() makes one, forest_free() ends it */

struct forest_options {
	size_t trees;
	uint64_t seed;
	unsigned threads; /* 0: one per processor; never changes the result */
	struct progress *progress;
	const struct tree_kernels *kernels; /* NULL: the fastest that this processor runs; never changes the result */
};

/* Grow the trees, one thread a tree. ERR_NOMEM is the one failure. O(trees * n * sqrt(features) * depth) time. */
MUST_CHECK int forest_fit(struct forest **out, const struct grow_rows *rows, const struct forest_options *options,
			  struct error *err);
void forest_free(struct forest *forest);

/*
 * probability [n x classes]: the mean over trees of the class shares in the leaves of the rows byte [n x columns]. Rows of a
 * block fall through a tree together. ERR_NOMEM is the one failure.
 */
MUST_CHECK int forest_predict(double *probability, const struct forest *forest, const uint8_t *byte, size_t columns,
			      size_t n, unsigned threads, struct error *err);

#endif
