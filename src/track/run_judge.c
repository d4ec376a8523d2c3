/* A run beside those on record, which are read only here. */
#include "track/run_work.h"

#include "base/mem.h"
#include "record/catalog.h"
#include "track/verdict_work.h"

/* The names of the declared metrics with a NULL at the end; borrowed. */
static const char **declared_names(const struct run_closing *closing)
{
	size_t n;
	const struct declared_metric *metric = experiment_metrics(&n, closing->experiment, closing->project);
	const char **name = mem_zeroed(n + 1, sizeof(*name));

	for (size_t i = 0; name && i < n; i++)
		name[i] = metric[i].name;
	return name;
}

static int load_runs(struct runs *out, const struct run_closing *closing, const char *const *metric, struct error *err)
{
	const struct catalog_query query = {
		.root = closing->project->below, .metric = metric, .in_flight = 1, .no_commits = 1};
	struct catalog *catalog = NULL;
	int rc = catalog_open(&catalog, closing->store, err);

	if (!rc)
		rc = catalog_runs(out, catalog, &query, err);
	catalog_free(catalog);
	return rc;
}

int run_judge(struct run_closing *closing, const struct stored_predictions *predictions, struct error *err)
{
	const char **metric = declared_names(closing);
	struct runs runs = {0};
	int rc = metric ? load_runs(&runs, closing, metric, err) : error_nomem(err);

	if (!rc && (predictions || closing->repeated))
		rc = verdict_record(closing->run, predictions, closing->store, closing->project, closing->experiment,
				    &runs, closing->threads, err);
	else if (!rc)
		rc = verdict_criteria(closing->run, closing->experiment, err);
	if (!rc)
		rc = run_changes(closing, &runs, predictions, err);
	runs_free(&runs);
	free(metric);
	return rc;
}
