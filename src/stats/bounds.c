#include "stats/bounds.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define HALVINGS 60
#define LEAST_P 1e-300

void bounds_levels(double alpha[BOUNDS], double family)
{
	alpha[BOUND_PLAIN] = 0.05;
	alpha[BOUND_CORRECTED] = 0.05 / family;
	alpha[BOUND_TOST] = 0.1 / family;
}

static double quantile(double tail, double df)
{
	return isinf(df) ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_tdist_Qinv(tail, df);
}

static double beyond(double t, double df)
{
	return 2 * (isinf(df) ? gsl_cdf_ugaussian_Q(t) : gsl_cdf_tdist_Q(t, df));
}

void bounds_by_quantiles(struct bounds *out, double *p, double difference, double se, double df, double family)
{
	const struct bounds_part part = {se * se, df};

	bounds_by_parts(out, p, difference, &part, 1, family);
}

double bounds_half(const struct bounds_part *part, size_t n, double alpha)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double q = part[i].variance > 0 ? quantile(alpha / 2, part[i].df) : 0;

		sum += q * q * part[i].variance;
	}
	return sqrt(sum);
}

/* The level lies between those that the parts' laws would give alone to the whole standard error. */
static double level_of(double half, const struct bounds_part *part, size_t n)
{
	double variance = 0, low = 1, high = LEAST_P;

	for (size_t i = 0; i < n; i++)
		variance += part[i].variance;
	if (variance <= 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		double alone = part[i].variance > 0 ? beyond(half / sqrt(variance), part[i].df) : NAN;

		low = fmin(low, alone);
		high = fmax(high, alone);
	}
	for (int i = 0; i < HALVINGS && low < high; i++) {
		double middle = sqrt(fmax(low, LEAST_P) * high);

		if (bounds_half(part, n, middle) > half)
			low = middle;
		else
			high = middle;
	}
	return high;
}

void bounds_by_parts(struct bounds *out, double *p, double difference, const struct bounds_part *part, size_t n,
		     double family)
{
	double alpha[BOUNDS];

	bounds_levels(alpha, family);
	for (int i = 0; i < BOUNDS; i++) {
		double half = bounds_half(part, n, alpha[i]);

		out->low[i] = difference - half;
		out->high[i] = difference + half;
	}
	*p = difference == 0 ? 1 : level_of(fabs(difference), part, n);
}
