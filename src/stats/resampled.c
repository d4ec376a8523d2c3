#include "stats/resampled.h"

#include "stats/order_statistic.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define DRAWS_IN_TAIL 10

/* How many of n values lie outside on each side at a level; the 1e-9 keeps 0.05 x 10,000 / 2 from being 249. */
static size_t outside(size_t n, double alpha)
{
	return (size_t)((double)n * alpha / 2 + 1e-9);
}

int resampled_interval(double *low, double *high, const double *value, size_t n, double level, struct error *err)
{
	size_t k = outside(n, 1 - level), rank[] = {k, n - 1 - k};
	double at[2];
	int rc;

	rc = order_statistics(at, rank, 2, value, n, err);
	if (rc < 0)
		return rc;
	*low = at[0];
	*high = at[1];
	return 0;
}

static double standard_deviation(const double *value, size_t n)
{
	double sum = 0, squares = 0, mean;

	for (size_t i = 0; i < n; i++)
		sum += value[i];
	mean = sum / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (value[i] - mean) * (value[i] - mean);
	return sqrt(squares / (double)(n - 1));
}

/* The two-sided level whose percentiles have the width that `alpha` asks for with so many rows. */
static double widened(double alpha, double rows)
{
	if (isinf(rows))
		return alpha;
	return 2 * gsl_cdf_ugaussian_Q(sqrt(rows / (rows - 1)) * gsl_cdf_tdist_Qinv(alpha / 2, rows - 1));
}

double resampled_level(double level, double units)
{
	return 1 - widened(1 - level, units);
}

/* The p that a share of draws stands for: the inverse of widened(). */
static double narrowed(double p, double rows)
{
	if (isinf(rows))
		return p;
	return 2 * gsl_cdf_tdist_Q(gsl_cdf_ugaussian_Qinv(p / 2) / sqrt(rows / (rows - 1)), rows - 1);
}

static int by_percentiles(struct resampled *out, const double *value, size_t n, double rows, double family,
			  struct error *err)
{
	size_t rank[2 * BOUNDS], below = 0, above = 0;
	double alpha[BOUNDS], at[2 * BOUNDS];
	int rc;

	bounds_levels(alpha, family);
	for (size_t i = 0; i < BOUNDS; i++) {
		rank[2 * i] = outside(n, widened(alpha[i], rows));
		rank[2 * i + 1] = n - 1 - rank[2 * i];
	}
	rc = order_statistics(at, rank, 2 * BOUNDS, value, n, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		below += value[i] <= 0;
		above += value[i] >= 0;
	}
	for (size_t i = 0; i < BOUNDS; i++) {
		out->bounds.low[i] = at[2 * i];
		out->bounds.high[i] = at[2 * i + 1];
	}
	out->p_floor = narrowed(2 / (double)n, rows);
	below = below < above ? below : above;
	out->p = below * 2 >= n ? 1 : fmax(out->p_floor, narrowed(2 * (double)below / (double)n, rows));
	return 0;
}

int resampled_difference(struct resampled *out, double difference, const double *value, size_t n, double rows,
			 double family, struct error *err)
{
	*out = (struct resampled){.se = standard_deviation(value, n)};
	if ((double)n * widened(0.05 / family, rows) / 2 >= DRAWS_IN_TAIL)
		return by_percentiles(out, value, n, rows, family, err);
	out->beyond = 1;
	bounds_by_quantiles(&out->bounds, &out->p, difference, out->se, isinf(rows) ? rows : rows - 1, family);
	return 0;
}
