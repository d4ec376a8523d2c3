#include "stats/area_margin.h"

#include "base/mem.h"
#include "stats/units.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define LEAST_MISPLACED 2

struct moments {
	double aa, bb, ab; /* variances and covariance */
	double dd, dddd; /* of the differences: sums of squares and of fourth powers */
};

static void add(struct moments *m, double a, double b)
{
	double square = (a - b) * (a - b);

	m->aa += a * a;
	m->bb += b * b;
	m->ab += a * b;
	m->dd += square;
	m->dddd += square * square;
}

static int add_units(struct moments *m, const double *a, const double *b, const struct predictions *p,
		     struct error *err)
{
	double *of_a = NULL, *of_b = NULL;
	int rc = 0;

	if (!p->cluster) {
		for (size_t i = 0; i < p->n; i++)
			add(m, a[i], b[i]);
		return 0;
	}
	of_a = mem_array(p->clusters, sizeof(*of_a));
	of_b = mem_array(p->clusters, sizeof(*of_b));
	if (!of_a || !of_b) {
		rc = error_nomem(err);
		goto out;
	}
	units_sum(of_a, a, p);
	units_sum(of_b, b, p);
	for (size_t i = 0; i < p->clusters; i++)
		add(m, of_a[i], of_b[i]);
out:
	free(of_a);
	free(of_b);
	return rc;
}

/* How far the interval of an area reaches down and up, t standard errors on the logit scale. */
static void reach(double *down, double *up, double area, double variance, double t)
{
	double logit, away;

	*down = *up = 0;
	if (area <= 0 || area >= 1)
		return;
	logit = log(area / (1 - area));
	away = t * sqrt(variance) / (area * (1 - area));
	*down = area - 1 / (1 + exp(away - logit));
	*up = 1 / (1 + exp(-away - logit)) - area;
}

int area_margin(double *low, double *high, const struct area *a, const struct area *b, const double *influence_a,
		const double *influence_b, const struct predictions *p, double alpha, struct error *err)
{
	double t, r, down_a, up_a, down_b, up_b, difference = a->value - b->value;
	struct moments m = {0};
	int rc;

	rc = add_units(&m, influence_a, influence_b, p, err);
	if (rc < 0 || m.dd <= 0)
		return rc;
	if (a->fewest * (1 - (a->value + b->value) / 2) < LEAST_MISPLACED) {
		*low = -HUGE_VAL;
		*high = HUGE_VAL;
		return 0;
	}
	t = gsl_cdf_tdist_Qinv(alpha / 2, fmax(1, fmin(a->fewest - 1, 2 * m.dd * m.dd / m.dddd)));
	r = m.aa > 0 && m.bb > 0 ? m.ab / sqrt(m.aa * m.bb) : 0;
	reach(&down_a, &up_a, a->value, m.aa, t);
	reach(&down_b, &up_b, b->value, m.bb, t);
	*low = difference - sqrt(fmax(0, down_a * down_a + up_b * up_b - 2 * r * down_a * up_b));
	*high = difference + sqrt(fmax(0, up_a * up_a + down_b * down_b - 2 * r * up_a * down_b));
	return 0;
}
