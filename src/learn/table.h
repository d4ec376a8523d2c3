/*
 * learn: tables from CSV, splits, encodings, models. Knows base/, format/, stats/: nothing of runs or git.
 *
 * This file: a CSV file as typed columns.
 */
#ifndef ASSAY_LEARN_TABLE_H
#define ASSAY_LEARN_TABLE_H

#include "base/file.h"
#include "base/hash.h"

#include <stdint.h>

enum column_kind { COLUMN_NUMBER, COLUMN_CATEGORY };

struct column {
	char *name;
	enum column_kind kind;
	double *number; /* COLUMN_NUMBER: [rows], NaN is missing */
	int32_t *code; /* COLUMN_CATEGORY: [rows], -1 is missing, else an index into level */
	char **level; /* sorted by bytes, so that codes do not depend on the order of rows */
	size_t levels;
	size_t missing;
	char *level_text; /* inside: what level points into */
};

struct table {
	char *path; /* as given; "-" for stdin */
	size_t rows;
	size_t columns;
	struct column *column;
	char separator;
	size_t first_line; /* line of the first record, if every record is on one line and none is blank; else 0 */
	size_t bytes;
	char sha256[SHA256_HEX]; /* of the file's bytes */
	struct names notes; /* what a reader should know: the separator if not the comma, overflows, bytes mended */
	void *cells; /* inside: what number and code point into */
};

struct table_options {
	const char *const *missing; /* further words that mean missing, NULL-terminated; NULL: none */
	const char *const *text; /* columns read as text whatever they hold (ids: 007), NULL-terminated; NULL: none */
	const char *const
		*only; /* the columns wanted, NULL-terminated; the others have neither numbers nor codes. NULL: all */
	unsigned threads; /* 0: one per processor */
};

/*
 * Read a CSV file ("-": stdin) with a header line. A column is a number if every field that is not missing reads as one
 * (empty or blank is missing always; NA, NaN, nan, null, None and ? only in columns whose other values are numbers;
 * options->missing everywhere, by value where it is a number), else a category; a column that is all missing is a number
 * column of NaN. Quotes do not matter: "12" is a number. Where the semicolon separates, 1,5 is one too (a note). Blank
 * lines are passed over.
 *
 * ERR_INPUT with path:line and column for: no such file, empty, header only, a row with too few or too many fields (the
 * first, and how many more), an unclosed quote, text after a closing quote, duplicate or empty column names (a number in
 * the message), a NUL byte. Invalid UTF-8 becomes U+FFFD with a note; 1e999 becomes missing with a note.
 * ERR_NOMEM, ERR_MACHINE. *out is untouched unless 0 is returned; table_free() ends it. One pass of the bytes, then one a
 * column: O(bytes).
 */
MUST_CHECK int table_read(struct table **out, const char *path, const struct table_options *options, struct error *err);
void table_free(struct table *table);

/* Index of a column, or -1. */
long table_column(const struct table *table, const char *name);

/* Where a row is, for messages: "data.csv:17", or "data.csv, record 16" where records and lines do not go together. */
void table_where(char *out, size_t size, const struct table *table, size_t row);

/* The text of a cell as a user would write it ("" for missing); valid until the next call with the same scratch. */
const char *table_cell(const struct table *table, size_t row, size_t column, char scratch[32]);

#endif
