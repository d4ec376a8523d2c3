/*
 * Splitting the rows of a node of any number of classes, whether records move or row numbers. A few columns are counted by bin
 * and class in one pass; in a small node only the bins that rows are in are looked at and emptied again.
 */
#include "learn/tree/node.h"

#include "base/banned.h"

#define FEW_ROWS 256

/* The features of one batch by kind: numbers are counted by bin, slots summed. */
struct batch {
	uint32_t number[BATCH], column[CLASS_SLOTS];
	uint8_t slot[CLASS_SLOTS];
	size_t numbers, slots;
	uint64_t occupied[BATCH][BINS / 64]; /* bins that rows are in; few rows only */
};

static struct batch draw_batch(struct grower *g, size_t *drawn)
{
	size_t wanted = *drawn < g->rows->tried ? g->rows->tried - *drawn : 1;
	struct batch batch = {.numbers = 0};

	while (wanted-- && batch.numbers < BATCH && batch.slots < CLASS_SLOTS) {
		bin_feature feature = draw_feature(g, (*drawn)++);

		if (feature_is_slot(feature)) {
			batch.column[batch.slots] = feature_column(feature);
			batch.slot[batch.slots++] = feature_slot(feature);
		} else {
			batch.number[batch.numbers++] = feature_column(feature);
		}
	}
	return batch;
}

/* counts [BATCH x BINS x classes] of column c of the batch */
static inline uint32_t *counts_of(const struct grower *g, size_t c)
{
	return g->counts + c * BINS * (size_t)g->rows->classes;
}

enum pass { COUNT_FEW, COUNT_MANY, EMPTY };

/* Add the rows to their bins, or put 0 back where a row is; n: the columns of the batch, a constant where it pays. */
static inline __attribute__((always_inline)) void walk(struct grower *g, const struct pending *node,
						       struct batch *batch, size_t n, enum pass pass, int moves)
{
	const struct grow_rows *rows = g->rows;
	const uint8_t *record = moves ? g->record[node->side] : NULL, *column[BATCH];
	const uint32_t *number = moves ? NULL : g->row[node->side], *words = g->packed;
	size_t classes = (size_t)rows->classes, stride = rows->stride;
	uint32_t *counts[BATCH];

	for (size_t c = 0; c < n; c++) {
		counts[c] = counts_of(g, c);
		column[c] = moves ? record + batch->number[c] : rows->byte + batch->number[c] * rows->n;
	}
	for (size_t i = node->begin; i < node->end; i++) {
		size_t at = moves ? i * stride : number[i];
		uint32_t packed = moves ? load32(record + at + stride - 4) : words[at], weight = packed & 0xffff;
		size_t label = classes == 2 ? packed >> 16 != 0 : packed >> 16;

		for (size_t c = 0; c < n; c++) {
			uint8_t byte = column[c][at];
			uint32_t *count = counts[c] + byte * classes + label;

			*count = pass == EMPTY ? 0 : *count + weight;
			if (pass == COUNT_FEW)
				batch->occupied[c][byte / 64] |= 1ULL << byte % 64;
		}
	}
}

static void count_batch(struct grower *g, const struct pending *node, struct batch *batch)
{
	int few = node->end - node->begin < FEW_ROWS;

	if (g->rows->stride && !few && batch->numbers == BATCH)
		walk(g, node, batch, BATCH, COUNT_MANY, 1);
	else if (g->rows->stride && !few)
		walk(g, node, batch, batch->numbers, COUNT_MANY, 1);
	else if (g->rows->stride)
		walk(g, node, batch, batch->numbers, COUNT_FEW, 1);
	else if (!few)
		walk(g, node, batch, batch->numbers, COUNT_MANY, 0);
	else
		walk(g, node, batch, batch->numbers, COUNT_FEW, 0);
	if (!few)
		memset(batch->occupied, 0xff, sizeof(batch->occupied));
}

static void empty_batch(struct grower *g, const struct pending *node, struct batch *batch)
{
	if (node->end - node->begin >= FEW_ROWS)
		memset(g->counts, 0, batch->numbers * BINS * (size_t)g->rows->classes * sizeof(*g->counts));
	else if (g->rows->stride)
		walk(g, node, batch, batch->numbers, EMPTY, 1);
	else
		walk(g, node, batch, batch->numbers, EMPTY, 0);
}

/* Sum over both sides of the squared class weights by the side's weight: larger is purer (gini). */
static inline double purity(double left_squares, double left, double right_squares, double right)
{
	return left_squares / left + right_squares / right;
}

struct best_cut {
	double gain; /* below 0: none */
	size_t last, next; /* the bins on its sides */
};

/* The first of the best cuts between two bins that rows of this node are in. */
static struct best_cut find_cut(struct grower *g, const uint32_t *counts, const uint64_t *occupied, size_t bins)
{
	size_t classes = (size_t)g->rows->classes, last = 0;
	double left = 0, left_squares = 0, right_squares = 0, total = 0;
	struct best_cut best = {.gain = -1};

	memset(g->left, 0, classes * sizeof(*g->left));
	for (size_t k = 0; k < classes; k++) {
		right_squares += (double)g->total[k] * g->total[k];
		total += g->total[k];
	}
	for (size_t word = 0; word < (bins + 63) / 64; word++)
		for (uint64_t bits = occupied[word]; bits; bits &= bits - 1) {
			size_t b = word * 64 + (size_t)__builtin_ctzll(bits);
			const uint32_t *bin = counts + b * classes;
			uint32_t weight = 0;

			for (size_t k = 0; k < classes; k++)
				weight += bin[k];
			if (weight == 0)
				continue;
			if (left > 0) {
				double gain = purity(left_squares, left, right_squares, total - left);

				if (gain > best.gain)
					best = (struct best_cut){gain, last, b};
			}
			for (size_t k = 0; k < classes; k++) {
				double here = bin[k], before = g->left[k], rest = g->total[k] - before;

				left_squares += here * (2 * before + here);
				right_squares -= here * (2 * rest - here);
				g->left[k] += bin[k];
			}
			left += weight;
			last = b;
		}
	return best;
}

/*
 * A cut goes halfway through the empty bins between two rows, as scikit-learn's goes halfway between two values: nearer to
 * either side it would favour the other.
 */
static int try_number(struct split *best, struct grower *g, const struct batch *batch, size_t c)
{
	size_t classes = (size_t)g->rows->classes;
	uint32_t column = batch->number[c];
	const uint32_t *counts = counts_of(g, c);
	struct best_cut cut = find_cut(g, counts, batch->occupied[c], (size_t)g->rows->bins->column[column].bins);

	if (cut.gain > best->gain) {
		*best = (struct split){cut.gain, column, 0, (uint8_t)((cut.last + cut.next - 1) / 2)};
		memset(g->best_left, 0, classes * sizeof(*g->best_left));
		for (size_t b = 0; b <= cut.last; b++)
			for (size_t k = 0; k < classes; k++)
				g->best_left[k] += counts[b * classes + k];
	}
	return cut.gain >= 0;
}

/* Class weights in the batch's slots: g->slot_sums [CLASS_SLOTS x classes]. */
static void sum_slots(struct grower *g, const struct pending *node, const struct batch *batch)
{
	const struct grow_rows *rows = g->rows;
	size_t classes = (size_t)rows->classes, stride = rows->stride;

	if (stride && classes <= SUM_CLASSES) {
		g->kernels->class_sums(g->slot_sums, g->record[node->side] + node->begin * stride, stride,
				       node->end - node->begin, batch->column, batch->slot, classes, g->heaviest);
		return;
	}
	memset(g->slot_sums, 0, batch->slots * classes * sizeof(*g->slot_sums));
	for (size_t i = node->begin; i < node->end; i++) {
		size_t at = stride ? i * stride : g->row[node->side][i];
		const uint8_t *byte = stride ? g->record[node->side] + at : rows->byte + at;
		uint32_t packed = stride ? load32(byte + stride - 4) : g->packed[at];
		size_t label = classes == 2 ? packed >> 16 != 0 : packed >> 16, step = stride ? 1 : rows->n;

		for (size_t s = 0; s < batch->slots; s++)
			g->slot_sums[s * classes + label] += byte[batch->column[s] * step] == batch->slot[s]
								     ? packed & 0xffff
								     : 0;
	}
}

static int try_slot(struct split *best, struct grower *g, const struct batch *batch, size_t s)
{
	size_t classes = (size_t)g->rows->classes;
	const uint32_t *here = g->slot_sums + s * classes;
	double left = 0, right = 0, left_squares = 0, right_squares = 0, gain;

	for (size_t k = 0; k < classes; k++) {
		double there = here[k], rest = g->total[k] - there;

		left += rest;
		right += there;
		right_squares += there * there;
		left_squares += rest * rest;
	}
	if (left == 0 || right == 0)
		return 0;
	gain = purity(left_squares, left, right_squares, right);
	if (gain > best->gain) {
		*best = (struct split){gain, batch->column[s], (uint8_t)(batch->slot[s] + 1), 254};
		for (size_t k = 0; k < classes; k++)
			g->best_left[k] = g->total[k] - here[k];
	}
	return 1;
}

struct split general_split(struct grower *g, const struct pending *node)
{
	struct split best = {.gain = -1};
	size_t drawn = 0, varying = 0;

	while (draw_more(g, drawn, varying)) {
		struct batch batch = draw_batch(g, &drawn);

		if (batch.numbers) {
			count_batch(g, node, &batch);
			for (size_t c = 0; c < batch.numbers; c++)
				varying += (size_t)try_number(&best, g, &batch, c);
			empty_batch(g, node, &batch);
		}
		if (batch.slots)
			sum_slots(g, node, &batch);
		for (size_t s = 0; s < batch.slots; s++)
			varying += (size_t)try_slot(&best, g, &batch, s);
	}
	return best;
}
