/* What the experiment's file names has to be there before hours are spent on a run that could not be held against it. */
#include "track/run_work.h"

#include "record/catalog.h"

int run_check_plan(const struct run_work *work, struct error *err)
{
	const struct experiment *experiment = work->experiment;
	const struct catalog_query query = {.root = work->project->below, .in_flight = 1, .no_commits = 1};
	const struct seen_run *found;
	struct catalog *catalog = NULL;
	struct error why = {0};
	struct runs runs = {0};
	int rc;

	if (!experiment->baseline || work->options->code) /* a run that is repeated is held against its original */
		return 0;
	rc = catalog_open(&catalog, work->store, err);
	if (!rc)
		rc = catalog_runs(&runs, catalog, &query, err);
	if (!rc && runs_find(&found, &runs, experiment->baseline, experiment->name, NULL, &why) == ERR_INPUT) {
		rc = error_set(err, ERR_INPUT, "%s:%zu: baseline: %s", experiment->path, experiment->baseline_line,
			       why.text);
		error_hint(err, "%s%s`assay baseline` makes the simple ones, `assay ls --all` names the runs there are",
			   why.hint, *why.hint ? "\n" : "");
	}
	runs_free(&runs);
	catalog_free(catalog);
	return rc;
}
