#include "stats/mcnemar.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

double mcnemar_midp(double fixed, double broken)
{
	unsigned fewer = (unsigned)fmin(fixed, broken), changed = (unsigned)(fixed + broken);
	double seen;

	if (changed == 0)
		return 1;
	seen = gsl_ran_binomial_pdf(fewer, 0.5, changed);
	if (fixed == broken)
		return 1 - seen / 2;
	return 2 * gsl_cdf_binomial_P(fewer, 0.5, changed) - seen;
}
