/* Splitting the rows of a node of two classes: several columns are counted in one pass over the records. */
#include "learn/tree/node.h"

#include "base/banned.h"

/* One pass for `columns` of them; histogram [columns x BINS]. */
static inline __attribute__((always_inline)) void count(uint32_t *histogram, const uint8_t *record, size_t stride,
							size_t n, const uint32_t *column, size_t columns)
{
	for (size_t i = 0; i < n; i++, record += stride) {
		uint32_t packed = load32(record + stride - 4);

		for (size_t c = 0; c < columns; c++)
			histogram[c * BINS + record[column[c]]] += packed;
	}
}

static void count_columns(uint32_t *histogram, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
			  size_t columns)
{
	switch (columns) {
	case 1:
		count(histogram, record, stride, n, column, 1);
		break;
	case 2:
		count(histogram, record, stride, n, column, 2);
		break;
	case 3:
		count(histogram, record, stride, n, column, 3);
		break;
	case 4:
		count(histogram, record, stride, n, column, 4);
		break;
	case 5:
		count(histogram, record, stride, n, column, 5);
		break;
	default:
		count(histogram, record, stride, n, column, BATCH);
	}
}

static size_t bins_of(const struct grower *g, uint32_t column)
{
	size_t bins = (size_t)g->rows->bins->column[column].bins;

	return (bins + 7) / 8 * 8;
}

/* The best of a column's cuts, the lowest of equals, moved halfway through the empty bins above it. */
static int try_number(struct split *best, struct grower *g, uint32_t *histogram, uint32_t column)
{
	size_t bins = bins_of(g, column);
	uint32_t weight = g->total[0] + g->total[1], bin = 0, next;
	float gain = g->kernels->bin_cuts(&bin, histogram, bins, weight, g->total[1]);

	if (gain < 0)
		return 0;
	if (gain > best->gain) {
		for (next = bin + 1; histogram[next] == histogram[bin];)
			next++;
		*best = (struct split){gain, column, 0, (uint8_t)((bin + next - 1) / 2)};
		g->best_left[1] = histogram[bin] >> 16;
		g->best_left[0] = (histogram[bin] & 0xffff) - g->best_left[1];
	}
	return 1;
}

static int try_slot(struct split *best, struct grower *g, const uint32_t *histogram, const struct bin_feature *feature)
{
	uint32_t weight = g->total[0] + g->total[1], here = histogram[feature->slot];
	uint32_t left = weight - (here & 0xffff), positive = g->total[1] - (here >> 16);
	float gain = cut_gain((float)left, (float)positive, (float)weight, (float)g->total[1] / (float)weight);

	if (gain < 0)
		return 0;
	if (gain > best->gain) {
		*best = (struct split){gain, feature->column, (uint8_t)(feature->slot + 1), 254};
		g->best_left[1] = positive;
		g->best_left[0] = left - positive;
	}
	return 1;
}

struct split two_class_split(struct grower *g, const struct pending *node)
{
	size_t stride = g->rows->stride, varying = 0;
	const uint8_t *record = g->record[node->side] + node->begin * stride;
	struct split best = {.gain = -1};
	struct draw draw = {.stream = node->path};

	while (draw_more(&draw, g, varying)) {
		size_t wanted = draw.n < g->rows->tried ? g->rows->tried - draw.n : 1, n = 0;
		const struct bin_feature *drawn[BATCH];
		uint32_t column[BATCH];

		for (; n < wanted && n < BATCH; n++) {
			drawn[n] = draw_next(&draw, g);
			column[n] = drawn[n]->column;
			memset(g->histogram + n * BINS, 0,
			       (drawn[n]->is_slot ? (size_t)drawn[n]->slot + 1 : bins_of(g, column[n])) *
				       sizeof(uint32_t));
		}
		count_columns(g->histogram, record, stride, node->end - node->begin, column, n);
		for (size_t c = 0; c < n; c++) {
			uint32_t *histogram = g->histogram + c * BINS;

			varying += (size_t)(drawn[c]->is_slot ? try_slot(&best, g, histogram, drawn[c])
							      : try_number(&best, g, histogram, column[c]));
		}
	}
	draw_end(&draw, g);
	return best;
}
