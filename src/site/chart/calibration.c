/* The share that came true against the mean score, bin by bin; an honest model lies on the diagonal. */
#include "site/chart_plot.h"

static int draw(struct plot *plot, const struct chart *chart, struct error *err)
{
	const double at = 0.93;

	plot_unit_square(plot);
	plot_line(plot, plot_x(plot, 0), plot_y(plot, 0), plot_x(plot, 1), plot_y(plot, 1), INK_AXIS, 1, NULL);
	plot_text(plot, INK_SOFT, ALIGN_RIGHT, plot_x(plot, at) - 8, plot_y(plot, at), 60, "honest");
	if (chart->n_series > 1)
		plot_legend(plot, "points", NULL);
	for (size_t i = 0; i < chart->n_series; i++) {
		struct line_style thin = *line_style_of(chart->series[i].role);

		thin.width = 1;
		plot_data(plot, chart->series[i].x, chart->series[i].y, chart->series[i].n, "lines", &thin);
	}
	return plot_series(plot, "points", err);
}

const struct chart_kind_entry chart_kind_calibration = {
	.kind = CHART_CALIBRATION,
	.name = "calibration",
	.draw = draw,
};
