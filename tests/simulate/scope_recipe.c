/*
 * Scope recipe: several seeds a side, one training set, the test rows vary. Scores are drawn from a distribution whose
 * mean each seed moves a little, so that the truth is known; what trained recipes do is in recipes.c.
 */
#include "simulate/panel.h"
#include "simulate/population.h"

#include "base/mem.h"
#include "stats/repeated.h"

#include <math.h>
#include <stdlib.h>

/* A seed moves the mean by a normal number of this many standard errors of a mean over the rarer class. */
#define SEED_SPREAD 1.0

struct world {
	const struct cell *cell;
	struct population population;
	struct sample sample; /* a's models, then b's */
	const struct predictions **set;
	size_t of_a, of_b; /* models a side */
	double mean_a, mean_b, spread_a, spread_b;
	double *mean; /* [of_a + of_b] of each model */
	struct random random;
};

static void world_release(struct world *world)
{
	sample_release(&world->sample);
	free(world->set);
	free(world->mean);
}

/* deterministic_b: b is one model without a spread. */
static int world_init(struct world *out, const struct cell *cell, int deterministic_b, struct error *err)
{
	size_t models;
	int rc;

	*out = (struct world){.cell = cell, .of_a = cell->units, .of_b = deterministic_b ? 1 : cell->units};
	models = out->of_a + out->of_b;
	out->population = population_make(cell->rows, cell->rarer, 1, cell->alike);
	out->mean_a = out->mean_b = out->population.mean;
	out->spread_a = SEED_SPREAD * sqrt((1 - cell->alike) / (double)cell->rarer);
	out->spread_b = deterministic_b ? 0 : out->spread_a;
	out->mean = mem_array(models, sizeof(*out->mean));
	out->set = mem_array(models, sizeof(*out->set));
	cell_random(&out->random, cell);
	rc = out->mean && out->set ? sample_init(&out->sample, cell->rows, models, err) : error_nomem(err);
	for (size_t i = 0; rc == 0 && i < models; i++)
		out->set[i] = &out->sample.p[i];
	if (rc < 0)
		world_release(out);
	return rc;
}

/* The metric's expectation over a normal mean, by the three points of Gauss and Hermite. */
static double expected(const struct world *world, const struct metric *metric, double mean, double spread)
{
	double away = sqrt(3) * spread;

	return 2. / 3 * population_value(&world->population, metric, mean) +
	       1. / 6 * population_value(&world->population, metric, mean - away) +
	       1. / 6 * population_value(&world->population, metric, mean + away);
}

static int world_judge(struct panel *panel, struct world *world, struct error *err)
{
	const struct repeated_side a = {.set = world->set, .n = world->of_a};
	const struct repeated_side b = {
		.set = world->set + world->of_a, .n = world->of_b, .deterministic = world->of_b == 1};
	struct paired_options options = {.families = panel->families, .judge_log_loss = 1, .threads = 1};
	struct repeated info;
	size_t models = world->of_a + world->of_b;

	for (size_t i = 0; i < models; i++)
		world->mean[i] = (i < world->of_a ? world->mean_a : world->mean_b) +
				 (i < world->of_a ? world->spread_a : world->spread_b) * random_normal(&world->random);
	sample_draw(&world->sample, &world->population, world->mean, &world->random);
	return repeated_compare(panel->got, &info, panel->metric, panel->n, &a, &b, &options, err);
}

/* Seeds of one recipe on both sides. With two seeds a side nothing may be judged at all. */
int run_seeds(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct world world;
	struct panel panel;
	int rc;

	rc = world_init(&world, cell, 0, err);
	if (rc < 0)
		return rc;
	panel_all(&panel, 1);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		rc = world_judge(&panel, &world, err);
		if (rc == ERR_INPUT && cell->units < REPEATED_SEEDS) { /* refused: no word */
			panel_undefined(&panel);
			error_clear(err);
			rc = 0;
		}
		if (rc == 0)
			panel_count_winners(out, &panel);
	}
	world_release(&world);
	return rc;
}

/*
 * Seeds against a recipe without any, which counts as repeated. Its mean is such that one metric is equal in truth, so
 * that each metric has trials of its own.
 */
int run_deterministic(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct world world;
	int rc;

	rc = world_init(&world, cell, 1, err);
	if (rc < 0)
		return rc;
	for (size_t m = 0; rc == 0 && m < RATE_METRICS; m++) {
		struct panel panel = {.n = 0};

		world.mean_b = population_mean(&world.population, judged[m],
					       expected(&world, judged[m], world.mean_a, world.spread_a));
		for (size_t f = 0; f < FAMILIES; f++)
			panel_add(&panel, m, f);
		for (size_t t = 0; rc == 0 && t < trials; t++) {
			rc = world_judge(&panel, &world, err);
			if (rc == 0)
				panel_count_winners(out, &panel);
		}
	}
	world_release(&world);
	return rc;
}

/* A recipe that is worse by exactly the margin, some four standard errors of rows and seeds together. */
int run_seeds_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	double margin[RATE_METRICS];
	struct world world;
	struct panel panel;
	double variance;
	int rc;

	rc = world_init(&world, cell, 0, err);
	if (rc < 0)
		return rc;
	variance = 2 * ((1 - cell->alike) / (double)cell->rarer + world.spread_a * world.spread_a) /
		   (double)cell->units;
	world.mean_a -= 4 * sqrt(variance);
	for (size_t m = 0; m < RATE_METRICS; m++)
		margin[m] = fabs(expected(&world, judged[m], world.mean_a, world.spread_a) -
				 expected(&world, judged[m], world.mean_b, world.spread_b));
	panel_all(&panel, 1);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		rc = world_judge(&panel, &world, err);
		if (rc == 0)
			panel_count_margin(out, &panel, margin);
	}
	world_release(&world);
	return rc;
}

/* What one metric states as detectable, on average, as the two recipes stand. */
static int mean_detectable(double *detectable, struct panel *panel, struct world *world, struct error *err)
{
	enum { PILOTS = 200 };
	double sum = 0;

	for (int t = 0; t < PILOTS; t++) {
		int rc = world_judge(panel, world, err);

		if (rc < 0)
			return rc;
		sum += panel->got[0].detectable;
	}
	*detectable = sum / PILOTS;
	return 0;
}

/* One metric in one family: a better by what is stated as detectable; count "better". */
static int power_of(struct outcome *out, struct panel *panel, struct world *world, size_t trials, struct error *err)
{
	double detectable;
	int rc = 0;

	world->mean_b = world->mean_a;
	for (int i = 0; rc == 0 && i < 2; i++) {
		rc = mean_detectable(&detectable, panel, world, err);
		if (rc == 0)
			world->mean_b = population_worse(&world->population, panel->metric[0], world->mean_a,
							 detectable);
		if (isnan(world->mean_b))
			return rc;
	}
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		rc = world_judge(panel, world, err);
		if (rc == 0)
			panel_count_power(out, panel, CLAIM_POWER_ESTIMATED);
	}
	return rc;
}

int run_seeds_power(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct world world;
	int rc;

	rc = world_init(&world, cell, 0, err);
	if (rc < 0)
		return rc;
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; rc == 0 && m < RATE_METRICS; m++) {
			struct panel panel = {.n = 0};

			panel_add(&panel, m, f);
			rc = power_of(out, &panel, &world, trials, err);
		}
	world_release(&world);
	return rc;
}
