/* The entry of `comparison` for runs that were repeated: see repeated.h. */
#include "judge/repeated.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparable.h"
#include "judge/comparison_work.h"
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

struct sets { /* all predictions of both sides, those of the run first, on the rows that all have */
	const struct stored_predictions **stored; /* [n] */
	struct predictions_view *view; /* [n] */
	const struct predictions **p; /* [n] */
	size_t n;
	size_t **row; /* [n] of each set the rows in the order of the first, [rows] */
	size_t rows;
};

static void sets_release(struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++) {
		if (sets->view)
			predictions_view_release(&sets->view[i]);
		if (sets->row)
			free(sets->row[i]);
	}
	free(sets->stored);
	free(sets->view);
	free(sets->p);
	free(sets->row);
}

static int sets_new(struct sets *out, const struct judge_repeated *run, const struct judge_repeated *base,
		    struct error *err)
{
	size_t n = run->n + base->n;

	out->stored = mem_array(n, sizeof(*out->stored));
	out->view = mem_zeroed(n, sizeof(*out->view));
	out->p = mem_array(n, sizeof(*out->p));
	out->row = mem_zeroed(n, sizeof(*out->row));
	if (!out->stored || !out->view || !out->p || !out->row)
		return error_nomem(err);
	out->n = n;
	for (size_t i = 0; i < n; i++)
		out->stored[i] = i < run->n ? run->predictions[i] : base->predictions[i - run->n];
	return 0;
}

/* Where each row of the first set is in set i; SIZE_MAX: nowhere. */
static int map_rows(size_t *at, const struct sets *sets, size_t i, struct error *err)
{
	const struct stored_predictions *first = sets->stored[0];
	size_t *a_row = NULL, *b_row = NULL, n, unmatched;
	int rc = judge_same_classes(first, sets->stored[i], err);

	if (rc == 0)
		rc = predictions_pair(&a_row, &b_row, &n, &unmatched, first, sets->stored[i], err);
	for (size_t k = 0; k < first->n; k++)
		at[k] = SIZE_MAX;
	for (size_t k = 0; rc == 0 && k < n; k++)
		at[a_row[k]] = b_row[k];
	free(a_row);
	free(b_row);
	return rc;
}

/* Keep the rows of the first set that every other has. */
static int match_rows(struct sets *sets, struct error *err)
{
	size_t all = sets->stored[0]->n;
	int rc = 0;

	for (size_t i = 0; i < sets->n && rc == 0; i++) {
		sets->row[i] = mem_array(all, sizeof(**sets->row));
		rc = sets->row[i] ? map_rows(sets->row[i], sets, i, err) : error_nomem(err);
	}
	for (size_t k = 0; k < all && rc == 0; k++) {
		int everywhere = 1;

		for (size_t i = 0; i < sets->n; i++)
			everywhere &= sets->row[i][k] != SIZE_MAX;
		for (size_t i = 0; everywhere && i < sets->n; i++)
			sets->row[i][sets->rows] = sets->row[i][k];
		sets->rows += (size_t)everywhere;
	}
	if (rc == 0 && !sets->rows)
		rc = error_set(err, ERR_INPUT, "they share no test row");
	return rc;
}

static int make_views(struct sets *sets, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < sets->n && rc == 0; i++) {
		struct predictions *p = &sets->view[i].p;

		rc = predictions_view(&sets->view[i], sets->stored[i], sets->row[i], sets->rows, err);
		if (rc == 0 && i > 0) { /* of the same rows of the same data; a set may lack them */
			p->weight = sets->p[0]->weight;
			p->cluster = sets->p[0]->cluster;
			p->clusters = sets->p[0]->clusters;
		}
		sets->p[i] = p;
	}
	return rc;
}

static int open_entry(json_t **out, const struct judging *judging, const char *role, const char *scope, size_t rows,
		      struct error *err)
{
	double of_rows;
	json_t *entry;

	if (!run_number(&of_rows, judging->run->run, "evaluation.rows"))
		of_rows = (double)rows;
	entry = json_pack("{s:s, s:s, s:s, s:I, s:I, s:{}}", "against", run_id(judging->base->run), "role", role,
			  "scope", scope, "rows", (json_int_t)rows, "of_rows", (json_int_t)of_rows, "metrics");
	if (!entry)
		return error_nomem(err);
	*out = entry;
	return 0;
}

static int set_recipe(json_t *entry, const struct judging *judging, const struct repeated *info, struct error *err)
{
	int rc = json_set(entry, "seeds",
			  json_pack("[I, I]", (json_int_t)judging->run->n, (json_int_t)judging->base->n), err);

	if (rc == 0)
		rc = json_set_number(entry, "rarer", (double)info->rows.rarer, err);
	if (rc == 0)
		rc = json_set_number(entry, "fixed", round(info->rows.fixed), err);
	if (rc == 0)
		rc = json_set_number(entry, "broken", round(info->rows.broken), err);
	if (rc == 0)
		rc = json_set(entry, "same_ranking", json_boolean(info->rows.same_ranking), err);
	return rc;
}

static int judge_recipe_scope(json_t **entry, const char **note, struct judging *judging, const char *role,
			      struct error *err)
{
	const struct paired_options options = {
		.family = 1, .families = judging->judged.family, .judge_log_loss = 1, .threads = judging->threads};
	struct repeated_side a = {.n = judging->run->n, .deterministic = judge_deterministic(judging->run->run)},
			     b = {.n = judging->base->n, .deterministic = judge_deterministic(judging->base->run)};
	struct repeated info;
	struct sets sets = {0};
	int rc = sets_new(&sets, judging->run, judging->base, err);

	if (rc == 0)
		rc = match_rows(&sets, err);
	if (rc == 0)
		rc = make_views(&sets, err);
	if (rc < 0)
		goto out;
	a.set = sets.p;
	b.set = sets.p + a.n;
	rc = repeated_compare(judging->paired, &info, judging->judged.metric, judging->judged.n, &a, &b, &options, err);
	if (rc == 0)
		rc = open_entry(entry, judging, role, "recipe", sets.rows, err);
	if (rc == 0)
		rc = set_recipe(*entry, judging, &info, err);
	if (rc == 0 && info.unchanged_a)
		*note = REPEATED_UNCHANGED;
out:
	sets_release(&sets);
	return rc;
}

struct shared { /* splits that both sides have */
	const struct run **run, **base; /* [n] */
	size_t n;
	double *a, *b; /* [n] scratch: values of a metric */
};

static void shared_release(struct shared *shared)
{
	free(shared->run);
	free(shared->base);
	free(shared->a);
	free(shared->b);
}

static int shared_make(struct shared *out, const struct judge_repeated *run, const struct judge_repeated *base,
		       struct error *err)
{
	out->run = mem_array(run->n, sizeof(*out->run));
	out->base = mem_array(run->n, sizeof(*out->base));
	out->a = mem_array(run->n, sizeof(*out->a));
	out->b = mem_array(run->n, sizeof(*out->b));
	if (!out->run || !out->base || !out->a || !out->b)
		return error_nomem(err);
	for (size_t i = 0; i < run->n; i++) {
		const char *split = run_text(run->child[i], "data.split.sha256");

		for (size_t k = 0; k < base->n; k++) {
			if (!*split || strcmp(split, run_text(base->child[k], "data.split.sha256")) != 0)
				continue;
			out->run[out->n] = run->child[i];
			out->base[out->n++] = base->child[k];
			break;
		}
	}
	if (out->n >= JUDGE_SPLITS_LEAST)
		return 0;
	return error_set(err, ERR_INPUT, "a verdict on the change takes %d splits that both ran on, there are %zu",
			 JUDGE_SPLITS_LEAST, out->n);
}

/* The metric on every shared split; 0 if one lacks it. */
static int shared_values(struct shared *shared, const char *metric)
{
	for (size_t i = 0; i < shared->n; i++) {
		const json_t *a = json_object_get(run_field(shared->run[i], "measured"), metric),
			     *b = json_object_get(run_field(shared->base[i], "measured"), metric);

		if (!json_number(&shared->a[i], a) || !json_number(&shared->b[i], b) || !isfinite(shared->a[i]) ||
		    !isfinite(shared->b[i]))
			return 0;
	}
	return 1;
}

static int judge_change_scope(json_t **entry, struct judging *judging, const char *role, struct error *err)
{
	const struct run *run = judging->run->run;
	struct repeated_splits splits = {.rarer = judging->run->rarer};
	struct shared shared = {0};
	double test, train;
	int rc = shared_make(&shared, judging->run, judging->base, err);

	if (rc == 0 && (!run_number(&test, run, "data.split.test_rows") ||
			!run_number(&train, run, "data.split.train_rows") || !(test > 0) || !(train > 0)))
		rc = error_set(err, ERR_INPUT, "the sizes of their splits are not on record");
	if (rc < 0)
		goto out;
	splits.n = shared.n;
	splits.test_to_train = test / train;
	for (size_t i = 0; i < judging->judged.n && rc == 0; i++) {
		splits.family = judging->judged.family[i];
		judging->paired[i] = (struct paired){.defined = 0};
		if (shared_values(&shared, judging->judged.metric[i]->name))
			rc = repeated_splits_compare(&judging->paired[i], judging->judged.metric[i], shared.a, shared.b,
						     &splits, err);
	}
	if (rc == 0)
		rc = open_entry(entry, judging, role, "change", (size_t)test, err);
	if (rc == 0)
		rc = json_set_number(*entry, "splits", (double)shared.n, err);
	if (rc == 0 && splits.rarer != SIZE_MAX)
		rc = json_set_number(*entry, "rarer", (double)splits.rarer, err);
out:
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
