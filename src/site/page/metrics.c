/* The table of metrics of a run. The axis shows differences with the good direction to the right. */
#include "site/page/metrics.h"

#include "format/json.h"
#include "site/page/words.h"
#include "stats/metric.h"

#include <math.h>
#include <string.h>

static int is_declared(const struct site_experiment *item, const char *metric)
{
	for (size_t i = 0; i < item->metrics; i++)
		if (!strcmp(item->metric[i].name, metric))
			return 1;
	return 0;
}

static int lower_is_better(const struct site_experiment *item, const char *metric)
{
	for (size_t i = 0; i < item->metrics; i++)
		if (!strcmp(item->metric[i].name, metric))
			return item->metric[i].lower;
	return words_lower_is_better(metric);
}

/* Times are on another scale than scores: they have no place on the axis. */
static int has_unit(const char *metric)
{
	const struct metric *known = metric_find(metric);

	return known && known->unit && known->unit[0];
}

struct table_pass {
	const struct site_model *model;
	const struct site_experiment *item;
	const struct seen_run *run;
	enum judged_when when;
	struct axis axis;
	struct view declared, other, reported;
	size_t families[2]; /* exploratory, declared */
};

static void stretch(struct axis *axis, const struct judged *judged, const char *metric)
{
	double reach;

	if (!judged->entry || has_unit(metric))
		return;
	reach = fmax(fabs(judged->difference), fmax(fabs(judged->low), fabs(judged->high)));
	axis_stretch(axis, reach);
	axis_stretch(axis, -reach);
}

static void put_scores(struct view *view, const struct seen_run *run, const struct seen_run *against,
		       const char *metric)
{
	struct buf value = BUF_INIT, interval = BUF_INIT, base = BUF_INIT;
	struct score score, other = {NAN, NAN, NAN, 0};

	score_of(&score, run, metric);
	if (against && against != run)
		score_of(&other, against, metric);
	if (isfinite(score.value))
		words_value(&value, metric, score.value);
	if (isfinite(score.low))
		words_interval(&interval, metric, score.low, score.high);
	if (isfinite(other.value))
		words_value(&base, metric, other.value);
	view_text(view, "value", value.len ? value.text : EN_DASH);
	view_text(view, "interval", interval.len ? interval.text : NULL);
	view_text(view, "base_value", base.len ? base.text : EN_DASH);
	view_flag(view, "reported", isfinite(score.value) && score.reported);
	view_done(view, &value);
	view_done(view, &interval);
	view_done(view, &base);
}

static void put_difference(struct view *view, const struct axis *axis, const struct judged *judged, const char *metric,
			   int lower)
{
	struct buf text = BUF_INIT, note = BUF_INIT;
	double sign = lower ? -1 : 1;

	if (!judged->entry) {
		view_text(view, "difference", EN_DASH);
		view_flag(view, "difference_note", 0);
		view_flag(view, "mark", 0);
		verdict_view(view, "verdict", VERDICT_NONE, has_unit(metric) ? "not judged" : "not compared");
		return;
	}
	words_signed(&text, metric, judged->difference);
	if (isfinite(judged->low))
		words_signed_interval(&note, metric, judged->low, judged->high);
	view_text(view, "difference", text.text);
	view_text(view, "difference_note", note.len ? note.text : NULL);
	if (has_unit(metric) || judged->verdict == VERDICT_SAME)
		view_flag(view, "mark", 0);
	else
		mark_interval(view, "mark", axis, sign * judged->difference,
			      sign * (lower ? judged->high : judged->low), sign * (lower ? judged->low : judged->high),
			      verdict_class(judged->verdict));
	verdict_view(view, "verdict", judged->verdict, NULL);
	buf_clear(&note);
	if (isfinite(judged->p) && judged->verdict != VERDICT_SAME)
		words_p(&note, judged->p, judged->p_floor);
	view_text(view, "p", note.len ? note.text : NULL);
	view_done(view, &text);
	view_done(view, &note);
}

static void view_row(struct view *list, const struct table_pass *pass, const char *metric)
{
	int lower = lower_is_better(pass->item, metric);
	struct view view = view_object();
	struct judged judged;

	judged_of(&judged, pass->model, pass->run, metric, pass->when);
	view_text(&view, "name", metric);
	view_flag(&view, "lower", lower);
	view_flag(&view, "p", 0);
	put_scores(&view, pass->run, judged.against, metric);
	put_difference(&view, &pass->axis, &judged, metric, lower);
	view_add(list, &view);
}

/* All names of measured and reported, in the table's order first, then by bytes as the record has them. */
static void each_metric(const struct seen_run *run, void (*fn)(void *context, const char *metric), void *context)
{
	const json_t *measured = run_field(&run->run, "measured"), *reported = run_field(&run->run, "reported"), *value;
	const char *name;

	for (size_t i = 0; metrics[i]; i++)
		if (json_object_get(measured, metrics[i]->name) || json_object_get(reported, metrics[i]->name))
			fn(context, metrics[i]->name);
	json_object_foreach((json_t *)measured, name, value)
	{
		if (!metric_find(name))
			fn(context, name);
	}
	json_object_foreach((json_t *)reported, name, value)
	{
		if (!metric_find(name) && !json_object_get(measured, name))
			fn(context, name);
	}
}

static void pass_axis(void *context, const char *metric)
{
	struct table_pass *pass = context;
	struct judged judged;

	judged_of(&judged, pass->model, pass->run, metric, pass->when);
	stretch(&pass->axis, &judged, metric);
	if (judged.entry)
		pass->families[judged.declared] = judged.family;
}

static void pass_row(void *context, const char *metric)
{
	struct table_pass *pass = context;
	struct score score;

	if (is_declared(pass->item, metric))
		return;
	score_of(&score, pass->run, metric);
	view_row(score.reported ? &pass->reported : &pass->other, pass, metric);
}

void metrics_view(struct view *out, const char *key, const struct site_model *model, const struct site_experiment *item,
		  const struct seen_run *run, enum judged_when when)
{
	struct table_pass pass = {.model = model, .item = item, .run = run, .when = when, .axis = AXIS_EMPTY};
	struct axis_line zero = {0, NULL};
	struct view view = view_object();
	struct buf name = BUF_INIT;
	struct judged judged;

	pass.declared = view_list();
	pass.other = view_list();
	pass.reported = view_list();
	judged_of(&judged, model, run, item->metric[0].name, when);
	each_metric(run, pass_axis, &pass);
	axis_finish(&pass.axis);
	for (size_t i = 0; i < item->metrics; i++)
		view_row(&pass.declared, &pass, item->metric[i].name);
	each_metric(run, pass_row, &pass);
	words_name(&name, run_name(&run->run));
	view_text(&view, "run", name.text);
	buf_clear(&name);
	if (judged.against)
		run_label(&name, judged.against, run);
	view_text(&view, "against", name.len ? name.text : NULL);
	view_done(out, &name);
	view_flag(&view, "compared", judged.comparison != NULL);
	axis_view(&view, &pass.axis, &zero, NULL, 1);
	axis_ends(&view, "worse", "better");
	view_flag(&view, "any_declared", view_count(&pass.declared) > 0);
	view_flag(&view, "any_other", view_count(&pass.other) > 0);
	view_flag(&view, "any_reported", view_count(&pass.reported) > 0);
	view_printf(&view, "other_count", "%zu", view_count(&pass.other));
	view_sub(&view, "rows", &pass.declared);
	view_sub(&view, "other", &pass.other);
	view_sub(&view, "only_reported", &pass.reported);
	if (pass.families[1])
		view_printf(&view, "family", "%zu %s", pass.families[1],
			    pass.families[1] == 1 ? "comparison" : "comparisons");
	else
		view_flag(&view, "family", 0);
	if (pass.families[0])
		view_printf(&view, "other_family", "%zu", pass.families[0]);
	else
		view_flag(&view, "other_family", 0);
	view_sub(out, key, &view);
}
