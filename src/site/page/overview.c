/* The overview: where the project stands. */
#include "site/page/page.h"

#include "base/mem.h"
#include "site/page/criteria.h"
#include "site/page/facts.h"
#include "site/page/hypotheses.h"
#include "site/page/lead.h"
#include "site/page/pick.h"
#include "site/page/plots.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BEST_RUNS 10
#define LAST_RUNS 5
#define LEAD_HYPOTHESES 5
#define LOG_RUNS 5

/* What the page is about. */
struct standing {
	const struct seen_run
		*lead; /* the best run that beats its baseline, else the best run, else the best baseline */
	const struct seen_run *bar;
	struct judged judged; /* of lead */
	size_t runs, baselines, better, held, worse, undecided, failed; /* held: equivalent or not worse */
	size_t test_rows; /* 0: they differ */
};

static void count_run(struct standing *out, const struct site_model *model, const struct seen_run *run)
{
	struct judged judged;

	if (!model_lists(model, run)) /* its parent is counted */
		return;
	if (run_is(run, "baseline")) {
		out->baselines++;
		return;
	}
	out->runs++;
	if (!run_finished(run)) {
		out->failed++;
		return;
	}
	judged_of(&judged, model, run, model->metric, JUDGED_TODAY);
	out->better += judged.verdict == VERDICT_BETTER;
	out->worse += judged.verdict == VERDICT_WORSE;
	out->held += judged.verdict == VERDICT_NOT_WORSE || judged.verdict == VERDICT_EQUIVALENT;
	out->undecided += judged.verdict == VERDICT_UNDECIDED || judged.verdict == VERDICT_SAME;
}

/* The best of the runs that are shown better, by value; constraints are runs_best()'s to know, so it goes first. */
static const struct seen_run *best_shown(const struct site_model *model)
{
	const struct seen_run *best = runs_best(&model->runs, NULL, model->metric, "run"), *found = NULL;
	struct judged judged;
	struct score score, top = {NAN, NAN, NAN, 0};

	if (!best)
		return NULL;
	judged_of(&judged, model, best, model->metric, JUDGED_TODAY);
	if (judged.verdict == VERDICT_BETTER)
		return best;
	for (size_t i = 0; i < model->runs.n; i++) {
		const struct seen_run *run = &model->runs.item[i];

		if (!run_is(run, "run") || !run_finished(run) || !model_lists(model, run))
			continue;
		judged_of(&judged, model, run, model->metric, JUDGED_TODAY);
		score_of(&score, run, model->metric);
		if (judged.verdict != VERDICT_BETTER || isnan(score.value))
			continue;
		if (!found || (model->lower ? score.value < top.value : score.value > top.value)) {
			found = run;
			top = score;
		}
	}
	return found ? found : best;
}

static void stand(struct standing *out, const struct site_model *model)
{
	double rows, first = -1;
	int same = 1;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < model->runs.n; i++) {
		count_run(out, model, &model->runs.item[i]);
		if (!run_number(&rows, &model->runs.item[i].run, "data.split.test_rows"))
			continue;
		same &= first < 0 || rows == first;
		first = rows;
	}
	out->test_rows = same && first > 0 ? (size_t)first : 0;
	out->lead = best_shown(model);
	out->bar = runs_best(&model->runs, NULL, model->metric, "baseline");
	if (!out->lead)
		out->lead = out->bar;
	if (!out->lead)
		return;
	judged_of(&out->judged, model, out->lead, model->metric, JUDGED_TODAY);
	if (!run_is(out->lead, "baseline") && out->judged.against)
		out->bar = out->judged.against;
}

static void put_rows(struct buf *out, const struct standing *standing)
{
	if (standing->test_rows) {
		buf_puts(out, " All are judged on the same ");
		words_count(out, (double)standing->test_rows);
		buf_puts(out, " rows, held out from training.");
	} else {
		buf_puts(out, " Each is judged on rows held out from its training.");
	}
}

/* Add n to the sentence, which has counted `said` runs so far. */
static void put_part(struct buf *out, size_t n, const char *one, const char *many, size_t *said)
{
	if (n)
		buf_printf(out, "%s %zu %s", *said ? "," : "", n, n == 1 ? one : many);
	*said += n;
}

static void view_dek(struct view *out, const struct site_model *model, const struct standing *standing)
{
	struct buf text = BUF_INIT;
	size_t said = 0;

	if (standing->runs) {
		buf_puts(&text, "Of ");
		words_some(&text, standing->runs, "run", "runs");
		put_part(&text, standing->better, "is better than the baseline", "are better than the baseline", &said);
		put_part(&text, standing->held, "is equivalent or not worse", "are equivalent or not worse", &said);
		put_part(&text, standing->undecided, "shows no difference", "show no difference", &said);
		put_part(&text, standing->worse, "is worse", "are worse", &said);
		put_part(&text, standing->failed, "failed", "failed", &said);
		if (!said)
			buf_puts(&text, " none was compared with a baseline");
		buf_puts(&text, ".");
		put_rows(&text, standing);
		if (standing->lead)
			pick_sentence(&text, model, standing->lead);
	} else if (standing->baselines) {
		words_some(&text, standing->baselines, "baseline stands", "baselines stand");
		buf_puts(&text, "; no other run has been measured against them yet.");
		put_rows(&text, standing);
	}
	view_text(out, "dek", text.len ? text.text : NULL);
	view_done(out, &text);
}

static void add_stage(struct view *list, const char *state, const char *title, const char *note)
{
	struct view view = view_object();

	view_text(&view, "state", state);
	view_text(&view, "title", title);
	view_text(&view, "note", note);
	view_add(list, &view);
}

static void view_problem_stage(struct view *list, const struct site_model *model)
{
	struct buf note = BUF_INIT;
	size_t criteria = 0, files = 0;

	for (size_t i = 0; i < model->experiments; i++) {
		criteria += model->experiment[i].experiment->criteria;
		files += model->experiment[i].experiment->path != NULL;
	}
	if (files) {
		words_some(&note, files, "experiment", "experiments");
		buf_puts(&note, ", ");
		words_some(&note, criteria, "criterion", "criteria");
	}
	add_stage(list, files ? "done" : "now", files ? "Problem: done" : "Problem: next",
		  files ? note.text : "no experiment written");
	view_done(list, &note);
}

static void view_life(struct view *out, const struct site_model *model, const struct standing *standing)
{
	struct view list = view_list();
	struct buf note = BUF_INIT;
	struct criteria_count count = {0};
	struct score score;

	view_problem_stage(&list, model);
	if (standing->bar) {
		score_of(&score, standing->bar, model->metric);
		words_some(&note, standing->baselines, "model", "models");
		buf_printf(&note, ", %s" NO_BREAK, words_title(model->metric));
		words_value(&note, model->metric, score.value);
	}
	add_stage(&list, standing->bar ? "done" : "now", standing->bar ? "Baseline: done" : "Baseline: next",
		  standing->bar ? note.text : "no bar is set");
	buf_clear(&note);
	words_some(&note, standing->runs, "run", "runs");
	buf_puts(&note, " in ");
	words_some(&note, model->experiments, "experiment", "experiments");
	add_stage(&list,
		  standing->runs  ? "done"
		  : standing->bar ? "now"
				  : "",
		  standing->runs  ? "Experiment: done"
		  : standing->bar ? "Experiment: next"
				  : "Experiment: waiting",
		  standing->runs ? note.text : "no run yet");
	buf_clear(&note);
	if (standing->lead)
		count = criteria_count(standing->lead);
	buf_printf(&note, "%zu of %zu criteria met", count.met, count.of);
	add_stage(&list, standing->runs && count.of ? "now" : "",
		  standing->runs && count.of ? "Evaluate: under way" : "Evaluate: waiting",
		  count.of ? note.text : "no criteria measured");
	add_stage(&list, "", "Validate: waiting", "no later data judged");
	add_stage(&list, "", "Deploy: waiting", "no model promoted");
	view_sub(out, "life", &list);
	view_done(out, &note);
}

/* The best runs, the baselines and the last runs, each once; the others are counted. */
static int view_runs(struct view *out, const struct site_model *model, const struct standing *standing,
		     struct error *err)
{
	struct run_table table = {.metric = model->metric, .lower = model->lower, .bar = standing->bar};
	size_t kept = 0, best = 0;
	int rc;

	table.row = run_list(model->runs.n);
	if (!table.row)
		return error_nomem(err);
	for (size_t i = 0; i < model->runs.n; i++)
		if (model_lists(model, &model->runs.item[i]))
			table.row[table.rows++] = &model->runs.item[i];
	run_table_sort(&table);
	for (size_t i = 0; i < table.rows; i++) {
		const struct seen_run *run = table.row[i];
		int last = (size_t)(run - model->runs.item) + LAST_RUNS >= model->runs.n;
		int baseline = run_is(run, "baseline") && kept < 3 * BEST_RUNS;

		if (baseline || last || (!run_is(run, "baseline") && best < BEST_RUNS)) {
			best += !run_is(run, "baseline");
			table.row[kept++] = run;
		}
	}
	if (kept < table.rows)
		view_printf(out, "more_runs", "%zu more", table.rows - kept);
	else
		view_flag(out, "more_runs", 0);
	table.rows = kept;
	table.names_experiment = model->experiments > 1;
	rc = run_table_view(out, "table", model, &table, err);
	free(table.row);
	return rc;
}

static void view_log(struct view *out, const struct site_model *model)
{
	struct view list = view_list();

	for (size_t i = model->runs.n; i-- > 0 && view_count(&list) < LOG_RUNS;) {
		const struct seen_run *run = &model->runs.item[i];
		struct buf text = BUF_INIT;
		struct view view;
		struct judged judged;
		struct score score;

		if (!model_lists(model, run))
			continue;
		view = view_object();
		words_date(&text, run_text(&run->run, "started"), DATE_SHORT);
		view_text(&view, "date", text.text);
		view_text(&view, "datetime", run_text(&run->run, "started"));
		view_text(&view, "run", run_name(&run->run));
		view_printf(&view, "href", "runs/%s.html", run_id(&run->run));
		view_flag(&view, "dirty", json_is_true(run_field(&run->run, "code.dirty")));
		buf_clear(&text);
		judged_of(&judged, model, run, model->metric, JUDGED_TODAY);
		score_of(&score, run, model->metric);
		if (!run_finished(run)) {
			buf_puts(&text, run_text(&run->run, "status"));
		} else if (isfinite(score.value)) {
			buf_printf(&text, "%s" NO_BREAK, words_title(model->metric));
			words_value(&text, model->metric, score.value);
			buf_puts(&text, score.reported ? ", reported" : "");
		}
		if (run_finished(run) && judged.entry && !run_is(run, "baseline")) {
			buf_clear(&text);
			difference_words(&text, &judged, model->metric);
		}
		view_text(&view, "what", text.text);
		view_flag(&view, "baseline", run_is(run, "baseline"));
		view_text(&view, "of", model->experiments > 1 ? run_experiment(&run->run) : NULL);
		view_add(&list, &view);
		view_done(&list, &text);
	}
	view_sub(out, "log", &list);
}

/* Rows, split and hashes, from the record of the run in view; and how many share them. */
static void view_data(struct view *out, const struct site_model *model, const struct standing *standing)
{
	const struct run *run = standing->lead ? &standing->lead->run : NULL;
	const json_t *file = run ? json_array_get(run_field(run, "data.files"), 0) : NULL;
	const char *sha = run ? run_text(run, "data.split.sha256") : "";
	struct view view = view_object();
	struct buf text = BUF_INIT;
	size_t same = 0;
	double n;

	if (!file || !sha[0]) {
		view_release(&view);
		view_flag(out, "judged_on", 0);
		return;
	}
	for (size_t i = 0; i < model->runs.n; i++)
		same += !strcmp(run_text(&model->runs.item[i].run, "data.split.sha256"), sha);
	words_count(&text, json_number_value(json_object_get(file, "rows")));
	buf_puts(&text, " rows, ");
	words_count(&text, json_number_value(json_object_get(file, "columns")));
	buf_puts(&text, " columns");
	if (run_number(&n, run, "data.split.train_rows")) {
		buf_puts(&text, ". ");
		words_count(&text, n);
		buf_puts(&text, " to train");
	}
	if (run_number(&n, run, "data.split.test_rows")) {
		buf_puts(&text, ", ");
		words_count(&text, n);
		buf_puts(&text, " held out");
	}
	if (json_is_true(run_field(run, "data.split.stratified")))
		buf_puts(&text, ", stratified");
	if (run_number(&n, run, "data.split.seed"))
		buf_printf(&text, ", seed %.0f", n);
	view_text(&view, "sentence", text.text);
	view_text(&view, "path", json_string_value(json_object_get(file, "path")));
	view_printf(&view, "sha", "%.12s", json_string_value(json_object_get(file, "sha256")));
	view_printf(&view, "split_sha", "%.12s", sha);
	if (same == model->runs.n)
		view_printf(&view, "shared", "the same in %s%zu runs", same > 1 ? "all " : "", same);
	else
		view_printf(&view, "shared", "the same in %zu of %zu runs", same, model->runs.n);
	view_sub(out, "judged_on", &view);
	view_done(out, &text);
}

static int overview_figures(struct figures *out, struct site_model *model, size_t i, struct error *err)
{
	const struct seen_run **run = run_list(model->runs.n);
	struct plot_runs runs = {.run = run, .metric = model->metric, .lower = model->lower};
	struct standing standing;
	int rc;

	(void)i;
	if (!run)
		return error_nomem(err);
	stand(&standing, model);
	runs.bar = runs.from = standing.bar;
	for (size_t k = 0; k < model->runs.n; k++)
		if (model_lists(model, &model->runs.item[k]))
			run[runs.n++] = &model->runs.item[k];
	rc = plot_differences(out, model, &runs, "data/differences.csv", err);
	if (rc == 0 && standing.runs)
		rc = plot_history(out, model, &runs, "data/history.csv", err);
	free(run);
	return rc;
}

/* The last run that lists show. */
static const struct seen_run *latest(const struct site_model *model)
{
	size_t i = model->runs.n - 1;

	while (i > 0 && !model_lists(model, &model->runs.item[i]))
		i--;
	return &model->runs.item[i];
}

static int overview_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			    struct error *err)
{
	struct standing standing;
	int rc;

	(void)i;
	stand(&standing, model);
	view_printf(out, "page_title", "%s: where it stands", model->project->name);
	view_printf(out, "question", "Where does %s stand?", model->project->name);
	lead_overview(out, model, standing.lead, &standing.judged);
	view_dek(out, model, &standing);
	view_flag(out, "empty", model->runs.n == 0);
	view_flag(out, "any_runs", model->runs.n > 0);
	view_flag(out, "compared", standing.runs > 0);
	view_flag(out, "has_facts", standing.lead != NULL);
	hypotheses_list(out, "side", "side_more", model, LEAD_HYPOTHESES);
	if (standing.lead) {
		facts_view(out, model, standing.lead, model->metric, FACTS_OF_PROJECT);
		fact_latest(out, model, latest(model), model->metric);
	}
	view_life(out, model, &standing);
	hypotheses_view(out, "hypotheses", model, HYPOTHESES_WRITTEN);
	figures_view(out, "figures", figures);
	view_log(out, model);
	view_data(out, model, &standing);
	rc = view_runs(out, model, &standing, err);
	return rc < 0 ? rc : view_end(out, err);
}

static char *overview_path(const struct site_model *model, size_t i)
{
	(void)model;
	(void)i;
	return mem_text("index.html");
}

const struct page page_overview = {
	.template = "overview",
	.section = "index.html",
	.path = overview_path,
	.figures = overview_figures,
	.context = overview_context,
};
