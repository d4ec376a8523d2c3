/* The names of the series beside a piece of their line, in the corner that hides the fewest points. */
#include "site/chart_plot.h"

#include <math.h>

enum { LEGEND_ROWS = 8 };
#define PITCH 22.0
#define SAMPLE 28.0 /* pixels of line before a name */

struct box {
	double left, top, width, height;
};

static int is_inside(const struct box *box, double x, double y)
{
	return x >= box->left && x <= box->left + box->width && y >= box->top && y <= box->top + box->height;
}

size_t plot_hidden(const struct plot *plot, double left, double top, double width, double height)
{
	const struct box box = {left, top, width, height};
	const struct chart *chart = plot->chart;
	size_t hidden = 0;

	for (size_t i = 0; i < chart->n_series; i++) {
		const struct chart_series *series = &chart->series[i];

		for (size_t k = 0; k < series->n; k++)
			hidden += (size_t)is_inside(&box, plot_x(plot, series->x[k]), plot_y(plot, series->y[k]));
	}
	if (isfinite(chart->point_x) && isfinite(chart->point_y))
		hidden += (size_t)is_inside(&box, plot_x(plot, chart->point_x), plot_y(plot, chart->point_y)) * 4;
	return hidden;
}

/* Bottom right, bottom left, top right, top left: the first of the best. */
static struct box place(const struct plot *plot, double width, double height)
{
	struct box best = {0, 0, width, height};
	size_t least = (size_t)-1;

	for (int corner = 0; corner < 4; corner++) {
		struct box box = {corner % 2 ? plot->left + 8 : plot->right - width - 4,
				  corner < 2 ? plot->bottom - height - 8 : plot->top + 4, width, height};
		double line = isfinite(plot->chart->reference) ? plot_y(plot, plot->chart->reference) : -1;
		size_t hidden = plot_hidden(plot, box.left, box.top, width, height);

		hidden += (size_t)(line >= box.top - 20 && line <= box.top + height) * 10; /* a line and its name */

		if (hidden < least) {
			least = hidden;
			best = box;
		}
	}
	return best;
}

static void put_sample(struct plot *plot, const char *with, const struct line_style *style, double x, double y)
{
	double at_x = plot->x0 + (x + SAMPLE / 2 - plot->left) / (plot->right - plot->left) * (plot->x1 - plot->x0);
	double at_y = plot->y0 + (plot->bottom - y) / (plot->bottom - plot->top) * (plot->y1 - plot->y0);

	if (strcmp(with, "points") != 0)
		plot_line(plot, x, y, x + SAMPLE, y, style->ink, style->width, style->dash);
	else
		plot_data(plot, &at_x, &at_y, 1, with, style);
}

void plot_legend(struct plot *plot, const char *with, const char *extra)
{
	size_t n = plot->chart->n_series < LEGEND_ROWS ? plot->chart->n_series : LEGEND_ROWS,
	       rows = n + (extra != NULL);
	double widest = extra ? plot_text_width(extra) : 0, room = plot->right - plot->left - SAMPLE - 30;
	struct box box;

	for (size_t i = 0; i < n; i++)
		widest = fmax(widest, plot_text_width(plot->chart->series[i].label));
	widest = fmin(widest, room);
	box = place(plot, SAMPLE + 10 + widest, (double)rows * PITCH);
	for (size_t i = 0; i < rows; i++) {
		double y = box.top + ((double)i + 0.5) * PITCH;
		enum chart_role role = i < n ? plot->chart->series[i].role : ROLE_CONTEXT;
		const struct line_style *style = line_style_of(role);
		enum ink ink = role == ROLE_FOCUS ? INK_TEXT : role == ROLE_CONTEXT ? INK_SOFT : style->ink;

		if (i < n)
			put_sample(plot, with, style, box.left, y);
		else
			plot_line(plot, box.left, y, box.left + SAMPLE, y, INK_AXIS, 1, NULL);
		plot_text(plot, ink, ALIGN_LEFT, box.left + SAMPLE + 10, y, room,
			  i < n ? plot->chart->series[i].label : extra);
	}
}
