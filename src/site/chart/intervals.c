/* Rows: a name, a note, and below them the value on its interval; one axis for all, the reference a line through all. */
#include "site/chart_plot.h"

#include <math.h>

enum { MOST_ROWS = 40, ROOMY_ROWS = 12 };

static enum ink note_ink(enum chart_role role)
{
	return role == ROLE_FOCUS || role == ROLE_BASELINE ? INK_TEXT
	       : role == ROLE_CONTEXT                      ? INK_SOFT
							   : line_style_of(role)->ink;
}

/* What is off the scale gets an arrow at the edge; its value stands in the note. */
static void draw_row(struct plot *plot, const struct chart_row *row, double top)
{
	const struct line_style *style = line_style_of(row->role);
	double bar = top + 31, down = -bar, note_width = row->note ? plot_text_width(row->note) + 12 : 0;

	note_width = fmin(note_width, 190);
	if (row->note)
		plot_text(plot, note_ink(row->role), ALIGN_RIGHT, plot->right, top + 11, 178, row->note);
	plot_text(plot, row->role == ROLE_CONTEXT ? INK_SOFT : INK_TEXT, ALIGN_LEFT, plot->left, top + 11,
		  plot->right - plot->left - note_width, row->label);
	if (!isfinite(row->value))
		return;
	if (row->value < plot->x0 || row->value > plot->x1) {
		int left = row->value < plot->x0;

		plot_text(plot, note_ink(row->role), left ? ALIGN_LEFT : ALIGN_RIGHT, left ? plot->left : plot->right,
			  bar, 60, left ? "\xe2\x86\x90" : "\xe2\x86\x92");
		return;
	}
	if (isfinite(row->low) && isfinite(row->high))
		plot_line(plot, fmax(plot_x(plot, row->low), plot->left), bar,
			  fmin(plot_x(plot, row->high), plot->right), bar, style->ink, 2, NULL);
	plot_data(plot, &row->value, &down, 1, "points", style);
}

/* Labels of the axis: the reference by its name, round numbers where they keep clear of it. */
static void draw_axis(struct plot *plot, const struct chart *chart)
{
	struct ticks ticks = ticks_of(plot->x0, plot->x1, 4);
	double y = plot->height - 14, from = INFINITY, to = -INFINITY;
	char text[32];

	plot_grid(plot, 'x', &ticks);
	if (isfinite(chart->reference)) {
		double x = plot_x(plot, chart->reference);

		plot_line(plot, x, plot->bottom, x, plot->top, INK_BASE, 1.5, NULL);
		if (chart->reference_label) {
			double width = fmin(plot_text_width(chart->reference_label), 150);

			from = fmax(fmin(x - width / 2, CHART_WIDTH - width), 0) - 10;
			to = from + width + 20;
			plot_text(plot, INK_SOFT, ALIGN_CENTER, x, y, 150, chart->reference_label);
		}
	}
	if (chart->criterion >= plot->x0 && chart->criterion <= plot->x1) {
		double x = plot_x(plot, chart->criterion);

		plot_line(plot, x, plot->bottom, x, plot->top, INK_CRITERION, 1, "(5,3)");
	}
	for (size_t i = 0; i < ticks.n; i++) {
		double x = plot_x(plot, tick_text(text, &ticks, i, chart->reference == 0)),
		       half = plot_text_width(text) / 2;

		if (x + half < from || x - half > to)
			plot_text(plot, INK_SOFT, ALIGN_CENTER, x, y, 80, text);
	}
}

/*
 * Widen the span so that the line of the reference runs between the names on its left and the notes on its right. Where both
 * together leave less than a third of the width to the data, the notes alone get their room.
 */
static void make_room(struct span *span, const struct chart *chart, size_t n, double width)
{
	double names = 0, notes = 0, left, right;

	if (!isfinite(chart->reference))
		return;
	for (size_t i = 0; i < n; i++) {
		names = fmax(names, plot_text_width(chart->row[i].label) + 8);
		notes = fmax(notes, chart->row[i].note ? fmin(plot_text_width(chart->row[i].note), 178) + 8 : 0);
	}
	names = names + notes < 2 * width / 3 ? names / width : 0;
	notes /= width;
	left = chart->reference - span->low;
	right = span->high - chart->reference;
	right = fmax(right, left * notes / (1 - notes));
	left = fmax(left, right * names / (1 - names));
	right = fmax(right, left * notes / (1 - notes));
	span->low = chart->reference - left;
	span->high = chart->reference + right;
}

static int draw(struct plot *plot, const struct chart *chart, struct error *err)
{
	size_t n = chart->rows < MOST_ROWS ? chart->rows : MOST_ROWS, best = 0;
	double pitch = n > ROOMY_ROWS ? 42 : 46;
	struct span span;
	int rc;

	while (best < n && !isfinite(chart->row[best].value))
		best++;
	if (best == n)
		return error_set(err, ERR_INPUT, "there are no values to draw");
	rc = span_of_rows(&span, chart, 0, n, best, err);
	if (rc < 0)
		return rc;
	plot_frame(plot, 14 + (double)n * pitch + 4 + 32, 4, 390);
	make_room(&span, chart, n, plot->right - plot->left);
	plot_range(plot, span.low, span.high, -plot->bottom, -plot->top); /* y: pixels, upside down */
	draw_axis(plot, chart);
	for (size_t i = 0; i < n; i++)
		draw_row(plot, &chart->row[i], plot->top + (double)i * pitch);
	return 0;
}

const struct chart_kind_entry chart_kind_intervals = {
	.kind = CHART_INTERVALS,
	.name = "intervals",
	.draw = draw,
};
