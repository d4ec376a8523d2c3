/* From what people call a run to the run, in FORMATS' order. */
#include "record/runs.h"
#include "base/mem.h"
#include "format/suggest.h"
#include "record/repetition.h"
#include "stats/metric.h"

#include <math.h>

#define HANDLE_LEAST 4 /* digits of a handle that name a run */
#define LISTED 10 /* runs that an ambiguous name lists */

static int in_experiment(const struct run *run, const char *experiment)
{
	return !experiment || !strcmp(run_experiment(run), experiment);
}

static int breaks_constraint(const struct run *run)
{
	const json_t *criteria = json_object_get(run->json, "criteria"), *criterion;
	size_t i;

	json_array_foreach(criteria, i, criterion)
	{
		const char *verdict = json_string_value(json_object_get(criterion, "verdict"));

		if (json_is_true(json_object_get(criterion, "constraint")) && verdict && !strcmp(verdict, "unmet"))
			return 1;
	}
	return 0;
}

int run_may_be_best(const struct run *run, const char *experiment, const char *kind)
{
	const char *its_kind;

	if (!in_experiment(run, experiment) || strcmp(run_text(run, "status"), "finished") != 0)
		return 0;
	its_kind = run_text(run, "kind");
	if (kind ? strcmp(its_kind, kind) != 0 : strcmp(its_kind, "run") != 0 && strcmp(its_kind, "baseline") != 0)
		return 0;
	return !breaks_constraint(run);
}

const struct seen_run *runs_with_id(const struct runs *runs, const char *id)
{
	size_t low = 0, high = runs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int way = strcmp(run_id(&runs->item[middle].run), id);

		if (!way)
			return &runs->item[middle];
		if (way < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct seen_run *runs_best(const struct runs *runs, const char *experiment, const char *metric, const char *kind)
{
	const struct metric *known = metric_find(metric);
	int lower = known && known->better == BETTER_LOWER;
	const struct seen_run *best = NULL;
	double best_value = 0;
	int best_measured = 0;

	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;
		double value;
		int measured;

		if (!run_may_be_best(run, experiment, kind) || runs_pooled(runs, run) ||
		    !run_metric(&value, run, metric) || isnan(value))
			continue;
		measured = run_is_measured(run, metric);
		if (best && measured < best_measured)
			continue;
		if (!best || measured > best_measured || (lower ? value < best_value : value > best_value)) {
			best = &runs->item[i];
			best_value = value;
			best_measured = measured;
		}
	}
	return best;
}

static const struct seen_run *by_full_id(const struct runs *runs, const char *id)
{
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_id(&runs->item[i].run), id))
			return &runs->item[i];
	return NULL;
}

/* The newest with this name; name NULL: the newest of all. */
static const struct seen_run *newest(const struct runs *runs, const char *name, const char *experiment)
{
	for (size_t i = runs->n; i-- > 0;)
		if (in_experiment(&runs->item[i].run, experiment) &&
		    (!name || !strcmp(run_name(&runs->item[i].run), name)))
			return &runs->item[i];
	return NULL;
}

/* best, latest, baseline. 1 if name is one of them, whether or not there is such a run. */
static int by_word(const struct seen_run **out, const struct runs *runs, const char *name, const char *experiment,
		   const char *metric)
{
	const char *by = metric ? metric : "f1";

	if (!strcmp(name, "best"))
		*out = runs_best(runs, experiment, by, NULL);
	else if (!strcmp(name, "baseline"))
		*out = runs_best(runs, experiment, by, "baseline");
	else if (!strcmp(name, "latest"))
		*out = newest(runs, NULL, experiment);
	else
		return 0;
	return 1;
}

static int is_handle_prefix(const char *text)
{
	size_t len = strspn(text, "0123456789abcdef");

	return len && len < RUN_HANDLE && !text[len];
}

/* By the first digits of its handle: the run, NULL if there is none, ERR_INPUT with the candidates if there are several. */
static int by_handle(const struct seen_run **out, const struct runs *runs, const char *prefix, struct error *err)
{
	struct buf list = BUF_INIT;
	size_t found = 0, len = strlen(prefix);

	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;

		if (strncmp(id_handle(run_id(run)), prefix, len) != 0)
			continue;
		*out = &runs->item[i];
		if (found++ < LISTED)
			buf_printf(&list, "%s%s (%s)", found > 1 ? ", " : "", id_handle(run_id(run)), run_name(run));
	}
	if (found > 1) {
		*out = NULL;
		error_set(err, ERR_INPUT, "'%s' may be %zu runs: %s%s", prefix, found, list.text,
			  found > LISTED ? ", ..." : "");
		error_hint(err, "name it by more digits");
	} else if (found && len < HANDLE_LEAST) {
		*out = NULL;
		error_set(err, ERR_INPUT, "'%s' is too short for a run: %d digits at least", prefix, HANDLE_LEAST);
		error_hint(err, "did you mean %s?", list.text);
	}
	buf_release(&list);
	return found > 1 || (found && len < HANDLE_LEAST) ? ERR_INPUT : 0;
}

static void hint_nearest(const struct runs *runs, const char *name, const char *experiment, struct error *err)
{
	const struct seen_run *elsewhere = newest(runs, name, NULL);
	const char **names = mem_array(runs->n, sizeof(*names));
	const char *nearest;
	size_t n = 0;

	for (size_t i = 0; names && i < runs->n; i++)
		if (in_experiment(&runs->item[i].run, experiment))
			names[n++] = run_name(&runs->item[i].run);
	nearest = names ? suggest(name, names, n) : NULL;
	if (elsewhere)
		error_hint(err, "there is '%s/%s'", run_experiment(&elsewhere->run), name);
	else if (nearest)
		error_hint(err, "did you mean '%s'?", nearest);
	else
		error_hint(err, "assay ls lists the runs");
	free(names);
}

static int not_found(const struct runs *runs, const char *name, const char *experiment, struct error *err)
{
	if (!strcmp(name, "best") || !strcmp(name, "baseline") || !strcmp(name, "latest"))
		return error_set(err, ERR_INPUT, "there is no %s run%s%s", name, experiment ? " in " : " yet",
				 experiment ? experiment : "");
	error_set(err, ERR_INPUT, "there is no run '%s'%s%s", name, experiment ? " in " : "",
		  experiment ? experiment : "");
	hint_nearest(runs, name, experiment, err);
	return ERR_INPUT;
}

int runs_find(const struct seen_run **out, const struct runs *runs, const char *name, const char *experiment,
	      const char *metric, struct error *err)
{
	const char *slash = strchr(name, '/');
	const struct seen_run *found = NULL;
	char *given = NULL;
	int rc = 0;

	if (slash) {
		given = mem_text_n(name, (size_t)(slash - name));
		if (!given)
			return error_nomem(err);
		experiment = given;
		name = slash + 1;
	}
	if (id_valid(name)) {
		found = by_full_id(runs, name);
	} else if (!by_word(&found, runs, name, experiment, metric)) {
		found = newest(runs, name, experiment);
		if (!found && !slash && is_handle_prefix(name))
			rc = by_handle(&found, runs, name, err);
	}
	if (!rc && !found)
		rc = not_found(runs, name, experiment, err);
	if (!rc)
		*out = found;
	free(given);
	return rc;
}
