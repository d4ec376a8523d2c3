#include "stats/bounds.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

void bounds_levels(double alpha[BOUNDS], double family)
{
	alpha[BOUND_PLAIN] = 0.05;
	alpha[BOUND_CORRECTED] = 0.05 / family;
	alpha[BOUND_TOST] = 0.1 / family;
}

void bounds_by_quantiles(struct bounds *out, double *p, double difference, double se, double df, double family)
{
	double alpha[BOUNDS], t = fabs(difference) / se;

	bounds_levels(alpha, family);
	for (int i = 0; i < BOUNDS; i++) {
		double q = isinf(df) ? gsl_cdf_ugaussian_Qinv(alpha[i] / 2) : gsl_cdf_tdist_Qinv(alpha[i] / 2, df);

		out->low[i] = difference - q * se;
		out->high[i] = difference + q * se;
	}
	if (difference == 0)
		*p = 1;
	else
		*p = 2 * (isinf(df) ? gsl_cdf_ugaussian_Q(t) : gsl_cdf_tdist_Q(t, df));
}
