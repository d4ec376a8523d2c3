#include "learn/tree/kernels.h"

#include "base/banned.h"

/* A binary search without branches, the same eight steps for every value. */
static void bin_values(uint8_t *byte, size_t stride, const double *edge, const double *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;

		for (size_t step = 128; step; step /= 2)
			at += edge[at + step - 1] < value[i] ? step : 0;
		byte[i * stride] = (uint8_t)at;
	}
}

static float bin_cuts(uint32_t *bin, uint32_t *histogram, size_t bins, uint32_t weight, uint32_t positive)
{
	float total = (float)weight, ratio = (float)positive / total, best = -1;
	uint32_t sum = 0;

	for (size_t b = 0; b < bins; b++) {
		sum += histogram[b];
		histogram[b] = sum;
		float gain = cut_gain((float)(sum & 0xffff), (float)(sum >> 16), total, ratio);

		if (gain > best) {
			best = gain;
			*bin = (uint32_t)b;
		}
	}
	return best;
}

static void slot_sums(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
		      const uint8_t *slot, uint32_t heaviest)
{
	(void)heaviest;
	memset(sum, 0, SLOT_BATCH * sizeof(*sum));
	for (size_t i = 0; i < n; i++, record += stride) {
		uint32_t packed;

		memcpy(&packed, record + stride - 4, sizeof(packed));
		for (size_t s = 0; s < SLOT_BATCH; s++)
			sum[s] += record[column[s]] == slot[s] ? packed : 0;
	}
}

static void class_sums(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
		       const uint8_t *slot, size_t classes, uint32_t heaviest)
{
	(void)heaviest;
	memset(sum, 0, CLASS_SLOTS * classes * sizeof(*sum));
	for (size_t i = 0; i < n; i++, record += stride) {
		uint32_t packed;

		memcpy(&packed, record + stride - 4, sizeof(packed));
		size_t label = classes == 2 ? packed >> 16 != 0 : packed >> 16;

		for (size_t s = 0; s < CLASS_SLOTS; s++)
			sum[s * classes + label] += record[column[s]] == slot[s] ? packed & 0xffff : 0;
	}
}

static float slot_cuts(uint32_t *which, uint32_t *cuts, const uint32_t *sum, uint32_t weight, uint32_t positive)
{
	float total = (float)weight, ratio = (float)positive / total, best = -1;

	*cuts = 0;
	for (uint32_t s = 0; s < SLOT_BATCH; s++) {
		float left = (float)(weight - (sum[s] & 0xffff)), gain;

		gain = cut_gain(left, (float)(positive - (sum[s] >> 16)), total, ratio);
		*cuts += gain >= 0;
		if (gain > best) {
			best = gain;
			*which = s;
		}
	}
	return best;
}

static float row_cuts(uint32_t *row, struct small_block *block, const uint8_t *column, uint32_t mask, uint32_t weight,
		      uint32_t positive)
{
	float total = (float)weight, ratio = (float)positive / total, best = -1;

	memset(block->left_weight, 0, sizeof(block->left_weight));
	memset(block->left_positive, 0, sizeof(block->left_positive));
	for (; mask; mask &= mask - 1) {
		size_t r = (size_t)__builtin_ctz(mask);
		const uint8_t *weights = block->spread_weight[r], *positives = block->spread_positive[r];
		uint8_t value = column[r];

		for (size_t i = 0; i < SMALL_ROWS; i++) {
			uint8_t take = column[i] >= value ? 0xff : 0;

			block->left_weight[i] = (uint8_t)(block->left_weight[i] + (take & weights[i]));
			block->left_positive[i] = (uint8_t)(block->left_positive[i] + (take & positives[i]));
		}
	}
	for (size_t i = 0; i < SMALL_ROWS; i++) {
		float gain = cut_gain(block->left_weight[i], block->left_positive[i], total, ratio);

		if (gain > best) {
			best = gain;
			*row = (uint32_t)i;
		}
	}
	return best;
}

static uint32_t equal_rows(const uint8_t *column, uint8_t value)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < SMALL_ROWS; i++)
		mask |= (uint32_t)(column[i] == value) << i;
	return mask;
}

static uint32_t above_rows(const uint8_t *column, uint8_t value)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < SMALL_ROWS; i++)
		mask |= (uint32_t)(column[i] > value) << i;
	return mask;
}

/* bit c: a[c] == b[c], of 16 bytes */
static uint32_t equal_bytes(const uint8_t *a, const uint8_t *b)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < 16; i++)
		mask |= (uint32_t)(a[i] == b[i]) << i;
	return mask;
}

static void select_rows(struct small_block *block, uint32_t mask)
{
	for (size_t r = 0; r < SMALL_ROWS; r++) {
		uint8_t take = mask >> r & 1 ? 0xff : 0;

		block->node_weight[r] = block->weight[r] & take;
		block->node_positive[r] = block->positive[r] & take;
	}
}

static uint32_t slot_sum(const struct small_block *block, const uint8_t *column, uint8_t slot)
{
	uint32_t weight = 0, positive = 0;

	for (size_t r = 0; r < SMALL_ROWS; r++) {
		uint8_t take = column[r] == slot ? 0xff : 0;

		weight += block->node_weight[r] & take;
		positive += block->node_positive[r] & take;
	}
	return weight | positive << 16;
}

static void transpose(uint8_t *column, const uint8_t *record, size_t stride, size_t rows, size_t columns)
{
	memset(column, 0, columns * SMALL_ROWS);
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < columns; c++)
			column[c * SMALL_ROWS + r] = record[r * stride + c];
}

#define TARGET
#include "learn/tree/small.h"

const struct tree_kernels kernels_plain = {
	.name = "plain",
	.bin_values = bin_values,
	.bin_cuts = bin_cuts,
	.slot_sums = slot_sums,
	.class_sums = class_sums,
	.slot_cuts = slot_cuts,
	.small_grow = small_grow,
};

const struct tree_kernels *kernels_choose(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
		return &kernels_avx2;
#endif
	return &kernels_plain;
}
