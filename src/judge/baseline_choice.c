/* What a run is compared with. */
#include "judge/best.h"
#include "judge/comparable.h"
#include "judge/judge.h"

static int is_finished(const struct run *run)
{
	return strcmp(run_text(run, "status"), "finished") == 0;
}

static int is_baseline(const struct run *run)
{
	return strcmp(run_text(run, "kind"), "baseline") == 0;
}

/* By the name that the experiment gives, or NULL. */
static const struct seen_run *named(const struct runs *runs, const char *name, const struct run *run)
{
	const struct seen_run *found = NULL;
	struct error none = {0};

	if (runs_find(&found, runs, name, run_experiment(run), NULL, &none) < 0)
		return NULL;
	return found;
}

/* The newest finished baseline called majority on the same rows. */
static const struct seen_run *majority(const struct runs *runs, const struct run *run)
{
	for (size_t i = runs->n; i-- > 0;) {
		const struct run *other = &runs->item[i].run;

		if (is_baseline(other) && is_finished(other) && strcmp(run_name(other), "majority") == 0 &&
		    strcmp(run_experiment(other), run_experiment(run)) == 0 && comparable_rows(other, run, NULL) == 0)
			return &runs->item[i];
	}
	return NULL;
}

/* The best finished baseline on the same rows: of the run's experiment, or of any; the earlier of equals. */
static const struct seen_run *best_baseline(const struct runs *runs, const struct declared_metric *metric,
					    const struct run *run, const char *experiment)
{
	struct best found = {0};

	for (size_t i = 0; i < runs->n; i++) {
		const struct run *other = &runs->item[i].run;

		if (is_baseline(other) && is_finished(other) && comparable_rows(other, run, NULL) == 0 &&
		    (!experiment || strcmp(run_experiment(other), experiment) == 0))
			best_offer(&found, &runs->item[i], metric);
	}
	return found.run;
}

const struct seen_run *judge_baseline(const struct runs *runs, const struct experiment *experiment,
				      const struct declared_metric *metric, const struct run *run)
{
	const struct seen_run *found;

	if (experiment->baseline) {
		found = named(runs, experiment->baseline, run);
	} else if (is_baseline(run)) {
		found = majority(runs, run);
	} else {
		found = best_baseline(runs, metric, run, run_experiment(run));
		if (!found)
			found = best_baseline(runs, metric, run, NULL);
	}
	if (found && (!is_finished(&found->run) || strcmp(run_id(&found->run), run_id(run)) == 0))
		return NULL;
	return found;
}
