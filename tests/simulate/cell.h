/*
 * Simulation of the verdicts: worlds whose truth is known, judged by the program's own tests and judge_verdict(), and
 * the words counted. One cell is one world (which null, rows, rarer class, seeds); the list of all is in cells.c.
 *
 * Shared by the program behind `make simulate` (simulate.c) and by test_rates.c, which runs the quick cells with fewer
 * trials and with limits.
 */
#ifndef ASSAY_TESTS_SIMULATE_CELL_H
#define ASSAY_TESTS_SIMULATE_CELL_H

#include "base/random.h"
#include "site/page/rates.h"
#include "stats/paired.h"

enum claim { CLAIM_WINNER, CLAIM_EQUIVALENT, CLAIM_NOT_WORSE, CLAIM_POWER, CLAIM_POWER_ESTIMATED, CLAIMS };
extern const char *const claim_name[CLAIMS];

#define FAMILIES 2 /* of one comparison, and of ten */
extern const size_t family_size[FAMILIES];

extern const struct metric *const judged[RATE_METRICS]; /* as RATE_METRIC_NAMES has them */

struct outcome {
	size_t hits[CLAIMS][FAMILIES][RATE_METRICS], trials[CLAIMS][FAMILIES][RATE_METRICS];
};

/* Count one more trial, and whether it named the word of the claim. */
static inline void outcome_count(struct outcome *outcome, enum claim claim, size_t family, size_t metric, int hit)
{
	outcome->hits[claim][family][metric] += hit != 0;
	outcome->trials[claim][family][metric]++;
}

struct cell {
	const char *scope, *null; /* as in struct rate */
	size_t rows, rarer, units;
	size_t trials; /* of `make simulate` */
	size_t quick; /* of `make check`; 0: not run there */
	double alike; /* what the two sides have in common: the correlation of their scores */
	int unclaimed; /* 1: shown for information, the verdict does not claim this null */
	/* Run so many trials; the same trials for the same cell, always. ERR_NOMEM, or what the judge says. */
	int (*run)(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
};

extern const struct cell cells[]; /* ends with a scope of NULL */

/* The stream of random numbers of a cell: from all that names it, so that a new cell changes no other. */
void cell_random(struct random *random, const struct cell *cell);

/* The worlds, one function a kind: scope_model.c, scope_recipe.c, scope_recipe_trained.c, scope_change.c. */
int run_labels(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_clusters(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_power(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_seeds(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_seeds_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_seeds_power(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_deterministic(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_sgd(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_halves(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_halves_moved(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_halves_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);
int run_forest(struct outcome *out, const struct cell *cell, size_t trials, struct error *err);

#endif
