/* The labels that assay.yaml pins, from before the command starts to when it is scored. */
#include "track/run_work.h"

#include "format/json.h"

static int name_labels(struct run *run, const struct labels *labels, struct error *err)
{
	int rc = run_set_text(run, "evaluation.source", "project", err);

	if (!rc)
		rc = run_set_text(run, "evaluation.labels", labels->name, err);
	if (!rc && labels->outside)
		rc = run_set(run, "evaluation.outside", json_true(), err);
	return rc ? rc : run_set_text(run, "evaluation.sha256", labels->sha256, err);
}

int run_set_labels(struct run_work *work, struct error *err)
{
	int rc = labels_of_project(&work->labels, work->project, err);

	if (rc < 0 || !work->labels.path)
		return rc;
	rc = name_labels(&work->base, &work->labels, err);
	return rc ? rc : labels_put_away(&work->labels, store_assay_dir(work->store), err);
}

int run_check_labels(struct run_closing *closing, struct error *err)
{
	static const char text[] = "the label file changed while the command ran: scored with the one from before";
	int changed = 0, rc;

	if (!closing->labels)
		return 0;
	rc = labels_changed(&changed, closing->labels, err);
	if (!rc && changed)
		rc = run_note(closing->run, err, "%s", text);
	return rc || !changed || !closing->report ? rc : run_report_note(closing->report, text, err);
}
