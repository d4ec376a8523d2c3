/* Dotted paths into a record: "code.commit", "data.files.0.sha256", params."a.b". */
#ifndef ASSAY_RECORD_PATH_H
#define ASSAY_RECORD_PATH_H

#include "base/buf.h"

/*
 * Cut the next segment off *path into out (cleared first) and step over it and its dot; a backslash inside quotes keeps
 * the next character as it is. 1, 0 at the end, ERR_INPUT for an empty segment or a quote that is not closed.
 */
MUST_CHECK int path_next(struct buf *out, const char **path, struct error *err);

/* The rest of the path as one name: what stands in quotes, else all of it with its dots. As path_next(). */
MUST_CHECK int path_rest(struct buf *out, const char **path, struct error *err);

#endif
