/*
 * Text that grows. Appends return nothing: the first failure is remembered and asked for once, with buf_check(), before
 * the text is used. `text` is always NUL-terminated, never NULL. Every sink has its own escape.
 */
#ifndef ASSAY_BASE_BUF_H
#define ASSAY_BASE_BUF_H

#include "base/error.h"

#include <stddef.h>

struct buf {
	char *text;
	size_t len;
	size_t cap; /* 0: text is not allocated */
	int failed;
};

extern char buf_empty[];
#define BUF_INIT                   \
	{                          \
		buf_empty, 0, 0, 0 \
	}

void buf_release(struct buf *buf); /* frees and makes empty again; NULL allowed */
void buf_clear(struct buf *buf); /* length 0, keeps the memory */
void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_grouped(struct buf *buf, double whole); /* 12345 as 12,345 */
int buf_check(const struct buf *buf, struct error *err) MUST_CHECK; /* 0, or ERR_NOMEM if an append failed */
char *buf_detach(struct buf *buf); /* the text, the caller's to free(); NULL if an append failed */
int buf_reserve(struct buf *buf, size_t more) MUST_CHECK; /* room for `more` bytes; 0 or ERR_NOMEM */

/* Escapes, one a sink. Bytes that are no UTF-8 become U+FFFD in all of them. */
void buf_html(struct buf *buf, const char *text, size_t len); /* & < > " ' as entities: text and attributes */
void buf_terminal(struct buf *buf, const char *text, size_t len); /* control and bidi characters as <U+XXXX> */
void buf_csv(struct buf *buf, const char *text, size_t len); /* quoted as in RFC 4180 where needed */
/* As a code span of GitHub's Markdown, in a table's cell: nothing in it is a link, a mention or markup; else as on a terminal. */
void buf_markdown_code(struct buf *buf, const char *text, size_t len);
void buf_json_text(struct buf *buf, const char *text, size_t len); /* with its quotes; " \ and control characters */

/* Length in bytes of the UTF-8 character at text (len > 0), 0 if it is not well-formed; *code is set when it is. */
size_t utf8_next(const char *text, size_t len, unsigned *code);

/* Columns that `text` takes on a terminal: wide East Asian characters count 2, combining ones 0. */
size_t utf8_width(const char *text);

#endif
