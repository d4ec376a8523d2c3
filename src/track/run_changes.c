/* What changed since the earlier run: found when a run ends, recorded, and told. */
#include "track/run_work.h"

#include "judge/changes.h"
#include "record/catalog.h"
#include "track/verdict_work.h"

enum { TOLD_MOST = 4 }; /* runs that would tell factors apart, on the terminal */

static int find_named(char out[RUN_ID], const struct runs *runs, const char *name, const char *experiment,
		      struct error *err)
{
	const struct seen_run *found = NULL;
	int rc = runs_find(&found, runs, name, experiment, NULL, err);

	if (rc < 0) {
		error_prefix(err, "--from %s", name);
		return rc;
	}
	if (strcmp(run_text(&found->run, "status"), "finished") != 0)
		return error_set(err, ERR_INPUT, "--from %s: that run has not finished", name);
	snprintf(out, RUN_ID, "%s", run_id(&found->run));
	return 0;
}

int run_find_from(struct run_work *work, struct error *err)
{
	const struct catalog_query query = {.root = work->project->below, .in_flight = 1, .no_commits = 1};
	const char *name = work->options->from;
	struct catalog *catalog = NULL;
	struct runs runs = {0};
	int rc;

	if (!name)
		return 0;
	rc = catalog_open(&catalog, work->store, err);
	if (!rc)
		rc = catalog_runs(&runs, catalog, &query, err);
	if (!rc)
		rc = find_named(work->from, &runs, name, work->experiment->name, err);
	runs_free(&runs);
	catalog_free(catalog);
	return rc;
}

static const struct seen_run *run_with_id(const struct runs *runs, const char *id)
{
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_id(&runs->item[i].run), id))
			return &runs->item[i];
	return NULL;
}

static int set_changes(struct run_closing *closing, const struct seen_run **against, const struct runs *runs,
		       struct code_reader *reader, struct error *err)
{
	int rc = 0;

	*against = NULL;
	if (closing->from && *closing->from)
		*against = run_with_id(runs, closing->from);
	if (!*against)
		rc = changes_nearest(against, runs, closing->run, reader, err);
	if (!rc)
		rc = changes_set(closing->run, *against ? &(*against)->run : NULL, reader, err);
	if (!rc && closing->report)
		rc = changes_lines(&closing->report->changed, closing->run, *against ? &(*against)->run : NULL, reader,
				   TOLD_MOST, err);
	return rc;
}

int run_changes(struct run_closing *closing, const struct runs *runs, const struct stored_predictions *predictions,
		struct error *err)
{
	const struct verdict_setting setting = {.store = closing->store,
						.project = closing->project,
						.experiment = closing->experiment,
						.runs = runs,
						.threads = closing->threads};
	const struct seen_run *against;
	struct code_reader *reader = NULL;
	int rc;

	if (!changes_apply(runs, closing->run))
		return 0;
	rc = code_reader_new(&reader, closing->store, closing->project, err);
	if (!rc)
		rc = set_changes(closing, &against, runs, reader, err);
	if (!rc && against && predictions && !strcmp(run_text(closing->run, "status"), "finished"))
		rc = verdict_previous(closing->run, predictions, against, &setting, err);
	code_reader_free(reader);
	return rc;
}
