/* Every baseline against the one it is compared with, and against the experiment's criteria. */
#include "track/baseline_work.h"

#include "base/mem.h"
#include "track/verdict_work.h"

/* The job whose run this is; NULL: it is on record. */
static const struct baseline_job *job_of(const struct baseline_work *work, const struct seen_run *seen)
{
	for (size_t i = 0; i < work->jobs; i++)
		if (!strcmp(run_id(&work->job[i].run), run_id(&seen->run)))
			return &work->job[i];
	return NULL;
}

/* Predictions of a run that is being made. */
static const struct stored_predictions *held(const void *context, const char *id)
{
	const struct baseline_work *work = context;

	for (size_t i = 0; i < work->jobs; i++)
		if (!strcmp(run_id(&work->job[i].run), id))
			return work->job[i].stored;
	return NULL;
}

static int judge_one(struct baseline_job *job, struct baseline_work *work, const struct seen_run *base,
		     const struct verdict_setting *setting, struct error *err)
{
	const struct baseline_job *other = job_of(work, base);
	size_t points = judge_points(work->families, work->experiment->name, run_id(&base->run));
	int rc;

	if (other && other->failed)
		return verdict_not_compared(&job->run, base, "it failed", err);
	rc = verdict_margins(&job->run, setting, err);
	if (rc < 0)
		return rc;
	if (job->children)
		return verdict_compare_repeated(&job->run, base, setting, points, err);
	return verdict_compare(&job->run, job->stored, base, other ? other->stored : NULL, setting, points, err);
}

int baseline_judge(struct baseline_work *work, struct error *err)
{
	const struct verdict_setting setting = {
		work->store, work->project, work->experiment, &work->runs, work->options->threads, held, work};
	const struct seen_run **base = mem_zeroed(work->jobs, sizeof(struct seen_run *));
	struct baseline_job *job = work->job;
	double all = baseline_steps(work);
	int rc = base ? 0 : error_nomem(err);

	/* All are named before any is judged: the family is counted with all of them in it. */
	for (size_t i = 0; i < work->jobs && !rc; i++) {
		rc = verdict_note_missing(&job[i].run, &setting, err);
		base[i] = verdict_base(&setting, &job[i].run);
		if (base[i] && !rc)
			rc = verdict_announce(&job[i].run, base[i], err);
	}
	if (!rc)
		rc = judge_families_new(&work->families, &work->runs, err);
	for (size_t i = 0; i < work->jobs && !rc; i++) {
		progress_step(work->progress, "comparing", all - BASELINE_STEPS_AFTER + (double)i / (double)work->jobs,
			      all);
		if (base[i])
			rc = judge_one(&job[i], work, base[i], &setting, err);
	}
	for (size_t i = 0; i < work->jobs && !rc; i++)
		rc = verdict_criteria(&job[i].run, work->experiment, err);
	free(base);
	return rc;
}
