#include "learn/tree/tree.h"

#include "base/banned.h"

#define AT_ONCE 24 /* rows that walk together: each waits for memory while the others go on */
#define PENDING 64

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

/* The bytes of n rows, column by column. */
struct rows {
	const uint8_t *column;
	size_t n;
};

static inline uint32_t step(const struct tree_node *node, const struct rows *rows, uint32_t row)
{
	return node->child + (uint32_t)tree_goes_right(node, rows->column[node->column * rows->n + row]);
}

/* At most AT_ONCE rows go from a node to their leaves; a row that has arrived stays. */
static void walk(double *sum, const struct tree *tree, int classes, const struct rows *rows, const uint16_t *row,
		 size_t n, uint32_t start)
{
	uint32_t at[AT_ONCE], moved;

	for (size_t r = 0; r < n; r++)
		at[r] = start;
	do {
		moved = 0;
		for (size_t r = 0; r < n; r++) {
			uint32_t next = step(&tree->node[at[r]], rows, row[r]);

			moved |= next ^ at[r];
			at[r] = next;
		}
	} while (moved);
	for (size_t r = 0; r < n; r++)
		add_leaf(sum + row[r] * (size_t)classes, tree, classes, at[r]);
}

struct fallen {
	uint32_t node;
	uint16_t begin, end, side;
};

/* Rows are parted into both ends of the other buffer, as those that grew the tree were. Returns where the right ones begin. */
static size_t part(uint16_t *to, const uint16_t *from, size_t n, const struct tree_node *node, const struct rows *rows)
{
	const uint8_t *byte = rows->column + node->column * rows->n;
	size_t low = 0, high = n;

	for (size_t i = 0; i < n; i++) {
		size_t right = (size_t)tree_goes_right(node, byte[from[i]]);

		to[low] = from[i];
		to[high - 1] = from[i];
		low += 1 - right;
		high -= right;
	}
	return low;
}

void tree_add(double *sum, const struct tree *tree, int classes, const uint8_t *column, size_t n, uint16_t *scratch)
{
	const struct rows rows = {column, n};
	struct fallen stack[PENDING];
	size_t depth = 1;

	for (size_t i = 0; i < n; i++)
		scratch[i] = (uint16_t)i;
	stack[0] = (struct fallen){.end = (uint16_t)n};
	while (depth) {
		struct fallen f = stack[--depth];
		const struct tree_node *node = &tree->node[f.node];
		const uint16_t *from = scratch + f.side * n + f.begin;
		size_t count = f.end - (size_t)f.begin, middle;

		if (count <= AT_ONCE || node->child == f.node) {
			for (size_t i = 0; i < count; i += AT_ONCE)
				walk(sum, tree, classes, &rows, from + i, count - i < AT_ONCE ? count - i : AT_ONCE,
				     f.node);
			continue;
		}
		middle = f.begin + part(scratch + !f.side * n + f.begin, from, count, node, &rows);
		struct fallen left = {node->child, f.begin, (uint16_t)middle, !f.side};
		struct fallen right = {node->child + 1, (uint16_t)middle, f.end, !f.side};
		int larger = right.end - right.begin > left.end - left.begin;

		/* the larger waits, so that few do */
		stack[depth++] = larger ? right : left;
		stack[depth++] = larger ? left : right;
	}
}
