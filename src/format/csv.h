/*
 * CSV records as RFC 4180 has them: quotes, doubled quotes, CRLF, a BOM, a missing last newline, fields over lines.
 * A reader over memory, for files of predictions and series; learn/table.h reads large data into columns by itself on
 * the same rules.
 */
#ifndef ASSAY_FORMAT_CSV_H
#define ASSAY_FORMAT_CSV_H

#include "base/buf.h"

struct csv_field {
	const char *text; /* unquoted; valid until the next csv_next() */
	size_t len;
	int quoted;
};

struct csv {
	const char *name; /* for messages */
	char separator;
	size_t line; /* 1-based line on which the record just read starts */
	struct csv_field *field;
	size_t n; /* fields of the record just read */
	/* inside */
	const char *at, *end;
	size_t next_line, cap;
	struct buf scratch;
};

/*
 * The separator among , ; TAB | that fits the text best: the one which, outside of quotes, splits the first records into
 * the most equal counts above one; comma where none does.
 */
char csv_sniff(const char *text, size_t len);

/* text stays the caller's and must outlive the reader. separator 0: csv_sniff(). A BOM is passed over. */
void csv_init(struct csv *csv, const char *text, size_t len, const char *name, char separator);
void csv_release(struct csv *csv);

/* The next record: 1, 0 at the end, ERR_INPUT with name:line for an unclosed quote or text after a closing quote. Blank
 * lines are passed over. */
MUST_CHECK int csv_next(struct csv *csv, struct error *err);

#endif
