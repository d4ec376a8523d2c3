/*
 * What is said today of a run against its baseline. The record holds the verdict of its day; today's stands on the same
 * difference and standard error at the family's size of today (judge_today() decides the word).
 */
#include "site/page/model.h"

#include "format/json.h"
#include "stats/metric.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/* Resolution of the bootstrap tests: two-sided, 10,000 draws of counts, 2,000 of rows. */
#define FLOOR_COUNTS 0.0002
#define FLOOR_ROWS 0.001

static double number_at(const json_t *object, const char *key)
{
	double value;

	return json_number(&value, json_object_get(object, key)) ? value : NAN;
}

static void pair_at(double *low, double *high, const json_t *object, const char *key)
{
	const json_t *pair = json_object_get(object, key);

	if (!json_number(low, json_array_get(pair, 0)) || !json_number(high, json_array_get(pair, 1)))
		*low = *high = NAN;
}

static const json_t *baseline_comparison(const struct run *run)
{
	const json_t *list = run_field(run, "comparison"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *role = json_string_value(json_object_get(item, "role"));

		if (role && !strcmp(role, "baseline"))
			return item;
	}
	return NULL;
}

/* The number of comparisons that one point brings to the family of `entry`: declared metrics, or the others. */
static size_t metrics_in_family(const json_t *comparison, int declared)
{
	const json_t *entry;
	const char *name;
	size_t n = 0;

	json_object_foreach(json_object_get(comparison, "metrics"), name, entry)
	{
		n += json_is_true(json_object_get(entry, "declared")) == declared;
	}
	return n ? n : 1;
}

static size_t points_of(const struct site_model *model, struct site_experiment *item, const char *base)
{
	size_t places = sizeof(item->family) / sizeof(*item->family), i;

	for (i = 0; i < places && item->family[i].base; i++)
		if (!strcmp(item->family[i].base, base))
			return item->family[i].points;
	if (i == places)
		i = 0;
	item->family[i].points = judge_points(&model->runs, item->experiment->name, base);
	item->family[i].base = base;
	if (item->family[i].points == 0)
		item->family[i].points = 1;
	return item->family[i].points;
}

static double floor_of(const json_t *entry, const char *metric)
{
	const char *test = json_string_value(json_object_get(entry, "test"));
	const struct metric *known = metric_find(metric);

	if (!test || strcmp(test, "bootstrap") != 0)
		return 0;
	return known && known->kind == METRIC_RANKING ? FLOOR_ROWS : FLOOR_COUNTS;
}

/* The interval at today's level: the record's own where the family has not grown, else by the standard error. */
static void interval_today(struct judged *out, double recorded_family)
{
	double se = number_at(out->entry, "se"), z;

	if (recorded_family == (double)out->family || isnan(se)) {
		pair_at(&out->low, &out->high, out->entry, "corrected");
		return;
	}
	z = gsl_cdf_ugaussian_Qinv(0.025 / (double)out->family);
	out->low = out->difference - z * se;
	out->high = out->difference + z * se;
}

void judged_among(struct judged *out, const struct site_model *model, const struct seen_run *run, const char *metric,
		  size_t points)
{
	struct site_experiment *item = model_experiment(model, run_experiment(&run->run));
	const char *against;
	double recorded;

	memset(out, 0, sizeof(*out));
	out->difference = out->low = out->high = out->p = NAN;
	out->comparison = baseline_comparison(&run->run);
	out->entry = json_object_get(json_object_get(out->comparison, "metrics"), metric);
	against = json_string_value(json_object_get(out->comparison, "against"));
	if (!against || !item)
		return;
	out->against = model_run(model, against);
	if (!out->entry)
		return;
	if (points == 0)
		points = points_of(model, item, against);
	recorded = number_at(out->entry, "family");
	out->declared = json_is_true(json_object_get(out->entry, "declared"));
	out->then = verdict_of(json_string_value(json_object_get(out->entry, "verdict")));
	if (points == JUDGED_THEN) {
		out->family = recorded >= 1 && recorded < 1e9 ? (size_t)recorded : 1;
		out->verdict = out->then;
	} else {
		out->family = points * metrics_in_family(out->comparison, out->declared);
		out->verdict = verdict_of(judge_today(&run->run, metric, points));
	}
	out->difference = number_at(out->entry, "difference");
	interval_today(out, recorded);
	out->p = number_at(out->entry, "p") * (double)out->family;
	if (number_at(out->entry, "p") < 1.5 * floor_of(out->entry, metric))
		out->p_floor = out->p; /* as far as the draws can tell: the next step is twice as large */
	if (out->difference == 0 && out->low == 0 && out->high == 0)
		out->verdict = VERDICT_SAME;
}

void judged_of(struct judged *out, const struct site_model *model, const struct seen_run *run, const char *metric)
{
	judged_among(out, model, run, metric, 0);
}

size_t hypothesis_points(const struct site_experiment *item)
{
	return item->hypothesis.judged && item->experiment->candidate ? 1 : 0;
}

void judged_hypothesis(struct judged *out, const struct site_model *model, const struct site_experiment *item,
		       const char *metric)
{
	judged_among(out, model, item->hypothesis.judged, metric, hypothesis_points(item));
}

void score_of(struct score *out, const struct seen_run *run, const char *metric)
{
	const json_t *measured = run_field(&run->run, "measured");

	out->value = out->low = out->high = NAN;
	out->reported = 0;
	if (!json_number(&out->value, json_object_get(measured, metric))) {
		out->reported = 1;
		if (!json_number(&out->value, json_object_get(run_field(&run->run, "reported"), metric)))
			out->value = NAN;
	}
	if (isfinite(out->value))
		pair_at(&out->low, &out->high, run_field(&run->run, "intervals"), metric);
	else
		out->value = NAN;
}
