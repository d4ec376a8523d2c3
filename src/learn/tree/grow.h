/*
 * Growing one classification tree to the end: gini, a few features drawn at each split, bootstrap weights.
 *
 * A row is one record that moves: its bytes and, at the end, its weight and class, so that every read is sequential. A split
 * writes each record to both ends of the other buffer and keeps the right one by what it advances. Rows too wide for that
 * stay where they are and their numbers move instead.
 *
 * Every tree has a random stream of its own, named by the forest's seed and its number, and is grown by one thread.
 */
#ifndef ASSAY_LEARN_TREE_GROW_H
#define ASSAY_LEARN_TREE_GROW_H

#include "learn/tree/bins.h"
#include "learn/tree/tree.h"

#define GROW_NARROW 124 /* columns up to which records move */

/* What all trees share; made once, only read. */
struct grow_rows {
	const struct bins *bins;
	size_t n;
	int classes;
	size_t tried; /* features drawn at a split */
	size_t stride; /* of a record, a multiple of 16; 0: rows stay */
	uint8_t *byte; /* stride: [n x stride]; else [columns x n], column by column */
	uint16_t *label; /* [n] class codes */
};

/* Lay n rows out for growing: row i is byte[pick[i]] of [.. x columns], its class label[i]. */
MUST_CHECK int grow_rows_make(struct grow_rows **out, const struct bins *bins, const uint8_t *byte,
			      const uint32_t *pick, const uint16_t *label, size_t n, int classes, struct error *err);
void grow_rows_free(struct grow_rows *rows);

struct grower; /* opaque: the memory that one thread needs; trees one after the other */
struct tree_kernels;
MUST_CHECK int grower_new(struct grower **out, const struct grow_rows *rows, const struct tree_kernels *kernels,
			  struct error *err); /* kernels NULL: the fastest that this processor runs */
void grower_free(struct grower *grower);

/* Grow tree number `number` of a forest from n draws with replacement. ERR_NOMEM is the one failure. */
MUST_CHECK int grow_tree(struct tree *out, struct grower *grower, uint64_t seed, uint64_t number, struct error *err);

#endif
