/*
 * Charts by gnuplot: one process fed all charts of a build; only numbers and placeholders reach it; the SVG that comes back is
 * rewritten: colours become classes of the theme, names enter escaped, markers become plain shapes, ids are prefixed.
 */
#ifndef ASSAY_SITE_CHART_H
#define ASSAY_SITE_CHART_H

#include "base/buf.h"
#include "base/progress.h"

enum chart_kind {
	CHART_INTERVALS, /* rows: value with interval on a shared axis, a line at `reference` */
	CHART_ROC, /* series: false against true positive rate, the diagonal */
	CHART_PRECISION_RECALL, /* series: recall against precision, a line at `reference` (share of the class) */
	CHART_CALIBRATION, /* series: mean score against rate, the diagonal */
	CHART_HISTORY, /* rows in order of time with intervals, best so far as a step, `reference` the baseline */
};

enum chart_role { /* what a mark or line means: its class in the theme */
		  ROLE_FOCUS,
		  ROLE_BASELINE,
		  ROLE_CONTEXT,
		  ROLE_SECOND,
		  ROLE_BETTER,
		  ROLE_WORSE,
		  ROLE_SAME,
};

struct chart_row {
	const char *label; /* a name: untrusted */
	const char *note; /* at the right: "+0.072 better" */
	double value, low, high; /* NaN low: no interval; NaN value: no mark */
	enum chart_role role;
};

struct chart_series {
	const char *label;
	enum chart_role role;
	const double *x, *y;
	size_t n; /* at most 200 */
};

struct chart {
	const char *id; /* [a-z0-9-]+, unique on its page: prefix of ids in the SVG */
	enum chart_kind kind;
	const char *title; /* for <title>: untrusted */
	const char *desc; /* for <desc>: the numbers in words: untrusted */
	const char *reference_label; /* NULL: none */
	double reference; /* NaN: none */
	double criterion; /* NaN: none; a dashed line */
	int lower_is_better; /* of CHART_HISTORY: which way the best so far goes */
	const struct chart_row *row;
	size_t rows; /* at most 40 are drawn */
	const struct chart_series *series;
	size_t n_series;
	double point_x, point_y; /* the operating point; NaN: none */
};

/*
 * Draw n charts. svg[i]: the inline <svg>, or NULL and problem[i] the reason; both the caller's to free(). A chart that
 * makes gnuplot fail costs that chart alone. The same charts give the same bytes, in any order.
 * ERR_MACHINE only where nothing could be done at all (gnuplot missing is a reason in every problem[], not an error).
 */
MUST_CHECK int charts_draw(char **svg, char **problem, const struct chart *chart, size_t n, struct progress *progress,
			   struct error *err);

#endif
