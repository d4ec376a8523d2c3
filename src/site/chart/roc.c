/* The ROC curves, the line of chance, the operating point. */
#include "site/chart_plot.h"

static int draw(struct plot *plot, const struct chart *chart, struct error *err)
{
	plot_unit_square(plot);
	plot_line(plot, plot_x(plot, 0), plot_y(plot, 0), plot_x(plot, 1), plot_y(plot, 1), INK_AXIS, 1, NULL);
	plot_legend(plot, "lines", "by chance, 0.500");
	if (plot_series(plot, "lines", err) < 0)
		return ERR_INPUT;
	plot_data(plot, &chart->point_x, &chart->point_y, 1, "points", line_style_of(ROLE_FOCUS));
	return 0;
}

const struct chart_kind_entry chart_kind_roc = {
	.kind = CHART_ROC,
	.name = "roc",
	.draw = draw,
};
