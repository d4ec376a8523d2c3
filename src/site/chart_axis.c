/* Ticks at round numbers, their hairlines and labels, and what a value axis covers. */
#include "site/chart_plot.h"

#include <math.h>

#define VALUE_MOST 1e100 /* beyond it differences overflow */

struct ticks ticks_of(double low, double high, size_t about)
{
	double raw = (high - low) / (double)about, power = pow(10, floor(log10(raw))), step;
	struct ticks ticks;

	step = raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10;
	ticks.step = step * power;
	ticks.first = ceil(low / ticks.step - 1e-9) * ticks.step;
	ticks.n = (size_t)floor((high - ticks.first) / ticks.step + 1e-9) + 1;
	ticks.decimals = (int)-floor(log10(ticks.step) + 1e-9);
	return ticks;
}

double tick_text(char out[32], const struct ticks *ticks, size_t i, int sign)
{
	double value = ticks->first + (double)i * ticks->step, size;
	const char *before = "";

	if (fabs(value) < ticks->step / 2)
		value = 0;
	size = fabs(value);
	if (value < 0)
		before = "\xe2\x88\x92";
	else if (sign && value > 0)
		before = "+";
	if (size >= 1e6 || ticks->decimals > 6)
		snprintf(out, 32, "%s%.3g", before, size);
	else
		snprintf(out, 32, "%s%.*f", before, value == 0 || ticks->decimals < 0 ? 0 : ticks->decimals, size);
	return value;
}

void plot_grid(struct plot *plot, char axis, const struct ticks *ticks)
{
	char text[32];

	buf_printf(&plot->script, "set grid %ctics lt 1 lc rgb 0x%06x lw 1\nset %ctics scale 0 nomirror (", axis,
		   0x010000U | INK_GRID, axis);
	for (size_t i = 0; i < ticks->n; i++)
		buf_printf(&plot->script, "%s\"\" %.9g", i ? "," : "", tick_text(text, ticks, i, 0));
	buf_puts(&plot->script, ")\n");
}

void plot_ticks_y(struct plot *plot, const struct ticks *ticks)
{
	char text[32];

	plot_grid(plot, 'y', ticks);
	for (size_t i = 0; i < ticks->n; i++) {
		double value = tick_text(text, ticks, i, 0);

		plot_text(plot, INK_SOFT, ALIGN_RIGHT, plot->left - 8, plot_y(plot, value), plot->left, text);
	}
}

void plot_unit_square(struct plot *plot)
{
	const struct ticks quarters = {0, 0.25, 5, 2};

	plot_frame(plot, 262, 40, 390);
	plot_range(plot, 0, 1, 0, 1.005);
	plot_grid(plot, 'y', &quarters);
	for (size_t i = 0; i < quarters.n; i++) {
		char text[32];
		double value = (double)i / 4;

		snprintf(text, sizeof(text), "%.2g", value);
		plot_text(plot, INK_SOFT, ALIGN_RIGHT, plot->left - 8, plot_y(plot, value), 60, text);
		plot_text(plot, INK_SOFT, ALIGN_CENTER, plot_x(plot, value), plot->height - 14, 60, text);
	}
}

static void stretch(struct span *span, double value)
{
	if (!isfinite(value) || fabs(value) > VALUE_MOST)
		return;
	span->low = fmin(span->low, value);
	span->high = fmax(span->high, value);
}

int span_of_rows(struct span *out, const struct chart *chart, size_t from, size_t to, size_t best, struct error *err)
{
	struct span core = {INFINITY, -INFINITY}, span;
	double width = chart->row[best].high - chart->row[best].low, pad;

	stretch(&core, chart->row[best].value);
	if (core.low > core.high)
		return error_set(err, ERR_INPUT, "there are no values to draw");
	stretch(&core, chart->reference);
	span = core;
	for (size_t i = from; i < to; i++) {
		const struct chart_row *row = &chart->row[i];

		if (width > 0 && isfinite(width) &&
		    (row->value < core.low - 3 * width || row->value > core.high + 3 * width))
			continue;
		stretch(&span, row->value);
		if (isfinite(row->value) && isfinite(row->low)) {
			stretch(&span, row->low);
			stretch(&span, row->high);
		}
	}
	if (!(width > 0) || (chart->criterion >= span.low - 3 * width && chart->criterion <= span.high + 3 * width))
		stretch(&span, chart->criterion);
	pad = (span.high - span.low) * 0.06;
	if (pad <= fabs(span.high) * 1e-9)
		pad = span.high != 0 ? fabs(span.high) * 0.1 : 0.1;
	*out = (struct span){span.low - pad, span.high + pad};
	return 0;
}
