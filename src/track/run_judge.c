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

/* Whether the run that the experiment's `baseline:` names, if it names one, is among them. */
static int has_named(const struct runs *runs, const struct experiment *experiment)
{
	const struct seen_run *found;
	struct error none = {0};

	return !experiment->baseline ||
	       runs_find(&found, runs, experiment->baseline, experiment->name, NULL, &none) == 0;
}

/*
 * The runs of its experiment, which are all that `changes` looks at; where something was scored the baselines of all others too.
 * All there are where a run of another experiment is named (*all is 1 then).
 */
static int load_runs(struct runs *out, int *all, struct catalog *catalog, const struct run_closing *closing,
		     int is_scored, const char *const *metric, struct error *err)
{
	struct catalog_query query = {.root = closing->project->below,
				      .experiment = run_experiment(closing->run),
				      .and_baselines = is_scored,
				      .kind = is_scored ? NULL : "run",
				      .metric = metric,
				      .factors = !is_scored,
				      .in_flight = 1,
				      .no_commits = 1};
	int rc = 0;

	*all = closing->from && *closing->from;
	if (!*all) {
		rc = catalog_runs(out, catalog, &query, err);
		if (rc < 0 || !is_scored || has_named(out, closing->experiment))
			return rc;
		runs_free(out);
		*all = 1;
	}
	query.experiment = query.kind = NULL;
	return catalog_runs(out, catalog, &query, err);
}

/* Beside those on record: comparison, criteria, and the how-manyeth look at its rows it was. */
static int judge_scored(struct run_closing *closing, const struct stored_predictions *predictions,
			const struct runs *runs, int all, struct catalog *catalog, struct error *err)
{
	size_t elsewhere = 0;
	int rc = verdict_record(closing->run, predictions, closing->store, closing->project, closing->experiment, runs,
				closing->threads, err);

	if (!rc && !all)
		rc = catalog_looks_elsewhere(&elsewhere, catalog, closing->project->below, closing->run, err);
	return rc ? rc : verdict_look(closing->run, runs, elsewhere, err);
}

int run_judge(struct run_closing *closing, const struct stored_predictions *predictions, struct error *err)
{
	const char **metric = declared_names(closing);
	int is_scored = predictions || closing->repeated, all = 0;
	struct catalog *catalog = NULL;
	struct runs runs = {0};
	int rc = metric ? catalog_open(&catalog, closing->store, err) : error_nomem(err);

	if (!rc)
		rc = load_runs(&runs, &all, catalog, closing, is_scored, metric, err);
	if (!rc && is_scored)
		rc = judge_scored(closing, predictions, &runs, all, catalog, err);
	else if (!rc)
		rc = verdict_criteria(closing->run, closing->experiment, err);
	if (!rc)
		rc = run_changes(closing, &runs, predictions, err);
	runs_free(&runs);
	catalog_free(catalog);
	free(metric);
	return rc;
}
