/*
 * The last levels of a tree. A node of at most 32 rows never moves them: its rows are turned into columns once, and from then
 * on a node is a mask of bits, a cut of one column is one comparison of 32 bytes with each row, and a split is a mask again.
 *
 * This is the body of a function, small_grow(), for a file that has said TARGET and the functions of one instruction
 * or a few on 32 rows before: plain and AVX2 run the same lines and differ in these only.
 */
#include "learn/tree/node.h"

struct small_node {
	uint32_t mask, node, weight, positive;
};

/* weight | positives << 16 of the right side */
struct small_split {
	int32_t gain; /* the bits of the float, which order as it does; below 0: none */
	bin_feature feature;
	uint32_t right;
	uint8_t from, span;
	uint32_t right_rows;
};

static inline int32_t gain_bits(float gain)
{
	int32_t bits;

	memcpy(&bits, &gain, sizeof(bits));
	return bits;
}

TARGET static inline void load_block(struct grower *g, const struct pending *node)
{
	struct small_block *block = g->block;
	size_t stride = g->rows->stride, n = node->end - node->begin;

	block->record = g->record[node->side] + node->begin * stride;
	transpose(block->column, block->record, stride, n, g->rows->bins->columns);
	memset(block->weight, 0, sizeof(block->weight));
	memset(block->positive, 0, sizeof(block->positive));
	for (size_t r = 0; r < n; r++) {
		uint32_t packed = load32(block->record + r * stride + stride - 4);

		block->weight[r] = (uint8_t)packed;
		block->positive[r] = (uint8_t)(packed >> 16);
		memset(block->spread_weight[r], block->weight[r], SMALL_ROWS);
		memset(block->spread_positive[r], block->positive[r], SMALL_ROWS);
	}
}

/*
 * Two rows of different classes: any feature that tells them apart does it perfectly, and the first of a drawn order is any of
 * those that do, equally likely: one for a number that differs, two for a category.
 */
TARGET static inline struct small_split split_pair(struct grower *g, const struct small_node *node)
{
	const struct small_block *block = g->block;
	size_t first = (size_t)__builtin_ctz(node->mask), second = (size_t)__builtin_ctz(node->mask & (node->mask - 1));
	const uint8_t *a = block->record + first * block->stride, *b = block->record + second * block->stride;
	struct small_split found = {.gain = -1};
	uint32_t differs[8], total = 0, pick;

	for (size_t i = 0; i < block->stride / 16; i++) {
		differs[i] = ~equal_bytes(a + 16 * i, b + 16 * i);
		total += (uint32_t)__builtin_popcount(differs[i] & block->number[i]) +
			 2 * (uint32_t)__builtin_popcount(differs[i] & block->category[i]);
	}
	if (!total)
		return found;
	pick = (uint32_t)((splitmix64(&g->stream) >> 32) * total >> 32);
	for (size_t i = 0; found.gain < 0; i++) {
		uint32_t numbers = differs[i] & block->number[i], categories = differs[i] & block->category[i];
		uint32_t n = (uint32_t)__builtin_popcount(numbers), m = 2 * (uint32_t)__builtin_popcount(categories);
		uint32_t among = pick < n ? numbers : categories, skip = pick < n ? pick : (pick - n) / 2, second_goes;

		if (pick >= n + m) {
			pick -= n + m;
			continue;
		}
		for (; skip; skip--)
			among &= among - 1;
		size_t c = 16 * i + (size_t)__builtin_ctz(among);

		second_goes = pick < n ? b[c] > a[c] : (pick - n) % 2;
		found.gain = 1;
		found.feature = feature_make(c, pick >= n, second_goes ? b[c] : a[c]);
		found.from = pick < n ? 0 : (uint8_t)(feature_slot(found.feature) + 1);
		found.span = pick < n ? (uint8_t)((a[c] + b[c] - 1) / 2) : 254;
		found.right_rows = 1U << (second_goes ? second : first);
		found.right = block->weight[second_goes ? second : first] |
			      (uint32_t)block->positive[second_goes ? second : first] << 16;
	}
	return found;
}

/* The best of the slots of a batch, of which sums [SLOT_BATCH] has the weights, 0 where there is no slot. */
TARGET static inline uint32_t small_slots(struct small_split *best, const struct small_node *node, const uint32_t *sums,
					  const bin_feature *feature)
{
	uint32_t which, cuts;
	int32_t gain = gain_bits(slot_cuts(&which, &cuts, sums, node->weight, node->positive));

	if (gain > best->gain) {
		best->gain = gain;
		best->feature = feature[which];
		best->right = sums[which];
	}
	return cuts;
}

TARGET static inline int small_number(struct small_split *best, struct small_block *block,
				      const struct small_node *node, bin_feature feature)
{
	const uint8_t *values = block->column + feature_column(feature) * SMALL_ROWS;
	uint32_t row = 0;
	int32_t gain = gain_bits(row_cuts(&row, block, values, node->mask, node->weight, node->positive));

	if (gain > best->gain) {
		best->gain = gain;
		best->feature = feature;
		best->right = (node->weight - block->left_weight[row]) | (node->positive - block->left_positive[row])
										 << 16;
		best->span = values[row];
	}
	return gain >= 0;
}

/* Move the cut halfway between the rows on its sides, and see which rows are on its right. */
TARGET static inline void place_cut(struct small_split *best, const struct small_block *block, uint32_t mask)
{
	const uint8_t *values = block->column + feature_column(best->feature) * SMALL_ROWS;
	uint8_t low = 0, high = 255;

	best->right_rows = above_rows(values, best->span) & mask;
	for (uint32_t left = mask & ~best->right_rows; left; left &= left - 1) {
		uint8_t value = values[__builtin_ctz(left)];

		low = value > low ? value : low;
	}
	for (uint32_t right = best->right_rows; right; right &= right - 1) {
		uint8_t value = values[__builtin_ctz(right)];

		high = value < high ? value : high;
	}
	best->span = (uint8_t)((low + high - 1) / 2);
}

static inline int is_pure(uint32_t weight, uint32_t positive)
{
	return positive == 0 || positive == weight;
}

static inline int is_perfect(const struct small_split *s, const struct small_node *node)
{
	uint32_t weight = s->right & 0xffff, positive = s->right >> 16;

	return is_pure(weight, positive) && is_pure(node->weight - weight, node->positive - positive);
}

/* Draw and try a few more features. Returns 1 where a number splits perfectly, so that no more need be tried. */
TARGET static inline int try_batch(struct small_split *best, struct grower *g, const struct small_node *node,
				   size_t *drawn, size_t *varying)
{
	struct small_block *block = g->block;
	size_t wanted = *drawn < g->rows->tried ? g->rows->tried - *drawn : 1;
	bin_feature feature[SLOT_BATCH];
	uint32_t sums[SLOT_BATCH] = {0}, slots = 0;

	for (size_t n = 0; n < wanted && n < SLOT_BATCH; n++) {
		feature[n] = draw_feature(g, (*drawn)++);
		if (feature_is_slot(feature[n])) {
			const uint8_t *values = block->column + feature_column(feature[n]) * SMALL_ROWS;

			sums[n] = slot_sum(block, values, feature_slot(feature[n]));
			slots++;
			continue;
		}
		*varying += (size_t)small_number(best, block, node, feature[n]);
		if (best->gain >= 0 && is_perfect(best, node))
			return 1;
	}
	if (slots)
		*varying += small_slots(best, node, sums, feature);
	return 0;
}

TARGET static inline struct small_split split_rows(struct grower *g, const struct small_node *node)
{
	struct small_split best = {.gain = -1};
	size_t drawn = 0, varying = 0;

	select_rows(g->block, node->mask);
	while (draw_more(g, drawn, varying) && !try_batch(&best, g, node, &drawn, &varying))
		continue;
	if (best.gain < 0)
		return best;
	if (feature_is_slot(best.feature)) {
		best.from = (uint8_t)(feature_slot(best.feature) + 1);
		best.span = 254;
		best.right_rows = equal_rows(g->block->column + feature_column(best.feature) * SMALL_ROWS,
					     feature_slot(best.feature)) &
				  node->mask;
	} else {
		place_cut(&best, g->block, node->mask);
	}
	return best;
}

/* Split a node of several rows and two classes, if anything tells them apart; children that are no leaf go on the stack. */
TARGET static inline int small_step(struct grower *g, struct small_node *stack, size_t *depth, struct error *err)
{
	struct small_node node = stack[--*depth];
	uint32_t rest = node.mask & (node.mask - 1), total[2] = {node.weight - node.positive, node.positive}, child;
	struct small_split s = {.gain = -1};

	if (rest)
		s = rest & (rest - 1) ? split_rows(g, &node) : split_pair(g, &node);
	if (s.gain < 0)
		return node_leaf(g, node.node, total, -1, err);
	child = node_split(g, node.node, &(struct split){0, feature_column(s.feature), s.from, s.span});
	for (uint32_t side = 0; side < 2; side++) {
		struct small_node *next = &stack[*depth];

		next->mask = side ? s.right_rows : node.mask & ~s.right_rows;
		next->node = child + side;
		next->weight = side ? s.right & 0xffff : node.weight - (s.right & 0xffff);
		next->positive = side ? s.right >> 16 : node.positive - (s.right >> 16);
		if (is_pure(next->weight, next->positive))
			node_pure_leaf(g, next->node, next->positive > 0);
		else
			++*depth;
	}
	return 0;
}

TARGET static int small_grow(struct grower *g, const struct pending *node, struct error *err)
{
	struct small_node stack[SMALL_ROWS + 1];
	size_t depth = 1, rows = node->end - node->begin;
	int rc = node_reserve(g, 2 * SMALL_ROWS, err);

	load_block(g, node);
	stack[0] = (struct small_node){.mask = UINT32_MAX >> (SMALL_ROWS - rows),
				       .node = node->node,
				       .weight = g->total[0] + g->total[1],
				       .positive = g->total[1]};
	while (rc == 0 && depth)
		rc = small_step(g, stack, &depth, err);
	return rc;
}
