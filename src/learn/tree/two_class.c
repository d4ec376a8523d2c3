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

/* The features of one batch by kind: numbers are counted in histograms, slots summed. */
struct batch {
	uint32_t number[BATCH], column[SLOT_BATCH];
	uint8_t slot[SLOT_BATCH];
	size_t numbers, slots;
};

static struct batch draw_batch(struct grower *g, size_t *drawn)
{
	size_t wanted = *drawn < g->rows->tried ? g->rows->tried - *drawn : 1;
	struct batch batch = {.numbers = 0};

	while (wanted-- && batch.numbers < BATCH && batch.slots < SLOT_BATCH) {
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

static size_t try_numbers(struct split *best, struct grower *g, const struct batch *batch, const uint8_t *record,
			  size_t n)
{
	size_t varying = 0;

	for (size_t c = 0; c < batch->numbers; c++)
		memset(g->histogram + c * BINS, 0, bins_of(g, batch->number[c]) * sizeof(uint32_t));
	count_columns(g->histogram, record, g->rows->stride, n, batch->number, batch->numbers);
	for (size_t c = 0; c < batch->numbers; c++)
		varying += (size_t)try_number(best, g, g->histogram + c * BINS, batch->number[c]);
	return varying;
}

static size_t try_slots(struct split *best, struct grower *g, const struct batch *batch, const uint8_t *record,
			size_t n)
{
	uint32_t sum[SLOT_BATCH], which, varying;
	float gain;

	g->kernels->slot_sums(sum, record, g->rows->stride, n, batch->column, batch->slot, g->heaviest);
	memset(sum + batch->slots, 0, (SLOT_BATCH - batch->slots) * sizeof(*sum));
	gain = g->kernels->slot_cuts(&which, &varying, sum, g->total[0] + g->total[1], g->total[1]);
	if (gain > best->gain) {
		*best = (struct split){gain, batch->column[which], (uint8_t)(batch->slot[which] + 1), 254};
		g->best_left[1] = g->total[1] - (sum[which] >> 16);
		g->best_left[0] = g->total[0] + g->total[1] - (sum[which] & 0xffff) - g->best_left[1];
	}
	return varying;
}

struct split two_class_split(struct grower *g, const struct pending *node)
{
	const uint8_t *record = g->record[node->side] + node->begin * g->rows->stride;
	size_t n = node->end - node->begin, drawn = 0, varying = 0;
	struct split best = {.gain = -1};

	while (draw_more(g, drawn, varying)) {
		struct batch batch = draw_batch(g, &drawn);

		if (batch.numbers)
			varying += try_numbers(&best, g, &batch, record, n);
		if (batch.slots)
			varying += try_slots(&best, g, &batch, record, n);
	}
	return best;
}
