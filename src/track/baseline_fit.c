/* Train one baseline, measure it, and make the files of its run: evaluation.json and predictions.csv. */
#include "track/baseline_work.h"

#include "base/mem.h"

enum { PREDICTION_BYTES = 1 << 20 };

/* Maps the progress of one baseline on to that of all. */
struct share {
	struct progress progress;
	struct progress *outer;
	double before, all;
	char what[64];
};

static void share_step(struct progress *progress, const char *what, double done, double total)
{
	struct share *share = (struct share *)(void *)progress;

	(void)what;
	progress_step(share->outer, share->what, share->before + (total > 0 ? done / total : 0), share->all);
}

static struct predictions predictions_of(const struct baseline_job *job, const struct baseline_work *work)
{
	return (struct predictions){
		.n = job->round->split->n_test,
		.classes = work->data->classes,
		.positive = work->data->positive,
		.y_true = job->round->y_true,
		.y_pred = job->result.y_pred,
		.score = job->result.probability,
	};
}

/* The predictions written, and read back, so that what is compared now is what a later reader can compare. */
static int write_predictions(struct baseline_job *job, const struct baseline_work *work, const struct predictions *p,
			     struct error *err)
{
	const struct predictions_options options = {.rows = work->project->predictions.rows, .bytes = PREDICTION_BYTES};
	const struct dataset *data = work->data;
	const char *positive = data->positive >= 0 ? data->class_name[data->positive] : NULL;
	int rc = predictions_write(&job->predictions, &job->kept, p, data->class_name, job->round->id_text, &options,
				   err);

	if (rc < 0)
		return rc;
	return predictions_read(&job->stored, job->predictions.text, job->predictions.len, positive, "predictions.csv",
				err);
}

int baseline_train(struct baseline_job *job, struct baseline_work *work, struct error *err)
{
	double wall = clock_seconds(), cpu = clock_cpu_seconds();
	struct share share = {.progress = {.step = share_step},
			      .outer = work->progress,
			      .before = BASELINE_STEPS_BEFORE + (double)job->step,
			      .all = baseline_steps(work)};
	struct predictions p;
	int rc;

	snprintf(share.what, sizeof(share.what), "training %s", job->name);
	progress_step(work->progress, share.what, share.before, share.all);
	rc = baselines_fit(&job->result, job->round->baselines, job->number, &share.progress, err);
	if (rc < 0)
		return rc;
	p = predictions_of(job, work);
	job->measured = mem_zeroed(metric_count(), sizeof(*job->measured));
	if (!job->measured)
		return error_nomem(err);
	rc = measure(job->measured, metrics, metric_count(), &p, 0.95, work->options->threads, err);
	if (!rc)
		rc = evaluation_write(&job->evaluation, &p, work->data->class_name, err);
	if (!rc)
		rc = write_predictions(job, work, &p, err);
	job->seconds = clock_seconds() - wall;
	job->cpu_seconds = clock_cpu_seconds() - cpu;
	return rc;
}
