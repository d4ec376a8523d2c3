/* The five practices, each from what is on record. See practices.h. */
#include "judge/practices.h"

#include "base/mem.h"
#include "judge/comparable.h"
#include "judge/entry.h"

#include <string.h>

struct checking {
	const struct experiment_standing *standing;
	const struct standing_input *input;
};

static int is(const struct run *run, const char *field, const char *word)
{
	return !strcmp(run_text(run, field), word);
}

static int of_experiment(const struct checking *c, const struct seen_run *seen)
{
	return !strcmp(run_experiment(&seen->run), c->input->experiment->name);
}

static void put_run(struct buf *out, const struct seen_run *seen)
{
	buf_printf(out, "%s, %.7s", run_name(&seen->run), id_handle(run_id(&seen->run)));
}

/* Baselines that have finished on the rows of `run` (NULL: any), where the bar is; of these, how many before `first`. */
static void count_baselines(size_t *n, size_t *before, const struct checking *c, const struct seen_run *run,
			    const struct seen_run *first)
{
	const struct seen_run *bar = c->standing->baseline;
	const struct runs *runs = c->input->runs;
	size_t at = first ? run_order_find(c->input->order, &first->run) : RUN_ORDER_NONE;

	*n = *before = 0;
	for (size_t i = 0; bar && i < runs->n; i++) {
		const struct run *other = &runs->item[i].run;

		if (!is(other, "kind", "baseline") || !is(other, "status", "finished") || *run_text(other, "parent") ||
		    (run && comparable_rows(other, &run->run, NULL) < 0) ||
		    strcmp(run_experiment(other), run_experiment(&bar->run)) != 0)
			continue;
		++*n;
		*before += first && run_order_relation(c->input->order, run_order_find(c->input->order, other), at) ==
					    RUN_BEFORE;
	}
}

static void put_verdict(struct buf *out, const struct checking *c)
{
	const struct experiment_standing *s = c->standing;
	const char *against = s->subject ? json_string_value(json_object_get(
						   run_comparison(&s->subject->run, "baseline"), "against"))
					 : NULL;
	struct judge_today today;

	if (!against || !s->baseline || strcmp(against, run_id(&s->baseline->run)) != 0 ||
	    !judge_today(&today, &s->subject->run, c->input->metric->name,
			 judge_points_of(c->input->families, &s->subject->run)))
		return;
	buf_printf(out, "; %s against ", run_name(&s->subject->run));
	if (!of_experiment(c, s->baseline))
		buf_printf(out, "%s/", run_experiment(&s->baseline->run));
	buf_printf(out, "%s: %s", run_name(&s->baseline->run),
		   !strcmp(today.verdict, "undecided")   ? "no difference shown"
		   : !strcmp(today.verdict, "too_few")   ? "too few to judge"
		   : !strcmp(today.verdict, "not_worse") ? "not worse"
							 : today.verdict);
}

static void check_baseline(struct practice *out, struct buf *text, const struct checking *c)
{
	const struct seen_run *first = c->input->plan->first, *bar = c->standing->baseline;
	const struct seen_run *subject = c->standing->subject ? c->standing->subject : first;
	size_t n, before;

	count_baselines(&n, &before, c, subject, first);
	out->name = "start with a baseline";
	out->run = bar;
	if (!bar) {
		out->state = PRACTICE_UNMET;
		buf_puts(text, "there is no baseline");
		return;
	}
	if (!n) {
		out->state = PRACTICE_PARTLY;
		buf_puts(text, "the baselines stand on other data, another split or other rows than the runs");
		return;
	}
	buf_printf(text, "%zu %s on the same rows", n, n == 1 ? "baseline" : "baselines");
	if (first) {
		out->state = before ? PRACTICE_MET : PRACTICE_PARTLY;
		if (before == n)
			buf_puts(text, ", before the first run");
		else if (before)
			buf_printf(text, ", %zu of them before the first run", before);
		else
			buf_puts(text,
				 run_order_place(c->input->order, (size_t)(first - c->input->runs->item)) == (size_t)-1
					 ? ", in an order that this clone cannot prove"
					 : ", none before the first run");
	}
	put_verdict(text, c);
}

static void check_one_thing(struct practice *out, struct buf *text, const struct checking *c)
{
	const struct runs *runs = c->input->runs;
	size_t one = 0, several = 0, nothing = 0;

	out->name = "change one thing at a time";
	for (size_t i = 0; i < runs->n; i++) {
		const char *verdict = run_text(&runs->item[i].run, "changes.verdict");

		if (!of_experiment(c, &runs->item[i]) || !*verdict)
			continue;
		one += !strcmp(verdict, "isolated");
		nothing += !strcmp(verdict, "first") || !strcmp(verdict, "none");
		if (!strcmp(verdict, "confounded")) {
			several++;
			out->run = &runs->item[i];
		}
	}
	if (!(one + several + nothing)) {
		out->state = PRACTICE_UNKNOWN;
		buf_puts(text, c->standing->runs ? "no run says what it changed" : "no run yet");
		return;
	}
	out->state = !several ? PRACTICE_MET : several > one ? PRACTICE_UNMET : PRACTICE_PARTLY;
	if (!one && !several) {
		buf_puts(text, "nothing was changed yet");
		return;
	}
	if (one)
		buf_printf(text, "%zu %s one thing", one, one == 1 ? "run changed" : "runs changed");
	if (one && several)
		buf_printf(text, ", %zu several at once", several);
	else if (several)
		buf_printf(text, "%zu %s several things at once", several,
			   several == 1 ? "run changed" : "runs changed");
	if (several) {
		buf_puts(text, " (last ");
		put_run(text, out->run);
		buf_putc(text, ')');
	}
}

static void check_tracking(struct practice *out, struct buf *text, const struct checking *c)
{
	const struct experiment_standing *s = c->standing;
	const struct runs *runs = c->input->runs;
	size_t loose = 0, removed = c->input->plan->removed;

	out->name = "track all";
	for (size_t i = 0; i < runs->n; i++)
		if (of_experiment(c, &runs->item[i]) && json_is_true(run_field(&runs->item[i].run, "code.dirty")) &&
		    !*run_text(&runs->item[i].run, "code.snapshot")) {
			loose++;
			out->run = &runs->item[i];
		}
	if (!s->runs && !loose && !removed) {
		out->state = PRACTICE_UNKNOWN;
		buf_puts(text, "no run yet");
		return;
	}
	out->state = c->input->rewritten ? PRACTICE_UNMET : loose || removed ? PRACTICE_PARTLY : PRACTICE_MET;
	buf_printf(text, "%zu %s", s->runs, s->runs == 1 ? "run" : "runs");
	if (s->failed)
		buf_printf(text, ", %zu failed", s->failed);
	if (loose)
		buf_printf(text, ", %zu from changed code that was not kept", loose);
	if (removed)
		buf_printf(text, ", %zu removed", removed);
	buf_puts(text, c->input->rewritten ? ", and the branch was rewritten since" : removed ? "" : ", none lost");
}

static int is_of_plan(const struct plan_change *change)
{
	return change->item != PLAN_TEXT && change->item != PLAN_FILE && change->item != PLAN_METRICS;
}

static enum practice_state plan_practice(const struct plan_order *plan)
{
	switch (plan->state) {
	case PLAN_NO_FILE:
	case PLAN_AFTER:
		return PRACTICE_UNMET;
	case PLAN_WITH:
		return PRACTICE_PARTLY;
	case PLAN_NOT_PROVABLE:
		return PRACTICE_UNKNOWN;
	case PLAN_NO_RUN:
		return plan->uncommitted ? PRACTICE_PARTLY : PRACTICE_MET;
	case PLAN_BEFORE:
		break;
	}
	for (size_t i = 0; i < plan->changes; i++)
		if (is_of_plan(&plan->change[i]))
			return PRACTICE_PARTLY;
	return PRACTICE_MET;
}

static void check_hypothesis(struct practice *out, struct buf *text, const struct checking *c)
{
	const struct plan_order *plan = c->input->plan;
	const struct experiment *experiment = c->input->experiment, *first = plan->plan ? plan->plan : experiment;
	const struct plan_change *worst = NULL;

	out->name = "document hypotheses";
	out->state = plan_practice(plan);
	out->file = experiment->path;
	for (size_t i = 0; i < plan->changes && !worst; i++)
		if (is_of_plan(&plan->change[i]))
			worst = &plan->change[i];
	if (plan->state == PLAN_NO_RUN)
		buf_puts(text, plan->uncommitted ? "written, but not committed: what counts is what a commit holds"
						 : "written before any run");
	else
		plan_order_sentence(text, plan);
	if (plan->state != PLAN_NO_FILE && !first->criteria && !first->n_expects) {
		if (out->state == PRACTICE_MET)
			out->state = PRACTICE_PARTLY;
		buf_puts(text, "; it states no criteria and expects nothing");
	}
	if (worst) {
		buf_puts(text, "; ");
		plan_change_sentence(text, worst);
		if (plan->changes > 1)
			buf_printf(text, " and %zu more %s", plan->changes - 1,
				   plan->changes == 2 ? "change" : "changes");
	}
}

/* All criteria met, on figures that assay measured. */
static int met_on_measured(const struct run *run)
{
	const json_t *list = run_field(run, "criteria"), *one;
	size_t i;

	json_array_foreach((json_t *)(size_t)list, i, one)
	{
		const char *source = json_string_value(json_object_get(one, "source"));
		const char *verdict = json_string_value(json_object_get(one, "verdict"));

		if (!source || strcmp(source, "measured") != 0 || !verdict || strcmp(verdict, "met") != 0)
			return 0;
	}
	return json_array_size(list) > 0;
}

static void check_validation(struct practice *out, struct buf *text, const struct checking *c)
{
	const struct seen_run *subject = c->standing->subject;
	const struct runs *runs = c->input->runs;
	int criteria, later = 0, again = 0;

	out->name = "validate before deploying";
	out->run = subject;
	if (!subject) {
		out->state = PRACTICE_UNKNOWN;
		buf_puts(text, "no run to validate yet");
		return;
	}
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;

		if (!is(run, "status", "finished"))
			continue;
		again |= is(run, "tags.reproduces", run_id(&subject->run));
		later |= of_experiment(c, &runs->item[i]) &&
			 (is(run, "kind", "evaluation") || is(run, "kind", "abtest"));
	}
	criteria = met_on_measured(&subject->run);
	out->state = criteria && later && again   ? PRACTICE_MET
		     : criteria || later || again ? PRACTICE_PARTLY
						  : PRACTICE_UNMET;
	put_run(text, subject);
	buf_printf(text, ": %s, %s, %s",
		   criteria          ? "criteria met on measured scores"
		   : c->standing->of ? "criteria not met on measured scores"
				     : "no criteria to meet",
		   later ? "judged on later data" : "not judged on later data",
		   again ? "reproduced" : "not reproduced");
}

int judge_practices(struct experiment_standing *standing, const struct standing_input *input, struct error *err)
{
	static void (*const check[PRACTICES])(struct practice * out, struct buf * text, const struct checking *c) = {
		check_baseline, check_one_thing, check_tracking, check_hypothesis, check_validation};
	const struct checking c = {standing, input};

	for (size_t i = 0; i < PRACTICES; i++) {
		struct buf text = BUF_INIT;

		check[i](&standing->practice[i], &text, &c);
		standing->practice[i].sentence = buf_detach(&text);
		buf_release(&text);
		if (!standing->practice[i].sentence)
			return error_nomem(err);
	}
	return 0;
}

const char *practice_state_word(enum practice_state state)
{
	static const char *const words[] = {[PRACTICE_MET] = "met",
					    [PRACTICE_PARTLY] = "partly",
					    [PRACTICE_UNMET] = "unmet",
					    [PRACTICE_UNKNOWN] = "unknown"};

	return words[state];
}
