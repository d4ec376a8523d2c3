/* The entry of `comparison` for runs that were repeated: see repeated.h. */
#include "judge/repeated.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparable.h"
#include "judge/comparison_work.h"
#include "judge/matched.h"
#include "stats/repeated.h"

#include <math.h>
#include <stdint.h>

struct judging { /* what both scopes need; borrowed but for what release() frees */
	const struct judge_repeated *run, *base;
	const struct declared_metric *declared;
	size_t n_declared;
	struct judged judged;
	struct paired *paired; /* [judged.n] */
	unsigned threads;
};

static int open_entry(json_t **out, const struct judging *judging, const char *role, const char *scope, size_t rows,
		      struct error *err)
{
	const struct comparison_head head = {.against = run_id(judging->base->run),
					     .role = role,
					     .scope = scope,
					     .rows = rows,
					     .of_rows = comparison_of_rows(judging->run->run, rows)};
	int rc = comparison_open(out, &head, err);

	return rc ? rc : json_set(*out, "metrics", json_object(), err);
}

static int set_recipe(json_t *entry, const struct judging *judging, const struct repeated *info,
		      const struct matched *sets, struct error *err)
{
	int rc = json_set(entry, "seeds",
			  json_pack("[I, I]", (json_int_t)judging->run->n, (json_int_t)judging->base->n), err);

	return rc ? rc : comparison_rows(entry, &info->rows, sets->p[0], sets->p[judging->run->n], err);
}

static int judge_recipe_scope(json_t **entry, const char **note, struct judging *judging, const char *role,
			      struct error *err)
{
	const struct paired_options options = {
		.family = 1, .families = judging->judged.family, .judge_log_loss = 1, .threads = judging->threads};
	struct repeated_side a = {.n = judging->run->n, .deterministic = judge_deterministic(judging->run->run)},
			     b = {.n = judging->base->n, .deterministic = judge_deterministic(judging->base->run)};
	struct repeated info;
	struct matched sets = {0};
	int rc = matched_make(&sets, judging->run->predictions, a.n, judging->base->predictions, b.n, err);

	if (rc < 0)
		goto out;
	a.set = sets.p;
	b.set = sets.p + a.n;
	rc = repeated_compare(judging->paired, &info, judging->judged.metric, judging->judged.n, &a, &b, &options, err);
	if (rc == 0)
		rc = open_entry(entry, judging, role, "recipe", sets.rows, err);
	if (rc == 0)
		rc = set_recipe(*entry, judging, &info, &sets, err);
	if (rc == 0 && info.unchanged_a)
		*note = REPEATED_UNCHANGED;
out:
	matched_release(&sets);
	return rc;
}

struct shared { /* splits that both sides have */
	size_t *run, *base; /* [n] which child it is, of either side */
	size_t n;
	double *a, *b; /* [n] scratch: values of a metric */
	struct matched *pair; /* [n] the two predictions of a split */
	struct training_split *split; /* [n] */
	struct training *training; /* [metrics] */
};

static void shared_release(struct shared *shared)
{
	for (size_t i = 0; i < shared->n; i++) {
		if (shared->pair)
			matched_release(&shared->pair[i]);
		if (shared->split)
			free((size_t *)(size_t)shared->split[i].row);
	}
	free(shared->run);
	free(shared->base);
	free(shared->a);
	free(shared->b);
	free(shared->pair);
	free(shared->split);
	free(shared->training);
}

static int shared_new(struct shared *out, const struct judging *judging, struct error *err)
{
	size_t n = judging->run->n;

	out->run = mem_array(n, sizeof(*out->run));
	out->base = mem_array(n, sizeof(*out->base));
	out->a = mem_array(n, sizeof(*out->a));
	out->b = mem_array(n, sizeof(*out->b));
	out->pair = mem_zeroed(n, sizeof(*out->pair));
	out->split = mem_zeroed(n, sizeof(*out->split));
	out->training = mem_zeroed(judging->judged.n, sizeof(*out->training));
	return out->run && out->base && out->a && out->b && out->pair && out->split && out->training ? 0
												     : error_nomem(err);
}

static int shared_find(struct shared *out, const struct judging *judging, struct error *err)
{
	const struct judge_repeated *run = judging->run, *base = judging->base;
	int rc = shared_new(out, judging, err);

	for (size_t i = 0; i < run->n && rc == 0; i++) {
		const char *split = run_text(run->child[i], "data.split.sha256");

		for (size_t k = 0; k < base->n; k++) {
			if (!*split || strcmp(split, run_text(base->child[k], "data.split.sha256")) != 0)
				continue;
			out->run[out->n] = i;
			out->base[out->n++] = k;
			break;
		}
	}
	if (rc == 0 && out->n < JUDGE_SPLITS_LEAST)
		rc = error_set(err, ERR_INPUT,
			       "a verdict on the change takes %d splits that both ran on, there are %zu",
			       JUDGE_SPLITS_LEAST, out->n);
	return rc;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids of all rows of all splits, sorted, each once; *rows of them. NULL without memory. */
static const char **all_ids(size_t *rows, const struct shared *shared)
{
	size_t n = 0, kept = 0;
	const char **id;

	for (size_t i = 0; i < shared->n; i++)
		n += shared->pair[i].rows;
	id = mem_array(n, sizeof(*id));
	if (!id)
		return NULL;
	n = 0;
	for (size_t i = 0; i < shared->n; i++)
		for (size_t k = 0; k < shared->pair[i].rows; k++)
			id[n++] = shared->pair[i].stored[0]->id[shared->pair[i].row[0][k]];
	qsort(id, n, sizeof(*id), by_text);
	for (size_t i = 0; i < n; i++)
		if (!kept || strcmp(id[i], id[kept - 1]) != 0)
			id[kept++] = id[i];
	*rows = kept;
	return id;
}

static int number_rows(struct shared *shared, size_t *rows, struct error *err)
{
	const char **id = all_ids(rows, shared);
	int rc = id ? 0 : error_nomem(err);

	for (size_t i = 0; i < shared->n && rc == 0; i++) {
		const struct matched *pair = &shared->pair[i];
		size_t *row = mem_array(pair->rows, sizeof(*row));

		shared->split[i] = (struct training_split){pair->p[0], pair->p[1], row};
		for (size_t k = 0; row && k < pair->rows; k++) {
			const char **at = bsearch(&pair->stored[0]->id[pair->row[0][k]], id, *rows, sizeof(*id),
						  by_text);

			row[k] = (size_t)(at - id); /* it is one of them */
		}
		rc = row ? 0 : error_nomem(err);
	}
	free(id);
	return rc;
}

/* What training rows do to each metric, from the rows that the splits share. */
static int measure_training(struct shared *shared, const struct judging *judging, struct error *err)
{
	size_t rows = 0;
	int rc = 0;

	for (size_t i = 0; i < shared->n && rc == 0; i++)
		rc = matched_make(&shared->pair[i], &judging->run->predictions[shared->run[i]], 1,
				  &judging->base->predictions[shared->base[i]], 1, err);
	if (rc == 0)
		rc = number_rows(shared, &rows, err);
	return rc ? rc
		  : training_measure(shared->training, judging->judged.metric, judging->judged.n, shared->split,
				     shared->n, rows, err);
}

/* The metric on every shared split; 0 if one lacks it. */
static int shared_values(struct shared *shared, const struct judging *judging, const char *metric)
{
	for (size_t i = 0; i < shared->n; i++) {
		const struct run *run = judging->run->child[shared->run[i]],
				 *base = judging->base->child[shared->base[i]];

		if (!json_number(&shared->a[i], json_object_get(run_field(run, "measured"), metric)) ||
		    !json_number(&shared->b[i], json_object_get(run_field(base, "measured"), metric)) ||
		    !isfinite(shared->a[i]) || !isfinite(shared->b[i]))
			return 0;
	}
	return 1;
}

static int compare_splits(struct judging *judging, struct shared *shared, double test_to_train, struct error *err)
{
	struct repeated_splits splits = {.n = shared->n, .test_to_train = test_to_train, .rarer = judging->run->rarer};
	int rc = 0;

	for (size_t i = 0; i < judging->judged.n && rc == 0; i++) {
		splits.family = judging->judged.family[i];
		splits.training = &shared->training[i];
		judging->paired[i] = (struct paired){.defined = 0};
		if (shared_values(shared, judging, judging->judged.metric[i]->name))
			rc = repeated_splits_compare(&judging->paired[i], judging->judged.metric[i], shared->a,
						     shared->b, &splits, err);
	}
	return rc;
}

static int judge_change_scope(json_t **entry, struct judging *judging, const char *role, struct error *err)
{
	const struct run *run = judging->run->run;
	struct shared shared = {0};
	double test = 0, train = 0;
	int rc = shared_find(&shared, judging, err);

	if (rc == 0 && (!run_number(&test, run, "data.split.test_rows") ||
			!run_number(&train, run, "data.split.train_rows") || !(test > 0) || !(train > 0)))
		rc = error_set(err, ERR_INPUT, "the sizes of their splits are not on record");
	if (rc == 0)
		rc = measure_training(&shared, judging, err);
	if (rc == 0)
		rc = compare_splits(judging, &shared, test / train, err);
	if (rc == 0)
		rc = open_entry(entry, judging, role, "change", (size_t)test, err);
	if (rc == 0)
		rc = json_set_number(*entry, "splits", (double)shared.n, err);
	if (rc == 0 && judging->run->rarer != SIZE_MAX)
		rc = json_set_number(*entry, "rarer", (double)judging->run->rarer, err);
	shared_release(&shared);
	return rc;
}

static int put_metrics(json_t *entry, const struct judging *judging, const struct experiment *experiment,
		       struct error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < judging->judged.n; i++) {
		const char *name = judging->judged.metric[i]->name;

		if (judging->paired[i].defined)
			rc = comparison_metric(json_object_get(entry, "metrics"), &judging->paired[i],
					       metric_is_declared(judging->declared, judging->n_declared, name),
					       margin_of(experiment, judging->run->run, name), err);
	}
	return rc;
}

int judge_compare_repeated(json_t **out, const char **note, const struct judge_repeated *run,
			   const struct judge_repeated *base, const char *role, const struct declared_metric *declared,
			   size_t n_declared, const struct experiment *experiment, size_t points, unsigned threads,
			   struct error *err)
{
	struct judging judging = {
		.run = run, .base = base, .declared = declared, .n_declared = n_declared, .threads = threads};
	int splits = run_repetition(run->run) == REPETITION_SPLITS;
	json_t *entry = NULL;
	int rc = comparable_rows(run->run, base->run, err);

	*note = NULL;
	if (rc == 0 && (!run->n || !base->n))
		rc = error_set(err, ERR_INPUT, "none of its %s finished", splits ? "splits" : "seeds");
	if (rc == 0)
		rc = judged_choose(&judging.judged, run->run, base->run, declared, n_declared, points, err);
	if (rc == 0 && !judging.judged.n)
		rc = error_set(err, ERR_INPUT, "no metric was measured on both");
	if (rc < 0)
		goto out;
	judging.paired = mem_zeroed(judging.judged.n, sizeof(*judging.paired));
	if (!judging.paired)
		rc = error_nomem(err);
	else if (splits)
		rc = judge_change_scope(&entry, &judging, role, err);
	else
		rc = judge_recipe_scope(&entry, note, &judging, role, err);
	if (rc == 0)
		rc = put_metrics(entry, &judging, experiment, err);
	if (rc < 0)
		goto out;
	*out = entry;
	entry = NULL;
out:
	json_decref(entry);
	free(judging.paired);
	judged_release(&judging.judged);
	return rc;
}
