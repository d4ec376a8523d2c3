/* Baselines on record already: same data, split, choices, seed and version of assay. They are shown, not trained. */
#include "track/baseline_work.h"

#include "base/mem.h"
#include "format/json.h"

/* The list as JSON under key, if there is one. */
static int set_names(json_t *object, const char *key, const struct names *names, struct error *err)
{
	json_t *list;

	if (!names->n)
		return 0;
	list = json_array();
	for (size_t i = 0; i < names->n; i++)
		if (json_array_append_new(list, json_string(names->name[i])) < 0) {
			json_decref(list);
			return error_nomem(err);
		}
	return json_set(object, key, list, err);
}

static int ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && !strcmp(text + len - tail, end);
}

int baseline_choices(json_t **out, const struct baseline_work *work, const char *name, struct error *err)
{
	const struct dataset *data = work->data;
	json_t *choices = json_object();
	int rc = choices ? json_set_text(choices, "target", work->target, err) : error_nomem(err);

	if (!rc && work->id)
		rc = json_set_text(choices, "id", work->id, err);
	if (!rc && work->task)
		rc = json_set_text(choices, "task", work->task, err);
	if (!rc && data->positive >= 0)
		rc = json_set_text(choices, "positive", data->class_name[data->positive], err);
	if (!rc)
		rc = set_names(choices, "features", work->features, err);
	if (!rc)
		rc = set_names(choices, "drop", work->drop, err);
	if (!rc)
		rc = set_names(choices, "missing", &work->project->data.missing, err);
	if (!rc && ends_with(name, "_tuned"))
		rc = json_set_text(choices, "tuned_for", work->metric->name, err);
	if (rc < 0) {
		json_decref(choices);
		return rc;
	}
	*out = choices;
	return 0;
}

/* Every choice stands in the record's params, and no choice that was not made now stands there. */
static int same_choices(const json_t *choices, const json_t *params)
{
	static const char *const all[] = {"target",   "id",   "task",    "positive",
					  "features", "drop", "missing", "tuned_for"};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const json_t *a = json_object_get(choices, all[i]), *b = json_object_get(params, all[i]);

		if (!a != !b || (a && !json_equal(a, b)))
			return 0;
	}
	return 1;
}

static int is_number(const struct run *run, const char *path, double value)
{
	double number;

	return run_number(&number, run, path) && number >= value && number <= value;
}

/* The split and seed of a single one. */
static int same_round(const struct run *run, const struct baseline_work *work)
{
	return !strcmp(run_text(run, "data.split.sha256"), work->round[0].split->sha256) &&
	       is_number(run, "seed", (double)work->round[0].seed);
}

/* As many repetitions, from the same seed on. */
static int same_repetitions(const struct run *run, const struct baseline_work *work, enum repetition repetition)
{
	const struct seen_run *first = runs_child(&work->runs, run, 0);

	return json_array_size(run_field(run, "children")) == work->rounds && first &&
	       is_number(&first->run, "seed", (double)work->round[0].seed) &&
	       !strcmp(run_text(run, "data.split.sha256"),
		       repetition == REPETITION_SPLITS ? work->splits_sha256 : work->round[0].split->sha256);
}

static int matches(const struct seen_run *seen, const struct baseline_work *work, size_t number, const json_t *choices)
{
	const struct run *run = &seen->run;
	const json_t *file = json_array_get(run_field(run, "data.files"), 0), *params = run_field(run, "params");
	const char *sha256 = json_string_value(json_object_get(file, "sha256"));
	enum repetition repetition = baseline_repetition(work, number);

	return seen->where != WHERE_RUNNING && !strcmp(run_text(run, "kind"), "baseline") &&
	       !strcmp(run_text(run, "status"), "finished") &&
	       !strcmp(run_name(run), baselines_name(baseline_plans(work), number)) &&
	       !strcmp(run_experiment(run), work->experiment->name) && sha256 && !strcmp(sha256, work->table->sha256) &&
	       is_number(run, "data.split.train_rows", (double)work->round[0].split->n_train) &&
	       run_repetition(run) == repetition &&
	       (repetition == REPETITION_NONE ? same_round(run, work) : same_repetitions(run, work, repetition)) &&
	       !strcmp(run_text(run, "environment.assay"), ASSAY_VERSION) && params && same_choices(choices, params);
}

int baseline_known(struct baseline_work *work, struct error *err)
{
	size_t n = baselines_count(baseline_plans(work));

	work->known = mem_array(n, sizeof(*work->known));
	if (!work->known)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const char *name = baselines_name(baseline_plans(work), i);
		json_t *choices;
		int rc = baseline_choices(&choices, work, name, err);

		if (rc < 0)
			return rc;
		work->known[i] = work->options->only && strcmp(name, work->options->only) != 0 ? BASELINE_LEFT_OUT
											       : BASELINE_JOB;
		for (size_t k = work->runs.n; k > 0 && work->known[i] == BASELINE_JOB && !work->options->again; k--)
			if (matches(&work->runs.item[k - 1], work, i, choices))
				work->known[i] = (long)(k - 1);
		json_decref(choices);
	}
	return 0;
}
