#include "site/page/rates.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

#define RATE(scope, claim, null, rows, rarer, units, family, ...) \
	{scope, claim, null, rows, rarer, units, family, {PAIRS(__VA_ARGS__)}},
#define PAIR(hits, trials)   \
	{                    \
		hits, trials \
	}
#define PAIRS(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) \
	PAIR(a, b), PAIR(c, d), PAIR(e, f), PAIR(g, h), PAIR(i, j), PAIR(k, l), PAIR(m, n), PAIR(o, p)

const struct rate rates[] = {
#include "site/page/rates.def"
	{.scope = NULL},
};

#define LEVEL 0.05
#define POWER 0.8
#define POWER_OFF 0.03
#define CHANCE 0.00135 /* of a normal number above three */

/* The chance of k or more hits in n trials. */
static double at_least(unsigned k, unsigned n, double rate)
{
	return k == 0 ? 1 : gsl_cdf_binomial_Q(k - 1, rate, n);
}

int rate_has_limit(const char *claim)
{
	return strcmp(claim, "power_estimated") != 0 && strcmp(claim, "unclaimed") != 0;
}

int rate_is_off(const char *claim, size_t family, size_t hits, size_t trials)
{
	unsigned n = (unsigned)trials, k = (unsigned)hits;

	if (trials == 0 || !rate_has_limit(claim))
		return 0;
	if (strcmp(claim, "power") == 0)
		return at_least(k, n, POWER + POWER_OFF) < CHANCE ||
		       gsl_cdf_binomial_P(k, POWER - POWER_OFF, n) < CHANCE;
	return at_least(k, n, LEVEL / (double)family) < CHANCE;
}
