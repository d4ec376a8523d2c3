/* Private to the growing of trees: the state of one grower, the node at hand, and how features are drawn for it. */
#ifndef ASSAY_LEARN_TREE_NODE_H
#define ASSAY_LEARN_TREE_NODE_H

#include "learn/tree/grow.h"
#include "learn/tree/kernels.h"
#include "base/random.h"

#include <string.h>

#define PENDING 64 /* the larger child waits, so that no more than log2(rows) do */
#define BATCH 6 /* columns counted in one pass over the rows */

struct pending {
	uint32_t begin, end; /* in buffer `side` */
	uint32_t node;
	uint32_t side;
	uint64_t path; /* names the random stream */
};

struct split {
	double gain; /* below 0: none */
	uint32_t column;
	uint8_t from, span;
};

struct grower {
	const struct grow_rows *rows;
	const struct tree_kernels *kernels;
	uint8_t *weight; /* [n] times that a row was drawn */
	uint8_t *record[2]; /* narrow: [n x stride] */
	uint32_t *row[2]; /* wide: [n] */
	uint32_t *packed; /* wide: [n] weight and class */
	uint32_t *histogram; /* [BINS x classes], at least [BATCH x BINS] */
	uint32_t *order; /* [features] a permutation, the identity between nodes */
	uint32_t *swapped; /* [features] what undoes it */
	uint32_t *waiting; /* [PENDING x classes] class weights of the pending nodes */
	uint32_t *total, *left, *best_left; /* [classes] of the node being split */
	struct small_block *block; /* two classes, narrow */
	struct tree tree;
	size_t nodes_cap, shares_cap;
};

/* Features of a node in the order in which they are drawn, without replacement: a shuffle that is undone afterwards. */
struct draw {
	uint64_t stream;
	size_t n;
};

static inline const struct bin_feature *draw_next(struct draw *draw, struct grower *g)
{
	size_t left = g->rows->bins->features - draw->n;
	size_t pick = draw->n + (size_t)((splitmix64(&draw->stream) >> 32) * left >> 32);
	uint32_t chosen = g->order[pick];

	g->order[pick] = g->order[draw->n];
	g->order[draw->n] = chosen;
	g->swapped[draw->n++] = (uint32_t)pick;
	return &g->rows->bins->feature[chosen];
}

static inline void draw_end(struct draw *draw, struct grower *g)
{
	while (draw->n--) {
		uint32_t kept = g->order[draw->n];

		g->order[draw->n] = g->order[g->swapped[draw->n]];
		g->order[g->swapped[draw->n]] = kept;
	}
}

/* Whether to go on: until enough were tried and one of them varies here, as scikit-learn counts. */
static inline int draw_more(const struct draw *draw, const struct grower *g, size_t varying)
{
	return draw->n < g->rows->bins->features && (draw->n < g->rows->tried || !varying);
}

static inline uint64_t child_path(uint64_t path, uint64_t side)
{
	uint64_t x = path ^ (side + 1) * 0xd6e8feb86659fd93U;

	return splitmix64(&x);
}

static inline uint32_t load32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Room for n more nodes at the end of the tree; they are not set. */
MUST_CHECK int node_add(struct grower *g, size_t n, struct error *err);

/* Node `at` is a leaf with the class weights `total`; `pure` is the class if there is one only, else -1. */
MUST_CHECK int node_leaf(struct grower *g, uint32_t at, const uint32_t *total, int pure, struct error *err);

/* Node `at` splits; its children are child and child + 1. */
static inline void node_split(struct grower *g, uint32_t at, uint32_t child, const struct split *split)
{
	g->tree.node[at] = (struct tree_node){
		.child = child, .column = (uint16_t)split->column, .from = split->from, .span = split->span};
	g->tree.leaf[at] = 0;
}

/* The best split of the rows of a node with class weights g->total; sets g->best_left. */
struct split general_split(struct grower *g, const struct pending *node); /* any classes, any layout */
struct split two_class_split(struct grower *g, const struct pending *node); /* two classes, moving records */

/* Grow all that is below a node of at most SMALL_ROWS records and a weight of at most SMALL_WEIGHT (two classes). */
MUST_CHECK int small_grow(struct grower *g, const struct pending *node, struct error *err);

#endif
