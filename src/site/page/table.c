/* The table of runs. */
#include "site/page/table.h"

#include "base/mem.h"
#include "record/repetition.h"
#include "site/page/criteria.h"
#include "site/page/pick.h"
#include "site/page/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Runs further than this many interval widths from the best are off the scale. */
#define SCALE_WIDTHS 3

/* Sort keys taken once, so that the comparison needs no context. */
struct place {
	const struct seen_run *run;
	double value;
	int group;
	size_t order;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->group == 0 && x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void run_table_sort(struct run_table *table)
{
	struct place *place = mem_array(table->rows, sizeof(*place));

	if (!place)
		return; /* the order of their start is an order too */
	for (size_t i = 0; i < table->rows; i++) {
		struct score score;

		score_of(&score, table->row[i], table->metric);
		place[i].run = table->row[i];
		place[i].value = table->lower ? -score.value : score.value;
		place[i].group = !run_finished(table->row[i]) ? 2 : isnan(score.value) ? 1 : 0;
		place[i].order = i;
	}
	qsort(place, table->rows, sizeof(*place), by_place);
	for (size_t i = 0; i < table->rows; i++)
		table->row[i] = place[i].run;
	free(place);
}

static int is_web(const char *url)
{
	return url && (!strncmp(url, "https://", 8) || !strncmp(url, "http://", 7));
}

void commit_view(struct view *out, const char *key, const struct site_model *model, const char *hex)
{
	const char *repository = model->project->site.repository;
	struct view view;
	size_t len;

	if (!hex || !hex[0]) {
		view_flag(out, key, 0);
		return;
	}
	view = view_object();
	view_printf(&view, "text", "%.7s", hex);
	view_text(&view, "hex", hex);
	len = is_web(repository) ? strlen(repository) : 0;
	while (len && repository[len - 1] == '/')
		len--;
	if (len)
		view_printf(&view, "href", "%.*s/commit/%s", (int)len, repository, hex);
	else
		view_flag(&view, "href", 0);
	view_sub(out, key, &view);
}

int same_rows(const struct seen_run *a, const struct seen_run *b)
{
	return !strcmp(run_text(&a->run, "data.split.sha256"), run_text(&b->run, "data.split.sha256"));
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* What changed against the run compared with, in words: "threshold: 0.5 → 0.3", "3 changes at once" (a warning: *many = 1). */
static void changes_words(struct buf *out, int *many, const struct seen_run *run)
{
	const json_t *factors = run_field(&run->run, "changes.factors"), *one = json_array_get(factors, 0);
	size_t n = json_array_size(factors);

	*many = n > 1;
	if (n > 1) {
		buf_printf(out, "%zu changes at once", n);
	} else if (n == 1) {
		const char *name = text_at(one, "name");

		buf_printf(out, "%s ", name[0] ? name : text_at(one, "factor"));
		if (json_object_get(one, "from") && json_object_get(one, "to")) {
			words_scalar(out, json_object_get(one, "from"));
			buf_puts(out, " \xe2\x86\x92 ");
			words_scalar(out, json_object_get(one, "to"));
		} else {
			buf_puts(out, "changed");
		}
	}
}

void difference_words(struct buf *out, const struct judged *judged, const char *metric)
{
	words_signed(out, metric, judged->difference);
	buf_printf(out, " %s", verdict_word(judged->verdict));
}

void difference_interval(struct buf *out, const struct judged *judged, const char *metric)
{
	if (!isfinite(judged->low))
		return;
	words_signed_interval(out, metric, judged->low, judged->high);
	if (isfinite(judged->p)) {
		buf_puts(out, ", ");
		words_p(out, judged->p, judged->p_floor);
	}
}

/* The axis over the baseline and all rows that are near enough to the best. */
static void make_axis(struct axis *axis, const struct run_table *table, double criterion)
{
	struct score best = {NAN, NAN, NAN, 0}, score;
	double reach = INFINITY;

	for (size_t i = 0; i < table->rows && isnan(best.value); i++)
		score_of(&best, table->row[i], table->metric);
	if (isfinite(best.low) && best.high > best.low)
		reach = SCALE_WIDTHS * (best.high - best.low);
	if (table->bar) {
		score_of(&score, table->bar, table->metric);
		axis_stretch(axis, score.value);
		axis_stretch(axis, score.low);
		axis_stretch(axis, score.high);
		reach = fmax(reach, fabs(score.value - best.value));
	}
	for (size_t i = 0; i < table->rows; i++) {
		score_of(&score, table->row[i], table->metric);
		if (isnan(score.value) || fabs(score.value - best.value) > reach)
			continue;
		axis_stretch(axis, score.value);
		axis_stretch(axis, score.low);
		axis_stretch(axis, score.high);
	}
	if (fabs(criterion - best.value) <= reach)
		axis_stretch(axis, criterion);
	axis_finish(axis);
}

static void view_score(struct view *view, const struct run_table *table, const struct axis *axis,
		       const struct seen_run *run, enum verdict verdict)
{
	struct buf text = BUF_INIT, interval = BUF_INIT;
	struct score score;

	score_of(&score, run, table->metric);
	if (isfinite(score.value))
		words_value(&text, table->metric, score.value);
	if (isfinite(score.low))
		words_interval(&interval, table->metric, score.low, score.high);
	else
		buf_puts(&interval, isnan(score.value) ? "not measured" : "no interval");
	view_text(view, "score", text.len ? text.text : EN_DASH);
	view_text(view, "interval", interval.text);
	view_flag(view, "reported", isfinite(score.value) && score.reported);
	if (isfinite(score.value))
		view_printf(view, "score_v", "%.9g", score.value);
	else
		view_text(view, "score_v", "");
	mark_interval(view, "mark", axis, score.value, score.low, score.high,
		      run_is(run, "baseline") ? "isbase" : verdict_class(verdict));
	view_done(view, &text);
	view_done(view, &interval);
}

/* A baseline beside the bar: how far apart the two scores are, without a verdict. */
static void view_plain_difference(struct view *view, const struct run_table *table, const struct seen_run *run)
{
	struct buf text = BUF_INIT;
	struct score score, bar;

	score_of(&score, run, table->metric);
	score_of(&bar, table->bar, table->metric);
	if (isnan(score.value) || isnan(bar.value) || !same_rows(run, table->bar)) {
		verdict_view(view, "diff", VERDICT_NONE, NULL);
		view_text(view, "diff_note", isnan(score.value) ? "not measured" : "other data or split");
		view_text(view, "diff_v", "");
	} else {
		words_signed(&text, table->metric, score.value - bar.value);
		verdict_view(view, "diff", VERDICT_NONE, text.text);
		view_text(view, "diff_note", "baseline");
		view_printf(view, "diff_v", "%.9g", score.value - bar.value);
	}
	view_done(view, &text);
}

static void view_judged(struct view *view, const struct run_table *table, const struct seen_run *run,
			const struct judged *judged)
{
	struct buf text = BUF_INIT, note = BUF_INIT, more = BUF_INIT;

	if (!judged->entry) {
		verdict_view(view, "diff", VERDICT_NONE, NULL);
		view_text(view, "diff_note",
			  table->bar && !same_rows(run, table->bar) ? "other data or split" : "not compared");
		view_text(view, "diff_v", "");
		return;
	}
	difference_words(&text, judged, table->metric);
	difference_interval(&note, judged, table->metric);
	if (judged->against && judged->against != table->bar) {
		buf_puts(&more, "against ");
		run_label(&more, judged->against, run);
	}
	if (judged->then == VERDICT_BETTER && judged->verdict == VERDICT_UNDECIDED)
		buf_printf(&more, "%sno longer shown after %zu comparisons", more.len ? "; " : "", judged->family);
	view_text(view, "diff_more", more.len ? more.text : NULL);
	verdict_view(view, "diff", judged->verdict, text.text);
	view_text(view, "diff_note", note.text);
	view_printf(view, "diff_v", "%.9g", judged->difference);
	view_done(view, &text);
	view_done(view, &note);
	view_done(view, &more);
}

static void view_failed(struct view *view, const struct seen_run *run)
{
	const char *status = run_text(&run->run, "status");
	double code;

	verdict_view(view, "diff", VERDICT_FAILED, status);
	if (run_number(&code, &run->run, "exit"))
		view_printf(view, "diff_note", "exit %.0f", code);
	else
		view_flag(view, "diff_note", 0);
	view_text(view, "diff_v", "");
}

static int is_best_baseline(const struct run_table *table, const struct seen_run *run)
{
	struct score own, other;

	score_of(&own, run, table->metric);
	for (size_t i = 0; i < table->rows; i++) {
		score_of(&other, table->row[i], table->metric);
		if (run_is(table->row[i], "baseline") && isfinite(other.value) &&
		    (table->lower ? other.value < own.value : other.value > own.value))
			return 0;
	}
	return run_is(run, "baseline");
}

static void view_difference(struct view *view, const struct run_table *table, const struct seen_run *run,
			    const struct judged *judged)
{
	int baseline = run_is(run, "baseline");

	view_flag(view, "diff_more", 0);
	if (!run_finished(run)) {
		view_failed(view, run);
	} else if (run == table->bar) {
		verdict_view(view, "diff", VERDICT_BASELINE,
			     is_best_baseline(table, run) ? "best baseline" : "the baseline");
		view_text(view, "diff_note", "what a run has to beat");
		view_text(view, "diff_v", "0");
	} else if (baseline && table->bar && (!judged->entry || judged->against != table->bar)) {
		view_plain_difference(view, table, run);
	} else {
		view_judged(view, table, run, judged);
	}
}

/* Of a run that was repeated: how many it is the mean of; of one of those: which. */
static void view_part(struct view *view, const struct site_model *model, const struct seen_run *run)
{
	const struct seen_run *parent = runs_parent(&model->runs, &run->run);
	size_t children = json_array_size(run_field(&run->run, "children"));
	const char *of = repetition_word(run_repetition(&run->run));
	int splits = parent && run_repetition(&parent->run) == REPETITION_SPLITS;
	double seed;

	if (children)
		view_printf(view, "part_of", "%zu %.*s", children, (int)(strlen(of) - (children == 1)), of);
	else if (run_field(&run->run, "tags.reproduces"))
		view_text(view, "part_of", "reproduction");
	else if (parent && run_number(&seed, &run->run, splits ? "data.split.seed" : "seed"))
		view_printf(view, "part_of", "%s %.0f", splits ? "split" : "seed", seed);
	else
		view_flag(view, "part_of", 0);
}

/* The second line: experiment, what changed, what to be careful about. */
static void view_context(struct view *view, const struct site_model *model, const struct run_table *table,
			 const struct seen_run *run)
{
	const struct site_experiment *item = model_experiment(model, run_experiment(&run->run));
	struct buf changed = BUF_INIT;
	int many = 0;

	changes_words(&changed, &many, run);
	view_text(view, "in_experiment", table->names_experiment ? run_experiment(&run->run) : NULL);
	view_text(view, "experiment_href", item ? item->href : NULL);
	view_flag(view, "is_baseline", run_is(run, "baseline"));
	view_part(view, model, run);
	view_text(view, "changed", changed.len && !many ? changed.text : NULL);
	view_text(view, "many_changes", many ? changed.text : NULL);
	view_flag(view, "dirty", json_is_true(run_field(&run->run, "code.dirty")));
	view_flag(view, "waiting", run->where != WHERE_GIT);
	view_done(view, &changed);
}

static void view_when(struct view *view, const struct site_model *model, const struct seen_run *run)
{
	const char *started = run_text(&run->run, "started");
	struct buf date = BUF_INIT;
	double latency;

	words_date(&date, started, DATE_SHORT);
	commit_view(view, "commit", model, run->commit);
	view_text(view, "date", date.text);
	view_text(view, "datetime", started);
	buf_clear(&date);
	if (run_number(&latency, &run->run, "metrics.latency_ms")) {
		words_value(&date, "latency_ms", latency);
		view_text(view, "latency", date.text);
		view_printf(view, "latency_v", "%.9g", latency);
	} else {
		view_text(view, "latency", EN_DASH);
		view_text(view, "latency_v", "");
	}
	view_done(view, &date);
}

static void view_row(struct view *list, const struct site_model *model, const struct run_table *table,
		     const struct axis *axis, const struct seen_run *run, int grey_baselines)
{
	struct view view = view_object();
	struct buf name = BUF_INIT;
	struct judged judged;

	judged_of(&judged, model, run, table->metric, JUDGED_TODAY);
	words_name(&name, run_name(&run->run));
	view_text(&view, "name", name.text);
	view_text(&view, "full_name", run_name(&run->run));
	view_printf(&view, "href", "runs/%s.html", run_id(&run->run));
	view_flag(&view, "grey", (grey_baselines && run_is(run, "baseline")) || !run_finished(run));
	view_context(&view, model, table, run);
	if (table->places)
		pick_view(&view, model, run);
	view_score(&view, table, axis, run, judged.verdict);
	view_difference(&view, table, run, &judged);
	criteria_verdict(&view, "criteria", "criteria_note", run, run_is(run, "baseline"));
	view_when(&view, model, run);
	view_add(list, &view);
	view_done(list, &name);
}

static void view_head(struct view *view, const struct run_table *table, const struct axis *axis, double criterion)
{
	struct axis_line base = {NAN, NULL}, crit = {criterion, NULL};
	struct buf name = BUF_INIT, rule = BUF_INIT;
	struct score score;

	if (table->bar) {
		score_of(&score, table->bar, table->metric);
		base.value = score.value;
		run_label(&name, table->bar, table->rows && !table->names_experiment ? table->row[0] : NULL);
		base.label = name.text;
	}
	if (isfinite(criterion) && (criterion < axis->low || criterion > axis->high))
		crit.value = NAN;
	if (isfinite(crit.value)) {
		buf_puts(&rule, table->lower ? "\xe2\x89\xa4" NO_BREAK : "\xe2\x89\xa5" NO_BREAK);
		words_value(&rule, table->metric, criterion);
		crit.label = rule.text;
	}
	axis_view(view, axis, &base, &crit, 0);
	view_text(view, "metric", table->metric);
	view_text(view, "title", words_title(table->metric));
	view_text(view, "bar", table->bar ? name.text : NULL);
	view_done(view, &name);
	view_done(view, &rule);
}

/* Whether there is a column of places, and what its bracket holds. */
static void view_places(struct view *view, const struct site_model *model, const struct run_table *table)
{
	const struct site_experiment *item = table->places && table->rows
						     ? model_experiment(model, run_experiment(&table->row[0]->run))
						     : NULL;
	struct buf text = BUF_INIT;

	if (item)
		pick_bracket(&text, item);
	view_flag(view, "has_places", item && item->picked.corrected);
	view_text(view, "bracket", text.len ? text.text : NULL);
	view_done(view, &text);
}

int run_table_view(struct view *out, const char *key, const struct site_model *model, const struct run_table *table,
		   struct error *err)
{
	struct view view = view_object(), rows = view_list();
	struct axis axis = AXIS_EMPTY;
	int any_run = 0, any_criteria = 0, any_latency = 0;
	double latency, criterion = NAN;

	for (size_t i = 0; i < table->rows; i++) {
		any_run |= !run_is(table->row[i], "baseline");
		any_criteria |= criteria_count(table->row[i]).of > 0;
		any_latency |= !table->narrow && run_number(&latency, &table->row[i]->run, "metrics.latency_ms");
		if (isnan(criterion))
			criterion = criteria_limit(table->row[i], table->metric);
	}
	make_axis(&axis, table, criterion);
	view_head(&view, table, &axis, criterion);
	for (size_t i = 0; i < table->rows; i++)
		view_row(&rows, model, table, &axis, table->row[i], any_run);
	view_flag(&view, "has_criteria", any_criteria);
	view_flag(&view, "has_latency", any_latency);
	view_places(&view, model, table);
	view_sub(&view, "rows", &rows);
	view_sub(out, key, &view);
	return view_end(out, err);
}
