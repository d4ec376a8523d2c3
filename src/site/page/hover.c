/* Curves as data for the pointer: thinned, since a reader cannot point at more than the pixels there are. */
#include "site/page/hover.h"

#include <string.h>

/* The frame of charts on the unit square, in pixels of their 400: left, top, right, bottom (chart_axis.c draws it). */
#define FRAME "[40,14,390,230]"
#define POINTS 60

static const char *x_name(enum chart_kind kind)
{
	switch (kind) {
	case CHART_ROC:
		return "false positive rate";
	case CHART_PRECISION_RECALL:
		return "recall";
	case CHART_CALIBRATION:
		return "predicted";
	default:
		return NULL;
	}
}

static void put_series(struct buf *out, const char *name, const struct chart_series *series)
{
	size_t step = series->n > POINTS ? (series->n + POINTS - 1) / POINTS : 1;

	buf_puts(out, "{\"name\":");
	buf_json_text(out, name, strlen(name));
	buf_puts(out, ",\"at\":[");
	for (size_t i = 0; i < series->n; i += step)
		buf_printf(out, "%s[%.3g,%.3g]", i ? "," : "", series->x[i], series->y[i]);
	buf_puts(out, "]}");
}

void hover_view(struct view *out, const struct figure *figure)
{
	const struct chart *chart = &figure->chart;
	const char *name = x_name(chart->kind);
	struct buf json = BUF_INIT;

	if (!name || !figure->svg) {
		view_flag(out, "hover", 0);
		return;
	}
	buf_printf(&json, "{\"box\":" FRAME ",\"x\":[0,1],\"xname\":\"%s\",\"series\":[", name);
	for (size_t i = 0; i < chart->n_series; i++) {
		buf_puts(&json, i ? "," : "");
		put_series(&json, figure->name[i], &chart->series[i]);
	}
	buf_puts(&json, "]}");
	view_text(out, "hover", json.text);
	view_done(out, &json);
}
