/*
 * What the kinds of charts share: the frame, text, lines, ticks, a legend, as commands for gnuplot. Coordinates of text and
 * helping lines are pixels of the picture, y downwards; data go to gnuplot in their own units. Private to chart*.c and chart/.
 */
#ifndef ASSAY_SITE_CHART_PLOT_H
#define ASSAY_SITE_CHART_PLOT_H

#include "site/chart_svg.h"

#define CHART_WIDTH 400.0
#define CHART_LETTER 6.3 /* mean width of a letter at 12 px, in pixels */

struct plot {
	const struct chart *chart;
	struct buf script; /* set commands and data blocks */
	struct buf clauses; /* of the plot command */
	struct names labels; /* what the placeholders stand for */
	double height;
	double left, right, top, bottom; /* edges of the area of data */
	double x0, x1, y0, y1; /* data at those edges */
	unsigned blocks;
	int failed; /* memory was out */
};

/* A kind of chart; one file in chart/, one line of chart/kinds.def. */
struct chart_kind_entry {
	enum chart_kind kind;
	const char *name;
	/* Fill plot. ERR_INPUT with the reason where there is nothing that can be drawn. */
	int (*draw)(struct plot *plot, const struct chart *chart, struct error *err);
};

enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct line_style {
	enum ink ink;
	double width;
	const char *dash; /* "(5,3)"; NULL: solid */
	int point; /* gnuplot's point type of its marks */
	double size;
};
const struct line_style *line_style_of(enum chart_role role);

/* The whole script but terminal and output; the area of data lies between the pixels left and right. */
void plot_frame(struct plot *plot, double height, double left, double right);
void plot_range(struct plot *plot, double x0, double x1, double y0, double y1);
double plot_x(const struct plot *plot, double x); /* pixel of a value */
double plot_y(const struct plot *plot, double y);

/* text (untrusted) with its middle at height y, shortened to `room` pixels, kept inside the picture. */
void plot_text(struct plot *plot, enum ink ink, enum align align, double x, double y, double room, const char *text);
double plot_text_width(const char *text); /* in pixels, about */

void plot_line(struct plot *plot, double x0, double y0, double x1, double y1, enum ink ink, double width,
	       const char *dash);

/* n points of data; `with` and what follows it is ours: "lines", "steps", "points". Points that are not finite are left out. */
void plot_data(struct plot *plot, const double *x, const double *y, size_t n, const char *with,
	       const struct line_style *style);

/* Round steps that cover a range. */
struct ticks {
	double first, step;
	size_t n;
	int decimals;
};
struct ticks ticks_of(double low, double high, size_t about);
/* The i-th tick, exact zero for zero, and its text: a true minus sign, a plus where `sign` is set. */
double tick_text(char out[32], const struct ticks *ticks, size_t i, int sign);
/* Hairlines of a grid across x or y at these values; no labels. */
void plot_grid(struct plot *plot, char axis, const struct ticks *ticks);
/* A grid across y with labels on the left. */
void plot_ticks_y(struct plot *plot, const struct ticks *ticks);

/* Axes 0 to 1 both ways, as the curves have them. */
void plot_unit_square(struct plot *plot);

/* Lines or marks of the series with their names, in the corner that hides the fewest points. extra: one more entry, a thin
 * line of the axis; NULL for none. */
void plot_legend(struct plot *plot, const char *with, const char *extra);

/* How many points of the series, and the operating point four times, lie in this box of pixels. */
size_t plot_hidden(const struct plot *plot, double left, double top, double width, double height);

/* Series as lines; ERR_INPUT if there is no finite point in them. */
int plot_series(struct plot *plot, const char *with, struct error *err) MUST_CHECK;

/* What the value axis of rows covers: the reference and all rows near the first; the others are off the scale. */
struct span {
	double low, high;
};
/* best: index of the best row. ERR_INPUT if no row has a value. */
int span_of_rows(struct span *out, const struct chart *chart, size_t from, size_t to, size_t best,
		 struct error *err) MUST_CHECK;

#endif
