/* What an experiment predicted, held against the run that is to be judged. */
#include "judge/best.h"
#include "judge/entry.h"
#include "judge/judge.h"
#include "record/repetition.h"

/* How one prediction fares. */
enum fate { UNTESTED, TOO_FEW, UNDECIDED, CONFIRMED, REFUTED };

static int is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int same_name(const struct run *a, const struct run *b)
{
	return is(run_text(a, "name"), run_text(b, "name")) && is(run_experiment(a), run_experiment(b));
}

/*
 * A baseline is a candidate only where it was held against the one that the experiment names (that run, or an earlier one of its
 * name): to be better than majority, which is what the others are held against, confirms nothing. The named one never is.
 */
static int against_named(const struct runs *runs, const struct run *run, const struct experiment *experiment)
{
	const char *against = json_string_value(json_object_get(run_comparison(run, "baseline"), "against"));
	const struct seen_run *named = NULL, *base;
	struct error none = {0};

	if (!experiment->baseline)
		return 0;
	base = against ? runs_with_id(runs, against) : NULL;
	if (!base)
		return 1;
	return runs_find(&named, runs, experiment->baseline, experiment->name, NULL, &none) == 0 && named &&
	       same_name(&base->run, &named->run) && !same_name(run, &named->run);
}

/* A finished run of that kind of the experiment; of seeds and splits the parent. */
static int finished(const struct runs *runs, const struct run *run, const struct experiment *experiment,
		    const char *kind)
{
	return is(run_text(run, "kind"), kind) && is(run_experiment(run), experiment->name) &&
	       is(run_text(run, "status"), "finished") && !runs_pooled(runs, run);
}

/* What a hypothesis is about: the runs made for it; the baselines only where there are none. */
static const char *judged_kind(const struct runs *runs, const struct experiment *experiment)
{
	for (size_t i = 0; i < runs->n; i++)
		if (finished(runs, &runs->item[i].run, experiment, "run"))
			return "run";
	return "baseline";
}

static int may_be_judged(const struct runs *runs, const struct run *run, const struct experiment *experiment,
			 const char *kind)
{
	return finished(runs, run, experiment, kind) && run_comparison(run, "baseline") &&
	       (is(kind, "run") || against_named(runs, run, experiment));
}

/* The best of those that may be judged, the earlier of equals; *n of them were compared. */
static const struct seen_run *best_judged(size_t *n, const struct runs *runs, const struct experiment *experiment,
					  const struct declared_metric *metric)
{
	const char *kind = judged_kind(runs, experiment);
	struct best found = {0};

	*n = 0;
	for (size_t i = 0; i < runs->n; i++) {
		if (!may_be_judged(runs, &runs->item[i].run, experiment, kind))
			continue;
		(*n)++;
		best_offer(&found, &runs->item[i], metric);
	}
	return found.run;
}

static const struct seen_run *candidate(const struct runs *runs, const struct experiment *experiment)
{
	const struct seen_run *found = NULL;
	struct error none = {0};

	if (runs_find(&found, runs, experiment->candidate, experiment->name, NULL, &none) < 0)
		return NULL;
	return found && run_comparison(&found->run, "baseline") ? found : NULL;
}

static int within(double value, const char *op, double bound)
{
	return is(op, "=") ? value == bound : op[0] == '>' ? value >= bound : value <= bound;
}

/* A prediction such as ">= +0.02": all of the interval, or none of it. */
static enum fate bounded(const struct expectation *e, const struct entry *entry, size_t family)
{
	double low = entry->low, high = entry->high;
	int at_low, at_high;

	if (family != entry->family)
		entry_interval(&low, &high, entry, 0.05 / (double)family);
	at_low = within(low, e->op, e->value);
	at_high = within(high, e->op, e->value);
	if (at_low && at_high)
		return CONFIRMED;
	return at_low || at_high || (low < e->value && e->value < high) ? UNDECIDED : REFUTED;
}

static enum fate fate_of(const struct expectation *e, const struct run *run, size_t points)
{
	struct entry entry;
	const char *word;
	size_t family;

	if (!entry_read(&entry, run_comparison(run, "baseline"), e->metric))
		return UNTESTED;
	family = points * entry.members;
	word = entry_verdict(&entry, family);
	if (is(word, "too_few"))
		return TOO_FEW;
	if (e->bounded)
		return bounded(e, &entry, family);
	if (is(word, e->what))
		return CONFIRMED;
	if (is(e->what, "better"))
		return is(word, "worse") || is(word, "equivalent") ? REFUTED : UNDECIDED;
	if (is(e->what, "worse"))
		return is(word, "better") ? REFUTED : UNDECIDED;
	return is(word, "better") || is(word, "worse") ? REFUTED : UNDECIDED;
}

/* Refuted if one is, confirmed if all are; untested if none could be looked at. metric: of the first that made it so. */
static const char *together(const char **metric, const struct experiment *experiment, const struct run *run,
			    size_t points)
{
	size_t n = experiment->n_expects, count[REFUTED + 1] = {0};
	const char *first[REFUTED + 1] = {NULL};
	enum fate fate;

	for (size_t i = 0; i < n; i++) {
		fate = fate_of(&experiment->expects[i], run, points);
		if (!count[fate]++)
			first[fate] = experiment->expects[i].metric;
	}
	if (count[UNTESTED] == n)
		return "untested";
	fate = count[REFUTED] ? REFUTED : count[CONFIRMED] == n ? CONFIRMED : count[TOO_FEW] ? TOO_FEW : UNDECIDED;
	*metric = first[fate];
	return fate == REFUTED     ? "refuted"
	       : fate == CONFIRMED ? "confirmed"
	       : fate == TOO_FEW   ? "too_few"
				   : "undecided";
}

void judge_hypothesis(struct hypothesis *out, const struct runs *runs, const struct judge_families *families,
		      const struct experiment *experiment, const struct declared_metric *metric)
{
	*out = (struct hypothesis){.verdict = experiment->n_expects ? "untested" : "none"};
	out->judged = best_judged(&out->runs, runs, experiment, metric);
	if (experiment->candidate)
		out->judged = candidate(runs, experiment);
	else
		out->picked = out->runs > 1;
	if (!out->judged || !experiment->n_expects)
		return;
	out->verdict = together(&out->metric, experiment, &out->judged->run,
				judge_points_of(families, &out->judged->run));
}
