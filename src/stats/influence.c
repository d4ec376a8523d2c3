#include "stats/influence.h"

#include "base/mem.h"
#include "stats/area.h"
#include "stats/counts.h"
#include "stats/ranking.h"
#include "stats/rows.h"

#include <math.h>

#define STEP 0.01 /* of a mean row: the derivative's error is then some 1e-8 of it, from rounding as from curvature */

static double weight_of(const struct predictions *p, size_t i)
{
	return p->weight ? p->weight[i] : 1;
}

/* The derivative of the metric by the weight in one cell of the confusion matrix, by central differences. */
static double by_cell(const struct metric *metric, const struct predictions *p, double *matrix, size_t cell,
		      double step)
{
	double here = matrix[cell], above, below;

	matrix[cell] = here + step;
	above = metric->from_counts(matrix, p->classes, p->positive);
	matrix[cell] = here - step;
	below = metric->from_counts(matrix, p->classes, p->positive);
	matrix[cell] = here;
	return (above - below) / (2 * step);
}

static int of_counts(double *out, const struct metric *metric, const struct predictions *p, struct error *err)
{
	size_t k = (size_t)p->classes;
	double *matrix = mem_array(k * k, sizeof(*matrix)), *slope = mem_array(k * k, sizeof(*slope)), all = 0;

	if (!matrix || !slope) {
		free(matrix);
		free(slope);
		return error_nomem(err);
	}
	confusion_matrix(matrix, p);
	for (size_t i = 0; i < k * k; i++)
		all += matrix[i];
	for (size_t i = 0; i < k * k; i++)
		slope[i] = matrix[i] > 0 ? by_cell(metric, p, matrix, i, STEP * all / (double)p->n) : 0;
	for (size_t i = 0; i < p->n; i++)
		out[i] = weight_of(p, i) * slope[(size_t)p->y_true[i] * k + (size_t)p->y_pred[i]];
	free(matrix);
	free(slope);
	return 0;
}

static int of_rows(double *out, const struct metric *metric, const struct predictions *p)
{
	double all = 0, mean;

	metric->by_row(out, p);
	mean = rows_mean(out, p->weight, p->n).mean;
	for (size_t i = 0; i < p->n; i++)
		all += weight_of(p, i);
	for (size_t i = 0; i < p->n; i++)
		out[i] = weight_of(p, i) / all * (out[i] - mean);
	return 0;
}

/*
 * Average precision is sum(w_i precision_i) / sum(w_i) over the rows of the class. One more row at a score counts
 * there itself, if it is of the class, and moves the precision of every row of the class at or below that score: by (1
 * or 0 - precision) / seen. `gain` and `loss` are these sums from the bottom up.
 */
struct precision_walk {
	double hit, seen; /* weight of the class, of all rows, down to here */
	double average, positive; /* the metric, the weight of the class */
};

/* Precision of each group [groups], and of the whole. */
static void walk_down(double *precision, double *seen, struct precision_walk *walk, const struct ranking *r,
		      const struct predictions *p, int class_code)
{
	double sum = 0;

	for (size_t g = 0, at = 0; g < r->groups; at = r->end[g++]) {
		double gained = 0;

		for (size_t i = at; i < r->end[g]; i++) {
			double w = weight_of(p, r->row[i]);

			walk->seen += w;
			gained += p->y_true[r->row[i]] == class_code ? w : 0;
		}
		walk->hit += gained;
		seen[g] = walk->seen;
		precision[g] = walk->hit / walk->seen;
		sum += gained * precision[g];
	}
	walk->positive = walk->hit;
	walk->average = sum / walk->positive;
}

static void walk_up(double *out, double share, const double *precision, const double *seen,
		    const struct precision_walk *walk, const struct ranking *r, const struct predictions *p,
		    int class_code)
{
	double gain = 0, loss = 0;

	for (size_t g = r->groups; g-- > 0;) {
		size_t from = g ? r->end[g - 1] : 0;
		double gained = 0;

		for (size_t i = from; i < r->end[g]; i++)
			gained += p->y_true[r->row[i]] == class_code ? weight_of(p, r->row[i]) : 0;
		gain += gained / seen[g];
		loss += gained * precision[g] / seen[g];
		for (size_t i = from; i < r->end[g]; i++) {
			uint32_t row = r->row[i];
			double own = p->y_true[row] == class_code ? precision[g] - walk->average + gain : 0;

			out[row] += share * weight_of(p, row) / walk->positive * (own - loss);
		}
	}
}

static int of_precision(double *out, double share, const struct predictions *p, int class_code, struct error *err)
{
	struct ranking ranking = {0};
	struct precision_walk walk = {0};
	double *precision = NULL, *seen = NULL;
	int rc;

	rc = ranking_make(&ranking, p, class_code, err);
	if (rc < 0)
		return rc;
	precision = mem_array(ranking.groups, sizeof(*precision));
	seen = mem_array(ranking.groups, sizeof(*seen));
	if (!precision || !seen) {
		rc = error_nomem(err);
		goto out;
	}
	walk_down(precision, seen, &walk, &ranking, p, class_code);
	walk_up(out, share, precision, seen, &walk, &ranking, p, class_code);
out:
	free(precision);
	free(seen);
	ranking_release(&ranking);
	return rc;
}

static int of_ranking(double *out, const struct predictions *p, const char *name, struct error *err)
{
	int *class_code = NULL, rc;
	size_t n;

	rc = ranking_classes(&class_code, &n, p, name, err);
	if (rc < 0)
		return rc;
	memset(out, 0, p->n * sizeof(*out));
	for (size_t c = 0; rc == 0 && c < n; c++)
		rc = of_precision(out, 1 / (double)n, p, class_code[c], err);
	free(class_code);
	return rc;
}

int metric_influence(double *out, double *value, const struct metric *metric, const struct predictions *p,
		     struct error *err)
{
	struct area area;
	double found;
	int rc;

	if (metric->kind == METRIC_TIMING)
		return error_set(err, ERR_INPUT, "%s is not computed from predictions", metric->name);
	if (metric->kind == METRIC_AREA) {
		rc = area_measure(&area, out, p, err);
		if (rc == 0 && value)
			*value = area.value;
		return rc;
	}
	rc = metric->compute(&found, p, NULL, err);
	if (rc < 0)
		return rc;
	if (value)
		*value = found;
	if (metric->kind == METRIC_RANKING)
		return of_ranking(out, p, metric->name, err);
	return metric->from_counts ? of_counts(out, metric, p, err) : of_rows(out, metric, p);
}
