/*
 * Splitting a node of at most 32 rows and any number of classes: rows are sorted by their byte and move over one by one, each
 * changing the sums of squares by what its class has, so that the number of classes costs nothing.
 */
#include "learn/tree/node.h"

#include "base/banned.h"

/* The rows of the node, and the class weights on one side while a feature is tried. */
struct few {
	size_t n;
	uint32_t at[SMALL_ROWS]; /* offset of the record, or row number */
	uint32_t label[SMALL_ROWS], weight[SMALL_ROWS];
	double squares, total; /* of the node's class weights */
	uint32_t *side; /* [classes] all 0 between features */
	const uint32_t *all; /* [classes] */
};

/* Sums of squared class weights while rows move from the right side to the left. */
struct sides {
	double left, left_squares, right_squares;
};

static void load_few(struct few *few, const struct grower *g, const struct pending *node)
{
	const struct grow_rows *rows = g->rows;

	few->n = node->end - node->begin;
	few->side = g->left;
	few->all = g->total;
	few->squares = few->total = 0;
	for (int k = 0; k < rows->classes; k++) {
		few->squares += (double)g->total[k] * g->total[k];
		few->total += g->total[k];
		few->side[k] = 0;
	}
	for (size_t i = 0; i < few->n; i++) {
		size_t at = rows->stride ? (node->begin + i) * rows->stride : g->row[node->side][node->begin + i];
		uint32_t packed = rows->stride ? load32(g->record[node->side] + at + rows->stride - 4) : g->packed[at];

		few->at[i] = (uint32_t)(at - (rows->stride ? node->begin * rows->stride : 0));
		few->label[i] = rows->classes == 2 ? packed >> 16 != 0 : packed >> 16;
		few->weight[i] = packed & 0xffff;
	}
}

static inline const uint8_t *few_column(const struct grower *g, const struct pending *node, uint32_t column)
{
	const struct grow_rows *rows = g->rows;

	return rows->stride ? g->record[node->side] + node->begin * rows->stride + column
			    : rows->byte + column * rows->n;
}

static inline void go_left(struct sides *sides, struct few *few, size_t i)
{
	uint32_t label = few->label[i], weight = few->weight[i];
	double before = few->side[label], rest = few->all[label] - before, w = weight;

	sides->left_squares += w * (2 * before + w);
	sides->right_squares -= w * (2 * rest - w);
	sides->left += w;
	few->side[label] += weight;
}

static inline double sides_purity(const struct sides *sides, double total)
{
	return sides->left_squares / sides->left + sides->right_squares / (total - sides->left);
}

/* byte << 8 | row, ascending. */
static void sort_rows(uint32_t *key, const struct few *few, const uint8_t *column)
{
	for (size_t i = 0; i < few->n; i++) {
		uint32_t here = (uint32_t)column[few->at[i]] << 8 | (uint32_t)i;
		size_t j = i;

		for (; j && key[j - 1] > here; j--)
			key[j] = key[j - 1];
		key[j] = here;
	}
}

/* left_rows: bit i is set where row i goes left. */
static int try_number(struct split *best, uint32_t *left_rows, struct few *few, const uint8_t *bytes, uint32_t column)
{
	struct sides sides = {.right_squares = few->squares};
	uint32_t key[SMALL_ROWS] = {0}, gone = 0;

	sort_rows(key, few, bytes);
	if (key[0] >> 8 == key[few->n - 1] >> 8)
		return 0;
	for (size_t i = 0; i + 1 < few->n; i++) {
		uint32_t low = key[i] >> 8, high = key[i + 1] >> 8, row = key[i] & 0xff;

		go_left(&sides, few, row);
		gone |= 1U << row;
		if (low == high)
			continue;
		double gain = sides_purity(&sides, few->total);

		if (gain > best->gain) {
			*best = (struct split){gain, column, 0, (uint8_t)((low + high - 1) / 2)};
			*left_rows = gone;
		}
	}
	for (size_t i = 0; i < few->n; i++)
		few->side[few->label[i]] = 0;
	return 1;
}

static int try_slot(struct split *best, uint32_t *left_rows, struct few *few, const uint8_t *bytes, bin_feature feature)
{
	struct sides sides = {.right_squares = few->squares};
	uint32_t gone = 0;

	for (size_t i = 0; i < few->n; i++)
		gone |= (uint32_t)(bytes[few->at[i]] != feature_slot(feature)) << i;
	if (gone == 0 || gone == UINT32_MAX >> (SMALL_ROWS - few->n))
		return 0;
	for (uint32_t rows = gone; rows; rows &= rows - 1)
		go_left(&sides, few, (size_t)__builtin_ctz(rows));
	double gain = sides_purity(&sides, few->total);

	if (gain > best->gain) {
		*best = (struct split){gain, feature_column(feature), (uint8_t)(feature_slot(feature) + 1), 254};
		*left_rows = gone;
	}
	for (size_t i = 0; i < few->n; i++)
		few->side[few->label[i]] = 0;
	return 1;
}

struct split few_split(struct grower *g, const struct pending *node)
{
	struct split best = {.gain = -1};
	size_t drawn = 0, varying = 0;
	uint32_t left_rows = 0;
	struct few few;

	load_few(&few, g, node);
	while (draw_more(g, drawn, varying)) {
		bin_feature feature = draw_feature(g, drawn++);
		const uint8_t *bytes = few_column(g, node, feature_column(feature));

		varying += (size_t)(feature_is_slot(feature)
					    ? try_slot(&best, &left_rows, &few, bytes, feature)
					    : try_number(&best, &left_rows, &few, bytes, feature_column(feature)));
		/* both sides pure: nothing can be better */
		if (best.gain == few.total)
			break;
	}
	memset(g->best_left, 0, (size_t)g->rows->classes * sizeof(*g->best_left));
	for (; left_rows; left_rows &= left_rows - 1) {
		size_t row = (size_t)__builtin_ctz(left_rows);

		g->best_left[few.label[row]] += few.weight[row];
	}
	return best;
}
