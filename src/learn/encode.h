/*
 * How the columns of a dataset become what a model computes with: fitted on training rows, applied to any row.
 *
 * Numbers: a missing one is the median of the training rows. Categories: each level that the training rows have is a
 * slot of its own, missing too; beyond the 100 most frequent levels the rest share one slot, "other". A level that
 * training never saw has no slot (it goes to "other" where there is one).
 */
#ifndef ASSAY_LEARN_ENCODE_H
#define ASSAY_LEARN_ENCODE_H

#include "learn/dataset.h"

#define ENCODE_LEVELS 100 /* slots for levels; with missing and other at most 102, so that a byte holds one */

struct encoded_column {
	size_t column; /* of the table */
	enum column_kind kind;
	double median; /* numbers: of the training rows, 0 where they have none */
	int32_t *slot; /* categories: [levels + 1] level -> slot, the last for missing; -1: none */
	size_t slots; /* numbers: 1 */
	size_t first; /* where slot 0 (or the number) stands among all */
};

struct encoding {
	size_t columns;
	struct encoded_column *column; /* in the order of dataset.feature */
	size_t width; /* numbers + slots of all categories */
	size_t numbers, categories;
};

/* row [n]: indices into the dataset. ERR_NOMEM is the one failure. */
MUST_CHECK int encoding_make(struct encoding **out, const struct dataset *data, const size_t *row, size_t n,
			     struct error *err);
void encoding_free(struct encoding *encoding);

/* The value of a number column at a row of the table, the median where it is missing. */
static inline double encoded_number(const struct encoded_column *column, const struct table *table, size_t table_row)
{
	double value = table->column[column->column].number[table_row];

	return value == value ? value : column->median;
}

/* The slot of a category column at a row of the table, or -1. */
static inline int32_t encoded_slot(const struct encoded_column *column, const struct table *table, size_t table_row)
{
	const struct column *from = &table->column[column->column];
	int32_t code = from->code[table_row];

	return column->slot[code < 0 ? (int32_t)from->levels : code];
}

#endif
