/*
 * The bytes of a CSV file in memory, with newlines before and behind them, so that the vector code of csv_index and
 * csv_cells may look 64 bytes past both ends and meets an end of line there.
 */
#ifndef ASSAY_LEARN_CSV_TEXT_H
#define ASSAY_LEARN_CSV_TEXT_H

#include "base/buf.h"

#define CSV_PADDING 128

struct csv_text {
	struct buf buf; /* padding, the file, padding */
	const char *start; /* of the file's bytes, a BOM included */
	size_t bytes;
	struct buf mended; /* empty, or the same with what is no UTF-8 replaced */
};

/* Read a file, "-" for stdin. ERR_INPUT for no such file, a folder, gzip, UTF-16 and the like. */
MUST_CHECK int csv_text_read(struct csv_text *text, const char *path, struct error *err);
void csv_text_release(struct csv_text *text);

/* Replace bytes that are not UTF-8 by U+FFFD; *replaced is how many characters, *line the line of the first. */
MUST_CHECK int csv_text_mend(struct csv_text *text, size_t *replaced, size_t *line, struct error *err);

/* The text to parse, without a BOM; *len without the padding. */
const char *csv_text_body(const struct csv_text *text, size_t *len);

/* The physical line, from 1, on which the byte at `at` of csv_text_body() stands. */
size_t csv_text_line(const struct csv_text *text, const char *at);

#endif
