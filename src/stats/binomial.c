#include "stats/binomial.h"

#include <math.h>

#define INVERSION_BELOW 10.0

void binomial_init(struct binomial *binomial, double p)
{
	binomial->flipped = p > 0.5;
	binomial->p = binomial->flipped ? 1 - p : p;
	binomial->q = 1 - binomial->p;
	binomial->log_q = log1p(-binomial->p);
	binomial->log_odds = log(binomial->p) - binomial->log_q;
}

static uint64_t by_inversion(const struct binomial *b, double n, struct random *random)
{
	double odds = b->p / b->q, first = exp(n * b->log_q);

	for (;;) {
		double u = random_unit(random), chance = first, k = 0;

		while (u > chance && k < n) {
			u -= chance;
			k++;
			chance *= odds * (n - k + 1) / k;
			if (chance < 1e-300)
				break;
		}
		if (u <= chance)
			return (uint64_t)k;
	}
}

/* ln k!, k a whole number: Stirling's series, the first terms by table. */
static double log_factorial(double k)
{
	static const double small[] = {0.0,
				       0.0,
				       0.69314718055994531,
				       1.7917594692280550,
				       3.1780538303479458,
				       4.7874917427820460,
				       6.5792512120101012,
				       8.5251613610654147,
				       10.604602902745250,
				       12.801827480081469};
	double inverse, square;

	if (k < 10)
		return small[(int)k];
	inverse = 1 / k;
	square = inverse * inverse;
	return (k + 0.5) * log(k) - k + 0.91893853320467274 +
	       inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
}

static uint64_t by_rejection(const struct binomial *b, double n, struct random *random)
{
	double spread = sqrt(n * b->p * b->q), width = 1.15 + 2.53 * spread,
	       lean = -0.0873 + 0.0248 * width + 0.01 * b->p;
	double centre = n * b->p + 0.5, squeeze = 0.92 - 4.2 / width;

	for (;;) {
		double u = random_unit(random) - 0.5, v = random_unit(random), edge = 0.5 - fabs(u), k, mode;

		k = floor((2 * lean / edge + width) * u + centre);
		if (edge >= 0.07 && v <= squeeze)
			return (uint64_t)k;
		if (!(k >= 0 && k <= n))
			continue;
		mode = floor((n + 1) * b->p);
		v *= (2.83 + 5.1 / width) * spread / (lean / (edge * edge) + width);
		if (log(v) <= log_factorial(mode) + log_factorial(n - mode) - log_factorial(k) - log_factorial(n - k) +
				      (k - mode) * b->log_odds)
			return (uint64_t)k;
	}
}

uint64_t binomial_draw(const struct binomial *binomial, uint64_t n, struct random *random)
{
	uint64_t k = 0;

	if (n > 0 && binomial->p > 0)
		k = (double)n * binomial->p < INVERSION_BELOW ? by_inversion(binomial, (double)n, random)
							      : by_rejection(binomial, (double)n, random);
	return binomial->flipped ? n - k : k;
}
