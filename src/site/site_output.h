/*
 * The output folder of a site: what is ours in it, and nothing else. The mark `.assay-site` lists the files of the last build,
 * so that those which are no longer made can be removed; a folder that is not empty and has no mark is refused.
 */
#ifndef ASSAY_SITE_SITE_OUTPUT_H
#define ASSAY_SITE_SITE_OUTPUT_H

#include "base/file.h"

struct site_output;

/*
 * Open `dir` for a build, made if it is not there. ERR_INPUT: something else is in it, or a folder of ours is a link that
 * leads elsewhere. *out is the caller's to site_output_free().
 */
MUST_CHECK int site_output_open(struct site_output **out, const char *dir, struct error *err);
void site_output_free(struct site_output *output);

/* Write `path` (relative, of plain components, at most one folder deep) unless it holds these bytes already. */
MUST_CHECK int site_output_put(struct site_output *output, const char *path, const void *bytes, size_t len,
			       struct error *err);

/* Remove what the last build made and this one did not; write the mark. */
MUST_CHECK int site_output_finish(struct site_output *output, struct error *err);

#endif
