/* The strip of four facts. */
#include "site/page/facts.h"

#include "format/json.h"
#include "record/repetition.h"
#include "site/page/criteria.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

/* What the interval of a repeated run's mean is over, and how far single runs are apart. */
static void put_spread(struct buf *out, const struct seen_run *run, const char *metric)
{
	enum repetition repetition = run_repetition(&run->run);
	const json_t *spread = json_object_get(run_field(&run->run, "spread"), metric);
	double sd;

	if (repetition == REPETITION_NONE)
		return;
	buf_printf(out, " of the mean over %zu %s", json_array_size(run_field(&run->run, "children")),
		   repetition_word(repetition));
	if (spread && json_number(&sd, spread))
		buf_printf(out, ", standard deviation %.2g", sd);
}

static void view_score(struct view *out, const struct seen_run *run, const char *metric, const struct judged *judged,
		       enum facts_about about)
{
	double bar = NAN, limit = criteria_limit(run, metric);
	struct buf value = BUF_INIT, note = BUF_INIT;
	struct view view = view_object();
	struct score score, base;

	score_of(&score, run, metric);
	if (judged->against) {
		score_of(&base, judged->against, metric);
		bar = base.value;
	}
	if (isfinite(score.value))
		words_value(&value, metric, score.value);
	if (isfinite(score.low)) {
		buf_puts(&note, "95" NO_BREAK "% interval ");
		words_interval(&note, metric, score.low, score.high);
		put_spread(&note, run, metric);
		buf_puts(&note, ".");
	} else {
		buf_puts(&note, isfinite(score.value) ? "No interval." : "Not measured.");
	}
	if (isfinite(bar)) {
		buf_puts(&note, " The line is ");
		run_label(&note, judged->against, run);
		buf_puts(&note, " at ");
		words_value(&note, metric, bar);
		buf_puts(&note, isfinite(limit) ? ", the dashes the criterion." : ".");
	}
	if (score.reported && isfinite(score.value))
		buf_puts(&note, " As the command reported it.");
	view_text(&view, "title", words_title(metric));
	view_text(&view, "run", about == FACTS_OF_PROJECT ? run_name(&run->run) : NULL);
	view_printf(&view, "href", "runs/%s.html", run_id(&run->run));
	view_text(&view, "value", value.len ? value.text : EN_DASH);
	view_text(&view, "note", note.text);
	mark_alone(&view, "mark", score.value, score.low, score.high, bar, limit,
		   run_is(run, "baseline") ? "isbase" : verdict_class(judged->verdict));
	view_sub(out, "fact_score", &view);
	view_done(out, &value);
	view_done(out, &note);
}

/* Nothing was compared with the bar itself; how far it stands above the commonest answer is still worth saying. */
static void view_above_majority(struct view *view, const struct site_model *model, const struct seen_run *run,
				const char *metric)
{
	const struct seen_run *majority = NULL;
	struct score score, base = {NAN, NAN, NAN, 0};
	struct buf value = BUF_INIT;

	for (size_t i = 0; i < model->runs.n; i++) {
		const struct seen_run *other = &model->runs.item[i];

		if (other != run && run_is(other, "baseline") && same_rows(other, run) &&
		    !strcmp(run_name(&other->run), "majority"))
			majority = other;
	}
	score_of(&score, run, metric);
	if (majority)
		score_of(&base, majority, metric);
	if (isfinite(score.value - base.value)) {
		words_signed(&value, metric, score.value - base.value);
		view_text(view, "against", run_name(&majority->run));
		view_printf(view, "href", "runs/%s.html", run_id(&majority->run));
	}
	view_text(view, "value", value.len ? value.text : EN_DASH);
	view_text(view, "note",
		  value.len ? "The model that always gives the commonest answer. As measured, without a test."
			    : "Not compared with a baseline.");
	view_flag(view, "verdict", 0);
	view_flag(view, "mark", 0);
	view_done(view, &value);
}

static void view_difference(struct view *out, const struct site_model *model, const struct seen_run *run,
			    const char *metric, const struct judged *judged)
{
	struct buf value = BUF_INIT, note = BUF_INIT;
	struct view view = view_object();

	if (judged->against)
		run_label(&value, judged->against, run);
	view_text(&view, "against", value.len ? value.text : NULL);
	buf_clear(&value);
	if (judged->against)
		view_printf(&view, "href", "runs/%s.html", run_id(&judged->against->run));
	else
		view_flag(&view, "href", 0);
	if (!judged->entry) {
		view_above_majority(&view, model, run, metric);
		view_sub(out, "fact_difference", &view);
		view_done(out, &value);
		return;
	}
	words_signed(&value, metric, judged->difference);
	difference_interval(&note, judged, metric);
	if (judged->family > 1)
		buf_printf(&note, ", corrected for %zu comparisons", judged->family);
	buf_puts(&note, ". Paired on the same rows.");
	view_text(&view, "value", value.text);
	view_text(&view, "note", note.text);
	verdict_view(&view, "verdict", judged->verdict, NULL);
	mark_alone(&view, "mark", judged->difference, judged->low, judged->high, 0, NAN,
		   verdict_class(judged->verdict));
	view_sub(out, "fact_difference", &view);
	view_done(out, &value);
	view_done(out, &note);
}

static void view_criteria(struct view *out, const struct site_model *model, const struct seen_run *run)
{
	struct criteria_count count = criteria_count(run);
	int quiet = run_is(run, "baseline");
	struct view view = view_object();

	criteria_list(&view, "criteria", model, run, quiet);
	criteria_verdict(&view, "all", "all_note", run, quiet);
	if (count.of) {
		view_printf(&view, "value", "%zu of %zu", count.met, count.of);
		verdict_view(&view, "verdict",
			     count.met == count.of ? VERDICT_MET
			     : count.unmet == 0    ? VERDICT_NOT_MEASURED
			     : quiet               ? VERDICT_QUIET_UNMET
						   : VERDICT_UNMET,
			     "met");
	} else {
		view_text(&view, "value", EN_DASH);
		view_flag(&view, "verdict", 0);
	}
	view_sub(out, "fact_criteria", &view);
}

void facts_view(struct view *out, const struct site_model *model, const struct seen_run *run, const char *metric,
		enum facts_about about)
{
	struct judged judged;

	judged_of(&judged, model, run, metric, about == FACTS_OF_RUN ? JUDGED_THEN : JUDGED_TODAY);
	view_score(out, run, metric, &judged, about);
	view_difference(out, model, run, metric, &judged);
	view_criteria(out, model, run);
}

void fact_latest(struct view *out, const struct site_model *model, const struct seen_run *run, const char *metric)
{
	struct buf text = BUF_INIT;
	struct view view = view_object();
	struct judged judged;

	judged_of(&judged, model, run, metric, JUDGED_TODAY);
	words_date(&text, run_text(&run->run, "started"), DATE_DAY);
	view_text(&view, "date", text.text);
	view_text(&view, "datetime", run_text(&run->run, "started"));
	view_text(&view, "run", run_name(&run->run));
	view_printf(&view, "href", "runs/%s.html", run_id(&run->run));
	view_flag(&view, "dirty", json_is_true(run_field(&run->run, "code.dirty")));
	buf_clear(&text);
	if (!run_finished(run)) {
		verdict_view(&view, "verdict", VERDICT_FAILED, run_text(&run->run, "status"));
	} else if (judged.entry) {
		buf_printf(&text, "%s ", words_title(metric));
		difference_words(&text, &judged, metric);
		verdict_view(&view, "verdict", judged.verdict, text.text);
	} else {
		view_flag(&view, "verdict", 0);
	}
	buf_clear(&text);
	if (judged.against)
		run_label(&text, judged.against, run);
	view_text(&view, "against", text.len ? text.text : NULL);
	criteria_verdict(&view, "criteria", "criteria_note", run, run_is(run, "baseline"));
	view_sub(out, "fact_last", &view);
	view_done(out, &text);
}

/* "32 times logistic's 1.9 ms" where both are known and far enough apart to say it. */
static void put_times(struct buf *out, double value, const struct seen_run *bar)
{
	double other;

	if (!bar || !run_number(&other, &bar->run, "metrics.latency_ms") || !(other > 0) || value / other < 1.5)
		return;
	buf_printf(out, ", %.*f times that of %s", value / other < 9.95 ? 1 : 0, value / other, run_name(&bar->run));
}

void fact_cost(struct view *out, const struct seen_run *run, const struct seen_run *bar)
{
	struct buf value = BUF_INIT, note = BUF_INIT;
	struct view view = view_object();
	double fit, cores, memory, latency;

	if (run_number(&fit, &run->run, "metrics.fit_seconds")) {
		words_value(&value, "fit_seconds", fit);
		buf_puts(&note, "to train");
	} else if (run_number(&fit, &run->run, "usage.seconds")) {
		words_seconds(&value, fit);
		buf_puts(&note, "in all");
	}
	if (value.len && run_number(&cores, &run->run, "environment.cores"))
		buf_printf(&note, " on %.0f %s", cores, cores == 1 ? "core" : "cores");
	if (value.len && run_number(&memory, &run->run, "usage.peak_rss_bytes")) {
		buf_puts(&note, ", ");
		words_bytes(&note, memory);
		buf_puts(&note, " at most");
	}
	if (value.len)
		buf_puts(&note, ".");
	else
		buf_puts(&note, "Not measured.");
	if (run_number(&latency, &run->run, "metrics.latency_ms")) {
		buf_puts(&note, " ");
		words_value(&note, "latency_ms", latency);
		buf_puts(&note, " to predict one row");
		if (bar != run)
			put_times(&note, latency, bar);
		buf_puts(&note, ".");
	}
	view_text(&view, "value", value.len ? value.text : EN_DASH);
	view_text(&view, "note", note.text);
	view_sub(out, "fact_cost", &view);
	view_done(out, &value);
	view_done(out, &note);
}
