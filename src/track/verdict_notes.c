/* What a reader of a verdict has to know beside it: margins that do not count, how often these rows were looked at. */
#include "track/verdict_work.h"

#include "format/number.h"
#include "judge/looks.h"
#include "judge/plan_order.h"

int verdict_margins(struct run *run, const struct verdict_setting *setting, struct error *err)
{
	const struct experiment *experiment = setting->experiment;
	char number[NUMBER_TEXT];
	int rc = plan_margins(experiment, setting->store, setting->project, setting->runs, run, err);

	for (size_t i = 0; i < experiment->margins && !rc; i++) {
		const struct margin *margin = &experiment->margin[i];

		number_text(number, margin->value);
		if (margin->why)
			rc = run_note(run, err, "The margin %s of %s does not count: %s.", number, margin->metric,
				      margin->why);
	}
	return rc;
}

int verdict_look(struct run *run, const struct runs *runs, size_t elsewhere, struct error *err)
{
	struct looks looks;
	int rc = judge_looks(&looks, runs, elsewhere, run, err);

	if (rc < 0 || !looks.look)
		return rc;
	if (run_field(run, "evaluation"))
		rc = run_set(run, "evaluation.look", json_integer((json_int_t)looks.look), err);
	if (!rc && looks.same > 1)
		rc = run_note(
			run, err,
			"Looked at %zu times: seeds were added to a comparison that had been judged; its interval "
			"holds for one look.",
			looks.same);
	return rc;
}

int verdict_directions(struct run *run, const json_t *comparison, struct error *err)
{
	const json_t *one;
	const char *name;
	int rc = 0;

	json_object_foreach(json_object_get(comparison, "metrics"), name, one)
	{
		if (json_object_get(one, "better") && !json_is_true(json_object_get(one, "declared")) && !rc)
			rc = run_note(run, err,
				      "%s is in no table of metrics: %s is taken as better; `metrics:` can declare it.",
				      name, json_string_value(json_object_get(one, "better")));
	}
	return rc;
}
