/*
 * The inner loops of trees for two classes, plain and with AVX2. Both do the same operations in the same order on the same
 * 32-bit floats, so that a forest has the same bits whichever runs.
 *
 * The gain of a cut with weight l and positives p on its left, of N and P in all, is (p - l P / N)^2 / (l (N - l)): what
 * gini gains, up to a factor that is the same for all cuts of a node.
 */
#ifndef ASSAY_LEARN_TREE_KERNELS_H
#define ASSAY_LEARN_TREE_KERNELS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define SMALL_ROWS 32
#define SMALL_WEIGHT 255
#define SLOT_BATCH 8
#define CLASS_SLOTS 16
#define SUM_CLASSES 16

/* Rows of a small node, column by column, with all that a comparison of one row with all needs. */
struct small_block {
	_Alignas(32) uint8_t spread_weight[SMALL_ROWS][SMALL_ROWS]; /* row r: its weight 32 times */
	_Alignas(32) uint8_t spread_positive[SMALL_ROWS][SMALL_ROWS]; /* the same if it is positive, else 0 */
	_Alignas(32) uint8_t weight[SMALL_ROWS], positive[SMALL_ROWS]; /* of each row */
	_Alignas(32) uint8_t node_weight[SMALL_ROWS],
		node_positive[SMALL_ROWS]; /* 0 for rows that are not in the node */
	_Alignas(32) uint8_t left_weight[SMALL_ROWS],
		left_positive[SMALL_ROWS]; /* what row_cuts() found for each cut */
	const uint8_t *record; /* the rows as they came, [rows x stride] */
	size_t stride;
	uint8_t *column; /* [stride x SMALL_ROWS] */
	uint16_t number[8], category[8]; /* bit c of [i]: what column 16 i + c is */
};

struct grower;
struct pending;

struct tree_kernels {
	const char *name;
	/* byte[i * stride] = how many of edge [256, ascending, the last infinite] are below value[i], none of them NaN */
	void (*bin_values)(uint8_t *byte, size_t stride, const double *edge, const double *value, size_t n);
	/*
	 * histogram [bins], a multiple of 8, each weight | positives << 16: becomes its own prefix sum; the largest gain over
	 * cuts after a bin, below 0 if there is none, and the first bin that has it.
	 */
	float (*bin_cuts)(uint32_t *bin, uint32_t *histogram, size_t bins, uint32_t weight, uint32_t positive);
	/*
	 * What of n records is in each of SLOT_BATCH slots: sum[i] = weight | positives << 16 of those whose byte at column[i]
	 * is slot[i]. No weight is above `heaviest`, and all together are at most 65,535.
	 */
	void (*slot_sums)(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
			  const uint8_t *slot, uint32_t heaviest);
	/*
	 * Cuts that send each of those slots to the right: the largest gain and the first slot that has it; below 0 if none is
	 * a cut. *cuts: how many are.
	 */
	float (*slot_cuts)(uint32_t *which, uint32_t *cuts, const uint32_t *sum, uint32_t weight, uint32_t positive);
	/*
	 * The same by class, for up to SUM_CLASSES classes and any total: sum [CLASS_SLOTS x classes]. The class is the upper half
	 * of a record's last word; of two classes it is 1 if that is not 0.
	 */
	void (*class_sums)(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
			   const uint8_t *slot, size_t classes, uint32_t heaviest);
	/* Grow all that is below a node of at most SMALL_ROWS records and a weight of at most SMALL_WEIGHT (small.h). */
	int (*small_grow)(struct grower *grower, const struct pending *node, struct error *err);
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
