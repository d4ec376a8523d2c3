/* Figures: charts with their words and their data. */
#include "site/page/figure.h"

#include "base/mem.h"
#include "site/page/hover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct figure *figures_add(struct figures *figures, const char *id, enum chart_kind kind, const char *data_path,
			   struct error *err)
{
	struct figure *figure;

	if (MEM_GROW(figures->item, figures->n, figures->cap, err) < 0)
		return NULL;
	figure = &figures->item[figures->n];
	memset(figure, 0, sizeof(*figure));
	figure->csv = (struct buf)BUF_INIT;
	figure->chart.kind = kind;
	figure->chart.reference = figure->chart.criterion = NAN;
	figure->chart.point_x = figure->chart.point_y = NAN;
	figures->n++;
	figure->chart.id = mem_text(id);
	figure->data_path = mem_text(data_path);
	if (!figure->chart.id || !figure->data_path) {
		error_nomem(err);
		return NULL;
	}
	return figure;
}

int figure_row(struct figure *figure, const struct chart_row *row, struct error *err)
{
	struct chart_row *made;
	int rc;

	rc = MEM_GROW(figure->row, figure->chart.rows, figure->cap_rows, err);
	if (rc < 0)
		return rc;
	made = &figure->row[figure->chart.rows];
	*made = *row;
	made->label = mem_text(row->label);
	made->note = mem_text(row->note);
	figure->chart.row = figure->row;
	figure->chart.rows++;
	return made->label && (made->note || !row->note) ? 0 : error_nomem(err);
}

int figure_series(struct figure *figure, const char *name, const char *label, enum chart_role role, double *x,
		  double *y, size_t n, struct error *err)
{
	size_t at = figure->chart.n_series;
	struct chart_series *made;

	if (MEM_GROW(figure->series, at, figure->cap_series, err) < 0 ||
	    MEM_GROW(figure->name, at, figure->cap_names, err) < 0) {
		free(x);
		free(y);
		return ERR_NOMEM;
	}
	made = &figure->series[at];
	*made = (struct chart_series){.label = mem_text(label), .role = role, .x = x, .y = y, .n = n};
	figure->name[at] = mem_text(name);
	figure->chart.series = figure->series;
	figure->chart.n_series++;
	return made->label && figure->name[at] && x && y ? 0 : error_nomem(err);
}

char *figure_text(struct buf *text)
{
	char *taken = buf_detach(text);

	buf_release(text);
	return taken;
}

int figure_texts(struct figure *figure, char *title, char *unit, char *caption, char *desc, struct error *err)
{
	figure->title = title;
	figure->unit = unit;
	figure->caption = caption;
	figure->desc = desc;
	figure->chart.title = title;
	figure->chart.desc = desc;
	return title && unit && caption && desc ? 0 : error_nomem(err);
}

int figure_reference(struct figure *figure, double value, const char *label, struct error *err)
{
	figure->reference_label = mem_text(label);
	figure->chart.reference = value;
	figure->chart.reference_label = figure->reference_label;
	return figure->reference_label || !label ? 0 : error_nomem(err);
}

int figures_draw(struct figures *page, size_t n, struct progress *progress, struct error *err)
{
	struct chart *chart = NULL;
	char **svg = NULL, **problem = NULL;
	size_t total = 0, at = 0;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		total += page[i].n;
	if (total == 0)
		return 0;
	chart = mem_array(total, sizeof(*chart));
	svg = mem_zeroed(total, sizeof(*svg));
	problem = mem_zeroed(total, sizeof(*problem));
	if (!chart || !svg || !problem) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < page[i].n; k++)
			chart[at++] = page[i].item[k].chart;
	rc = charts_draw(svg, problem, chart, total, progress, err);
	at = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < page[i].n; k++, at++) {
			page[i].item[k].svg = svg[at];
			page[i].item[k].problem = problem[at];
		}
	}
out:
	free(chart);
	free(svg);
	free(problem);
	return rc;
}

void figures_view(struct view *out, const char *key, const struct figures *figures)
{
	struct view list = view_list();

	for (size_t i = 0; i < figures->n; i++) {
		const struct figure *figure = &figures->item[i];
		struct view view = view_object();

		view_text(&view, "title", figure->title);
		view_text(&view, "unit", figure->unit);
		view_text(&view, "caption", figure->caption);
		view_text(&view, "chart_svg", figure->svg);
		view_text(&view, "chart_problem", figure->svg ? NULL : figure->problem);
		view_text(&view, "data", figure->data_path);
		hover_view(&view, figure);
		view_add(&list, &view);
	}
	view_flag(out, "any_figures", figures->n > 0);
	view_sub(out, key, &list);
}

static void figure_release(struct figure *figure)
{
	for (size_t i = 0; i < figure->chart.rows; i++) {
		free((char *)figure->row[i].label);
		free((char *)figure->row[i].note);
	}
	for (size_t i = 0; i < figure->chart.n_series; i++) {
		free(figure->name[i]);
		free((char *)figure->series[i].label);
		free((double *)figure->series[i].x);
		free((double *)figure->series[i].y);
	}
	free((char *)figure->chart.id);
	free(figure->row);
	free(figure->series);
	free(figure->name);
	free(figure->title);
	free(figure->unit);
	free(figure->caption);
	free(figure->desc);
	free(figure->reference_label);
	free(figure->data_path);
	free(figure->svg);
	free(figure->problem);
	buf_release(&figure->csv);
}

void figures_free(struct figures *figures)
{
	if (!figures)
		return;
	for (size_t i = 0; i < figures->n; i++)
		figure_release(&figures->item[i]);
	free(figures->item);
	memset(figures, 0, sizeof(*figures));
}
