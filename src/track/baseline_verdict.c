/* Every baseline against the one it is compared with, and against the experiment's criteria. */
#include "track/baseline_work.h"

#include "base/mem.h"

/* The job whose run this is; NULL: it is on record. */
static const struct baseline_job *job_of(const struct baseline_work *work, const struct seen_run *seen)
{
	for (size_t i = 0; i < work->jobs; i++)
		if (!strcmp(run_id(&work->job[i].run), run_id(&seen->run)))
			return &work->job[i];
	return NULL;
}

/* predictions.csv of a run on record: from git, or from its place in flight. */
static int read_predictions(struct stored_predictions **out, const struct baseline_work *work,
			    const struct seen_run *seen, struct error *err)
{
	struct buf text = BUF_INIT;
	char *path = seen->folder ? mem_printf("%s/predictions.csv", seen->folder)
				  : mem_printf("%s/running/%s/final/predictions.csv", store_assay_dir(work->store),
					       run_id(&seen->run));
	const char *positive = run_text(&seen->run, "params.positive");
	int rc = path ? 0 : error_nomem(err);

	if (!rc)
		rc = seen->folder ? store_file_at(&text, work->store, work->runs.tip, path, err)
				  : file_read(&text, path, err);
	if (!rc)
		rc = predictions_read(out, text.text, text.len, *positive ? positive : NULL, path, err);
	buf_release(&text);
	free(path);
	return rc;
}

/* The record says why there is no comparison, and holds none. */
static int not_compared(struct baseline_job *job, const struct seen_run *base, const char *why, struct error *err)
{
	json_object_del(job->run.json, "comparison");
	return run_note(&job->run, err, "Not compared with %s: %s", run_name(&base->run), why);
}

/* Put `comparison` into the record; a run that cannot be compared gets a note that says why. */
static int compare(struct baseline_job *job, struct baseline_work *work, const struct seen_run *base,
		   const struct stored_predictions *predictions, struct error *err)
{
	const struct judge_side run = {&job->run, job->stored}, against = {&base->run, predictions};
	size_t points = judge_points(work->families, work->experiment->name, run_id(&base->run));
	struct error why = {0};
	json_t *entry = NULL, *list;
	int rc = judge_compare(&entry, &run, &against, "baseline", work->declared, work->n_declared, work->experiment,
			       points, work->options->threads, &why);

	if (rc == ERR_INPUT)
		return not_compared(job, base, why.text, err);
	if (rc < 0)
		return error_set(err, why.code, "%s", why.text);
	list = json_pack("[o]", entry);
	return list ? run_set(&job->run, "comparison", list, err) : error_nomem(err);
}

static int judge_one(struct baseline_job *job, struct baseline_work *work, const struct seen_run *base,
		     struct error *err)
{
	const struct baseline_job *other = job_of(work, base);
	struct stored_predictions *read = NULL;
	struct error why = {0};
	int rc = 0;

	if (other && other->failed)
		return not_compared(job, base, "it failed", err);
	if (!other)
		rc = read_predictions(&read, work, base, &why);
	if (rc < 0)
		rc = not_compared(job, base, why.text, err);
	else
		rc = compare(job, work, base, other ? other->stored : read, err);
	stored_predictions_free(read);
	return rc;
}

/* Name what each job will be compared with, so that the family is counted with all of them in it. */
static int announce(struct baseline_job *job, const struct seen_run *base, struct error *err)
{
	json_t *list = json_pack("[{s:s, s:s}]", "against", run_id(&base->run), "role", "baseline");

	return list ? run_set(&job->run, "comparison", list, err) : error_nomem(err);
}

static const struct seen_run *base_of(const struct baseline_work *work, const struct baseline_job *job)
{
	const struct seen_run *base = NULL;

	if (!job->failed)
		base = judge_baseline(&work->runs, work->experiment, work->declared, &job->run);
	return base && strcmp(run_id(&base->run), run_id(&job->run)) != 0 ? base : NULL;
}

static int judge_criteria_of(struct baseline_job *job, const struct baseline_work *work, struct error *err)
{
	json_t *criteria = NULL;
	int rc;

	if (!work->experiment->criteria || job->failed)
		return 0;
	rc = judge_criteria(&criteria, &job->run, work->experiment, err);
	return rc ? rc : run_set(&job->run, "criteria", criteria, err);
}

/* The run that the experiment's `baseline:` names is not there: each new run says so, for none can be compared. */
static int note_missing_baseline(struct baseline_work *work, struct error *err)
{
	const struct experiment *experiment = work->experiment;
	const struct seen_run *found;
	struct error why = {0};
	int rc = 0;

	if (!experiment->baseline ||
	    runs_find(&found, &work->runs, experiment->baseline, experiment->name, NULL, &why) != ERR_INPUT)
		return 0;
	for (size_t i = 0; i < work->jobs && !rc; i++)
		rc = run_note(&work->job[i].run, err, "Not compared with %s, the experiment's baseline: %s",
			      experiment->baseline, why.text);
	return rc;
}

int baseline_judge(struct baseline_work *work, struct error *err)
{
	const struct seen_run **base = mem_zeroed(work->jobs, sizeof(struct seen_run *));
	double all = baseline_steps(work);
	int rc = base ? note_missing_baseline(work, err) : error_nomem(err);

	for (size_t i = 0; i < work->jobs && !rc; i++) {
		base[i] = base_of(work, &work->job[i]);
		if (base[i])
			rc = announce(&work->job[i], base[i], err);
	}
	if (!rc)
		rc = judge_families_new(&work->families, &work->runs, err);
	for (size_t i = 0; i < work->jobs && !rc; i++) {
		progress_step(work->progress, "comparing", all - BASELINE_STEPS_AFTER + (double)i / (double)work->jobs,
			      all);
		if (base[i])
			rc = judge_one(&work->job[i], work, base[i], err);
	}
	for (size_t i = 0; i < work->jobs && !rc; i++)
		rc = judge_criteria_of(&work->job[i], work, err);
	free(base);
	return rc;
}
