/* Markdown with YAML front matter: a first line `---`, YAML, a line `---`, then the text. */
#ifndef ASSAY_FORMAT_FRONT_MATTER_H
#define ASSAY_FORMAT_FRONT_MATTER_H

#include "base/error.h"

#include <stddef.h>

struct front_matter { /* all point into the text given */
	const char *yaml; /* NULL: there is no front matter */
	size_t yaml_len;
	size_t yaml_line; /* 1-based line on which it starts */
	const char *body;
	size_t body_len;
	size_t body_line;
};

/* ERR_INPUT with name:line if the front matter is opened and never closed. A BOM and CRLF are accepted. */
MUST_CHECK int front_matter_split(struct front_matter *out, const char *text, size_t len, const char *name,
				  struct error *err);

#endif
