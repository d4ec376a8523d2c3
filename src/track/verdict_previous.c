/* A run against the one before it: what the step from there to here did, labelled as role previous. */
#include "track/verdict_work.h"

#include "record/predictions_of.h"

static int append(struct run *run, json_t *entry, struct error *err)
{
	json_t *list = json_object_get(run->json, "comparison");

	if (list)
		return json_array_append_new(list, entry) < 0 ? error_nomem(err) : 0;
	list = json_pack("[o]", entry);
	return list ? run_set(run, "comparison", list, err) : error_nomem(err);
}

int verdict_previous(struct run *run, const struct stored_predictions *predictions, const struct seen_run *against,
		     const struct verdict_setting *setting, struct error *err)
{
	struct stored_predictions *read = NULL;
	size_t declared;
	const struct declared_metric *metric = experiment_metrics(&declared, setting->experiment, setting->project);
	struct judge_side side = {run, predictions}, other = {&against->run, NULL};
	struct error why = {0};
	json_t *entry = NULL;
	int rc = run_predictions(&read, setting->store, setting->runs->tip, against, &why);

	if (!rc) {
		other.predictions = read;
		rc = judge_compare(&entry, &side, &other, "previous", metric, declared, setting->experiment, 0,
				   setting->threads, &why);
	}
	stored_predictions_free(read);
	if (!rc)
		return append(run, entry, err);
	return rc == ERR_INPUT || rc == ERR_NOT_FOUND ? 0 : error_set(err, rc, "%s", why.text);
}
