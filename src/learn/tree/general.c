/* Splitting the rows of a node of any number of classes, whether records move or row numbers. */
#include "learn/tree/node.h"

#include "base/banned.h"

static inline uint32_t weight_of(uint32_t packed)
{
	return packed & 0xffff;
}

/* A view of one column of the rows of a node: byte and packed word of the i-th. */
struct view {
	const uint8_t *byte, *packed;
	const uint32_t *row; /* wide */
	size_t stride;
};

static inline struct view view_of(const struct grower *g, const struct pending *node, uint32_t column)
{
	const struct grow_rows *rows = g->rows;

	if (rows->stride) {
		const uint8_t *base = g->record[node->side] + node->begin * rows->stride;

		return (struct view){base + column, base + rows->stride - 4, NULL, rows->stride};
	}
	return (struct view){rows->byte + column * rows->n, (const uint8_t *)g->packed,
			     g->row[node->side] + node->begin, 0};
}

static inline uint8_t view_byte(const struct view *v, size_t i)
{
	return v->row ? v->byte[v->row[i]] : v->byte[i * v->stride];
}

static inline uint32_t view_packed(const struct view *v, size_t i)
{
	return load32(v->packed + (v->row ? v->row[i] * sizeof(uint32_t) : i * v->stride));
}

/* Fill histogram [bin x classes]. */
static void count_bins(struct grower *g, const struct view *v, size_t n, size_t bins)
{
	size_t classes = (size_t)g->rows->classes;

	memset(g->histogram, 0, bins * classes * sizeof(*g->histogram));
	for (size_t i = 0; i < n; i++) {
		uint32_t packed = view_packed(v, i);
		uint32_t *bin = g->histogram + view_byte(v, i) * classes;

		if (classes == 2) {
			bin[0] += weight_of(packed) - (packed >> 16);
			bin[1] += packed >> 16;
		} else {
			bin[packed >> 16] += weight_of(packed);
		}
	}
}

/* Keep a candidate if it is better than what was found before; the first of equals stays. */
static void offer(struct grower *g, struct split *best, double gain, uint32_t column, uint8_t from, uint8_t span)
{
	if (!(gain > best->gain))
		return;
	*best = (struct split){gain, column, from, span};
	memcpy(g->best_left, g->left, (size_t)g->rows->classes * sizeof(*g->left));
}

/* Sum over both sides of the squared class weights by the side's weight: larger is purer (gini). */
static inline double purity(double left_squares, double left, double right_squares, double right)
{
	return left_squares / left + right_squares / right;
}

/*
 * Every cut between two bins that rows of this node are in. The cut goes halfway through the empty bins between them, as
 * scikit-learn's goes halfway between two values: nearer to either side it would favour the other.
 */
static int try_number(struct grower *g, struct split *best, const struct pending *node, uint32_t column, double total)
{
	size_t classes = (size_t)g->rows->classes, bins = (size_t)g->rows->bins->column[column].bins, last = 0;
	struct view v = view_of(g, node, column);
	double left = 0, left_squares = 0, right_squares = 0;
	int cuts = 0;

	count_bins(g, &v, node->end - node->begin, bins);
	memset(g->left, 0, classes * sizeof(*g->left));
	for (size_t k = 0; k < classes; k++)
		right_squares += (double)g->total[k] * g->total[k];
	for (size_t b = 0; b < bins && left < total; b++) {
		const uint32_t *bin = g->histogram + b * classes;
		double weight = 0;

		for (size_t k = 0; k < classes; k++)
			weight += bin[k];
		if (weight == 0)
			continue;
		if (left > 0) {
			offer(g, best, purity(left_squares, left, right_squares, total - left), column, 0,
			      (uint8_t)((last + b - 1) / 2));
			cuts++;
		}
		for (size_t k = 0; k < classes; k++) {
			double before = g->left[k], rest = g->total[k] - before;

			left_squares += bin[k] * (2 * before + bin[k]);
			right_squares -= bin[k] * (2 * rest - bin[k]);
			g->left[k] += bin[k];
		}
		left += weight;
		last = b;
	}
	return cuts > 0;
}

static int try_slot(struct grower *g, struct split *best, const struct pending *node, bin_feature feature, double total)
{
	size_t classes = (size_t)g->rows->classes, n = node->end - node->begin;
	struct view v = view_of(g, node, feature_column(feature));
	double right = 0, left_squares = 0, right_squares = 0;

	memset(g->left, 0, classes * sizeof(*g->left));
	for (size_t i = 0; i < n; i++) {
		uint32_t packed = view_packed(&v, i), take = view_byte(&v, i) == feature_slot(feature) ? 0xffffffff : 0;

		packed &= take;
		if (classes == 2) {
			g->left[0] += weight_of(packed) - (packed >> 16);
			g->left[1] += packed >> 16;
		} else {
			g->left[packed >> 16] += weight_of(packed);
		}
	}
	for (size_t k = 0; k < classes; k++) {
		double there = g->left[k], rest = g->total[k] - there;

		right += there;
		right_squares += there * there;
		left_squares += rest * rest;
		g->left[k] = g->total[k] - g->left[k];
	}
	if (right == 0 || right == total)
		return 0;
	offer(g, best, purity(left_squares, total - right, right_squares, right), feature_column(feature),
	      (uint8_t)(feature_slot(feature) + 1), 254);
	return 1;
}

struct split general_split(struct grower *g, const struct pending *node)
{
	struct split best = {.gain = -1};
	size_t drawn = 0, varying = 0;
	double total = 0;

	for (int k = 0; k < g->rows->classes; k++)
		total += g->total[k];
	while (draw_more(g, drawn, varying)) {
		bin_feature feature = draw_feature(g, drawn++);

		varying += (size_t)(feature_is_slot(feature)
					    ? try_slot(g, &best, node, feature, total)
					    : try_number(g, &best, node, feature_column(feature), total));
	}
	return best;
}
