/*
 * The last levels of a tree. A node of at most 32 rows never moves them: its rows are turned into columns once, and from then
 * on a node is a mask of bits, a cut of one column is one comparison of 32 bytes with each row, and a split is a mask again.
 */
#include "learn/tree/node.h"

#include "base/mem.h"

struct small_node {
	uint64_t path;
	uint32_t mask, node, weight, positive;
};

struct small_split {
	struct split split;
	uint32_t right, right_weight, right_positive;
};

static void load_block(struct grower *g, const struct pending *node)
{
	struct small_block *block = g->block;
	size_t stride = g->rows->stride, n = node->end - node->begin;
	const uint8_t *record = g->record[node->side] + node->begin * stride;

	g->kernels->transpose(block->column, record, stride, n, g->rows->bins->columns);
	block->positive = 0;
	memset(block->weight_bit, 0, sizeof(block->weight_bit));
	for (size_t r = 0; r < n; r++) {
		uint32_t packed = load32(record + r * stride + stride - 4), weight = packed & 0xff,
			 positive = packed >> 16;

		memset(block->spread_weight[r], (int)weight, SMALL_ROWS);
		memset(block->spread_positive[r], (int)positive, SMALL_ROWS);
		block->positive |= (uint32_t)(positive > 0) << r;
		for (int b = 0; b < 8; b++)
			block->weight_bit[b] |= (weight >> b & 1) << r;
	}
}

/* Two rows of different classes: the first drawn feature that tells them apart does it as well as any. */
static struct small_split split_pair(struct grower *g, const struct small_node *node)
{
	size_t first = (size_t)__builtin_ctz(node->mask), second = (size_t)__builtin_ctz(node->mask & (node->mask - 1));
	struct draw draw = {.stream = node->path};
	struct small_split found = {.split = {.gain = -1}};

	while (found.split.gain < 0 && draw.n < g->rows->bins->features) {
		const struct bin_feature *f = draw_next(&draw, g);
		const uint8_t *column = g->block->column + f->column * SMALL_ROWS;
		uint8_t a = column[first], b = column[second], low = a < b ? a : b, high = a < b ? b : a;
		int second_goes = f->is_slot ? b == f->slot : b > a;

		if (a == b || (f->is_slot && a != f->slot && b != f->slot))
			continue;
		found.split = (struct split){1, f->column, f->is_slot ? (uint8_t)(f->slot + 1) : 0,
					     f->is_slot ? 254 : (uint8_t)((low + high - 1) / 2)};
		found.right = 1U << (second_goes ? second : first);
	}
	draw_end(&draw, g);
	found.right_weight = g->kernels->weigh(g->block, found.right);
	found.right_positive = g->kernels->weigh(g->block, found.right & g->block->positive);
	return found;
}

static void try_slot(struct small_split *best, struct grower *g, const struct small_node *node,
		     const struct bin_feature *f, size_t *varying)
{
	uint32_t right = g->kernels->equal_rows(g->block->column + f->column * SMALL_ROWS, f->slot) & node->mask, w, p;
	float weight = (float)node->weight, gain;

	if (!right || right == node->mask)
		return;
	++*varying;
	w = g->kernels->weigh(g->block, right);
	p = g->kernels->weigh(g->block, right & g->block->positive);
	gain = cut_gain((float)(node->weight - w), (float)(node->positive - p), weight, (float)node->positive / weight);
	if (gain > best->split.gain)
		*best = (struct small_split){{gain, f->column, (uint8_t)(f->slot + 1), 254}, right, w, p};
}

static void try_number(struct small_split *best, struct grower *g, const struct small_node *node, uint32_t column,
		       size_t *varying)
{
	struct small_block *block = g->block;
	const uint8_t *values = block->column + column * SMALL_ROWS;
	uint32_t row = 0;
	float gain = g->kernels->row_cuts(&row, block, values, node->mask, node->weight, node->positive);

	if (gain < 0)
		return;
	++*varying;
	if (gain > best->split.gain)
		*best = (struct small_split){{gain, column, 0, values[row]},
					     0,
					     node->weight - block->left_weight[row],
					     node->positive - block->left_positive[row]};
}

/* Move the cut halfway between the rows on its sides, and see which rows are on its right. */
static void place_cut(struct small_split *best, struct grower *g, uint32_t mask)
{
	const uint8_t *values = g->block->column + best->split.column * SMALL_ROWS;
	uint8_t low = 0, high = 255;

	best->right = g->kernels->above_rows(values, best->split.span) & mask;
	for (uint32_t left = mask & ~best->right; left; left &= left - 1) {
		uint8_t value = values[__builtin_ctz(left)];

		low = value > low ? value : low;
	}
	for (uint32_t right = best->right; right; right &= right - 1) {
		uint8_t value = values[__builtin_ctz(right)];

		high = value < high ? value : high;
	}
	best->split.span = (uint8_t)((low + high - 1) / 2);
}

static int is_perfect(const struct small_split *s, const struct small_node *node)
{
	uint32_t left_positive = node->positive - s->right_positive;

	return (s->right_positive == 0 || s->right_positive == s->right_weight) &&
	       (left_positive == 0 || left_positive == node->weight - s->right_weight);
}

static struct small_split split_rows(struct grower *g, const struct small_node *node)
{
	struct draw draw = {.stream = node->path};
	struct small_split best = {.split = {.gain = -1}};
	size_t varying = 0;

	while (draw_more(&draw, g, varying)) {
		const struct bin_feature *f = draw_next(&draw, g);

		if (f->is_slot)
			try_slot(&best, g, node, f, &varying);
		else
			try_number(&best, g, node, f->column, &varying);
		if (varying && is_perfect(&best, node))
			break;
	}
	draw_end(&draw, g);
	if (best.split.gain >= 0 && best.split.from == 0)
		place_cut(&best, g, node->mask);
	return best;
}

static int grow_one(struct grower *g, struct small_node *stack, size_t *depth, struct error *err)
{
	struct small_node node = stack[--*depth];
	uint32_t total[2] = {node.weight - node.positive, node.positive}, child = (uint32_t)g->tree.nodes;
	int pure = node.positive == 0             ? 0
		   : node.positive == node.weight ? 1
						  : -1,
	    rows = __builtin_popcount(node.mask), rc;
	struct small_split s = {.split = {.gain = -1}};

	if (pure < 0 && rows > 1)
		s = rows == 2 ? split_pair(g, &node) : split_rows(g, &node);
	if (s.split.gain < 0)
		return node_leaf(g, node.node, total, pure, err);
	rc = node_add(g, 2, err);
	if (rc < 0)
		return rc;
	node_split(g, node.node, child, &s.split);
	stack[(*depth)++] = (struct small_node){child_path(node.path, 1), s.right, child + 1, s.right_weight,
						s.right_positive};
	stack[(*depth)++] = (struct small_node){child_path(node.path, 0), node.mask & ~s.right, child,
						node.weight - s.right_weight, node.positive - s.right_positive};
	return 0;
}

int small_grow(struct grower *g, const struct pending *node, struct error *err)
{
	struct small_node stack[SMALL_ROWS + 1];
	size_t depth = 1, rows = node->end - node->begin;
	int rc = 0;

	load_block(g, node);
	stack[0] = (struct small_node){.path = node->path,
				       .mask = rows == 32 ? UINT32_MAX : (1U << rows) - 1,
				       .node = node->node,
				       .weight = g->total[0] + g->total[1],
				       .positive = g->total[1]};
	while (rc == 0 && depth)
		rc = grow_one(g, stack, &depth, err);
	return rc;
}
