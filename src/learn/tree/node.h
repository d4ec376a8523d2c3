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
	uint32_t *histogram; /* [BATCH x BINS] */
	uint32_t *counts; /* [BATCH x BINS x classes], all 0 between nodes */
	uint32_t *slot_sums; /* [CLASS_SLOTS x classes] */
	bin_feature *order; /* [features] a permutation, the identity when a tree begins */
	uint32_t heaviest; /* the largest weight of a row */
	uint64_t stream; /* random numbers of this tree */
	uint32_t *waiting; /* [PENDING x classes] class weights of the pending nodes */
	uint32_t *total, *left, *best_left; /* [classes] of the node being split */
	struct small_block *block; /* two classes, narrow */
	struct tree tree;
	size_t nodes_cap, shares_cap;
};

/*
 * The next feature of a node, without replacement: n were drawn before. The order is left shuffled for the next node, which
 * draws as well from any order.
 */
static inline bin_feature draw_feature(struct grower *g, size_t n)
{
	uint64_t left = g->rows->bins->features - n;
	size_t pick = n + (size_t)((splitmix64(&g->stream) >> 32) * left >> 32);
	bin_feature chosen = g->order[pick];

	g->order[pick] = g->order[n];
	g->order[n] = chosen;
	return chosen;
}

/* Whether to draw on: until enough were tried and one of them varies here, as scikit-learn counts. */
static inline int draw_more(const struct grower *g, size_t drawn, size_t varying)
{
	return drawn < g->rows->bins->features && (drawn < g->rows->tried || !varying);
}

static inline uint32_t load32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Room for n more nodes at the end of the tree. */
MUST_CHECK int node_reserve(struct grower *g, size_t n, struct error *err);

/* Node `at` is a leaf with the class weights `total`; `pure` is the class if there is one only, else -1. */
MUST_CHECK int node_leaf(struct grower *g, uint32_t at, const uint32_t *total, int pure, struct error *err);

static inline void node_pure_leaf(struct grower *g, uint32_t at, int class)
{
	g->tree.node[at] = (struct tree_node){.child = at, .span = 255};
	g->tree.leaf[at] = class;
}

/* Node `at` splits; its children are the next two nodes, for which there is room. Returns the left one. */
static inline uint32_t node_split(struct grower *g, uint32_t at, const struct split *split)
{
	uint32_t child = (uint32_t)g->tree.nodes;

	g->tree.nodes += 2;
	g->tree.node[at] = (struct tree_node){
		.child = child, .column = (uint16_t)split->column, .from = split->from, .span = split->span};
	g->tree.leaf[at] = 0;
	return child;
}

/*
 * The best split of the rows of a node with class weights g->total; sets g->best_left. The first two take any number of
 * classes and any layout and find the same; the third two classes, moving records and a weight of at most 65,535.
 */
struct split general_split(struct grower *g, const struct pending *node);
struct split few_split(struct grower *g, const struct pending *node); /* at most SMALL_ROWS rows */
struct split two_class_split(struct grower *g, const struct pending *node);

#endif
