/* The answers at the head of the pages. */
#include "site/page/lead.h"

#include "judge/words.h"
#include "site/page/criteria.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

/*
 * An answer with the name of a run in it: before, run, after. Sets lead: {before, run, full_name, href, after}; run false:
 * `before` is the whole sentence. plain: the same as one text, for titles.
 */
static void lead_view(struct view *out, const char *before, const struct seen_run *run, const char *after)
{
	struct view view = view_object();
	struct buf name = BUF_INIT;

	if (run)
		words_name(&name, run_name(&run->run));
	view_text(&view, "before", before);
	view_text(&view, "run", run ? name.text : NULL);
	view_text(&view, "full_name", run ? run_name(&run->run) : NULL);
	view_text(&view, "after", after);
	view_printf(&view, "plain", "%s%s%s", before, name.text, after);
	view_sub(out, "lead", &view);
	view_done(out, &name);
}

/* "and" where criteria go the same way as the verdict, "but" where they do not. */
static void put_criteria(struct buf *out, const struct seen_run *run, int good_so_far)
{
	struct criteria_count count = criteria_count(run);
	int good = count.met == count.of;

	if (count.of) {
		buf_puts(out, good == good_so_far ? " and " : ", but ");
		criteria_phrase(out, run);
	}
	buf_puts(out, ".");
}

static void put_score(struct buf *out, const struct seen_run *run, const char *metric)
{
	struct score score;

	score_of(&score, run, metric);
	buf_printf(out, "%s" NO_BREAK, words_title(metric));
	if (isnan(score.value))
		buf_puts(out, "not measured");
	else
		words_value(out, metric, score.value);
	if (isfinite(score.value) && score.reported)
		buf_puts(out, ", as it reports itself");
}

void lead_overview(struct view *out, const struct site_model *model, const struct seen_run *lead,
		   const struct judged *judged)
{
	struct buf after = BUF_INIT;

	if (!lead) {
		lead_view(out, model->runs.n ? "No run has finished yet." : "Nothing has been measured yet.", NULL, "");
	} else if (run_is(lead, "baseline")) {
		buf_puts(&after, ", ");
		put_score(&after, lead, model->metric);
		buf_puts(&after, ".");
		lead_view(out, "The bar is set: ", lead, after.text);
	} else if (!runs_best(&model->runs, NULL, model->metric, "baseline")) {
		buf_puts(&after, " reaches ");
		put_score(&after, lead, model->metric);
		buf_puts(&after, "; there is no baseline yet.");
		lead_view(out, "", lead, after.text);
	} else if (judged->verdict == VERDICT_BETTER) {
		buf_puts(&after, " beats the best baseline");
		put_criteria(&after, lead, 1);
		lead_view(out, "", lead, after.text);
	} else {
		lead_view(out, "No run beats the baseline yet.", NULL, "");
	}
	view_done(out, &after);
}

enum verdict hypothesis_verdict(const struct site_experiment *item)
{
	const char *verdict = item->hypothesis.verdict;

	if (!verdict || !strcmp(verdict, "none") || !strcmp(verdict, "untested"))
		return VERDICT_OPEN;
	return verdict_of(verdict);
}

const char *hypothesis_word(const struct site_experiment *item)
{
	const char *verdict = item->hypothesis.verdict;

	if (!strcmp(verdict, "none"))
		return item->runs ? "nothing was expected" : "no runs yet";
	if (!strcmp(verdict, "undecided"))
		return "undecided";
	return verdict_word(hypothesis_verdict(item));
}

const char *hypothesis_metric(const struct site_experiment *item)
{
	const char *metric = item->hypothesis.metric;

	if (metric)
		return metric;
	return item->experiment->n_expects ? item->experiment->expects[0].metric : item->metric[0].name;
}

void expectation_words(struct buf *out, const struct experiment *experiment)
{
	for (size_t i = 0; i < experiment->n_expects; i++) {
		buf_printf(out, "%s%s ", i ? ", " : "", experiment->expects[i].metric);
		words_rule(out, experiment->expects[i].what);
	}
}

/* " is better than the baseline, by 0.072" */
static void put_comparison(struct buf *out, const struct judged *judged, const struct seen_run *run, const char *metric)
{
	const struct seen_run *against = judged->against;
	int named = against && (run_is(run, "baseline") || !run_is(against, "baseline"));

	switch (judged->verdict) {
	case VERDICT_BETTER:
	case VERDICT_WORSE:
	case VERDICT_NOT_WORSE:
		buf_printf(out, " is %s than ", verdict_word(judged->verdict));
		break;
	case VERDICT_EQUIVALENT:
		buf_puts(out, " is equivalent to ");
		break;
	case VERDICT_SAME:
		buf_puts(out, " predicts the same as ");
		break;
	case VERDICT_TOO_FEW:
		buf_puts(out, " has too few rows to be judged against ");
		break;
	default:
		buf_puts(out, " shows no difference to ");
	}
	if (named)
		run_label(out, against, run);
	else
		buf_puts(out, "the baseline");
	if (judged->verdict == VERDICT_BETTER || judged->verdict == VERDICT_WORSE) {
		buf_puts(out, ", by ");
		words_value(out, metric, fabs(judged->difference));
	}
}

/* scope: what a verdict that says something claims it of; false where there is none. */
static void view_scope(struct view *out, const struct judged *judged)
{
	int says = judged->entry && (judged->verdict == VERDICT_BETTER || judged->verdict == VERDICT_WORSE ||
				     judged->verdict == VERDICT_EQUIVALENT || judged->verdict == VERDICT_NOT_WORSE);

	view_text(out, "scope",
		  says ? judge_scope_sentence(json_string_value(json_object_get(judged->comparison, "scope"))) : NULL);
}

void lead_experiment(struct view *out, const struct site_model *model, const struct site_experiment *item)
{
	const struct hypothesis *hypothesis = &item->hypothesis;
	const struct seen_run *run = hypothesis->judged ? hypothesis->judged : item->best;
	const char *metric = hypothesis_metric(item);
	struct buf after = BUF_INIT;
	struct judged judged;

	view_text(out, "scope", NULL);
	if (hypothesis->judged)
		judged_of(&judged, model, item->hypothesis.judged, metric, JUDGED_TODAY);
	else if (run)
		judged_of(&judged, model, run, metric, JUDGED_TODAY);
	if (run && judged.entry) {
		const char *word = hypothesis->verdict;
		const char *before = !strcmp(word, "confirmed")            ? "Confirmed: "
				     : !strcmp(word, "refuted")            ? "Refuted: "
				     : strcmp(word, "undecided") != 0      ? ""
				     : judged.verdict == VERDICT_UNDECIDED ? ""
									   : "Undecided: ";

		put_comparison(&after, &judged, run, metric);
		if (strcmp(metric, item->metric[0].name) != 0)
			buf_printf(&after, " in %s", words_title(metric));
		buf_puts(&after, ".");
		view_scope(out, &judged);
		lead_view(out, before, run, after.text);
	} else if (hypothesis->judged || (item->best && item->bar)) {
		lead_view(out, "", run, " was not compared with the baseline.");
	} else if (item->bar && !item->experiment->n_expects) {
		buf_puts(&after, ", ");
		put_score(&after, item->bar, item->metric[0].name);
		buf_puts(&after, ".");
		lead_view(out, "The bar is set: ", item->bar, after.text);
	} else {
		lead_view(out, item->experiment->n_expects ? "Not tested yet." : "Nothing has been measured yet.", NULL,
			  "");
	}
	view_done(out, &after);
}

static void lead_failed(struct buf *after, const struct seen_run *run)
{
	double seconds;

	buf_printf(after, " %s", run_text(&run->run, "status"));
	if (run_number(&seconds, &run->run, "usage.seconds")) {
		buf_puts(after, " after ");
		words_seconds(after, seconds);
	}
	buf_puts(after, ".");
}

void lead_run(struct view *out, const struct site_model *model, const struct site_experiment *item,
	      const struct seen_run *run)
{
	const char *metric = item->metric[0].name;
	struct buf after = BUF_INIT;
	struct judged judged;

	judged_of(&judged, model, run, metric, JUDGED_THEN);
	view_text(out, "scope", NULL);
	if (!run_finished(run)) {
		lead_failed(&after, run);
	} else if (run == item->bar && run_is(run, "baseline")) {
		buf_puts(&after, " is the bar: ");
		put_score(&after, run, metric);
		buf_puts(&after, ".");
	} else if (judged.entry) {
		put_comparison(&after, &judged, run, metric);
		if (run_is(run, "baseline"))
			buf_puts(&after, ".");
		else
			put_criteria(&after, run,
				     judged.verdict == VERDICT_BETTER || judged.verdict == VERDICT_EQUIVALENT ||
					     judged.verdict == VERDICT_NOT_WORSE);
		view_scope(out, &judged);
	} else {
		buf_puts(&after, " reaches ");
		put_score(&after, run, metric);
		buf_puts(&after, ".");
	}
	lead_view(out, "", run, after.text);
	view_done(out, &after);
}
