/* The success criteria and constraints of an experiment, on one run. */
#include "judge/entry.h"
#include "judge/judge.h"

#include "format/json.h"
#include "stats/proportion.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct finding {
	int measured; /* 0: nothing to judge, the rest means nothing */
	double value;
	const char *source; /* "measured", "reported" */
	int met, certain;
};

static int holds(double value, const char *op, double limit)
{
	if (strcmp(op, ">=") == 0)
		return value >= limit;
	if (strcmp(op, "<=") == 0)
		return value <= limit;
	if (strcmp(op, ">") == 0)
		return value > limit;
	if (strcmp(op, "<") == 0)
		return value < limit;
	return value == limit;
}

/* Met by its value; certain where both ends of the interval say the same. */
static void judge_value(struct finding *f, const struct criterion *c, int has_interval, double low, double high)
{
	f->measured = 1;
	f->met = holds(f->value, c->op, c->value);
	f->certain = has_interval && holds(low, c->op, c->value) == f->met && holds(high, c->op, c->value) == f->met;
}

/*
 * What the rule is held against. Where labels are pinned, what a command says of a metric that they give counts only for a rule
 * that asks for it.
 */
static const char *source_of(const struct run *run, const struct criterion *c)
{
	const struct metric *known = metric_find(c->metric);

	if (c->reported)
		return "reported";
	if (run_is_measured(run, c->metric))
		return "measured";
	if (known && known->kind != METRIC_TIMING && strcmp(run_text(run, "evaluation.source"), "project") == 0)
		return "measured"; /* which it has not */
	return "reported";
}

static void judge_limit(struct finding *f, const struct run *run, const struct criterion *c)
{
	const json_t *interval = json_object_get(run_field(run, "intervals"), c->metric);
	const char *source = source_of(run, c);
	double low = NAN, high = NAN;
	int has_interval = strcmp(source, "measured") == 0 && json_number(&low, json_array_get(interval, 0)) &&
			   json_number(&high, json_array_get(interval, 1));

	if (!json_number(&f->value, json_object_get(run_field(run, source), c->metric)) || isnan(f->value))
		return;
	f->source = source;
	judge_value(f, c, has_interval, low, high);
}

/* The whole interval, which is in the good direction, above `bound`; too few rows never meet it. */
static void judge_interval(struct finding *f, const struct entry *e, double low, double high, double bound)
{
	double worst = e->lower_is_better ? -high : low, best = e->lower_is_better ? -low : high;
	int too_few = strcmp(e->verdict, "too_few") == 0;

	f->measured = 1;
	f->source = "measured";
	f->value = e->difference;
	f->met = !too_few && worst > bound;
	f->certain = !too_few && (f->met || best <= bound);
}

static void judge_difference(struct finding *f, const json_t *comparison, const struct criterion *c)
{
	struct entry e;
	double low, high;

	if (!entry_read(&e, comparison, c->metric))
		return;
	if (c->kind == CRITERION_BEATS) {
		judge_interval(f, &e, e.low, e.high, c->value);
		return;
	}
	entry_interval(&low, &high, &e, 0.1 / (double)e.family);
	judge_interval(f, &e, low, high, -c->value);
}

static void judge_broken(struct finding *f, const json_t *comparison, const struct criterion *c)
{
	double broken, rows, low, high;

	if (!json_number(&broken, json_object_get(comparison, "broken")) ||
	    !json_number(&rows, json_object_get(comparison, "rows")) || !(rows > 0 && broken >= 0 && broken <= rows))
		return;
	f->source = "measured";
	f->value = broken / rows;
	wilson_interval(&low, &high, broken, rows, gsl_cdf_ugaussian_Qinv(0.025));
	judge_value(f, c, 1, low, high);
}

/* The comparison that "baseline" in a rule means, or NULL. */
static const json_t *against_baseline(const struct run *run, const struct experiment *experiment)
{
	if (!experiment->baseline && strcmp(run_text(run, "kind"), "baseline") == 0)
		return NULL;
	return run_comparison(run, "baseline");
}

static int finding_entry(json_t *list, const struct criterion *c, const struct finding *f, struct error *err)
{
	const char *verdict = !f->measured ? "not_measured" : f->met ? "met" : "unmet";
	json_t *entry = json_pack("{s:s, s:s}", "metric", c->metric, "rule", c->rule);
	int rc = entry ? 0 : error_nomem(err);

	if (rc == 0 && f->measured)
		rc = json_set_number(entry, "value", f->value, err);
	if (rc == 0 && f->measured)
		rc = json_set_text(entry, "source", f->source, err);
	if (rc == 0)
		rc = json_set_text(entry, "verdict", verdict, err);
	if (rc == 0 && f->measured)
		rc = json_set(entry, "certain", json_boolean(f->certain), err);
	if (rc == 0 && c->constraint)
		rc = json_set(entry, "constraint", json_true(), err);
	if (rc == 0)
		return json_array_append_new(list, entry) == 0 ? 0 : error_nomem(err);
	json_decref(entry);
	return rc;
}

int judge_criteria(json_t **out, const struct run *run, const struct experiment *experiment, struct error *err)
{
	const json_t *comparison = against_baseline(run, experiment);
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < experiment->criteria; i++) {
		const struct criterion *c = &experiment->criterion[i];
		struct finding f = {0};

		if (c->kind == CRITERION_LIMIT)
			judge_limit(&f, run, c);
		else if (c->kind == CRITERION_BROKEN)
			judge_broken(&f, comparison, c);
		else
			judge_difference(&f, comparison, c);
		rc = finding_entry(list, c, &f, err);
	}
	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	*out = list;
	return 0;
}

void judge_criteria_count(size_t *met, size_t *of, const struct run *run)
{
	const json_t *list = run_field(run, "criteria"), *one;
	size_t i;

	*met = *of = 0;
	json_array_foreach(list, i, one)
	{
		const char *verdict = json_string_value(json_object_get(one, "verdict"));

		if (json_is_true(json_object_get(one, "constraint")))
			continue;
		(*of)++;
		*met += verdict && strcmp(verdict, "met") == 0;
	}
}
