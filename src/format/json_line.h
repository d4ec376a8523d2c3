/*
 * One line of JSON lines, as nearly all lines of metrics are: a flat object of numbers. jansson reads 38 MB a second; this
 * walks the members in place, with no allocation, and leaves every other line to it.
 */
#ifndef ASSAY_FORMAT_JSON_LINE_H
#define ASSAY_FORMAT_JSON_LINE_H

#include <stddef.h>

enum json_line_state {
	JSON_LINE_MEMBER, /* *out is the next member */
	JSON_LINE_END, /* the object ended, and the line with it */
	JSON_LINE_OTHER, /* not of this kind, or not JSON at all: json_parse() has to say; members given before are void */
};

struct json_line {
	const char *at, *end;
	int started;
};

struct json_member {
	const char *name; /* in the line; printable, without escapes, not checked for UTF-8 */
	size_t len;
	double value; /* also NaN and infinities, as Python's json writes them; 1e999 is Infinity */
};

static inline void json_line_init(struct json_line *line, const char *text, size_t len)
{
	*line = (struct json_line){.at = text, .end = text + len};
}

enum json_line_state json_line_next(struct json_line *line, struct json_member *out);

#endif
