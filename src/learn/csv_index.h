/* Where the records of a CSV text are: how many, and places at which it can be cut for threads. */
#ifndef ASSAY_LEARN_CSV_INDEX_H
#define ASSAY_LEARN_CSV_INDEX_H

#include "base/error.h"

#include <stddef.h>

struct csv_chunk {
	const char *start; /* of a record */
	size_t row; /* number of that record, from 0; blank lines are no records */
};

struct csv_index {
	struct csv_chunk *chunk; /* [chunks + 1]; the last is where the text ends, and all rows */
	size_t chunks;
	size_t cap;
	size_t lines; /* physical lines */
	const char *open_quote; /* a quote that is never closed, or NULL */
	int special; /* bytes that are NUL or not ASCII */
};

/*
 * text, len: the records behind the header, with CSV_PADDING newlines before and behind. The first chunk is small, for a
 * look at the types; none is empty unless the text is. ERR_NOMEM is the one failure.
 */
MUST_CHECK int csv_index_make(struct csv_index *index, const char *text, size_t len, char separator, struct error *err);
void csv_index_release(struct csv_index *index);

#endif
