#include "stats/area.h"

#include "base/mem.h"
#include "stats/ranking.h"
#include "stats/units.h"

#include <math.h>

struct side {
	double units, weight; /* units that have a row on this side */
};

static double weight_of(const struct predictions *p, size_t i)
{
	return p->weight ? p->weight[i] : 1;
}

/* Scale that makes the mean of squared deviations of `n` values unbiased. */
static double unbiased(double n)
{
	return n > 1 ? sqrt(n / (n - 1)) : 1;
}

enum { HAS_IN = 1, HAS_REST = 2 };

/* seen [clusters]: scratch; NULL where rows are units. */
static void sides(struct side *in, struct side *rest, const struct predictions *p, int class_code, unsigned char *seen)
{
	*in = *rest = (struct side){0};
	if (seen)
		memset(seen, 0, p->clusters);
	for (size_t i = 0; i < p->n; i++) {
		int inside = p->y_true[i] == class_code;
		unsigned char bit = inside ? HAS_IN : HAS_REST;
		struct side *side = inside ? in : rest;

		side->weight += weight_of(p, i);
		if (seen && seen[p->cluster[i]] & bit)
			continue;
		side->units++;
		if (seen)
			seen[p->cluster[i]] |= bit;
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
	double in_scale = share * unbiased(in.units) / in.weight,
	       rest_scale = share * unbiased(rest.units) / rest.weight;
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
	unsigned char *seen = NULL;
	int *class_code = NULL, rc;
	size_t n;

	rc = ranking_classes(&class_code, &n, p, "roc_auc", err);
	if (rc < 0)
		return rc;
	if (p->cluster) {
		seen = mem_array(p->clusters, sizeof(*seen));
		if (!seen) {
			rc = error_nomem(err);
			goto out;
		}
	}
	if (influence)
		memset(influence, 0, p->n * sizeof(*influence));
	for (size_t c = 0; c < n; c++) {
		struct side in, rest;
		double one;

		rc = ranking_make(&ranking, p, class_code[c], err);
		if (rc < 0)
			goto out;
		sides(&in, &rest, p, class_code[c], seen);
		one = area_of(&ranking, p, class_code[c], in, rest);
		if (influence)
			add_influence(influence, one, 1 / (double)n, &ranking, p, class_code[c], in, rest);
		area.value += one / (double)n;
		area.fewest = fmin(area.fewest, fmin(in.units, rest.units));
		ranking_release(&ranking);
	}
	*out = area;
out:
	free(seen);
	free(class_code);
	ranking_release(&ranking);
	return rc;
}

static double sum_of_squares(const double *value, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += value[i] * value[i];
	return sum;
}

int area_variance(double *out, const double *influence, const struct predictions *p, struct error *err)
{
	double *sum;

	if (!p->cluster) {
		*out = sum_of_squares(influence, p->n);
		return 0;
	}
	sum = mem_array(p->clusters, sizeof(*sum));
	if (!sum)
		return error_nomem(err);
	units_sum(sum, influence, p);
	*out = sum_of_squares(sum, p->clusters);
	free(sum);
	return 0;
}
