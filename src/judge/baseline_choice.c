/*
 * What a run is compared with. A single run meets single ones, a parent of seeds parents of seeds (or what no seed
 * changes), a parent of splits parents on the same splits; whatever it is, on the same rows.
 */
#include "judge/best.h"
#include "judge/comparable.h"
#include "judge/repeated.h"

#include "learn/model.h"

struct search {
	const struct runs *runs;
	const struct run *run; /* what is to be compared */
	enum repetition repetition;
};

static int is_finished(const struct run *run)
{
	return strcmp(run_text(run, "status"), "finished") == 0;
}

static int is_baseline(const struct run *run)
{
	return strcmp(run_text(run, "kind"), "baseline") == 0;
}

int judge_deterministic(const struct run *run)
{
	const struct model_type *model = model_find(run_text(run, "params.model"));

	return is_baseline(run) && model && !model->seeded && !*run_text(run, "params.tuned_for");
}

const char *judge_recipe(const struct runs *runs, const struct run *run)
{
	const struct seen_run *parent = runs_parent(runs, run);

	return run_name(parent ? &parent->run : run);
}

/* Finished, of that recipe, experiment and kind of repetition, on the same rows as the run in search. */
static int is_such(const struct search *search, const struct run *other, const struct run *like,
		   enum repetition repetition)
{
	return is_finished(other) && run_repetition(other) == repetition &&
	       strcmp(run_text(other, "kind"), run_text(like, "kind")) == 0 &&
	       strcmp(run_experiment(other), run_experiment(like)) == 0 &&
	       strcmp(judge_recipe(search->runs, other), judge_recipe(search->runs, like)) == 0 &&
	       comparable_rows(other, search->run, NULL) == 0;
}

static int exists(const struct search *search, const struct run *like, enum repetition repetition, int children)
{
	for (size_t i = 0; i < search->runs->n; i++) {
		const struct run *other = &search->runs->item[i].run;

		if (is_such(search, other, like, repetition) && (children || !runs_parent(search->runs, other)))
			return 1;
	}
	return 0;
}

/* Of a parent the first child that finished on these rows, where nothing single is there: never the best of them. */
static int stands_for_parent(const struct search *search, const struct run *other)
{
	const struct seen_run *parent = runs_parent(search->runs, other), *child;

	if (!parent)
		return 1;
	for (size_t i = 0; (child = runs_child(search->runs, &parent->run, i)); i++)
		if (is_finished(&child->run) && comparable_rows(&child->run, search->run, NULL) == 0)
			break;
	return child && strcmp(run_id(&child->run), run_id(other)) == 0 && !exists(search, other, REPETITION_NONE, 0);
}

/* 1 if the run in search may be compared with this one, which is on the same rows. */
static int fits(const struct search *search, const struct run *other)
{
	enum repetition repetition = run_repetition(other);

	if (search->repetition == REPETITION_NONE)
		return repetition == REPETITION_NONE && stands_for_parent(search, other);
	if (repetition == search->repetition)
		return 1;
	return search->repetition == REPETITION_SEEDS && repetition == REPETITION_NONE && judge_deterministic(other) &&
	       stands_for_parent(search, other);
}

/* A single run that chance is in has no place beside repeated ones, unless to say that it was not repeated. */
static int is_once(const struct search *search, const struct run *other)
{
	return search->repetition == REPETITION_SEEDS && run_repetition(other) == REPETITION_NONE &&
	       !judge_deterministic(other) && stands_for_parent(search, other) &&
	       !exists(search, other, REPETITION_SEEDS, 0);
}

/* The run that the experiment names, else the newest one of its recipe that fits; NULL if there is none. */
static const struct seen_run *named(const struct search *search, const char *name)
{
	const struct seen_run *found = NULL;
	struct error none = {0};

	if (runs_find(&found, search->runs, name, run_experiment(search->run), NULL, &none) < 0)
		return NULL;
	if (run_repetition(&found->run) == REPETITION_NONE && search->repetition == REPETITION_NONE)
		return found;
	for (size_t i = search->runs->n; i-- > 0;) {
		const struct run *other = &search->runs->item[i].run;

		if (is_such(search, other, &found->run, run_repetition(other)) && fits(search, other))
			return &search->runs->item[i];
	}
	return search->repetition == REPETITION_SEEDS && run_repetition(&found->run) == REPETITION_NONE ? found : NULL;
}

/* The newest baseline called majority. */
static const struct seen_run *majority(const struct search *search)
{
	for (size_t i = search->runs->n; i-- > 0;) {
		const struct run *other = &search->runs->item[i].run;

		if (is_baseline(other) && is_finished(other) &&
		    strcmp(judge_recipe(search->runs, other), "majority") == 0 &&
		    strcmp(run_experiment(other), run_experiment(search->run)) == 0 &&
		    comparable_rows(other, search->run, NULL) == 0 && fits(search, other))
			return &search->runs->item[i];
	}
	return NULL;
}

/* The best finished baseline: of the run's experiment, or of any; the earlier of equals. */
static const struct seen_run *best_baseline(const struct search *search, const struct declared_metric *metric,
					    const char *experiment)
{
	struct best found = {0};

	for (size_t i = 0; i < search->runs->n; i++) {
		const struct run *other = &search->runs->item[i].run;

		if (is_baseline(other) && is_finished(other) &&
		    (!experiment || strcmp(run_experiment(other), experiment) == 0) &&
		    comparable_rows(other, search->run, NULL) == 0 && (fits(search, other) || is_once(search, other)))
			best_offer(&found, &search->runs->item[i], metric);
	}
	return found.run;
}

/* What it would be compared with, were that one repeated. */
static const struct seen_run *wanted(const struct search *search, const struct experiment *experiment,
				     const struct declared_metric *metric)
{
	const struct seen_run *found;

	if (experiment->baseline) {
		found = named(search, experiment->baseline);
	} else if (is_baseline(search->run)) {
		found = majority(search);
	} else {
		found = best_baseline(search, metric, run_experiment(search->run));
		if (!found)
			found = best_baseline(search, metric, NULL);
	}
	if (found && (!is_finished(&found->run) || strcmp(run_id(&found->run), run_id(search->run)) == 0))
		return NULL;
	return found;
}

const struct seen_run *judge_baseline(const struct runs *runs, const struct experiment *experiment,
				      const struct declared_metric *metric, const struct run *run)
{
	const struct search search = {runs, run, run_repetition(run)};
	const struct seen_run *found = wanted(&search, experiment, metric);

	return found && is_once(&search, &found->run) ? NULL : found;
}

const struct seen_run *judge_baseline_once(const struct runs *runs, const struct experiment *experiment,
					   const struct declared_metric *metric, const struct run *run)
{
	const struct search search = {runs, run, run_repetition(run)};
	const struct seen_run *found = wanted(&search, experiment, metric);

	return found && is_once(&search, &found->run) ? found : NULL;
}
