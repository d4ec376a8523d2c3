/* A run against the one it is compared with, and against the experiment's criteria. */
#include "track/verdict_work.h"

#include "base/mem.h"
#include "record/predictions_of.h"
#include "record/repetition.h"

static int is_finished(const struct run *run)
{
	return !strcmp(run_text(run, "status"), "finished");
}

const struct seen_run *verdict_base(const struct verdict_setting *setting, const struct run *run)
{
	const struct seen_run *base = NULL;
	size_t n;

	if (is_finished(run))
		base = judge_baseline(setting->runs, setting->experiment,
				      experiment_metrics(&n, setting->experiment, setting->project), run);
	return base && strcmp(run_id(&base->run), run_id(run)) != 0 ? base : NULL;
}

int verdict_announce(struct run *run, const struct seen_run *base, struct error *err)
{
	json_t *list = json_pack("[{s:s, s:s}]", "against", run_id(&base->run), "role", "baseline");

	return list ? run_set(run, "comparison", list, err) : error_nomem(err);
}

int verdict_not_compared(struct run *run, const struct seen_run *base, const char *why, struct error *err)
{
	json_object_del(run->json, "comparison");
	return run_note(run, err, "Not compared with %s: %s", run_name(&base->run), why);
}

int verdict_compare(struct run *run, const struct stored_predictions *predictions, const struct seen_run *base,
		    const struct stored_predictions *of_base, const struct verdict_setting *setting, size_t points,
		    struct error *err)
{
	struct stored_predictions *read = NULL;
	struct error why = {0};
	size_t declared;
	const struct declared_metric *metric = experiment_metrics(&declared, setting->experiment, setting->project);
	json_t *entry = NULL, *list;
	int rc = of_base ? 0 : run_predictions(&read, setting->store, setting->runs->tip, base, &why);

	if (!rc) {
		const struct judge_side side = {run, predictions}, against = {&base->run, of_base ? of_base : read};

		rc = judge_compare(&entry, &side, &against, "baseline", metric, declared, setting->experiment, points,
				   setting->threads, &why);
	}
	stored_predictions_free(read);
	if (rc == ERR_NOMEM)
		return error_nomem(err);
	if (rc < 0)
		return verdict_not_compared(run, base, why.text, err);
	list = json_pack("[o]", entry); /* takes it, whatever becomes of the list */
	rc = list ? verdict_directions(run, json_array_get(list, 0), err) : error_nomem(err);
	if (!rc)
		return run_set(run, "comparison", list, err);
	json_decref(list);
	return rc;
}

int verdict_note_missing(struct run *run, const struct verdict_setting *setting, struct error *err)
{
	const struct experiment *experiment = setting->experiment;
	const struct seen_run *found;
	struct error why = {0};

	if (!experiment->baseline ||
	    runs_find(&found, setting->runs, experiment->baseline, experiment->name, NULL, &why) != ERR_INPUT)
		return 0;
	return run_note(run, err, "Not compared with %s, the experiment's baseline: %s", experiment->baseline,
			why.text);
}

int verdict_criteria(struct run *run, const struct experiment *experiment, struct error *err)
{
	json_t *criteria = NULL;
	int rc;

	if (!experiment->criteria || !is_finished(run))
		return 0;
	rc = judge_criteria(&criteria, run, experiment, err);
	return rc ? rc : run_set(run, "criteria", criteria, err);
}

/* How many points the family has with this run, which names its base already, in it. */
static int count_points(size_t *points, const struct run *run, const struct seen_run *base, const struct runs *runs,
			struct error *err)
{
	struct judge_families *families = NULL;
	struct runs all = {.item = mem_array(runs->n + 1, sizeof(*runs->item))}; /* borrowed, as it is now */
	int added = 0, rc = all.item ? 0 : error_nomem(err);

	for (size_t i = 0; i <= runs->n && !rc; i++) {
		int order = i < runs->n ? strcmp(run_id(&runs->item[i].run), run_id(run)) : 1;

		if (order >= 0 && !added++)
			all.item[all.n++] = (struct seen_run){.run = *run};
		if (order && i < runs->n)
			all.item[all.n++] = runs->item[i];
	}
	if (!rc)
		rc = judge_families_new(&families, &all, err);
	if (!rc)
		*points = judge_points(families, run_experiment(run), run_id(&base->run));
	judge_families_free(families);
	free(all.item);
	return rc;
}

/* There are baselines to be held against, but none that was scored on the rows of this run: its reader is told. */
static int note_other_rows(struct run *run, const struct runs *runs, struct error *err)
{
	const char *experiment = run_experiment(run);

	for (size_t i = runs->n; i-- > 0;) {
		const struct run *other = &runs->item[i].run;

		if (is_finished(other) && !strcmp(run_text(other, "kind"), "baseline") &&
		    !strcmp(run_experiment(other), experiment))
			return run_note(run, err,
					"Not compared: the baselines of %s were scored on other data or other rows; "
					"`assay baseline` makes new ones",
					experiment);
	}
	return 0;
}

/* Why there is nothing to compare with. */
static int note_no_base(struct run *run, const struct verdict_setting *setting, struct error *err)
{
	size_t notes = json_array_size(run_field(run, "notes"));
	int rc = run_repetition(run) != REPETITION_NONE ? verdict_note_unrepeated(run, setting, err) : 0;

	if (rc < 0 || setting->experiment->baseline || json_array_size(run_field(run, "notes")) > notes ||
	    runs_parent(setting->runs, run)) /* its parent says it for all */
		return rc;
	return note_other_rows(run, setting->runs, err);
}

int verdict_record(struct run *run, const struct stored_predictions *predictions, struct store *store,
		   const struct project *project, const struct experiment *experiment, const struct runs *runs,
		   unsigned threads, struct error *err)
{
	const struct verdict_setting setting = {store, project, experiment, runs, threads, NULL, NULL};
	int repeated = run_repetition(run) != REPETITION_NONE,
	    scored = predictions || (repeated && run_field(run, "measured"));
	const struct seen_run *base = scored ? verdict_base(&setting, run) : NULL;
	size_t points = 1;
	int rc = is_finished(run) ? verdict_note_missing(run, &setting, err) : 0;

	if (!rc && !base && scored && is_finished(run))
		rc = note_no_base(run, &setting, err);
	if (base && !rc) {
		rc = verdict_announce(run, base, err);
		if (!rc)
			rc = verdict_margins(run, &setting, err);
		if (!rc)
			rc = count_points(&points, run, base, runs, err);
		if (!rc)
			rc = repeated ? verdict_compare_repeated(run, base, &setting, points, err)
				      : verdict_compare(run, predictions, base, NULL, &setting, points, err);
	}
	return rc ? rc : verdict_criteria(run, experiment, err);
}
