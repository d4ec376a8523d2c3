/* Files compiled into the program: templates, the theme, the JSON Schema of a run. The Makefile makes the table. */
#ifndef ASSAY_BASE_EMBEDDED_H
#define ASSAY_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name; /* "templates/run.mustache", "themes/default/site.css", "src/record/run.schema.json" */
	const char *text; /* NUL-terminated */
	size_t len;
};

extern const struct embedded embedded_files[]; /* sorted by name; ends with a name of NULL */

const struct embedded *embedded_find(const char *name); /* NULL if there is none */

#endif
