/* The records of a CSV text as typed columns: kinds inferred, pieces read by threads, levels sorted. */
#ifndef ASSAY_LEARN_CSV_COLUMNS_H
#define ASSAY_LEARN_CSV_COLUMNS_H

#include "learn/csv_cells.h"
#include "learn/csv_text.h"
#include "learn/table.h"

struct csv_source {
	const struct csv_text *text;
	const struct csv_index *index;
	size_t bytes; /* of the records */
	const struct table_options *options;
};

/* Is the column named in options->text? */
int csv_asked_as_text(const struct table_options *options, const char *name);

/* Is it one of options->only, or is there no such choice? */
int csv_is_wanted(const struct table_options *options, const char *name);

/*
 * Fill the columns of `table` (names, separator and notes are there already), its rows and sha256. overflow [columns]: the first
 * number beyond a double of each, NULL where there is none; overflows: how many there are. *problem says what is wrong
 * with the records; the columns are then not to be used. ERR_NOMEM.
 */
MUST_CHECK int csv_columns_read(struct table *table, const struct csv_source *source, const char **overflow,
				size_t *overflows, struct csv_problem *problem, struct error *err);

#endif
