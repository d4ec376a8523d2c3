/*
 * YAML by libyaml as a tree with line numbers, for assay.yaml and front matter. Anchors, aliases, tags and a second
 * document are refused (they are how a small file becomes a large one), as are two equal keys and depth over 64.
 */
#ifndef ASSAY_FORMAT_YAML_H
#define ASSAY_FORMAT_YAML_H

#include "base/error.h"

#include <jansson.h>
#include <stddef.h>

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	size_t line; /* 1-based in the file */
	char *text; /* scalar: its text, "" for an empty one */
	int quoted; /* scalar: was it quoted? a plain yes, 1 or null may be more than text */
	size_t n; /* list, map: entries */
	char **key; /* map */
	size_t *key_line; /* map */
	struct yaml **item; /* list, map */
};

/*
 * Parse one document. first_line: the line of the file on which text starts (front matter: 2), for messages of the form
 * name:line. An empty document gives an empty map. *out is the caller's to yaml_free().
 */
MUST_CHECK int yaml_parse(struct yaml **out, const char *text, size_t len, const char *name, size_t first_line,
			  struct error *err);
/* Hidden, because libyaml exports a function of this name and would call ours in its place. */
__attribute__((visibility("hidden"))) void yaml_free(struct yaml *yaml);

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL if absent or not a map */

/* The value as JSON by YAML 1.2's core schema: a plain scalar may be null, true, false or a number. NULL without memory. */
json_t *yaml_json(const struct yaml *yaml) MUST_CHECK;

#endif
