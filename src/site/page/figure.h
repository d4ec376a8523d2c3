/*
 * Figures: a chart with its question, unit, caption and data. A page lists its figures first; all figures of many pages are
 * drawn by one gnuplot; then the page is rendered with them.
 */
#ifndef ASSAY_SITE_PAGE_FIGURE_H
#define ASSAY_SITE_PAGE_FIGURE_H

#include "base/buf.h"
#include "site/chart.h"
#include "site/page/view.h"

struct figure {
	struct chart chart; /* its arrays and names are in the arrays below */
	char *title, *unit, *caption; /* the question; axes and dashes in words; the answer in figures */
	char *desc, *reference_label;
	char *data_path; /* of the CSV, below the site */
	struct buf csv;
	char *svg, *problem; /* after figures_draw(): one of the two */
	struct chart_row *row; /* labels and notes owned */
	struct chart_series *series; /* labels, x and y owned */
	char **name; /* of each series, without what its label adds */
	size_t cap_rows, cap_series, cap_names;
};

struct figures {
	struct figure *item;
	size_t n, cap;
};

/*
 * Start a figure; it is the last of `figures` and stays valid until the next is added. id: [a-z0-9-]+, unique on its page.
 * data_path is copied. NaN for reference, criterion and point. NULL with err set without memory.
 */
struct figure *figures_add(struct figures *figures, const char *id, enum chart_kind kind, const char *data_path,
			   struct error *err);
/* Append. Names are copied; x and y are taken (also on failure). label: what stands in the picture, the name and more. */
MUST_CHECK int figure_row(struct figure *figure, const struct chart_row *row, struct error *err);
MUST_CHECK int figure_series(struct figure *figure, const char *name, const char *label, enum chart_role role,
			     double *x, double *y, size_t n, struct error *err);
/* The text of a buf, which is empty afterwards; NULL if it had no memory. */
char *figure_text(struct buf *text) MUST_CHECK;
/* Texts are taken, NULL means no memory. */
MUST_CHECK int figure_texts(struct figure *figure, char *title, char *unit, char *caption, char *desc,
			    struct error *err);
MUST_CHECK int figure_reference(struct figure *figure, double value, const char *label, struct error *err);

/* Draw the figures of n pages by one gnuplot; a chart that cannot be drawn has its reason in `problem`. */
MUST_CHECK int figures_draw(struct figures *page, size_t n, struct progress *progress, struct error *err);

/* All of them as a list: {title, unit, caption, hover, chart_svg, problem, data}. */
void figures_view(struct view *out, const char *key, const struct figures *figures);

void figures_free(struct figures *figures);

#endif
