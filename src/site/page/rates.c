#include "site/page/rates.h"

#include <math.h>
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

int rate_is_off(const char *claim, size_t family, size_t hits, size_t trials)
{
	double limit = 0.05 / (double)family, share = (double)hits / (double)trials, n = (double)trials;

	if (trials == 0 || strcmp(claim, "unclaimed") == 0)
		return 0;
	if (strcmp(claim, "power") == 0)
		return fabs(share - 0.8) > 0.03 + 3 * sqrt(0.8 * 0.2 / n);
	return share > limit + 3 * sqrt(limit * (1 - limit) / n);
}
