#include "learn/tree/tree.h"

#include "base/banned.h"

#define AT_ONCE 8 /* rows that walk together: each waits for memory while the others go on */

void tree_release(struct tree *tree)
{
	free(tree->node);
	free(tree->leaf);
	free(tree->shares);
	*tree = (struct tree){0};
}

static inline void add_leaf(double *sum, const struct tree *tree, int classes, uint32_t at)
{
	int32_t leaf = tree->leaf[at];

	if (leaf >= 0) {
		sum[leaf] += 1;
		return;
	}
	const float *share = tree->shares + (size_t)~leaf * (size_t)classes;

	for (int k = 0; k < classes; k++)
		sum[k] += (double)share[k];
}

static inline uint32_t step(const struct tree_node *node, uint32_t at, const uint8_t *byte)
{
	return node[at].child + (uint32_t)tree_goes_right(&node[at], byte[node[at].column]);
}

void tree_add(double *sum, const struct tree *tree, int classes, const uint8_t *byte, size_t stride, size_t n)
{
	size_t i = 0, width = (size_t)classes;

	for (; i + AT_ONCE <= n; i += AT_ONCE) {
		uint32_t at[AT_ONCE] = {0}, moved;

		do {
			moved = 0;
			for (size_t r = 0; r < AT_ONCE; r++) {
				uint32_t next = step(tree->node, at[r], byte + (i + r) * stride);

				moved |= next ^ at[r];
				at[r] = next;
			}
		} while (moved);
		for (size_t r = 0; r < AT_ONCE; r++)
			add_leaf(sum + (i + r) * width, tree, classes, at[r]);
	}
	for (; i < n; i++) {
		uint32_t at = 0, next;

		while ((next = step(tree->node, at, byte + i * stride)) != at)
			at = next;
		add_leaf(sum + i * width, tree, classes, at);
	}
}
