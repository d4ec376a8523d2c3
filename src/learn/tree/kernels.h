/*
 * The inner loops of trees for two classes, plain and with AVX2. Both do the same operations in the same order on the same
 * 32-bit floats, so that a forest has the same bits whichever runs.
 *
 * The gain of a cut with weight l and positives p on its left, of N and P in all, is (p - l P / N)^2 / (l (N - l)): what
 * gini gains, up to a factor that is the same for all cuts of a node.
 */
#ifndef ASSAY_LEARN_TREE_KERNELS_H
#define ASSAY_LEARN_TREE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define SMALL_ROWS 32
#define SMALL_WEIGHT 255

/* Rows of a small node, column by column, with all that a comparison of one row with all needs. */
struct small_block {
	_Alignas(32) uint8_t spread_weight[SMALL_ROWS][SMALL_ROWS]; /* row r: its weight 32 times */
	_Alignas(32) uint8_t spread_positive[SMALL_ROWS][SMALL_ROWS]; /* the same if it is positive, else 0 */
	_Alignas(32) uint8_t left_weight[SMALL_ROWS],
		left_positive[SMALL_ROWS]; /* what row_cuts() found for each cut */
	uint32_t weight_bit[8]; /* bit r of [b]: bit b of the weight of row r */
	uint32_t positive; /* bit r: row r is of class 1 */
	uint8_t *column; /* [columns x SMALL_ROWS] */
};

struct tree_kernels {
	const char *name;
	/*
	 * histogram [bins], a multiple of 8, each weight | positives << 16: becomes its own prefix sum; the largest gain over
	 * cuts after a bin, below 0 if there is none, and the first bin that has it.
	 */
	float (*bin_cuts)(uint32_t *bin, uint32_t *histogram, size_t bins, uint32_t weight, uint32_t positive);
	/* Cuts at the value of each row of the block, among the rows in mask; the row with the largest gain. */
	float (*row_cuts)(uint32_t *row, struct small_block *block, const uint8_t *column, uint32_t mask,
			  uint32_t weight, uint32_t positive);
	/* bit r: column[r] == value */
	uint32_t (*equal_rows)(const uint8_t *column, uint8_t value);
	/* bit r: column[r] > value */
	uint32_t (*above_rows)(const uint8_t *column, uint8_t value);
	/* sum of the weights of the rows in mask */
	uint32_t (*weigh)(const struct small_block *block, uint32_t mask);
	/* records [rows x stride] to column [columns x SMALL_ROWS]; rows beyond are 0 */
	void (*transpose)(uint8_t *column, const uint8_t *record, size_t stride, size_t rows, size_t columns);
};

extern const struct tree_kernels kernels_plain, kernels_avx2;

/* The faster ones that this processor runs. */
const struct tree_kernels *kernels_choose(void);

static inline float cut_gain(float left, float positive, float weight, float ratio)
{
	float off = positive - left * ratio, product = left * (weight - left);

	return product > 0 ? off * off / product : -1;
}

#endif
