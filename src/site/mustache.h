/* Mustache (the specification's non-optional parts) over JSON values. */
#ifndef ASSAY_SITE_MUSTACHE_H
#define ASSAY_SITE_MUSTACHE_H

#include "base/buf.h"

#include <jansson.h>

struct mustache; /* a parsed template */

/* Parse. name is for messages (name:line). ERR_INPUT: unclosed tag or section, wrong closing name. The caller's to
 * mustache_free(). text is copied. */
MUST_CHECK int mustache_parse(struct mustache **out, const char *text, size_t len, const char *name, struct error *err);
void mustache_free(struct mustache *mustache);

/* Where partials come from: a parsed template or NULL for none (renders nothing); the loader's to free. */
struct mustache_partials {
	const struct mustache *(*find)(struct mustache_partials *partials, const char *name, struct error *err);
};

/*
 * Append the rendering. {{x}} is escaped by buf_html(), {{{x}}} and {{&x}} are not. Numbers by number_text(). false, null,
 * absent and [] are falsy. Depth of partials is limited to 100 (ERR_INPUT). partials may be NULL.
 */
MUST_CHECK int mustache_render(struct buf *out, const struct mustache *mustache, const json_t *context,
			       struct mustache_partials *partials, struct error *err);

#endif
