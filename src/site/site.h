/*
 * site: show runs: pages, charts (gnuplot), Markdown (cmark), Mustache, themes. Knows judge/ and below; nothing of how runs
 * are made.
 */
#ifndef ASSAY_SITE_SITE_H
#define ASSAY_SITE_SITE_H

#include "base/progress.h"
#include "record/project.h"
#include "store/store.h"

struct site_options {
	const char *output; /* NULL: the project's site.output below the root, with a .gitignore of `*` in it */
	int charts; /* 0: leave them out */
};

struct site_report {
	char *index; /* path of index.html */
	size_t pages, charts;
	struct names problems; /* pages, charts or records that failed; the rest is built */
};
void site_report_release(struct site_report *report);

/*
 * Build the whole site. Refuses (ERR_INPUT) an output folder that exists, is not empty and lacks .assay-site. The same
 * records, Markdown and templates give the same bytes. New files are written beside and renamed; files of ours that are no
 * longer made are removed.
 */
MUST_CHECK int site_build(struct site_report *out, struct store *store, const struct project *project,
			  const struct site_options *options, struct progress *progress, struct error *err);

#endif
