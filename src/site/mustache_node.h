/* What parsing a Mustache template leaves for rendering it. Private to mustache*.c. */
#ifndef ASSAY_SITE_MUSTACHE_NODE_H
#define ASSAY_SITE_MUSTACHE_NODE_H

#include "site/mustache.h"

enum {
	MUSTACHE_DEPTH = 100, /* sections in sections, partials in partials */
	MUSTACHE_PARTIALS = 1000000, /* partials in one rendering: two that call each other twice double each time */
	MUSTACHE_DELIMITER = 16,
};

enum mustache_type {
	NODE_TEXT, /* at most one line of the template; also what renders nothing */
	NODE_INDENT, /* a line begins here: the indentation of the partial goes before it */
	NODE_ESCAPED,
	NODE_RAW,
	NODE_SECTION, /* its content: the nodes up to `end`, a NODE_CLOSE the last */
	NODE_INVERTED,
	NODE_CLOSE,
	NODE_PARTIAL,
};

struct mustache_node {
	enum mustache_type type;
	const char *text; /* literal text; else the name, which ends in a NUL */
	size_t len;
	size_t end; /* of a section: the node behind it */
	const char *indent; /* of a partial that stands alone: the blanks before it */
	size_t indent_len;
};

struct mustache {
	char *text; /* what the nodes point into */
	char *name;
	struct mustache_node *node;
	size_t n;
};

#endif
