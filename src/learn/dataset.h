/* A table with a task: which column is the target, which are features, which rows count. */
#ifndef ASSAY_LEARN_DATASET_H
#define ASSAY_LEARN_DATASET_H

#include "learn/table.h"

struct dataset_options {
	const char *target; /* required */
	const char *positive; /* two classes: the positive one's text; NULL: chosen as below */
	const char *id; /* column of ids, best read as table_options.text; NULL: record numbers */
	const char *const *features; /* only these columns, NULL-terminated; NULL: all but target, id, drop */
	const char *const *drop; /* not these */
	const char *task; /* "classification", "regression" or NULL: from the target */
	int rows_only; /* 1: ids and classes are wanted, as for a split, and no features */
};

struct dataset {
	const struct table *table; /* borrowed */
	size_t n; /* rows that have a target */
	size_t *row; /* [n] row of the table, ascending */
	int *y; /* [n] class codes */
	int classes;
	char **class_name; /* [classes] sorted: numbers by value, text by bytes */
	int positive; /* two classes: its code; else -1 */
	size_t *feature; /* [features] columns of the table, in the table's order */
	size_t features;
	long id_column; /* -1: record numbers */
	struct names notes; /* e.g. "positive class: Yes", "left out as an identifier: name" */
};

/*
 * Find the target's classes and the features. The positive class of two: as asked, else yes, true or 1 (any case), else the
 * rarer. Rows without a target are left out with a note; so are text columns distinct in every row (identifiers), columns
 * that are all missing and constant ones (a note for each kind).
 *
 * ERR_INPUT for: a column that is not there (with the nearest name), one class only, a class with one row (named), a
 * positive value that is no class, an id column with a missing or doubled id (its line), no feature left, a target that is all
 * missing; a numeric target with more than 20 distinct values unless task says classification: a regression, which this
 * version refuses with a message that says so; task "regression" likewise. More than 1,000 classes.
 */
MUST_CHECK int dataset_make(struct dataset **out, const struct table *table, const struct dataset_options *options,
			    struct error *err);
void dataset_free(struct dataset *dataset);

/* The id of dataset row i as text: data.id's cell, else the record's number. scratch as in table_cell(). */
const char *dataset_id(const struct dataset *dataset, size_t i, char scratch[32]);

#endif
