#include "stats/truncated.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define LEVEL 0.05
#define SIMULTANEOUS (LEVEL / 10) /* what the authors recommend */
#define STEPS 60 /* of a bisection: to the last bits of any interval */

static double lower_tail(double x)
{
	return erfc(-x * M_SQRT1_2) / 2;
}

/* P(X <= x) for X normal around mean with variance 1, given that it lies between low and high. */
static double given_bounds(double x, double mean, double low, double high)
{
	double a = low - mean, b = high - mean, at = x - mean, part, whole;

	if (a > 0) { /* the tail where probabilities are small keeps its digits */
		part = lower_tail(-at) - lower_tail(-b);
		whole = lower_tail(-a) - lower_tail(-b);
		return whole > 0 ? 1 - part / whole : 1;
	}
	part = lower_tail(at) - lower_tail(a);
	whole = lower_tail(b) - lower_tail(a);
	return whole > 0 ? part / whole : 0;
}

/* The mean within c of x for which x has `p` below it; falls as p rises. Everything in standard errors. */
static double mean_for(double p, double x, double low, double high, double c)
{
	double from = x - c, to = x + c;

	for (int i = 0; i < STEPS; i++) {
		double mean = (from + to) / 2;

		if (given_bounds(x, mean, fmax(low, mean - c), fmin(high, mean + c)) > p)
			from = mean;
		else
			to = mean;
	}
	return (from + to) / 2;
}

void truncated_interval(double *interval_low, double *interval_high, double x, double se, double low, double high,
			double among)
{
	double c = gsl_cdf_ugaussian_Qinv(SIMULTANEOUS / (2 * among)),
	       tail = (LEVEL - SIMULTANEOUS) / (1 - SIMULTANEOUS) / 2;

	*interval_low = se * mean_for(1 - tail, x / se, low / se, high / se, c);
	*interval_high = se * mean_for(tail, x / se, low / se, high / se, c);
}
