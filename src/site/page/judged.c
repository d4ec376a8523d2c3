/*
 * What is said today of a run against its baseline. The record holds the verdict of its day; today's stands on the same
 * difference and standard error at the family's size of today (judge_today() decides the word).
 */
#include "site/page/model.h"

#include "format/json.h"
#include "stats/metric.h"

#include <math.h>
#include <string.h>

static void pair_at(double *low, double *high, const json_t *object, const char *key)
{
	const json_t *pair = json_object_get(object, key);

	if (!json_number(low, json_array_get(pair, 0)) || !json_number(high, json_array_get(pair, 1)))
		*low = *high = NAN;
}

void judged_of(struct judged *out, const struct site_model *model, const struct seen_run *run, const char *metric,
	       enum judged_when when)
{
	size_t points = when == JUDGED_THEN ? JUDGE_THEN : judge_points_of(model->families, &run->run);
	struct judge_today today;
	const char *against;

	memset(out, 0, sizeof(*out));
	out->difference = out->low = out->high = out->p = NAN;
	out->comparison = run_comparison(&run->run, "baseline");
	out->entry = json_object_get(json_object_get(out->comparison, "metrics"), metric);
	against = json_string_value(json_object_get(out->comparison, "against"));
	if (against)
		out->against = model_run(model, against);
	if (!against || !judge_today(&today, &run->run, metric, points))
		return;
	out->declared = today.declared;
	out->family = today.family;
	out->difference = today.difference;
	out->low = today.low;
	out->high = today.high;
	out->p = today.p;
	out->p_floor = today.p_floor;
	out->verdict = verdict_of(today.verdict);
	out->then = verdict_of(today.then);
	if (out->difference == 0 && out->low == 0 && out->high == 0)
		out->verdict = VERDICT_SAME;
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
