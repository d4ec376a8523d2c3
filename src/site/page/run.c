/* The page of a run: what it scored, against what, from which code and data, and how to have it again. */
#include "site/page/page.h"

#include "base/mem.h"
#include "judge/decide.h"
#include "record/repetition.h"
#include "site/page/changes.h"
#include "site/page/criteria.h"
#include "site/page/facts.h"
#include "site/page/lead.h"
#include "site/page/matrix.h"
#include "site/page/metrics.h"
#include "site/page/plots.h"
#include "site/page/record.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <stdlib.h>
#include <string.h>

static size_t run_count(const struct site_model *model)
{
	return model->runs.n;
}

static char *run_path(const struct site_model *model, size_t i)
{
	return model_run_href(&model->runs.item[i], ".html");
}

/* What its curves stand beside: the run it was compared with. */
static const struct seen_run *beside(const struct site_model *model, const struct site_experiment *item,
				     const struct seen_run *run)
{
	struct judged judged;

	judged_of(&judged, model, run, item->metric[0].name, JUDGED_TODAY);
	return judged.against;
}

static int run_figures(struct figures *out, struct site_model *model, size_t i, struct error *err)
{
	const struct seen_run *run = &model->runs.item[i];
	const struct site_experiment *item = model_experiment(model, run_experiment(&run->run));

	return plot_curves(out, model, run, beside(model, item, run), err);
}

static struct view view_link(const struct seen_run *run)
{
	struct view link = view_object();

	view_text(&link, "name", run_name(&run->run));
	view_printf(&link, "href", "runs/%s.html", run_id(&run->run));
	return link;
}

/*
 * The single runs that a parent of seeds or splits is the mean of, by its first metric: how far one draw is from the next.
 */
static int view_parts(struct view *out, const struct site_model *model, const struct site_experiment *item,
		      const struct seen_run *run, const struct seen_run *against, struct error *err)
{
	size_t n = json_array_size(run_field(&run->run, "children"));
	struct run_table table = {
		.metric = item->metric[0].name, .lower = item->metric[0].lower, .bar = against, .narrow = 1};
	int rc;

	view_flag(out, "parts", 0);
	if (!n)
		return 0;
	table.row = run_list(n);
	if (!table.row)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct seen_run *child = runs_child(&model->runs, &run->run, i);

		if (child)
			table.row[table.rows++] = child;
	}
	rc = table.rows ? run_table_view(out, "parts", model, &table, err) : 0;
	view_printf(out, "parts_of", "%.*s", (int)strlen(repetition_word(run_repetition(&run->run))) - 1,
		    repetition_word(run_repetition(&run->run)));
	free(table.row);
	return rc;
}

/* The run before and after it in its experiment, the one to compare it with, and what it is a part of. */
static void view_neighbours(struct view *out, const struct site_model *model, const struct site_experiment *item,
			    const struct seen_run *run, const struct seen_run *against)
{
	const struct seen_run *parent = model_run(model, run_text(&run->run, "parent"));
	size_t n = parent != NULL;
	static const char *const key[] = {"before", "after", "base"};
	const struct seen_run *other[3] = {NULL, NULL, against};
	struct view view = view_object();

	for (size_t i = 0; i < item->runs; i++) {
		if (item->run[i] != run)
			continue;
		other[0] = i > 0 ? item->run[i - 1] : NULL;
		other[1] = i + 1 < item->runs ? item->run[i + 1] : NULL;
	}
	for (size_t i = 0; i < 3; i++) {
		struct view link;

		if (!other[i]) {
			view_flag(&view, key[i], 0);
			continue;
		}
		link = view_link(other[i]);
		view_sub(&view, key[i], &link);
		n++;
	}
	view_flag(&view, "parent", 0);
	if (parent) {
		struct view link = view_link(parent);

		view_sub(&view, "parent", &link);
	}
	view_sub(out, "neighbours", &view);
	if (!n)
		view_flag(out, "neighbours", 0);
}

/* Where today's verdict is another than that of the record, the page says so. */
static void view_today(struct view *out, const struct site_model *model, const struct site_experiment *item,
		       const struct seen_run *run)
{
	struct judged judged;

	judged_of(&judged, model, run, item->metric[0].name, JUDGED_TODAY);
	if (judged.entry && judged.verdict != VERDICT_SAME && judged.verdict != judged.then)
		view_printf(out, "today", "Today, among %zu comparisons, the word for %s is: %s.", judged.family,
			    words_title(item->metric[0].name), verdict_word(judged.verdict));
	else
		view_flag(out, "today", 0);
}

/* What would decide the first metric, at the family that the page prints. */
static void view_decide(struct view *out, const struct site_experiment *item, const struct seen_run *run)
{
	struct buf text = BUF_INIT, sentence = BUF_INIT;

	if (judge_decide(&text, &run->run, item->metric[0].name, JUDGE_THEN)) {
		buf_printf(&sentence, "%s: %s.", words_title(item->metric[0].name), text.text);
		view_text(out, "decide", sentence.text);
	} else {
		view_flag(out, "decide", 0);
	}
	view_done(out, &text);
	view_done(out, &sentence);
}

static int view_raw(struct view *out, struct site_model *model, const struct seen_run *run, struct error *err)
{
	const struct buf *text;
	int rc = record_bytes(&text, model, run, err);

	if (rc == 0)
		view_text(out, "raw", text->text);
	return rc;
}

static void view_head(struct view *out, const struct site_model *model, const struct site_experiment *item,
		      const struct seen_run *run)
{
	const struct experiment *experiment = item->experiment;
	struct buf name = BUF_INIT;

	view_printf(out, "page_title", "%s \xc2\xb7 %s", run_name(&run->run), model->project->name);
	words_name(&name, run_name(&run->run));
	view_text(out, "name", name.text);
	view_text(out, "experiment", experiment->name);
	view_text(out, "experiment_href", item->href);
	if (experiment->question)
		view_text(out, "question", experiment->question);
	else
		view_printf(out, "question", "Does %s beat the baseline?", run_name(&run->run));
	lead_run(out, model, item, run);
	view_flag(out, "waiting", run->where != WHERE_GIT);
	view_flag(out, "dirty", json_is_true(run_field(&run->run, "code.dirty")));
	view_flag(out, "any_notices",
		  run->where != WHERE_GIT || json_is_true(run_field(&run->run, "code.dirty")) ||
			  json_array_size(run_field(&run->run, "changes.factors")) > 1);
	view_flag(out, "finished", run_finished(run));
	view_text(out, "status", run_text(&run->run, "status"));
	view_text(out, "kind", run_text(&run->run, "kind"));
	view_printf(out, "json_href", "runs/%s.json", run_id(&run->run));
	view_done(out, &name);
}

static int run_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
		       struct error *err)
{
	const struct seen_run *run = &model->runs.item[i];
	const struct site_experiment *item = model_experiment(model, run_experiment(&run->run));
	const struct seen_run *against = beside(model, item, run);
	json_t *evaluation = NULL;
	int rc;

	view_head(out, model, item, run);
	facts_view(out, model, run, item->metric[0].name, FACTS_OF_RUN);
	fact_cost(out, run, against);
	metrics_view(out, "metrics", model, item, run, JUDGED_THEN);
	view_today(out, model, item, run);
	view_decide(out, item, run);
	record_evidence(out, model, run);
	record_params(out, run);
	record_environment(out, run);
	record_artifacts(out, run);
	record_notes(out, run);
	view_neighbours(out, model, item, run, against);
	figures_view(out, "figures", figures);
	rc = changes_view(out, model, item, run, err);
	if (rc == 0)
		rc = view_parts(out, model, item, run, against, err);
	if (rc == 0)
		rc = evaluation_load(&evaluation, model, run, err);
	if (rc == 0) {
		matrix_view(out, "matrix", evaluation);
		view_flag(out, "any_plots", figures->n > 0 || json_object_get(evaluation, "confusion_matrix"));
		rc = view_raw(out, model, run, err);
	}
	json_decref(evaluation);
	return rc < 0 ? rc : view_end(out, err);
}

static int run_files(struct site_output *out, struct site_model *model, size_t i, struct error *err)
{
	const struct seen_run *run = &model->runs.item[i];
	char *path = model_run_href(run, ".json");
	const struct buf *text;
	int rc;

	if (!path)
		return error_nomem(err);
	rc = record_bytes(&text, model, run, err);
	if (rc == 0)
		rc = site_output_put(out, path, text->text, text->len, err);
	free(path);
	return rc;
}

const struct page page_run = {
	.template = "run",
	.section = "runs.html",
	.count = run_count,
	.path = run_path,
	.figures = run_figures,
	.context = run_context,
	.files = run_files,
};
