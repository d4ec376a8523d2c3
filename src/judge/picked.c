#include "judge/picked_work.h"

#include "base/mem.h"
#include "record/repetition.h"
#include "stats/best_of_many.h"

#include <math.h>

static int may_be_picked(const struct runs *runs, const struct run *run, const char *experiment)
{
	return run_may_be_best(run, experiment, "run") && !*run_text(run, "tags.reproduces") && !runs_pooled(runs, run);
}

struct candidate {
	struct picked_run picked;
	int lower;
};

/* The best first, the earlier of equals: runs are sorted by id. */
static int best_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->picked.value != y->picked.value)
		return (x->picked.value > y->picked.value) == x->lower ? 1 : -1;
	return strcmp(run_id(&x->picked.run->run), run_id(&y->picked.run->run));
}

/* 1 if assay measured the metric of any candidate: then what others only report of themselves is never the best. */
static int any_measured(const struct picked *p, const struct picking *picking)
{
	for (size_t i = 0; i < picking->runs->n; i++) {
		const struct run *run = &picking->runs->item[i].run;

		if (run_is_measured(run, p->metric->name) &&
		    may_be_picked(picking->runs, run, picking->experiment->name))
			return 1;
	}
	return 0;
}

static int find_candidates(struct picked *out, const struct picking *picking, struct error *err)
{
	const struct runs *runs = picking->runs;
	struct candidate *found = mem_array(runs->n, sizeof(*found));
	int measured = any_measured(out, picking);
	size_t n = 0;

	out->run = mem_zeroed(runs->n, sizeof(*out->run));
	if (!found || !out->run) {
		free(found);
		return error_nomem(err);
	}
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;
		double value;

		if (may_be_picked(runs, run, picking->experiment->name) &&
		    run_is_measured(run, out->metric->name) >= measured && run_metric(&value, run, out->metric->name) &&
		    isfinite(value))
			found[n++] = (struct candidate){{.run = &runs->item[i], .value = value}, out->metric->lower};
	}
	if (n > 0)
		qsort(found, n, sizeof(*found), best_first);
	for (size_t i = 0; i < n; i++)
		out->run[i] = found[i].picked;
	out->best = n > 0 ? found[0].picked.run : NULL;
	out->m = n;
	out->n = n < BEST_OF_MANY_MOST ? n : BEST_OF_MANY_MOST;
	free(found);
	return 0;
}

int judge_picked(struct picked *out, struct store *store, const struct project *project,
		 const struct experiment *experiment, const struct declared_metric *metric, const struct runs *runs,
		 unsigned threads, struct error *err)
{
	const struct picking picking = {store, project, experiment, runs, threads};
	struct picked picked = {.metric = metric};
	struct picked_keys keys = {0};
	int rc;

	rc = find_candidates(&picked, &picking, err);
	if (rc == 0 && picked.m > 1)
		rc = picked_find_named(&picked.named, &picking, err);
	if (rc == 0 && picked.m > 1 && picked.named != picked.best) {
		rc = picked_recall(&picked, &keys, &picking, err);
		if (rc == PICKED_NOT)
			rc = picked_from_rows(&picked, &picking, err);
		if (rc == 0 || rc == PICKED_ANEW)
			rc = picked_remember(&picked, &keys, &picking, err);
	}
	if (rc < 0) {
		picked_release(&picked);
		return rc;
	}
	*out = picked;
	return 0;
}

void picked_release(struct picked *picked)
{
	if (!picked)
		return;
	free(picked->run);
	*picked = (struct picked){0};
}

const struct picked_run *picked_run(const struct picked *picked, const char *id)
{
	for (size_t i = 0; picked->corrected && i < picked->n; i++)
		if (!strcmp(run_id(&picked->run[i].run->run), id))
			return &picked->run[i];
	return NULL;
}
