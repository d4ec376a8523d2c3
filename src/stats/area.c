#include "stats/area.h"

#include "stats/ranking.h"

#include <math.h>

struct side {
	double rows, weight;
};

static double weight_of(const struct predictions *p, size_t i)
{
	return p->weight ? p->weight[i] : 1;
}

/* Scale that makes the mean of squared deviations of `rows` values unbiased. */
static double unbiased(double rows)
{
	return rows > 1 ? sqrt(rows / (rows - 1)) : 1;
}

static void sides(struct side *in, struct side *rest, const struct predictions *p, int class_code)
{
	*in = *rest = (struct side){0};
	for (size_t i = 0; i < p->n; i++) {
		struct side *side = p->y_true[i] == class_code ? in : rest;

		side->rows++;
		side->weight += weight_of(p, i);
	}
}

/* Weight of one group of equal scores, on each side. */
static void group_weights(double *in, double *rest, const struct predictions *p, const uint32_t *row, size_t n,
			  int class_code)
{
	*in = *rest = 0;
	for (size_t i = 0; i < n; i++) {
		if (p->y_true[row[i]] == class_code)
			*in += weight_of(p, row[i]);
		else
			*rest += weight_of(p, row[i]);
	}
}

static double area_of(const struct ranking *r, const struct predictions *p, int class_code, struct side in,
		      struct side rest)
{
	double above = 0, sum = 0;

	for (size_t g = 0, at = 0; g < r->groups; at = r->end[g++]) {
		double here, others;

		group_weights(&here, &others, p, r->row + at, r->end[g] - at, class_code);
		sum += others * (above + here / 2);
		above += here;
	}
	return sum / in.weight / rest.weight;
}

/* Add share x the placement of each row among the other side, centred, to influence. */
static void add_influence(double *influence, double area, double share, const struct ranking *r,
			  const struct predictions *p, int class_code, struct side in, struct side rest)
{
	double in_scale = share * unbiased(in.rows) / in.weight, rest_scale = share * unbiased(rest.rows) / rest.weight;
	double in_above = 0, rest_above = 0;

	for (size_t g = 0, at = 0; g < r->groups; at = r->end[g++]) {
		double here, others, in_place, rest_place;

		group_weights(&here, &others, p, r->row + at, r->end[g] - at, class_code);
		in_place = (rest.weight - rest_above - others / 2) / rest.weight;
		rest_place = (in_above + here / 2) / in.weight;
		for (size_t i = at; i < r->end[g]; i++) {
			uint32_t row = r->row[i];

			if (p->y_true[row] == class_code)
				influence[row] += in_scale * weight_of(p, row) * (in_place - area);
			else
				influence[row] += rest_scale * weight_of(p, row) * (rest_place - area);
		}
		in_above += here;
		rest_above += others;
	}
}

int area_measure(struct area *out, double *influence, const struct predictions *p, struct error *err)
{
	struct area area = {.fewest = HUGE_VAL};
	struct ranking ranking = {0};
	int *class_code = NULL, rc;
	size_t n;

	rc = ranking_classes(&class_code, &n, p, "roc_auc", err);
	if (rc < 0)
		return rc;
	if (influence)
		memset(influence, 0, p->n * sizeof(*influence));
	for (size_t c = 0; c < n; c++) {
		struct side in, rest;
		double one;

		rc = ranking_make(&ranking, p, class_code[c], err);
		if (rc < 0)
			goto out;
		sides(&in, &rest, p, class_code[c]);
		one = area_of(&ranking, p, class_code[c], in, rest);
		if (influence)
			add_influence(influence, one, 1 / (double)n, &ranking, p, class_code[c], in, rest);
		area.value += one / (double)n;
		area.fewest = fmin(area.fewest, fmin(in.rows, rest.rows));
		ranking_release(&ranking);
	}
	*out = area;
out:
	free(class_code);
	ranking_release(&ranking);
	return rc;
}
