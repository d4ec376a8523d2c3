/* From gnuplot's SVG to the one that stands in a page. Private to chart*.c and chart/. */
#ifndef ASSAY_SITE_CHART_SVG_H
#define ASSAY_SITE_CHART_SVG_H

#include "base/file.h"
#include "site/chart.h"

/* Colours that gnuplot is given: #0100NN, one a meaning. The SVG pass makes them classes, the theme gives those colours. */
enum ink {
	INK_NONE,
	INK_TEXT, /* labels that name data */
	INK_SOFT, /* tick labels */
	INK_GRID,
	INK_AXIS,
	INK_BETTER,
	INK_WORSE,
	INK_SAME,
	INK_BASE,
	INK_CRITERION,
	INK_FOCUS,
	INK_CONTEXT,
	INK_SECOND,
	INKS,
};

/*
 * Append the inline SVG. svg: what gnuplot wrote; its texts are placeholders that number the labels, which enter escaped.
 * Every element is written anew from numbers and names of ours: nothing of gnuplot's text is copied.
 * ERR_MACHINE: something that no chart of ours can hold.
 */
MUST_CHECK int chart_svg(struct buf *out, const char *svg, const struct chart *chart, const struct names *labels,
			 struct error *err);

#endif
