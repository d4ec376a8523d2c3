/* Precision against recall, the share of the class as a line, the operating point. */
#include "site/chart_plot.h"

#include <math.h>

/* The line of the share, its name at the leftmost of the places where the fewest points are in the way. */
static void draw_reference(struct plot *plot, const struct chart *chart)
{
	double y = plot_y(plot, chart->reference), top = y < plot->top + 20 ? y + 2 : y - 20, width,
	       best = plot->left + 7;
	struct buf text = BUF_INIT;
	size_t least = (size_t)-1;

	plot_line(plot, plot->left, y, plot->right, y, INK_AXIS, 1, NULL);
	if (!chart->reference_label)
		return;
	buf_printf(&text, "%s %.3f", chart->reference_label, chart->reference);
	width = fmin(plot_text_width(text.text) * 1.1, 200);
	for (double x = best; x + width <= plot->right; x += 10) {
		size_t hidden = plot_hidden(plot, x - 4, top - 2, width + 8, 22);

		if (hidden < least) {
			least = hidden;
			best = x;
		}
	}
	plot_text(plot, INK_SOFT, ALIGN_LEFT, best, top + 9, 200, text.text);
	plot->failed |= text.failed;
	buf_release(&text);
}

static int draw(struct plot *plot, const struct chart *chart, struct error *err)
{
	plot_unit_square(plot);
	if (chart->reference >= 0 && chart->reference <= 1)
		draw_reference(plot, chart);
	plot_legend(plot, "lines", NULL);
	if (plot_series(plot, "lines", err) < 0)
		return ERR_INPUT;
	plot_data(plot, &chart->point_x, &chart->point_y, 1, "points", line_style_of(ROLE_FOCUS));
	return 0;
}

const struct chart_kind_entry chart_kind_precision_recall = {
	.kind = CHART_PRECISION_RECALL,
	.name = "precision_recall",
	.draw = draw,
};
