/* Finds rows by id: texts to row numbers. Texts are not copied. Private to track/. */
#ifndef ASSAY_TRACK_ID_TABLE_H
#define ASSAY_TRACK_ID_TABLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* 64 bits of a text. */
uint64_t id_hash(const char *text, size_t len);

struct id_table {
	uint32_t *slot; /* row + 1; 0: free */
	size_t mask;
};
MUST_CHECK int id_table_make(struct id_table *out, size_t rows, struct error *err);
void id_table_release(struct id_table *table);
/* The row whose id this is, or -1; then, if `row` is not negative, that row is put under it. */
long long id_table_find(const struct id_table *table, char *const *id, const char *text, size_t len, long long row);

#endif
