/*
 * Scope model: one run a side, the test rows vary. Scores are drawn straight from a distribution (population.h), so
 * that nothing is trained and the truth is known.
 */
#include "simulate/panel.h"
#include "simulate/population.h"

#include <math.h>

/* Average precision is resampled row by row, at a thousand times the price of the others: so rarely in large tests. */
static size_t ranking_every(const struct cell *cell)
{
	return cell->rows <= 1000 ? 2 : cell->rows / 1000;
}

static int judge(struct panel *panel, const struct sample *sample, struct error *err)
{
	struct paired_options options = {.families = panel->families, .judge_log_loss = 1, .threads = 1};
	struct paired_rows rows;

	return paired_compare(panel->got, &rows, panel->metric, panel->n, &sample->p[0], &sample->p[1], &options, err);
}

/* Two models whose scores can be exchanged: whatever names one of them better or worse is wrong. */
static int run_equal(struct outcome *out, const struct cell *cell, size_t together, size_t trials, struct error *err)
{
	struct population population = population_make(cell->rows, cell->rarer, together, cell->alike);
	const double mean[] = {population.mean, population.mean};
	struct sample sample;
	struct panel panel;
	struct random random;
	int rc;

	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, 2, err);
	if (rc == 0 && together > 1)
		rc = sample_cluster(&sample, together, err);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(&sample, &population, mean, &random);
		panel_all(&panel, t % ranking_every(cell) == 0);
		rc = judge(&panel, &sample, err);
		if (rc == 0)
			panel_count_winners(out, &panel);
	}
	sample_release(&sample);
	return rc;
}

int run_labels(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_equal(out, cell, 1, trials, err);
}

int run_clusters(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_equal(out, cell, 10, trials, err);
}

/*
 * A run that is worse by exactly the margin, which is some four standard errors: whatever calls it equivalent or not
 * worse is wrong.
 */
int run_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct population population = population_make(cell->rows, cell->rarer, 1, cell->alike);
	double mean[2] = {population.mean, population.mean}, margin[RATE_METRICS];
	struct sample sample;
	struct panel panel;
	struct random random;
	int rc;

	mean[0] -= 4 * sqrt(2 * (1 - cell->alike) / (double)cell->rarer);
	for (size_t m = 0; m < RATE_METRICS; m++)
		margin[m] = fabs(population_value(&population, judged[m], mean[0]) -
				 population_value(&population, judged[m], mean[1]));
	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, 2, err);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(&sample, &population, mean, &random);
		panel_all(&panel, t % ranking_every(cell) == 0);
		rc = judge(&panel, &sample, err);
		if (rc == 0)
			panel_count_margin(out, &panel, margin);
	}
	sample_release(&sample);
	return rc;
}

/* What one metric states as detectable in a world with these means, on average. */
static int mean_detectable(double *detectable, struct panel *panel, struct sample *sample,
			   const struct population *population, const double mean[2], struct random *random,
			   struct error *err)
{
	enum { PILOTS = 60 };
	double sum = 0;

	for (int t = 0; t < PILOTS; t++) {
		int rc;

		sample_draw(sample, population, mean, random);
		rc = judge(panel, sample, err);
		if (rc < 0)
			return rc;
		sum += panel->got[0].detectable;
	}
	*detectable = sum / PILOTS;
	return 0;
}

/* One metric in one size of family: make the truth differ by what is stated as detectable, count "better". */
static int power_of(struct outcome *out, const struct cell *cell, struct panel *panel, struct sample *sample,
		    size_t trials, struct random *random, struct error *err)
{
	const struct metric *metric = panel->metric[0];
	struct population population = population_make(cell->rows, cell->rarer, 1, cell->alike);
	double mean[2] = {population.mean, population.mean}, detectable;
	int rc = 0;

	for (int i = 0; rc == 0 && i < 2; i++) { /* once between equals, once where the difference is about right */
		rc = mean_detectable(&detectable, panel, sample, &population, mean, random, err);
		if (rc == 0)
			mean[1] = population_worse(&population, metric, mean[0], detectable);
	}
	if (isnan(mean[1]))
		return rc;
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(sample, &population, mean, random);
		rc = judge(panel, sample, err);
		if (rc == 0)
			panel_count_power(out, panel, CLAIM_POWER);
	}
	return rc;
}

int run_power(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct sample sample;
	struct random random;
	int rc;

	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, 2, err);
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; rc == 0 && m < RATE_METRICS; m++) {
			struct panel panel = {.n = 0};

			panel_add(&panel, m, f);
			rc = power_of(out, cell, &panel, &sample, trials, &random, err);
		}
	sample_release(&sample);
	return rc;
}
