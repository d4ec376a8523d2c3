/* Files that `init` and `new` write for people to fill in, from the built-in templates. */
#ifndef ASSAY_COMMAND_SCAFFOLD_H
#define ASSAY_COMMAND_SCAFFOLD_H

#include "base/buf.h"

/* A YAML scalar that reads back as this text: plain where it can be, else in double quotes. */
void yaml_text(struct buf *out, const char *text);

/* Append the built-in template "templates/NAME", each @WORD@ replaced by its value: pairs of word and value, ended by NULL. */
MUST_CHECK int scaffold_fill(struct buf *out, const char *name, const char *const *pairs, struct error *err);

/* Write experiments/NAME.md below root. ERR_INPUT if it is there already. *path is relative to root; the caller's. */
MUST_CHECK int scaffold_experiment(char **path, const char *root, const char *name, struct error *err);

#endif
