/*
 * Scope model: one run a side, the test rows vary. Scores are drawn straight from a distribution (population.h), so
 * that nothing is trained and the truth is known.
 */
#include "simulate/cell.h"
#include "simulate/population.h"

#include "judge/judge.h"

#include <math.h>
#include <string.h>

/* Average precision is resampled row by row, at a thousand times the price of the others: so rarely in large tests. */
static size_t ranking_every(const struct cell *cell)
{
	return cell->rows <= 1000 ? 2 : cell->rows / 1000;
}

/* What one trial judges: every metric in both sizes of family. */
struct panel {
	const struct metric *metric[FAMILIES * RATE_METRICS];
	size_t families[FAMILIES * RATE_METRICS];
	size_t of[FAMILIES * RATE_METRICS], in[FAMILIES * RATE_METRICS]; /* which metric, which family */
	size_t n;
	struct paired got[FAMILIES * RATE_METRICS];
};

static void panel_add(struct panel *panel, size_t metric, size_t family)
{
	panel->metric[panel->n] = judged[metric];
	panel->families[panel->n] = family_size[family];
	panel->of[panel->n] = metric;
	panel->in[panel->n] = family;
	panel->n++;
}

static void panel_make(struct panel *panel, const struct cell *cell, size_t trial)
{
	panel->n = 0;
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; m < RATE_METRICS; m++)
			if (judged[m]->kind != METRIC_RANKING || trial % ranking_every(cell) == 0)
				panel_add(panel, m, f);
}

static int panel_judge(struct panel *panel, const struct sample *sample, struct error *err)
{
	struct paired_options options = {.families = panel->families, .judge_log_loss = 1, .threads = 1};
	struct paired_rows rows;

	return paired_compare(panel->got, &rows, panel->metric, panel->n, &sample->p[0], &sample->p[1], &options, err);
}

static const char *word_of(const struct paired *p, double margin)
{
	return judge_verdict(p->corrected_low, p->corrected_high, p->tost_low, p->tost_high, margin, p->too_few,
			     p->metric->better == BETTER_LOWER);
}

static int is(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

/* Two models whose scores can be exchanged: whatever names one of them better or worse is wrong. */
int run_labels(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	double mean[2];
	struct population population = population_make(cell->rows, cell->rarer, cell->alike, mean);
	struct sample sample;
	struct panel panel;
	struct random random;
	int rc;

	mean[1] = mean[0];
	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, err);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(&sample, &population, mean, &random);
		panel_make(&panel, cell, t);
		rc = panel_judge(&panel, &sample, err);
		for (size_t i = 0; rc == 0 && i < panel.n; i++) {
			const char *word = word_of(&panel.got[i], NAN);

			outcome_count(out, CLAIM_WINNER, panel.in[i], panel.of[i],
				      is(word, "better") || is(word, "worse"));
		}
	}
	sample_release(&sample);
	return rc;
}

/*
 * A run that is worse by exactly the margin, which is some four standard errors: whatever calls it equivalent or not
 * worse is wrong.
 */
int run_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	double mean[2], margin[RATE_METRICS];
	struct population population = population_make(cell->rows, cell->rarer, cell->alike, &mean[1]);
	struct sample sample;
	struct panel panel;
	struct random random;
	int rc;

	mean[0] = mean[1] - 4 * sqrt(2 * (1 - cell->alike) / (double)cell->rarer);
	for (size_t m = 0; m < RATE_METRICS; m++)
		margin[m] = fabs(population_value(&population, judged[m], mean[0]) -
				 population_value(&population, judged[m], mean[1]));
	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, err);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(&sample, &population, mean, &random);
		panel_make(&panel, cell, t);
		rc = panel_judge(&panel, &sample, err);
		for (size_t i = 0; rc == 0 && i < panel.n; i++) {
			const char *word = word_of(&panel.got[i], margin[panel.of[i]]);
			int equivalent = is(word, "equivalent");

			outcome_count(out, CLAIM_EQUIVALENT, panel.in[i], panel.of[i], equivalent);
			outcome_count(out, CLAIM_NOT_WORSE, panel.in[i], panel.of[i],
				      equivalent || is(word, "not_worse") || is(word, "better"));
		}
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
		rc = panel_judge(panel, sample, err);
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
	double mean[2], detectable;
	struct population population = population_make(cell->rows, cell->rarer, cell->alike, &mean[0]);
	int rc = 0;

	mean[1] = mean[0];
	for (int i = 0; rc == 0 && i < 2; i++) { /* once between equals, once where the difference is about right */
		rc = mean_detectable(&detectable, panel, sample, &population, mean, random, err);
		if (rc == 0)
			mean[1] = population_solve(&population, metric, mean[0], detectable);
	}
	if (isnan(mean[1]))
		return rc;
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		sample_draw(sample, &population, mean, random);
		rc = panel_judge(panel, sample, err);
		if (rc == 0)
			outcome_count(out, CLAIM_POWER, panel->in[0], panel->of[0],
				      is(word_of(&panel->got[0], NAN), "better"));
	}
	return rc;
}

int run_power(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct sample sample;
	struct random random;
	int rc;

	cell_random(&random, cell);
	rc = sample_init(&sample, cell->rows, err);
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; rc == 0 && m < RATE_METRICS; m++) {
			struct panel panel = {.n = 0};

			panel_add(&panel, m, f);
			rc = power_of(out, cell, &panel, &sample, trials, &random, err);
		}
	sample_release(&sample);
	return rc;
}
