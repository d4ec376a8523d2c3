/*
 * Scope recipe with recipes that are trained: each trial draws seeds for both sides from one stock of models, and test
 * rows, class by class and with replacement, from the stock's rows. All models are of one recipe: no word is right.
 */
#include "simulate/panel.h"
#include "simulate/population.h"
#include "simulate/recipes.h"

#include "stats/repeated.h"

#define TRIALS_OF_A_STOCK 100

/* Draw `models` different ones of the stock. */
static void draw_models(size_t *model, size_t models, struct random *random)
{
	size_t all[STOCK_MODELS];

	for (size_t i = 0; i < STOCK_MODELS; i++)
		all[i] = i;
	random_shuffle(random, all, STOCK_MODELS);
	for (size_t i = 0; i < models; i++)
		model[i] = all[i];
}

static void draw(struct sample *sample, const struct cell *cell, const struct stock *stock, struct random *random)
{
	size_t model[STOCK_MODELS];

	draw_models(model, sample->models, random);
	for (size_t i = 0; i < cell->rows; i++) {
		size_t row = i < cell->rarer ? random_below(random, STOCK_POSITIVE)
					     : STOCK_POSITIVE + random_below(random, STOCK_ROWS - STOCK_POSITIVE);

		sample->y[i] = i < cell->rarer;
		for (size_t m = 0; m < sample->models; m++) {
			double score = stock->score[model[m] * STOCK_ROWS + row];

			sample_set(sample, m, i, score, score >= 0.5);
		}
	}
}

/* One trial of scope recipe; `unclaimed` cells take one seed a side and the tests of scope model. */
static int judge(struct panel *panel, const struct cell *cell, const struct sample *sample, struct error *err)
{
	struct paired_options options = {.families = panel->families, .judge_log_loss = 1, .threads = 1};
	const struct predictions *set[STOCK_MODELS];
	const struct repeated_side a = {.set = set, .n = cell->units};
	const struct repeated_side b = {.set = set + cell->units, .n = cell->units};
	struct repeated info;
	struct paired_rows rows;

	for (size_t m = 0; m < sample->models; m++)
		set[m] = &sample->p[m];
	if (cell->unclaimed)
		return paired_compare(panel->got, &rows, panel->metric, panel->n, set[0], set[1], &options, err);
	return repeated_compare(panel->got, &info, panel->metric, panel->n, &a, &b, &options, err);
}

static int run_trained(struct outcome *out, const struct cell *cell, enum recipe recipe, size_t trials,
		       struct error *err)
{
	struct stock stock = {0};
	struct sample sample;
	struct panel panel;
	struct random random;
	int rc;

	rc = sample_init(&sample, cell->rows, 2 * cell->units, err);
	if (rc < 0)
		return rc;
	cell_random(&random, cell);
	panel_all(&panel, !cell->unclaimed);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		if (t % TRIALS_OF_A_STOCK == 0) {
			stock_release(&stock);
			rc = stock_make(&stock, recipe, random_u64(&random), err);
		}
		if (rc < 0)
			break;
		draw(&sample, cell, &stock, &random);
		rc = judge(&panel, cell, &sample, err);
		if (rc == 0)
			panel_count_winners(out, &panel);
	}
	stock_release(&stock);
	sample_release(&sample);
	return rc;
}

int run_sgd(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_trained(out, cell, RECIPE_SGD, trials, err);
}

int run_forest(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_trained(out, cell, RECIPE_FOREST, trials, err);
}
