/* From the stored predictions of many runs to the covariance of their figures: what each row contributes to each. */
#include "judge/picked_work.h"

#include "base/mem.h"
#include "judge/comparable.h"
#include "judge/comparison_work.h"
#include "record/predictions_of.h"
#include "record/repetition.h"
#include "stats/covariance.h"
#include "stats/influence.h"
#include "stats/best_of_many.h"
#include "stats/units.h"

#include <assert.h>
#include <math.h>

#define UNITS_LEAST 40 /* outside the largest class: with fewer the normal limit is far away, as for every verdict */

#define DECIDING_LEAST 20

struct rows { /* those of the best run, which the others have to have too */
	const struct picking *picking;
	const struct run *run;
	struct stored_predictions *stored;
	struct predictions_view view;
	const struct metric *metric; /* NULL: a further column of that name */
	const char *name;
	size_t n, units;
	double *scale; /* [n] from what a row contributes to the stored rows to what it stands for among all */
	double all; /* rows that were measured; at least n */
	double *row, *unit; /* [n], [units]: scratch */
};

static int read_one(struct stored_predictions **out, const struct picking *picking, const struct seen_run *seen,
		    struct error *err)
{
	return run_predictions(out, picking->store, picking->runs->tip, seen, err);
}

static int is_unfit(int rc)
{
	return rc == ERR_INPUT || rc == ERR_NOT_FOUND;
}

static double mean_of(const double *value, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += value[i];
	return sum / (double)n;
}

/* A further column: the mean of its values. */
static int column_influence(double *out, const struct stored_predictions *p, const size_t *row, const struct rows *rows,
			    struct error *err)
{
	size_t column = 0;
	double mean;

	while (column < p->further.n && strcmp(p->further.name[column], rows->name) != 0)
		column++;
	if (column == p->further.n || !p->further_value)
		return error_set(err, ERR_INPUT, "%s is not in the stored predictions", rows->name);
	for (size_t i = 0; i < rows->n; i++)
		out[i] = p->further_value[column * p->n + (row ? row[i] : i)];
	mean = mean_of(out, rows->n);
	if (isnan(mean))
		return error_set(err, ERR_INPUT, "%s is missing in some rows", rows->name);
	for (size_t i = 0; i < rows->n; i++)
		out[i] = (out[i] - mean) / (double)rows->n;
	return 0;
}

/* 1 if both have the same rows in the same order. */
static int same_order(const struct stored_predictions *a, const struct stored_predictions *b)
{
	int same = a->n == b->n && !a->y_true == !b->y_true;

	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->id[i], b->id[i]) == 0 && (!a->y_true || a->y_true[i] == b->y_true[i]);
	return same;
}

/* The rows of p in the order of `rows`, NULL where it is the same; ERR_INPUT if it lacks some. */
static int match_rows(size_t **out, const struct rows *rows, const struct stored_predictions *p, struct error *err)
{
	size_t *ours = NULL, n = 0, unmatched;
	int rc = judge_same_classes(rows->stored, p, err);

	if (rc < 0 || same_order(rows->stored, p))
		return rc;
	rc = predictions_pair(&ours, out, &n, &unmatched, rows->stored, p, err);
	free(ours);
	if (rc == 0 && n != rows->n)
		rc = error_set(err, ERR_INPUT, "it lacks %zu rows", rows->n - n);
	return rc;
}

/* rows->unit: what each unit contributes to the figure of this one run. */
static int influence_of(const struct rows *rows, const struct seen_run *seen, struct error *err)
{
	struct stored_predictions *p = NULL;
	struct predictions_view view = {0};
	size_t *row = NULL;
	int rc;

	rc = comparable_rows(rows->run, &seen->run, err);
	if (rc == 0)
		rc = read_one(&p, rows->picking, seen, err);
	if (rc == 0)
		rc = match_rows(&row, rows, p, err);
	if (rc < 0)
		goto out;
	assert(p);
	if (!rows->metric) {
		rc = column_influence(rows->row, p, row, rows, err);
	} else if (!p->y_true || (rows->metric->needs == NEEDS_LABELS && !p->y_pred)) {
		rc = error_set(err, ERR_INPUT, "its predictions have no labels");
	} else {
		rc = predictions_view(&view, p, row, rows->n, err);
		view.p.weight = rows->view.p.weight; /* of the same rows of the same data */
		if (rc == 0)
			rc = metric_influence(rows->row, NULL, rows->metric, &view.p, err);
	}
	for (size_t i = 0; rc == 0 && i < rows->n; i++)
		rows->row[i] *= rows->scale[i];
	if (rc == 0 && rows->view.p.cluster)
		units_sum(rows->unit, rows->row, &rows->view.p);
	else if (rc == 0)
		memcpy(rows->unit, rows->row, rows->n * sizeof(*rows->unit));
out:
	predictions_view_release(&view);
	stored_predictions_free(p);
	free(row);
	return rc;
}

static void add_to(float *contribution, const double *unit, size_t n, double share)
{
	for (size_t i = 0; i < n; i++)
		contribution[i] += (float)(share * unit[i]);
}

/*
 * contribution [units] of a run, or of a parent: the mean over its children, whose seeds add *extra to the variance of their
 * mean. ERR_INPUT, ERR_NOT_FOUND: it cannot stand beside the others.
 */
static int contribution_of(float *contribution, double *extra, const struct rows *rows, const struct seen_run *seen,
			   struct error *err)
{
	const struct runs *runs = rows->picking->runs;
	size_t children = json_array_size(run_field(&seen->run, "children")), n = 0;
	double sum = 0, squares = 0;
	int rc = 0;

	memset(contribution, 0, rows->units * sizeof(*contribution));
	*extra = 0;
	if (run_repetition(&seen->run) == REPETITION_SPLITS)
		return error_set(err, ERR_INPUT, "each of its splits has other test rows");
	if (run_repetition(&seen->run) == REPETITION_NONE) {
		rc = influence_of(rows, seen, err);
		if (rc == 0)
			add_to(contribution, rows->unit, rows->units, 1);
		return rc;
	}
	for (size_t i = 0; i < children && rc == 0; i++) {
		const struct seen_run *child = runs_child(runs, &seen->run, i);
		double value;

		if (!child || !run_metric(&value, &child->run, rows->name))
			continue;
		rc = influence_of(rows, child, err);
		if (rc == 0)
			add_to(contribution, rows->unit, rows->units, 1);
		sum += value;
		squares += value * value;
		n++;
	}
	if (rc == 0 && n == 0)
		rc = error_set(err, ERR_NOT_FOUND, "none of its runs is there");
	for (size_t i = 0; rc == 0 && i < rows->units; i++)
		contribution[i] /= (float)n;
	if (rc == 0 && n > 1)
		*extra = fmax(0, squares - sum * sum / (double)n) / (double)(n - 1) / (double)n;
	return rc;
}

/* How many rows were measured: all, of which the stored ones are a part. */
static double rows_measured(const struct picking *picking, const struct seen_run *seen, size_t stored)
{
	struct buf text = BUF_INIT;
	struct run whole = {0};
	struct error none = {0};
	double n = 0;

	if (!run_number(&n, &seen->run, "evaluation.rows") && /* a lean record has none */
	    run_file(&text, picking->store, picking->runs->tip, seen, "run.json", &none) == 0 &&
	    run_parse(&whole, text.text, text.len, "run.json", &none) == 0)
		run_number(&n, &whole, "evaluation.rows");
	run_release(&whole);
	buf_release(&text);
	return fmax(n, (double)stored);
}

/*
 * A row of weight w contributes w x slope / W, and stands for w rows of all: together they contribute as much as one row that
 * is sqrt(w W / n) / w as heavy, if n of all rows were stored; and all rows are so many times more.
 */
static int scale_rows(struct rows *rows, struct error *err)
{
	const double *weight = rows->view.p.weight;
	double sum = 0;

	rows->scale = mem_array(rows->n, sizeof(*rows->scale));
	if (!rows->scale)
		return error_nomem(err);
	for (size_t i = 0; i < rows->n; i++)
		sum += weight ? weight[i] : 1;
	for (size_t i = 0; i < rows->n; i++)
		rows->scale[i] = sqrt(sum / ((weight ? weight[i] : 1) * rows->all));
	return 0;
}

static int enough_units(const struct predictions *p, struct error *err)
{
	size_t *units, outside = 0;
	int rc;

	if (!p->y_true)
		return units_count(p) < UNITS_LEAST
			       ? error_set(err, ERR_INPUT, "too few rows: %zu, where %d are needed", units_count(p),
					   UNITS_LEAST)
			       : 0;
	units = mem_array((size_t)p->classes, sizeof(*units));
	rc = units ? units_by_class(units, &outside, p, err) : error_nomem(err);
	free(units);
	if (rc == 0 && outside < UNITS_LEAST)
		rc = error_set(err, ERR_INPUT, "too few rows outside the largest class: %zu, where %d are needed",
			       outside, UNITS_LEAST);
	return rc;
}

/* The rows of the best, or of the first child of a parent. ERR_INPUT, ERR_NOT_FOUND with the reason why they will not do. */
static int rows_make(struct rows *rows, const struct picking *picking, const struct picked *p, struct error *err)
{
	const struct seen_run *seen = p->best;
	int rc;

	if (run_repetition(&seen->run) == REPETITION_SPLITS)
		return error_set(err, ERR_INPUT, "it is repeated over splits, and each has other test rows");
	if (!json_object_get(run_field(&seen->run, "measured"), p->metric->name))
		return error_set(err, ERR_INPUT, "%s is what the command said of itself", p->metric->name);
	if (run_repetition(&seen->run) == REPETITION_SEEDS)
		seen = runs_child(picking->runs, &seen->run, 0);
	if (!seen)
		return error_set(err, ERR_NOT_FOUND, "none of its runs is there");
	*rows = (struct rows){.picking = picking, .run = &seen->run, .name = p->metric->name};
	rows->metric = metric_find(p->metric->name);
	if (rows->metric && rows->metric->kind == METRIC_TIMING)
		return error_set(err, ERR_INPUT, "%s does not come from predictions", rows->name);
	rc = read_one(&rows->stored, picking, seen, err);
	if (rc == ERR_NOT_FOUND)
		return error_set(err, rc, "it has no stored predictions");
	if (rc == 0)
		rc = predictions_view(&rows->view, rows->stored, NULL, 0, err);
	if (rc == 0)
		rc = enough_units(&rows->view.p, err);
	if (rc < 0)
		return rc;
	rows->n = rows->stored->n;
	rows->units = units_count(&rows->view.p);
	rows->all = rows_measured(picking, seen, rows->n);
	rows->row = mem_array(rows->n, sizeof(*rows->row));
	rows->unit = mem_array(rows->units, sizeof(*rows->unit));
	return rows->row && rows->unit ? scale_rows(rows, err) : error_nomem(err);
}

static void rows_release(struct rows *rows)
{
	stored_predictions_free(rows->stored);
	predictions_view_release(&rows->view);
	free(rows->scale);
	free(rows->row);
	free(rows->unit);
}

/* By how much one row moves a metric of labels; 0 for those that scores move in any step. */
static double step_of(const struct rows *rows)
{
	double positive = 0, sum = 0;
	const struct predictions *p = &rows->view.p;

	if (!rows->metric || !rows->metric->uses_cut)
		return 0;
	if (!rows->metric->of_positive || p->positive < 0)
		return 1 / rows->all;
	for (size_t i = 0; i < rows->n; i++) {
		double weight = p->weight ? p->weight[i] : 1;

		sum += weight;
		positive += p->y_true[i] == p->positive ? weight : 0;
	}
	return positive > 0 ? sum / positive / rows->all : 0;
}

/* contribution [n][units] and extra [n] of all runs; those that do not fit are taken out of out->run. */
static int gather(struct picked *out, float *contribution, double *extra, const struct rows *rows, struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->n; i++) {
		struct error why = {0};
		int rc = contribution_of(contribution + kept * rows->units, &extra[kept], rows, out->run[i].run, &why);

		if (rc < 0 && !is_unfit(rc)) {
			*err = why;
			return rc;
		}
		if (rc == 0)
			out->run[kept++] = out->run[i];
	}
	out->left_out = out->n - kept;
	out->m -= out->left_out;
	out->n = kept;
	return 0;
}

/*
 * How many rows decide a figure, (sum of squares)^2 / sum of fourth powers of what they contribute: of an accuracy about the
 * number of wrong rows. With a handful the normal limit says nothing, and the interval would reach beyond what is possible.
 */
static double deciding_rows(const float *contribution, size_t n)
{
	double squares = 0, fourths = 0;

	for (size_t i = 0; i < n; i++) {
		double square = (double)contribution[i] * (double)contribution[i];

		squares += square;
		fourths += square * square;
	}
	return fourths > 0 ? squares * squares / fourths : 0;
}

static void take(struct picked *out, const struct best_of_many *s, const struct best_of_many_place *place)
{
	out->plain = s->plain;
	out->plain_low = s->plain_low;
	out->plain_high = s->plain_high;
	out->value = s->corrected;
	out->low = s->low;
	out->high = s->high;
	out->could = s->first;
	for (size_t i = 0; i < out->n; i++) {
		out->run[i].first = place[i].first;
		out->run[i].last = place[i].last;
	}
	out->corrected = 1;
}

static int correct(struct picked *out, const float *contribution, const double *extra, const struct rows *rows,
		   struct error *err)
{
	size_t n = out->n;
	double *value = mem_array(n, sizeof(*value)), *covariance = mem_array(n, n * sizeof(*covariance));
	struct best_of_many_place *place = mem_array(n, sizeof(*place));
	const struct best_of_many_input input = {n, value, covariance, step_of(rows), out->metric->lower};
	struct best_of_many selection;
	int rc = value && covariance && place ? 0 : error_nomem(err);

	if (rc < 0)
		goto out;
	covariance_make(covariance, contribution, rows->units, n, rows->picking->threads);
	for (size_t i = 0; i < n; i++) {
		value[i] = out->run[i].value;
		covariance[i * n + i] += extra[i];
	}
	rc = best_of_many_find(&selection, place, &input, rows->picking->threads, err);
	if (rc == 0)
		take(out, &selection, place);
out:
	free(value);
	free(covariance);
	free(place);
	return rc;
}

int picked_from_rows(struct picked *out, const struct picking *picking, struct error *err)
{
	struct rows rows = {0};
	struct error why = {0};
	float *contribution = NULL;
	double *extra = NULL;
	int rc = rows_make(&rows, picking, out, &why);

	if (is_unfit(rc)) {
		snprintf(out->why, sizeof(out->why), "%.*s", (int)sizeof(out->why) - 1, why.text);
		rc = 0;
		goto out;
	}
	if (rc < 0) {
		*err = why;
		goto out;
	}
	contribution = mem_array(out->n, rows.units * sizeof(*contribution));
	extra = mem_array(out->n, sizeof(*extra));
	rc = contribution && extra ? gather(out, contribution, extra, &rows, err) : error_nomem(err);
	if (rc == 0 && out->n < 2)
		snprintf(out->why, sizeof(out->why), "the other runs were scored on other rows");
	else if (rc == 0 && deciding_rows(contribution, rows.units) < DECIDING_LEAST)
		snprintf(out->why, sizeof(out->why), "too few rows decide its figure");
	else if (rc == 0)
		rc = correct(out, contribution, extra, &rows, err);
	if (rc == 0 && out->n < 2)
		out->m += out->left_out;
out:
	free(contribution);
	free(extra);
	rows_release(&rows);
	return rc;
}
