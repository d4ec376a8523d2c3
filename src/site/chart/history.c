/* Scores in order of time on their intervals, the best so far as a step, the baseline and the criterion as lines. */
#include "site/chart_plot.h"

#include <math.h>

enum { MOST_ROWS = 40 };

static int is_better(const struct chart *chart, double value, double than)
{
	return chart->lower_is_better ? value < than : value > than;
}

/* The best row of [from, to); `to` if none has a value. */
static size_t best_of(const struct chart *chart, size_t from, size_t to)
{
	size_t best = to;

	for (size_t i = from; i < to; i++)
		if (isfinite(chart->row[i].value) &&
		    (best == to || is_better(chart, chart->row[i].value, chart->row[best].value)))
			best = i;
	return best;
}

static void draw_best_so_far(struct plot *plot, const struct chart *chart, size_t from, size_t to)
{
	const struct line_style style = {INK_CONTEXT, 2, NULL, 0, 0};
	double x[MOST_ROWS + 1], y[MOST_ROWS + 1];
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		double value = chart->row[i].value;

		if (!isfinite(value))
			continue;
		x[n] = (double)(i - from);
		y[n] = n && !is_better(chart, value, y[n - 1]) ? y[n - 1] : value;
		n++;
	}
	if (!n)
		return;
	x[n] = plot->x1;
	y[n] = y[n - 1];
	plot_data(plot, x, y, n + 1, "steps", &style);
}

struct level {
	double value;
	const char *name;
	enum ink ink;
	int below; /* its name stands below the line: another one is close above */
};

/* How many rows stand in the way of a text of this width at x, between the heights top and top + 18. */
static size_t rows_hidden(const struct plot *plot, const struct chart *chart, size_t from, size_t to, double x,
			  double width, double top)
{
	size_t hidden = 0;

	for (size_t i = from; i < to; i++) {
		double at = plot_x(plot, (double)(i - from)), value = chart->row[i].value;
		double low = isfinite(chart->row[i].low) ? chart->row[i].low : value;
		double high = isfinite(chart->row[i].high) ? chart->row[i].high : value;

		hidden += (size_t)(at > x - 6 && at < x + width + 6 && plot_y(plot, low) > top &&
				   plot_y(plot, high) < top + 18);
	}
	return hidden;
}

/* A line across, its name at the leftmost of the places where it hides the fewest rows. */
static void draw_level(struct plot *plot, const struct chart *chart, size_t from, size_t to, const struct level *level)
{
	double y = plot_y(plot, level->value), width = fmin(plot_text_width(level->name), 150) * 1.1;
	double top = level->below ? y : y - 18, best = plot->left + 4;
	size_t least = (size_t)-1;

	plot_line(plot, plot->left, y, plot->right, y, level->ink, 1, level->ink == INK_CRITERION ? "(5,3)" : NULL);
	for (double x = best; x + width <= plot->right; x += 10) {
		size_t hidden = rows_hidden(plot, chart, from, to, x, width, top);

		if (hidden < least) {
			least = hidden;
			best = x;
		}
	}
	plot_text(plot, level->ink == INK_CRITERION ? level->ink : INK_SOFT, ALIGN_LEFT, best, top + 9, 150,
		  level->name);
}

/* The baseline and the criterion, each where it is on the scale. */
static void draw_levels(struct plot *plot, const struct chart *chart, size_t from, size_t to)
{
	char criterion[48];
	struct level levels[2] = {{chart->reference, chart->reference_label ? chart->reference_label : "", INK_BASE, 0},
				  {chart->criterion, criterion, INK_CRITERION, 0}};
	double apart = (levels[0].value - levels[1].value) / (plot->y1 - plot->y0) * (plot->bottom - plot->top);

	snprintf(criterion, sizeof(criterion), "criterion %.4g", chart->criterion);
	levels[0].below = apart <= 0 && apart > -22;
	levels[1].below = apart > 0 && apart < 22;
	for (size_t i = 0; i < 2; i++)
		if (levels[i].value >= plot->y0 && levels[i].value <= plot->y1)
			draw_level(plot, chart, from, to, &levels[i]);
}

/* A score as the pages write it: three decimals, or as many digits where it is no share. */
static void value_text(char out[32], double value)
{
	snprintf(out, 32, fabs(value) < 10 ? "%.3f" : "%.4g", value);
}

/* end: up to where texts of rows off the scale stand, at the bottom and the top. */
static void draw_row(struct plot *plot, const struct chart_row *row, double at, double end[2])
{
	const struct line_style *style = line_style_of(row->role);
	double x = plot_x(plot, at);
	char value[32], text[48];
	double half;

	if (!isfinite(row->value))
		return;
	if (row->value < plot->y0 || row->value > plot->y1) {
		int below = row->value < plot->y0;

		value_text(value, row->value);
		snprintf(text, sizeof(text), "%s %s", value, below ? "\xe2\x86\x93" : "\xe2\x86\x91");
		half = plot_text_width(text) / 2;
		if (x - half < end[!below]) { /* no room for its figure, which the data have: the arrow alone */
			snprintf(text, sizeof(text), "%s", below ? "\xe2\x86\x93" : "\xe2\x86\x91");
			half = plot_text_width(text) / 2;
		}
		if (x - half < end[!below])
			return;
		plot_text(plot, INK_SOFT, ALIGN_CENTER, x, below ? plot->bottom - 9 : plot->top + 5, 80, text);
		end[!below] = x + half + 2;
		return;
	}
	if (isfinite(row->low) && isfinite(row->high))
		plot_line(plot, x, fmin(plot_y(plot, row->low), plot->bottom), x,
			  fmax(plot_y(plot, row->high), plot->top), style->ink, 1.5, NULL);
	plot_data(plot, &at, &row->value, 1, "points", style);
}

/* The labels of the rows below the axis, each once and none over its neighbour. */
static void draw_labels(struct plot *plot, const struct chart *chart, size_t from, size_t to)
{
	const char *last = "";
	double end = -INFINITY;

	for (size_t i = from; i < to; i++) {
		const char *label = chart->row[i].label;
		double x = plot_x(plot, (double)(i - from)), half;

		if (!label || !strcmp(label, last))
			continue;
		half = fmin(plot_text_width(label), 80) / 2;
		if (x - half < end)
			continue;
		plot_text(plot, INK_SOFT, ALIGN_CENTER, x, plot->height - 14, 80, label);
		last = label;
		end = x + half + 14;
	}
}

static void draw_best(struct plot *plot, const struct chart *chart, size_t from, size_t best)
{
	const struct chart_row *row = &chart->row[best];
	double y = plot_y(plot, isfinite(row->high) ? row->high : row->value) - 11;
	enum ink ink = row->role == ROLE_BETTER || row->role == ROLE_WORSE ? line_style_of(row->role)->ink : INK_TEXT;
	char text[32];

	value_text(text, row->value);
	plot_text(plot, ink, ALIGN_CENTER, plot_x(plot, (double)(best - from)), fmax(y, 9), 150,
		  row->note ? row->note : text);
}

static int draw(struct plot *plot, const struct chart *chart, struct error *err)
{
	size_t from = chart->rows > MOST_ROWS ? chart->rows - MOST_ROWS : 0, to = chart->rows;
	size_t best = best_of(chart, from, to);
	struct ticks ticks;
	struct span span;
	double end[2] = {-INFINITY, -INFINITY};
	int rc;

	if (best == to)
		return error_set(err, ERR_INPUT, "there are no values to draw");
	rc = span_of_rows(&span, chart, from, to, best, err);
	if (rc < 0)
		return rc;
	span.high += (span.high - span.low) * 0.05; /* room for the best one's figure */
	ticks = ticks_of(span.low, span.high, 4);
	plot_frame(plot, 272, 46, 390);
	plot_range(plot, -0.6, (double)(to - from) - 0.4, span.low, span.high);
	plot_ticks_y(plot, &ticks);
	draw_levels(plot, chart, from, to);
	draw_best_so_far(plot, chart, from, to);
	for (size_t i = from; i < to; i++)
		draw_row(plot, &chart->row[i], (double)(i - from), end);
	draw_best(plot, chart, from, best);
	draw_labels(plot, chart, from, to);
	return 0;
}

const struct chart_kind_entry chart_kind_history = {
	.kind = CHART_HISTORY,
	.name = "history",
	.draw = draw,
};
