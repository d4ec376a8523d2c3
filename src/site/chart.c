/* Charts: each kind writes a script, one gnuplot draws them all, the SVG pass makes them part of a page. */
#include "site/chart.h"
#include "site/chart_gnuplot.h"
#include "site/chart_plot.h"
#include "base/mem.h"

#define CHART_KIND(name) extern const struct chart_kind_entry chart_kind_##name;
#include "site/chart/kinds.def"
#undef CHART_KIND

static const struct chart_kind_entry *const kinds[] = {
#define CHART_KIND(name) &chart_kind_##name,
#include "site/chart/kinds.def"
#undef CHART_KIND
	NULL,
};

struct drawing {
	const struct chart *chart;
	struct plot *plot;
	char **svg, **problem;
	size_t n;
	struct progress *progress;
	struct error *err;
};

static int is_id(const char *id)
{
	return id && *id && id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static int set_problem(struct drawing *drawing, size_t i, const char *reason)
{
	struct buf text = BUF_INIT;

	buf_terminal(&text, reason, strlen(reason));
	drawing->problem[i] = buf_detach(&text);
	buf_release(&text);
	return drawing->problem[i] ? 0 : error_nomem(drawing->err);
}

/* The script of one chart, or its problem. */
static int compose(struct drawing *drawing, size_t i)
{
	const struct chart *chart = &drawing->chart[i];
	const struct chart_kind_entry *entry = NULL;
	struct plot *plot = &drawing->plot[i];
	struct error problem = {0};

	for (size_t k = 0; kinds[k]; k++)
		if (kinds[k]->kind == chart->kind)
			entry = kinds[k];
	if (!entry || !is_id(chart->id))
		return set_problem(drawing, i,
				   entry ? "its id is no word of a-z, 0-9 and -" : "there is no such kind of chart");
	plot->chart = chart;
	if (entry->draw(plot, chart, &problem) < 0)
		return set_problem(drawing, i, problem.text);
	if (!plot->blocks)
		return set_problem(drawing, i, "there are no points to draw");
	buf_put(&plot->script, plot->clauses.text, plot->clauses.len);
	return plot->failed || plot->script.failed || plot->clauses.failed ? error_nomem(drawing->err) : 0;
}

static int finished(void *context, size_t i, const char *svg, const char *problem)
{
	struct drawing *drawing = context;
	struct error reason = {0};
	struct buf out = BUF_INIT;
	int rc;

	progress_step(drawing->progress, "charts", (double)(i + 1), (double)drawing->n);
	if (!svg)
		return set_problem(drawing, i, problem);
	rc = chart_svg(&out, svg, &drawing->chart[i], &drawing->plot[i].labels, &reason);
	if (rc < 0) {
		buf_release(&out);
		return rc == ERR_NOMEM ? error_nomem(drawing->err) : set_problem(drawing, i, reason.text);
	}
	drawing->svg[i] = buf_detach(&out);
	return drawing->svg[i] ? 0 : error_nomem(drawing->err);
}

int charts_draw(char **svg, char **problem, const struct chart *chart, size_t n, struct progress *progress,
		struct error *err)
{
	struct drawing drawing = {chart, NULL, svg, problem, n, progress, err};
	struct gnuplot_job *job = mem_zeroed(n, sizeof(*job));
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		svg[i] = problem[i] = NULL;
	drawing.plot = mem_zeroed(n, sizeof(*drawing.plot));
	if (!job || !drawing.plot) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < n; i++) {
		drawing.plot[i].script = (struct buf)BUF_INIT;
		drawing.plot[i].clauses = (struct buf)BUF_INIT;
	}
	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = compose(&drawing, i);
		job[i].script = problem[i] ? NULL : drawing.plot[i].script.text;
		job[i].height = drawing.plot[i].height;
	}
	if (rc == 0)
		rc = gnuplot_run(job, n, finished, &drawing, err);
out:
	for (size_t i = 0; drawing.plot && i < n; i++) {
		buf_release(&drawing.plot[i].script);
		buf_release(&drawing.plot[i].clauses);
		names_free(&drawing.plot[i].labels);
	}
	free(drawing.plot);
	free(job);
	return rc;
}
