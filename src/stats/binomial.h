/*
 * Exact draws from a binomial distribution whose probability stays and whose n changes from draw to draw, as the
 * conditional binomials of a multinomial do. Inversion where n p < 10, else BTRS, rejection from a transformed density
 * with a squeeze (Hormann 1993, Journal of Statistical Computation and Simulation 46:101-110).
 */
#ifndef ASSAY_STATS_BINOMIAL_H
#define ASSAY_STATS_BINOMIAL_H

#include "base/random.h"

struct binomial {
	double p, q; /* p <= 1/2 <= q */
	double log_q, log_odds; /* ln q, ln(p / q) */
	int flipped; /* successes are what q says */
};

void binomial_init(struct binomial *binomial, double p); /* 0 <= p <= 1 */

uint64_t binomial_draw(const struct binomial *binomial, uint64_t n, struct random *random);

#endif
