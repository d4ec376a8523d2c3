/* `assay run`: see run.h. What is told to the user is gathered on the way; nothing is printed here. */
#include "track/run_work.h"

#include "base/clock.h"
#include "base/mem.h"
#include "track/launch.h"

static int fly_one(struct run_work *work, struct error *err)
{
	struct run_identity identity = {.name = work->name,
					.parent = work->parent,
					.seed = work->seed,
					.split = work->split.parts ? &work->split : NULL};
	struct launch_result result = {0};
	int rc = id_new(identity.id, clock_now(), NULL, err);

	if (!rc)
		rc = run_fly(&result, work, &identity, err);
	if (rc < 0)
		return rc;
	work->report->exit = result.exit;
	work->report->signal = result.signal;
	work->report->started = result.started;
	return 0;
}

int track_run(struct run_report *out, struct store *store, const struct project *project,
	      const struct experiment *experiment, const struct run_options *options, struct error *err)
{
	struct run_report report = {0};
	struct run_work work = {
		.store = store, .project = project, .experiment = experiment, .options = options, .report = &report};
	int rc = run_prepare(&work, err);

	if (!rc)
		rc = options->seeds || options->splits ? run_fly_repeated(&work, err) : fly_one(&work, err);
	run_work_release(&work);
	if (rc < 0)
		run_report_release(&report);
	else
		*out = report;
	return rc;
}

void run_report_release(struct run_report *report)
{
	if (!report)
		return;
	runs_free(&report->made);
	names_free(&report->notes);
	names_free(&report->changed);
	names_free(&report->warnings);
	names_free(&report->left_out);
	free(report->waiting);
	*report = (struct run_report){0};
}
