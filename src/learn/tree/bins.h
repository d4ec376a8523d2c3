/*
 * Columns in bytes, the only thing that trees look at. A number becomes the index of one of at most 256 bins, a category the
 * slot of its level. What a split chooses among are the numbers and every slot of every category (one-hot columns,
 * that is, but never stored as such: a slot is a comparison of the category's byte).
 */
#ifndef ASSAY_LEARN_TREE_BINS_H
#define ASSAY_LEARN_TREE_BINS_H

#include "learn/encode.h"

#include <stdint.h>

#define BINS 256
#define BIN_ABSENT 255 /* the byte of a category whose level has no slot */

struct bin_column {
	int bins; /* numbers: bytes are 0 .. bins-1 */
	double edge[BINS]; /* numbers: byte = how many edges are below the value; from bins-1 on: infinity */
};

/*
 * One thing to split on, in a word: rows with a byte above a cut go right (a number column), or the rows whose byte is the
 * slot (a category column).
 */
typedef uint32_t bin_feature;

static inline bin_feature feature_make(size_t column, int is_slot, size_t slot)
{
	return (uint32_t)column << 16 | (uint32_t)slot << 8 | (uint32_t)is_slot;
}

static inline uint32_t feature_column(bin_feature feature)
{
	return feature >> 16;
}

static inline int feature_is_slot(bin_feature feature)
{
	return feature & 1;
}

static inline uint8_t feature_slot(bin_feature feature)
{
	return (uint8_t)(feature >> 8);
}

struct bins {
	struct encoding *encoding;
	size_t columns; /* bytes a row */
	struct bin_column *column; /* [columns] */
	size_t features;
	bin_feature *feature; /* [features] */
	int holders;
};

/*
 * Find the bins of the training rows: one for each distinct number up to 256, with edges halfway between neighbours, else
 * 256 of about equal size; beyond 50,000 rows from an evenly spaced sample of them. row [n]: indices into the dataset.
 */
MUST_CHECK int bins_make(struct bins **out, const struct dataset *data, const size_t *row, size_t n, struct error *err);
void bins_free(struct bins *bins); /* gone when the last holder frees them */
struct bins *bins_hold(struct bins *bins); /* the same, held once more; not from two threads at once */

/* The bytes of rows: byte [n x stride], row-major, stride >= columns; what lies beyond the columns is left alone. */
void bins_apply(uint8_t *byte, size_t stride, const struct bins *bins, const struct dataset *data, const size_t *row,
		size_t n);

#endif
