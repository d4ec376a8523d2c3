/* The page of an experiment: hypothesis, criteria, its runs, what a person wrote. */
#include "site/page/page.h"

#include "base/mem.h"
#include "judge/decide.h"
#include "site/markdown.h"
#include "site/page/criteria.h"
#include "site/page/hypotheses.h"
#include "site/page/lead.h"
#include "site/page/metrics.h"
#include "site/page/pick.h"
#include "site/page/plots.h"
#include "site/page/practices.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which run the page speaks of: the one that the hypothesis was judged on, else the best. */
static const struct seen_run *subject(const struct site_experiment *item)
{
	return item->hypothesis.judged ? item->hypothesis.judged : item->best;
}

/* The bar of the page: what its subject was compared with. */
static const struct seen_run *page_bar(const struct site_model *model, const struct site_experiment *item)
{
	const struct seen_run *run = subject(item);
	struct judged judged;

	if (run) {
		judged_of(&judged, model, run, item->metric[0].name, JUDGED_TODAY);
		if (judged.against)
			return judged.against;
	}
	return item->bar;
}

/* What would decide, as today's verdict stands. */
static void put_decide(struct buf *out, const struct site_model *model, const struct seen_run *run, const char *metric)
{
	struct buf decide = BUF_INIT;

	if (judge_decide(&decide, &run->run, metric, judge_points_of(model->families, &run->run)) && decide.text) {
		buf_putc(out, ' ');
		words_sentence(out, decide.text);
		buf_putc(out, '.');
	}
	out->failed |= decide.failed;
	buf_release(&decide);
}

static void view_dek(struct view *out, const struct site_model *model, const struct site_experiment *item)
{
	const struct seen_run *run = subject(item);
	const char *metric = hypothesis_metric(item);
	struct buf text = BUF_INIT;
	struct judged judged = {0};

	if (item->hypothesis.judged)
		judged_of(&judged, model, item->hypothesis.judged, metric, JUDGED_TODAY);
	else if (run)
		judged_of(&judged, model, run, metric, JUDGED_TODAY);
	if (judged.entry) {
		buf_printf(&text, "%s ", words_title(metric));
		words_signed(&text, metric, judged.difference);
		if (judged.against) {
			buf_puts(&text, " to ");
			run_label(&text, judged.against, run);
		}
		if (isfinite(judged.low)) {
			buf_puts(&text, ", interval ");
			words_signed_interval(&text, metric, judged.low, judged.high);
		}
		if (judged.family > 1)
			buf_printf(&text, ", corrected for %zu comparisons", judged.family);
		buf_puts(&text, ".");
		if (judged.verdict == VERDICT_UNDECIDED)
			buf_puts(&text, " That does not mean that they are equal.");
		put_decide(&text, model, run, metric);
	}
	if (run)
		pick_sentence(&text, model, run);
	view_text(out, "dek", text.len ? text.text : NULL);
	view_done(out, &text);
}

static int view_markdown(struct view *out, const struct site_experiment *item, struct error *err)
{
	struct buf html = BUF_INIT;
	int rc = 0;

	if (item->experiment->body && item->experiment->body[strspn(item->experiment->body, " \t\r\n")])
		rc = markdown_html(&html, item->experiment->body, strlen(item->experiment->body), "notes-", 1, err);
	if (rc == 0)
		rc = buf_check(&html, err);
	if (rc == 0)
		view_text(out, "notes_html", html.len ? html.text : NULL);
	view_done(out, &html);
	return rc;
}

static void view_author(struct view *out, const struct site_model *model, const struct site_experiment *item)
{
	struct view view = view_object();
	struct buf date = BUF_INIT;
	char when[64];
	struct tm tm;

	view_text(&view, "path", item->experiment->path);
	view_flag(&view, "uncommitted", item->uncommitted);
	view_text(&view, "since", plan_words(item));
	if (item->written.hex[0] && gmtime_r(&item->written.when, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
		words_date(&date, when, DATE_DAY);
		view_text(&view, "author", item->written.author);
		view_text(&view, "date", date.text);
		view_text(&view, "datetime", when);
	} else {
		view_flag(&view, "author", 0);
	}
	commit_view(&view, "commit", model, item->written.hex);
	view_sub(out, "written", &view);
	view_done(out, &date);
}

static void view_declared_criteria(struct view *out, const struct experiment *experiment)
{
	struct view list = view_list(), sentences = view_list();

	for (size_t i = 0; i < experiment->criteria; i++) {
		const struct criterion *criterion = &experiment->criterion[i];
		struct view view = view_object();
		struct buf rule = BUF_INIT;

		words_rule(&rule, criterion->rule);
		view_printf(&view, "rule", "%s %s", criterion->metric, rule.text);
		view_add(&list, &view);
		view_done(out, &rule);
	}
	for (size_t i = 0; i < experiment->sentences.n; i++)
		view_add_text(&sentences, experiment->sentences.name[i]);
	view_flag(out, "any_declared_criteria", view_count(&list) > 0);
	view_sub(out, "declared_criteria", &list);
	view_flag(out, "any_sentences", view_count(&sentences) > 0);
	view_sub(out, "sentences", &sentences);
}

static void view_subject(struct view *out, const struct site_model *model, const struct site_experiment *item)
{
	const struct seen_run *run = subject(item);

	view_flag(out, "has_subject", run != NULL);
	if (!run) {
		view_flag(out, "any_criteria", 0);
		return;
	}
	view_text(out, "subject", run_name(&run->run));
	view_printf(out, "subject_href", "runs/%s.html", run_id(&run->run));
	criteria_list(out, "criteria", model, run, 0);
	metrics_view(out, "metrics", model, item, run, JUDGED_TODAY);
}

static void view_evidence(struct view *out, const struct site_model *model, const struct site_experiment *item)
{
	const struct seen_run *bar = page_bar(model, item);
	const struct seen_run *run = subject(item) ? subject(item) : bar;
	const json_t *file = run ? json_array_get(run_field(&run->run, "data.files"), 0) : NULL;
	struct view view = view_object();
	struct buf text = BUF_INIT;
	size_t dirty = 0;
	double n;

	for (size_t i = 0; i < item->runs; i++)
		dirty += json_is_true(run_field(&item->run[i]->run, "code.dirty"));
	words_count(&text, (double)item->runs);
	if (item->runs)
		buf_printf(&text, dirty ? ", %zu from uncommitted code" : ", all from clean code", dirty);
	view_text(&view, "runs", text.text);
	buf_clear(&text);
	if (bar)
		run_label(&text, bar, item->runs ? item->run[0] : NULL);
	view_text(&view, "baseline", bar ? text.text : NULL);
	buf_clear(&text);
	if (bar)
		view_printf(&view, "baseline_href", "runs/%s.html", run_id(&bar->run));
	view_text(&view, "data", file ? json_string_value(json_object_get(file, "path")) : NULL);
	if (file)
		view_printf(&view, "data_sha", "%.12s", json_string_value(json_object_get(file, "sha256")));
	if (run && run_number(&n, &run->run, "data.split.test_rows")) {
		words_count(&text, n);
		buf_puts(&text, " held out");
		if (run_number(&n, &run->run, "data.split.seed"))
			buf_printf(&text, ", seed %.0f", n);
	}
	view_text(&view, "split", text.len ? text.text : NULL);
	view_printf(&view, "split_sha", "%.12s", run ? run_text(&run->run, "data.split.sha256") : "");
	view_sub(out, "evidence", &view);
	view_done(out, &text);
}

static size_t experiment_count(const struct site_model *model)
{
	return model->experiments;
}

static char *experiment_path(const struct site_model *model, size_t i)
{
	return mem_text(model->experiment[i].href);
}

static int hypothesis_lower(const struct site_experiment *item)
{
	for (size_t i = 0; i < item->metrics; i++)
		if (!strcmp(item->metric[i].name, hypothesis_metric(item)))
			return item->metric[i].lower;
	return words_lower_is_better(hypothesis_metric(item));
}

static int experiment_figures(struct figures *out, struct site_model *model, size_t i, struct error *err)
{
	struct site_experiment *item = &model->experiment[i];
	struct plot_runs runs = {
		.run = item->run,
		.n = item->runs,
		.metric = hypothesis_metric(item),
		.lower = hypothesis_lower(item),
		.bar = page_bar(model, item),
		.from = item->runs ? item->run[0] : NULL,
	};
	char *path = mem_printf("%.*s-differences.csv", (int)(strlen(item->href) - strlen(".html")), item->href);
	int rc;

	if (!path)
		return error_nomem(err);
	rc = plot_differences(out, model, &runs, path, err);
	free(path);
	return rc;
}

static int view_table(struct view *out, const struct site_model *model, const struct site_experiment *item,
		      struct error *err)
{
	struct run_table table = {
		.metric = item->metric[0].name,
		.lower = item->metric[0].lower,
		.rows = item->runs,
		.bar = page_bar(model, item),
		.narrow = 1,
		.places = 1,
	};
	int rc;

	table.row = run_list(item->runs);
	if (!table.row)
		return error_nomem(err);
	for (size_t i = 0; i < item->runs; i++)
		table.row[i] = item->run[i];
	run_table_sort(&table);
	rc = run_table_view(out, "table", model, &table, err);
	free(table.row);
	return rc;
}

static int experiment_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			      struct error *err)
{
	struct site_experiment *item = &model->experiment[i];
	const struct experiment *experiment = item->experiment;
	struct buf expected = BUF_INIT;
	int rc;

	view_printf(out, "page_title", "%s: %s \xc2\xb7 %s", experiment->name, hypothesis_word(item),
		    model->project->name);
	if (experiment->question)
		view_text(out, "question", experiment->question);
	else
		view_printf(out, "question", "Does %s beat the baseline?", experiment->name);
	view_text(out, "name", experiment->name);
	view_text(out, "title",
		  experiment->title && strcmp(experiment->title, experiment->name) != 0 ? experiment->title : NULL);
	lead_experiment(out, model, item);
	view_dek(out, model, item);
	expectation_words(&expected, experiment);
	view_text(out, "expected", expected.len ? expected.text : NULL);
	view_done(out, &expected);
	view_text(out, "state",
		  experiment->status && strcmp(experiment->status, "open") != 0 ? experiment->status : NULL);
	verdict_view(out, "verdict", hypothesis_verdict(item), hypothesis_word(item));
	stages_view(out, item);
	practices_view(out, item);
	plan_changes_view(out, item);
	view_flag(out, "has_file", experiment->path != NULL);
	view_author(out, model, item);
	view_declared_criteria(out, experiment);
	view_subject(out, model, item);
	view_evidence(out, model, item);
	view_flag(out, "any_runs", item->runs > 0);
	figures_view(out, "figures", figures);
	rc = view_markdown(out, item, err);
	if (rc == 0)
		rc = view_table(out, model, item, err);
	return rc < 0 ? rc : view_end(out, err);
}

const struct page page_experiment = {
	.template = "experiment",
	.section = "experiments.html",
	.count = experiment_count,
	.path = experiment_path,
	.figures = experiment_figures,
	.context = experiment_context,
};
