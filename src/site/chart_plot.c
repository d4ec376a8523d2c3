/* Frame, text, lines and data of a chart as gnuplot commands: numbers and placeholders only. */
#include "site/chart_plot.h"
#include "base/mem.h"

#include <math.h>

enum { MOST_POINTS = 200, MOST_COLUMNS = 120 };

const struct line_style *line_style_of(enum chart_role role)
{
	static const struct line_style styles[] = {
		[ROLE_FOCUS] = {INK_FOCUS, 2, NULL, 7, 1.1},       [ROLE_BASELINE] = {INK_BASE, 1.5, "(5,3)", 7, 1.1},
		[ROLE_CONTEXT] = {INK_CONTEXT, 1.5, NULL, 7, 0.9}, [ROLE_SECOND] = {INK_SECOND, 2, "(7,3)", 5, 0.9},
		[ROLE_BETTER] = {INK_BETTER, 2, NULL, 9, 1.3},     [ROLE_WORSE] = {INK_WORSE, 2, NULL, 11, 1.3},
		[ROLE_SAME] = {INK_SAME, 2, NULL, 6, 1.2},
	};

	return &styles[(size_t)role < sizeof(styles) / sizeof(*styles) ? role : ROLE_CONTEXT];
}

void plot_frame(struct plot *plot, double height, double left, double right)
{
	plot->height = height;
	plot->left = left;
	plot->right = right;
	plot->top = 14;
	plot->bottom = height - 32;
	buf_printf(&plot->script,
		   "unset key\nset samples 2\nset style data lines\n"
		   "set lmargin at screen %.6f\nset rmargin at screen %.6f\nset tmargin at screen %.6f\n"
		   "set bmargin at screen %.6f\nset border 1 back lc rgb 0x%06x lw 1\nunset xtics\nunset ytics\n",
		   left / CHART_WIDTH, right / CHART_WIDTH, 1 - plot->top / height, 1 - plot->bottom / height,
		   0x010000U | INK_AXIS);
}

void plot_range(struct plot *plot, double x0, double x1, double y0, double y1)
{
	plot->x0 = x0;
	plot->x1 = x1;
	plot->y0 = y0;
	plot->y1 = y1;
	buf_printf(&plot->script, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", x0, x1, y0, y1);
}

double plot_x(const struct plot *plot, double x)
{
	return plot->left + (x - plot->x0) / (plot->x1 - plot->x0) * (plot->right - plot->left);
}

double plot_y(const struct plot *plot, double y)
{
	return plot->bottom - (y - plot->y0) / (plot->y1 - plot->y0) * (plot->bottom - plot->top);
}

static size_t columns_of(const char *text, size_t len)
{
	size_t columns = 0, step;
	unsigned code;

	for (size_t i = 0; i < len; i += step ? step : 1, columns++)
		step = utf8_next(text + i, len - i, &code);
	return columns;
}

static size_t bytes_of(const char *text, size_t len, size_t columns)
{
	size_t at = 0, step;
	unsigned code;

	while (at < len && columns--) {
		step = utf8_next(text + at, len - at, &code);
		at += step ? step : 1;
	}
	return at;
}

/* Control characters as their code point, then shortened in the middle to so many characters. */
static void put_short(struct buf *out, const char *text, size_t most)
{
	struct buf visible = BUF_INIT;
	size_t columns, head, tail;

	if (text)
		buf_terminal(&visible, text, strlen(text));
	columns = columns_of(visible.text, visible.len);
	if (columns <= most) {
		buf_put(out, visible.text, visible.len);
	} else {
		head = bytes_of(visible.text, visible.len, most / 2);
		tail = bytes_of(visible.text, visible.len, columns - (most - most / 2 - 1));
		buf_put(out, visible.text, head);
		buf_puts(out, "\xe2\x80\xa6");
		buf_put(out, visible.text + tail, visible.len - tail);
	}
	out->failed |= visible.failed;
	buf_release(&visible);
}

double plot_text_width(const char *text)
{
	struct buf visible = BUF_INIT;
	double width;

	if (text)
		buf_terminal(&visible, text, strlen(text));
	width = (double)columns_of(visible.text, visible.len) * CHART_LETTER;
	buf_release(&visible);
	return width;
}

void plot_text(struct plot *plot, enum ink ink, enum align align, double x, double y, double room, const char *text)
{
	static const char *const words[] = {"left", "center", "right"};
	double most = room / CHART_LETTER, width, before;
	struct buf label = BUF_INIT, filler = BUF_INIT;

	put_short(&label, text, most < 3 ? 3 : most > MOST_COLUMNS ? MOST_COLUMNS : (size_t)most);
	for (size_t i = columns_of(label.text, label.len); i > 5; i--)
		buf_putc(&filler, 'x');
	width = plot_text_width(label.text);
	before = align == ALIGN_LEFT ? 0 : align == ALIGN_CENTER ? width / 2 : width;
	if (x - before + width > CHART_WIDTH - 2)
		x = CHART_WIDTH - 2 - width + before;
	if (x - before < 2)
		x = 2 + before;
	buf_printf(&plot->script, "set label 'L%04zu%s' at screen %.6f,screen %.6f %s tc rgb 0x%06x\n", plot->labels.n,
		   filler.text, x / CHART_WIDTH, 1 - y / plot->height, words[align], 0x010000U | ink);
	plot->failed |= label.failed || filler.failed || names_add(&plot->labels, label.text, NULL) < 0;
	buf_release(&label);
	buf_release(&filler);
}

void plot_line(struct plot *plot, double x0, double y0, double x1, double y1, enum ink ink, double width,
	       const char *dash)
{
	buf_printf(&plot->script,
		   "set arrow from screen %.6f,screen %.6f to screen %.6f,screen %.6f nohead lc rgb 0x%06x lw %g%s%s\n",
		   x0 / CHART_WIDTH, 1 - y0 / plot->height, x1 / CHART_WIDTH, 1 - y1 / plot->height, 0x010000U | ink,
		   width, dash ? " dt " : "", dash ? dash : "");
}

/* Far outside the range a point only costs precision; what is near it gnuplot clips. */
static int is_near(double value, double low, double high)
{
	double reach = fabs(high - low);

	return isfinite(value) && value >= low - reach && value <= high + reach;
}

void plot_data(struct plot *plot, const double *x, const double *y, size_t n, const char *with,
	       const struct line_style *style)
{
	size_t stride = n > MOST_POINTS ? (n + MOST_POINTS - 1) / MOST_POINTS : 1, points = 0;
	struct buf block = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		if (i % stride && i + 1 < n)
			continue;
		if (!is_near(x[i], plot->x0, plot->x1) || !is_near(y[i], plot->y0, plot->y1))
			continue;
		buf_printf(&block, "%.7g %.7g\n", x[i], y[i]);
		points++;
	}
	if (points) {
		buf_printf(&plot->script, "$d%u << E\n%sE\n", plot->blocks, block.text);
		buf_printf(&plot->clauses, "%s $d%u using 1:2 with %s lc rgb 0x%06x lw %g", plot->blocks ? "," : "plot",
			   plot->blocks, with, 0x010000U | style->ink, style->width);
		if (strstr(with, "points"))
			buf_printf(&plot->clauses, " pt %d ps %g", style->point, style->size);
		if (!strcmp(with, "lines") && style->dash)
			buf_printf(&plot->clauses, " dt %s", style->dash);
		plot->blocks++;
	}
	plot->failed |= block.failed;
	buf_release(&block);
}

int plot_series(struct plot *plot, const char *with, struct error *err)
{
	/* What stands at the end is drawn last, above the others: the run in view. */
	for (int focus = 0; focus < 2; focus++) {
		for (size_t i = 0; i < plot->chart->n_series; i++) {
			const struct chart_series *series = &plot->chart->series[i];

			if ((series->role == ROLE_FOCUS) == focus)
				plot_data(plot, series->x, series->y, series->n, with, line_style_of(series->role));
		}
	}
	return plot->blocks ? 0 : error_set(err, ERR_INPUT, "there are no points to draw");
}
