/* A grown tree: eight bytes a node, and what its leaves say. */
#ifndef ASSAY_LEARN_TREE_TREE_H
#define ASSAY_LEARN_TREE_TREE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A row goes right when (uint8_t)(byte - from) > span. That is byte > cut with from = 0, span = cut, and byte == slot with
 * from = slot + 1, span = 254. In a leaf span is 255, so that a row stays, and child is the leaf itself.
 */
struct tree_node {
	uint32_t child; /* the left one; the right one follows it */
	uint16_t column;
	uint8_t from, span;
};

struct tree {
	size_t nodes;
	struct tree_node *node;
	int32_t *leaf; /* [nodes] of a leaf: the class of all its rows, or ~i: shares [i x classes] */
	float *shares; /* leaves with rows of several classes; their rows have equal bytes everywhere */
	size_t mixed; /* how many of those */
};

void tree_release(struct tree *tree);

static inline int tree_goes_right(const struct tree_node *node, uint8_t byte)
{
	return (uint8_t)(byte - node->from) > node->span;
}

#define TREE_ROWS 4096 /* the most that tree_add() takes at once */

/*
 * Add the shares of the leaves that n rows, at most TREE_ROWS, fall in to sum [n x classes]. column [columns x n] has their
 * bytes, scratch is [2 x n].
 */
void tree_add(double *sum, const struct tree *tree, int classes, const uint8_t *column, size_t n, uint16_t *scratch);

#endif
