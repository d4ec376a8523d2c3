/* Success criteria as the pages show them. */
#include "site/page/criteria.h"

#include "format/json.h"
#include "format/number.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int is_certain(const json_t *criterion)
{
	return !json_is_false(json_object_get(criterion, "certain"));
}

struct criteria_count criteria_count(const struct seen_run *run)
{
	struct criteria_count count = {0};
	const json_t *list = run_field(&run->run, "criteria"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *verdict = text_at(item, "verdict");

		count.of++;
		count.met += !strcmp(verdict, "met");
		count.unmet += !strcmp(verdict, "unmet");
	}
	count.not_measured = count.of - count.met - count.unmet;
	return count;
}

void criteria_phrase(struct buf *out, const struct seen_run *run)
{
	struct criteria_count count = criteria_count(run);

	if (count.of == 0)
		return;
	if (count.unmet)
		buf_printf(out, "misses %zu of %zu %s", count.unmet, count.of,
			   count.of == 1 ? "criterion" : "criteria");
	else if (count.not_measured)
		buf_printf(out, "has %zu of %zu criteria not measured", count.not_measured, count.of);
	else if (count.of == 1)
		buf_puts(out, "meets its criterion");
	else if (count.of == 2)
		buf_puts(out, "meets both criteria");
	else
		buf_printf(out, "meets all %zu criteria", count.of);
}

/* A rule of the form "OP NUMBER". */
static int rule_limit(double *limit, const char *rule)
{
	size_t op = strspn(rule, "<>=");

	return op > 0 && number_parse(limit, rule + op, strlen(rule + op)) == NUMBER_OK;
}

double criteria_limit(const struct seen_run *run, const char *metric)
{
	const json_t *list = run_field(&run->run, "criteria"), *item;
	double limit;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (!strcmp(text_at(item, "metric"), metric) && rule_limit(&limit, text_at(item, "rule")))
			return limit;
	}
	return NAN;
}

/* Names of criteria with this verdict, or that are met without being certain where verdict is NULL. */
static size_t list_names(struct buf *out, const json_t *list, const char *verdict)
{
	const json_t *item;
	size_t i, n = 0;

	json_array_foreach(list, i, item)
	{
		const char *is = text_at(item, "verdict");

		if (verdict ? strcmp(is, verdict) != 0 : strcmp(is, "met") != 0 || is_certain(item))
			continue;
		buf_printf(out, "%s%s", n++ ? ", " : "", text_at(item, "metric"));
	}
	return n;
}

void criteria_verdict(struct view *out, const char *key, const char *note_key, const struct seen_run *run, int quiet)
{
	const json_t *list = run_field(&run->run, "criteria");
	struct criteria_count count = criteria_count(run);
	struct buf text = BUF_INIT, note = BUF_INIT;
	enum verdict verdict = VERDICT_MET;

	if (count.of == 0) {
		view_flag(out, key, 0);
		view_flag(out, note_key, 0);
		return;
	}
	if (list_names(&note, list, NULL))
		buf_puts(&note, " met, not certain");
	if (count.unmet) {
		verdict = quiet ? VERDICT_QUIET_UNMET : VERDICT_UNMET;
		if (count.unmet == 1)
			list_names(&text, list, "unmet");
		else
			buf_printf(&text, "%zu of %zu", count.unmet, count.of);
		buf_puts(&text, " unmet");
	} else if (count.not_measured) {
		verdict = VERDICT_NOT_MEASURED;
		buf_printf(&text, "%zu of %zu not measured", count.not_measured, count.of);
	} else {
		buf_puts(&text, count.of == 1 ? "met" : count.of == 2 ? "both met" : "all met");
	}
	verdict_view(out, key, verdict, text.text);
	view_text(out, note_key, note.len ? note.text : NULL);
	view_done(out, &text);
	view_done(out, &note);
}

/* One criterion on a limit: the bar, the value, and how far its interval reaches. */
static void view_limit(struct view *view, const struct seen_run *run, const json_t *item, double limit)
{
	const char *metric = text_at(item, "metric");
	int met = !strcmp(text_at(item, "verdict"), "met");
	struct buf text = BUF_INIT, interval = BUF_INIT;
	struct score score;
	double value;

	score_of(&score, run, metric);
	if (!json_number(&value, json_object_get(item, "value")))
		value = score.value;
	if (isfinite(value))
		words_value(&text, metric, value);
	if (isfinite(score.low))
		words_interval(&interval, metric, score.low, score.high);
	mark_bullet(view, "bullet", value, score.low, score.high, limit, met);
	view_text(view, "value", text.len ? text.text : EN_DASH);
	view_text(view, "interval", interval.len ? interval.text : NULL);
	view_flag(view, "mark", 0);
	view_done(view, &text);
	view_done(view, &interval);
}

/* One criterion on the difference to the baseline: the interval of the difference against zero. */
static void view_difference(struct view *view, const struct site_model *model, const struct seen_run *run,
			    const json_t *item)
{
	const char *metric = text_at(item, "metric");
	struct buf text = BUF_INIT, interval = BUF_INIT;
	struct judged judged;

	judged_of(&judged, model, run, metric, JUDGED_THEN);
	if (isfinite(judged.difference))
		words_signed(&text, metric, judged.difference);
	if (isfinite(judged.low))
		words_signed_interval(&interval, metric, judged.low, judged.high);
	mark_alone(view, "mark", judged.difference, judged.low, judged.high, 0, NAN, verdict_class(judged.verdict));
	view_text(view, "value", text.len ? text.text : EN_DASH);
	view_text(view, "interval", interval.len ? interval.text : NULL);
	view_flag(view, "bullet", 0);
	view_done(view, &text);
	view_done(view, &interval);
}

void criteria_list(struct view *out, const char *key, const struct site_model *model, const struct seen_run *run,
		   int quiet)
{
	const json_t *list = run_field(&run->run, "criteria"), *item;
	struct view views = view_list();
	size_t i;

	json_array_foreach(list, i, item)
	{
		enum verdict verdict = verdict_of(text_at(item, "verdict"));
		struct view view = view_object();
		struct buf rule = BUF_INIT;
		double limit;

		words_rule(&rule, text_at(item, "rule"));
		view_printf(&view, "rule", "%s %s", text_at(item, "metric"), rule.text);
		if (rule_limit(&limit, text_at(item, "rule")))
			view_limit(&view, run, item, limit);
		else
			view_difference(&view, model, run, item);
		if (verdict == VERDICT_UNMET && quiet)
			verdict = VERDICT_QUIET_UNMET;
		verdict_view(&view, "verdict", verdict, NULL);
		view_flag(&view, "uncertain", !is_certain(item) && verdict != VERDICT_NOT_MEASURED);
		view_flag(&view, "certain", is_certain(item) && verdict != VERDICT_NOT_MEASURED);
		view_flag(&view, "reported", !strcmp(text_at(item, "source"), "reported"));
		view_flag(&view, "constraint", json_is_true(json_object_get(item, "constraint")));
		view_add(&views, &view);
		view_done(out, &rule);
	}
	view_flag(out, "any_criteria", view_count(&views) > 0);
	view_sub(out, key, &views);
}
