/* Templates and themes: those of the project first, then the built-in ones. */
#ifndef ASSAY_SITE_THEME_H
#define ASSAY_SITE_THEME_H

#include "base/buf.h"
#include "site/mustache.h"

struct theme;

/* root: of the project; name: of the theme. *out is the caller's to theme_free(). ERR_INPUT: no such theme. */
MUST_CHECK int theme_open(struct theme **out, const char *root, const char *name, struct error *err);
void theme_free(struct theme *theme);

/* Append a file of the theme ("site.css"). ERR_NOT_FOUND if neither the project nor the program has it. */
MUST_CHECK int theme_file(struct buf *out, struct theme *theme, const char *name, struct error *err);

/* Append templates/NAME.mustache rendered with context; its partials are found in the same way. Parsed once a build. */
MUST_CHECK int theme_render(struct buf *out, struct theme *theme, const char *name, const json_t *context,
			    struct error *err);

#endif
