/* A page: how many of its kind there are, where they stand, what is drawn on them, what its template is given. */
#ifndef ASSAY_SITE_PAGE_PAGE_H
#define ASSAY_SITE_PAGE_PAGE_H

#include "site/page/figure.h"
#include "site/page/model.h"
#include "site/site_output.h"

struct page {
	const char *template; /* templates/NAME.mustache */
	const char *section; /* which entry of the navigation it belongs to: "index", "runs", ... */
	size_t (*count)(const struct site_model *model); /* NULL: there is one */
	char *(*path)(const struct site_model *model, size_t i); /* below the site; the caller's; NULL: no memory */
	/* What gnuplot has to draw for page i; NULL: nothing. */
	int (*figures)(struct figures *out, struct site_model *model, size_t i, struct error *err);
	/* Fill the view: page_title, description and all that the template asks for. figures: of this page, drawn. */
	int (*context)(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
		       struct error *err);
	/* Further files that stand beside page i; NULL: none. */
	int (*files)(struct site_output *out, struct site_model *model, size_t i, struct error *err);
};

extern const struct page *const pages[]; /* in the order of pages.def; ends with NULL */

#endif
