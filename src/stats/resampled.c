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

static void by_quantiles(struct resampled *out, double difference, double family)
{
	double z = gsl_cdf_ugaussian_Qinv(0.025), corrected = gsl_cdf_ugaussian_Qinv(0.025 / family);

	out->low = difference - z * out->se;
	out->high = difference + z * out->se;
	out->corrected_low = difference - corrected * out->se;
	out->corrected_high = difference + corrected * out->se;
	out->p = difference == 0 ? 1 : 2 * gsl_cdf_ugaussian_Q(fabs(difference) / out->se);
}

static int by_percentiles(struct resampled *out, const double *value, size_t n, double family, struct error *err)
{
	size_t plain = outside(n, 0.05), corrected = outside(n, 0.05 / family), below = 0, above = 0, fewer;
	size_t rank[] = {plain, n - 1 - plain, corrected, n - 1 - corrected};
	double at[4];
	int rc;

	rc = order_statistics(at, rank, 4, value, n, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		below += value[i] <= 0;
		above += value[i] >= 0;
	}
	fewer = below < above ? below : above;
	out->low = at[0];
	out->high = at[1];
	out->corrected_low = at[2];
	out->corrected_high = at[3];
	out->p_floor = 2 / (double)n;
	out->p = fmin(1, fmax(out->p_floor, 2 * (double)fewer / (double)n));
	return 0;
}

int resampled_difference(struct resampled *out, double difference, const double *value, size_t n, double family,
			 struct error *err)
{
	*out = (struct resampled){.se = standard_deviation(value, n)};
	if ((double)n * 0.025 / family >= DRAWS_IN_TAIL)
		return by_percentiles(out, value, n, family, err);
	out->beyond = 1;
	by_quantiles(out, difference, family);
	return 0;
}
