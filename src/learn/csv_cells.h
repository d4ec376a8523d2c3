/* The fields of a piece of a CSV text, each put into the array of its column: the hot loop of reading. */
#ifndef ASSAY_LEARN_CSV_CELLS_H
#define ASSAY_LEARN_CSV_CELLS_H

#include "base/buf.h"
#include "learn/csv_index.h"
#include "learn/dictionary.h"

enum csv_lane_kind {
	LANE_NUMBER,
	LANE_TEXT,
	LANE_SKIP,
};

/* Where the fields of one column go, and what was met among them. Each thread has its own. */
struct csv_lane {
	enum csv_lane_kind kind; /* a number lane that meets a text becomes LANE_SKIP, is_text is then set */
	int is_text;
	double *number; /* [rows] */
	int32_t *code; /* [rows] of `dictionary`; -1: an empty field */
	struct dictionary dictionary;
	size_t missing; /* number lanes */
	size_t overflow; /* numbers beyond what a double holds, taken as missing */
	const char *first_overflow;
};

enum csv_problem_kind {
	CSV_FINE,
	CSV_FIELDS, /* a record with another number of fields than the header */
	CSV_QUOTE, /* text after a closing quote; the piece is not read further */
	CSV_NOMEM,
};

struct csv_problem {
	enum csv_problem_kind kind; /* the first that was met */
	const char *at; /* CSV_FIELDS: the record */
	size_t fields; /* and what it has */
	size_t more; /* further records with a wrong number of fields */
};

struct csv_cells {
	struct csv_lane *lane; /* [columns] */
	size_t columns;
	char separator;
	const char *const *missing; /* words that mean missing in every column; ends with NULL; may be NULL */
	struct buf scratch; /* a field whose doubled quotes were undone */
};

extern const char *const csv_number_missing[]; /* words that mean missing among numbers; ends with NULL */

/* Is this field a word for missing? Blanks around it do not count; what is only blank is missing too. */
int csv_is_missing(const char *text, size_t len, const char *const *words);

/* Read the records from chunk[0].start up to chunk[1].start; *problem is added to, not reset. */
void csv_cells_read(struct csv_cells *cells, const struct csv_chunk *chunk, struct csv_problem *problem);

#endif
