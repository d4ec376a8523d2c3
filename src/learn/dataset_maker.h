/* What the files of a dataset share while it is made: the table, what was asked, and the place for notes. */
#ifndef ASSAY_LEARN_DATASET_MAKER_H
#define ASSAY_LEARN_DATASET_MAKER_H

#include "learn/dataset.h"

struct dataset_maker {
	struct dataset *data;
	const struct table *table;
	const struct dataset_options *options;
	size_t target; /* its column */
	struct error *err;
};

/* Take the rows that have a target, their classes and the positive one. */
MUST_CHECK int dataset_make_classes(struct dataset_maker *maker);

/* Choose the columns that a model can learn from. Rows and id column are there already. */
MUST_CHECK int dataset_make_features(struct dataset_maker *maker);

/* The column of this name; `what` it is asked for stands in the message. ERR_INPUT with the nearest name. */
MUST_CHECK int dataset_find_column(size_t *out, const struct dataset_maker *maker, const char *name, const char *what);

/* Takes note (allocated; NULL: no memory) in every case. */
MUST_CHECK int dataset_note(struct dataset_maker *maker, char *note);

/* What a message calls the table. */
const char *dataset_file_name(const struct dataset_maker *maker);

#endif
