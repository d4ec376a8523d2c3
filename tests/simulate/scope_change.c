/*
 * Scope change: two recipes on shared random splits, data drawn anew each trial. Both are linear discriminants, one on
 * each half of the features; the halves are alike in distribution, so that neither recipe is better whatever was drawn.
 * For the margin one half tells less; the truth is then the mean over all trials.
 */
#include "simulate/panel.h"
#include "simulate/population.h"

#include "base/mem.h"
#include "stats/repeated.h"

#include <math.h>
#include <stdlib.h>

#define SPLITS_MOST 10
#define HALF 3 /* features a recipe */
#define COMMON 0.7 /* of all features of a row, in standard deviations of what each has of its own */
#define TEST_TO_TRAIN 0.25 /* a fifth of the rows tests */

struct world {
	const struct cell *cell;
	size_t rows, positives; /* of the whole data, the positive ones first */
	double shift[2]; /* what the positive class adds to each feature of a half */
	int moved; /* 1: cut halfway between the classes as trained; 0: at probability 0.5 */
	double *x; /* [rows][2 x HALF] */
	size_t *order; /* [rows] each class shuffled: the first of them test */
	struct sample *sample; /* [splits] its test rows, as both recipes see them */
	size_t *row; /* [splits][test rows] which rows those are */
	double *value[2]; /* [RATE_METRICS][splits] */
	struct random random;
};

static void world_release(struct world *world)
{
	free(world->x);
	free(world->order);
	free(world->value[0]);
	free(world->value[1]);
	free(world->row);
	for (size_t i = 0; world->sample && i < world->cell->units; i++)
		sample_release(&world->sample[i]);
	free(world->sample);
}

/* What separates the classes as far as those of population.h: the distance by all features of a half together. */
static double shift_of(const struct cell *cell)
{
	double variance = COMMON * COMMON + 1. / HALF; /* of the mean of a half */

	return population_make(cell->rows, cell->rarer, 1, 0).mean * sqrt(variance);
}

static int world_init(struct world *out, const struct cell *cell, struct error *err)
{
	size_t times = 1 + (size_t)(1 / TEST_TO_TRAIN);
	int rc;

	*out = (struct world){.cell = cell, .rows = cell->rows * times, .positives = cell->rarer * times};
	out->shift[0] = out->shift[1] = shift_of(cell);
	out->x = mem_array(out->rows, 2 * HALF * sizeof(*out->x));
	out->order = mem_array(out->rows, sizeof(*out->order));
	out->value[0] = mem_array(cell->units, RATE_METRICS * sizeof(double));
	out->value[1] = mem_array(cell->units, RATE_METRICS * sizeof(double));
	cell_random(&out->random, cell);
	out->sample = mem_zeroed(cell->units, sizeof(*out->sample));
	out->row = mem_array(cell->units * cell->rows, sizeof(*out->row));
	rc = out->x && out->order && out->value[0] && out->value[1] && out->sample && out->row ? 0 : error_nomem(err);
	for (size_t i = 0; rc == 0 && i < cell->units; i++)
		rc = sample_init(&out->sample[i], cell->rows, 2, err);
	if (rc < 0)
		world_release(out);
	return rc;
}

static void draw_data(struct world *world)
{
	for (size_t i = 0; i < world->rows; i++) {
		double *x = world->x + i * 2 * HALF;
		double common = COMMON * random_normal(&world->random);

		for (size_t f = 0; f < 2 * HALF; f++)
			x[f] = (i < world->positives ? world->shift[f / HALF] : 0) + common +
			       random_normal(&world->random);
		world->order[i] = i;
	}
}

static int is_test(const struct world *world, size_t place)
{
	return place < world->cell->rarer ||
	       (place >= world->positives && place < world->positives + world->cell->rows - world->cell->rarer);
}

/* w of the linear system S w = d, by Gauss's elimination; S is positive definite. */
static void solve(double w[HALF], double s[HALF][HALF], const double d[HALF])
{
	for (int f = 0; f < HALF; f++)
		w[f] = d[f];
	for (int p = 0; p < HALF; p++)
		for (int f = p + 1; f < HALF; f++) {
			double factor = s[f][p] / s[p][p];

			for (int g = p; g < HALF; g++)
				s[f][g] -= factor * s[p][g];
			w[f] -= factor * w[p];
		}
	for (int p = HALF - 1; p >= 0; p--) {
		for (int g = p + 1; g < HALF; g++)
			w[p] -= s[p][g] * w[g];
		w[p] /= s[p][p];
	}
}

/* Fisher's discriminant of the training rows: weights, then the constant that makes it a log of odds. */
static void fit(double weight[HALF + 1], const struct world *world, size_t half)
{
	double n[2] = {0}, mean[2][HALF] = {{0}}, s[HALF][HALF] = {{0}}, d[HALF];

	for (size_t place = 0; place < world->rows; place++) {
		const double *x = world->x + world->order[place] * 2 * HALF + half * HALF;
		int y = place < world->positives;

		if (is_test(world, place))
			continue;
		n[y]++;
		for (int f = 0; f < HALF; f++) {
			mean[y][f] += x[f];
			for (int g = 0; g < HALF; g++)
				s[f][g] += x[f] * x[g];
		}
	}
	for (int f = 0; f < HALF; f++) {
		for (int y = 0; y < 2; y++)
			mean[y][f] /= n[y];
		d[f] = mean[1][f] - mean[0][f];
	}
	for (int f = 0; f < HALF; f++)
		for (int g = 0; g < HALF; g++)
			s[f][g] = (s[f][g] - n[0] * mean[0][f] * mean[0][g] - n[1] * mean[1][f] * mean[1][g]) /
				  (n[0] + n[1] - 2);
	solve(weight, s, d);
	weight[HALF] = log(n[1] / n[0]);
	for (int f = 0; f < HALF; f++)
		weight[HALF] -= weight[f] * (mean[0][f] + mean[1][f]) / 2;
}

static void predict(struct world *world, size_t split, size_t half, const double weight[HALF + 1])
{
	double halfway = log((double)world->positives / (double)(world->rows - world->positives));
	double cut = world->moved ? halfway : 0;
	size_t row = 0;

	for (size_t place = 0; place < world->rows; place++) {
		const double *x = world->x + world->order[place] * 2 * HALF + half * HALF;
		double sum = weight[HALF];

		if (!is_test(world, place))
			continue;
		for (int f = 0; f < HALF; f++)
			sum += weight[f] * x[f];
		world->row[split * world->cell->rows + row] = world->order[place];
		world->sample[split].y[row] = place < world->positives;
		sample_set(&world->sample[split], half, row, 1 / (1 + exp(-sum)), sum >= cut);
		row++;
	}
}

static int split_values(struct world *world, size_t split, struct error *err)
{
	random_shuffle(&world->random, world->order, world->positives);
	random_shuffle(&world->random, world->order + world->positives, world->rows - world->positives);
	for (size_t half = 0; half < 2; half++) {
		double weight[HALF + 1];

		fit(weight, world, half);
		predict(world, split, half, weight);
		for (size_t m = 0; m < RATE_METRICS; m++) {
			double *value = world->value[half] + m * world->cell->units + split;
			int rc = judged[m]->compute(value, &world->sample[split].p[half], NULL, err);

			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

/* What training does to each metric, from the rows that the test parts share. */
static int measure_training(struct training *out, const struct world *world, struct error *err)
{
	struct training_split split[SPLITS_MOST];
	size_t units = world->cell->units;

	for (size_t i = 0; i < units; i++)
		split[i] = (struct training_split){.a = &world->sample[i].p[0],
						   .b = &world->sample[i].p[1],
						   .row = world->row + i * world->cell->rows};
	return training_measure(out, judged, RATE_METRICS, split, units, world->rows, err);
}

/* One data set, its splits, and what the judge says of them. */
static int world_judge(struct panel *panel, struct world *world, struct error *err)
{
	struct training training[RATE_METRICS];
	size_t units = world->cell->units;
	int rc = 0;

	draw_data(world);
	for (size_t split = 0; rc == 0 && split < units; split++)
		rc = split_values(world, split, err);
	if (rc == 0)
		rc = measure_training(training, world, err);
	for (size_t i = 0; rc == 0 && i < panel->n; i++) {
		const struct repeated_splits splits = {.n = units,
						       .test_to_train = TEST_TO_TRAIN,
						       .rarer = world->cell->rarer,
						       .training = &training[panel->of[i]],
						       .family = panel->families[i]};

		rc = repeated_splits_compare(&panel->got[i], panel->metric[i], world->value[0] + panel->of[i] * units,
					     world->value[1] + panel->of[i] * units, &splits, err);
	}
	return rc;
}

/* Two recipes that are equal by construction. */
static int run_equal(struct outcome *out, const struct cell *cell, int moved, size_t trials, struct error *err)
{
	struct world world;
	struct panel panel;
	int rc;

	rc = world_init(&world, cell, err);
	if (rc < 0)
		return rc;
	world.moved = moved;
	panel_all(&panel, 1);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		rc = world_judge(&panel, &world, err);
		if (rc == 0)
			panel_count_winners(out, &panel);
	}
	world_release(&world);
	return rc;
}

int run_halves(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_equal(out, cell, 0, trials, err);
}

int run_halves_moved(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	return run_equal(out, cell, 1, trials, err);
}

/* One recipe is worse; the margin is the mean difference over all trials. */
int run_halves_margin(struct outcome *out, const struct cell *cell, size_t trials, struct error *err)
{
	struct panel *panel = mem_array(trials, sizeof(*panel));
	double margin[RATE_METRICS] = {0};
	struct world world;
	int rc;

	if (!panel)
		return error_nomem(err);
	rc = world_init(&world, cell, err);
	if (rc < 0)
		goto out;
	world.shift[0] *= 1 - 3.2 / sqrt((double)world.positives);
	for (size_t t = 0; rc == 0 && t < trials; t++) {
		panel_all(&panel[t], 1);
		rc = world_judge(&panel[t], &world, err);
		for (size_t i = 0; rc == 0 && i < panel[t].n; i++)
			if (panel[t].in[i] == 0)
				margin[panel[t].of[i]] += panel[t].got[i].difference / (double)trials;
	}
	for (size_t m = 0; m < RATE_METRICS; m++)
		margin[m] = fabs(margin[m]);
	for (size_t t = 0; rc == 0 && t < trials; t++)
		panel_count_margin(out, &panel[t], margin);
	world_release(&world);
out:
	free(panel);
	return rc;
}
