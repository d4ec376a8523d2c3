#include "simulate/selection_world.h"

#include "base/mem.h"
#include "base/random.h"
#include "stats/covariance.h"
#include "stats/best_of_many.h"

#include <math.h>
#include <stdlib.h>

#define ACCURACY 0.85

/* Chances of an error on rows of three kinds, as multiples of a model's error rate: their mean is 1. */
static const struct {
	double share, errors;
} kind[] = {{0.80, 0.2}, {0.12, 2.8333333}, {0.08, 6.25}};

#define KINDS (sizeof(kind) / sizeof(*kind))

struct trial {
	const struct selection_world *world;
	double *truth, *value, *covariance, *errors_of_row;
	float *contribution; /* [m][rows] */
	struct best_of_many_place *place;
};

static double errors_of(const struct selection_world *w, size_t i)
{
	if (i == 0)
		return 1 - ACCURACY - w->ahead;
	return 1 - ACCURACY + w->spread * (double)i / (double)w->m;
}

/* What a model is right in of all rows that there could be. */
static double truth_of(const struct selection_world *w, size_t i)
{
	double wrong = 0;

	if (!w->alike)
		return 1 - errors_of(w, i);
	for (size_t k = 0; k < KINDS; k++)
		wrong += kind[k].share * fmin(1, errors_of(w, i) * kind[k].errors);
	return 1 - wrong;
}

/* Multiples of the error rate, row by row. */
static void draw_rows(double *errors_of_row, const struct selection_world *w, struct random *random)
{
	for (size_t r = 0; r < w->rows; r++) {
		double at = random_unit(random);
		size_t k = 0;

		while (k + 1 < KINDS && at >= kind[k].share)
			at -= kind[k++].share;
		errors_of_row[r] = w->alike ? kind[k].errors : 1;
	}
}

/* Right and wrong, the share of right, and what each row contributes to it. */
static void draw_model(const struct trial *t, size_t i, struct random *random)
{
	size_t rows = t->world->rows, right = 0;
	float *contribution = t->contribution + i * rows;
	double errors = errors_of(t->world, i);

	for (size_t r = 0; r < rows; r++) {
		contribution[r] = random_unit(random) >= errors * t->errors_of_row[r];
		right += contribution[r] > 0;
	}
	t->value[i] = (double)right / (double)rows;
	for (size_t r = 0; r < rows; r++)
		contribution[r] = (float)(((double)contribution[r] - t->value[i]) / (double)rows);
}

static void count_places(struct selection_outcome *out, const struct trial *t, const struct best_of_many *s)
{
	size_t m = t->world->m, best = 0, kept = 0, held = 0;

	for (size_t i = 0; i < m; i++) {
		size_t above = 0, equal = 0;

		for (size_t k = 0; k < m; k++) {
			above += t->truth[k] > t->truth[i];
			equal += t->truth[k] == t->truth[i];
		}
		best += above == 0;
		kept += above == 0 && t->place[i].first == 1;
		held += t->place[i].first <= above + 1 && t->place[i].last >= above + equal; /* all places of equals */
	}
	out->placed++;
	out->kept += (double)kept / (double)best;
	out->held += (double)held / (double)m;
	out->could += (double)s->first / (double)m;
}

/* A seed of its own for each world: luck with the rows of one is none with those of another. */
static uint64_t seed_of(const struct selection_world *w)
{
	return 1000 * w->m + 100 * (uint64_t)w->alike + (uint64_t)llround(1000 * w->ahead + 2000 * w->spread);
}

static int run_trial(struct selection_outcome *out, const struct trial *t, size_t number, int placed, struct error *err)
{
	const struct selection_world *w = t->world;
	const struct best_of_many_input input = {
		.m = w->m, .value = t->value, .covariance = t->covariance, .step = 1 / (double)w->rows};
	struct best_of_many s;
	struct random random;
	double truth, se;
	int rc;

	random_init(&random, seed_of(w), number);
	draw_rows(t->errors_of_row, w, &random);
	for (size_t i = 0; i < w->m; i++)
		draw_model(t, i, &random);
	covariance_make(t->covariance, t->contribution, w->rows, w->m, 1);
	rc = best_of_many_find(&s, placed ? t->place : NULL, &input, 1, err);
	if (rc < 0)
		return rc;
	truth = t->truth[s.best];
	se = sqrt(t->covariance[s.best * w->m + s.best]);
	out->trials++;
	out->plain += s.plain_low <= truth && truth <= s.plain_high;
	out->corrected += s.low <= truth && truth <= s.high;
	out->plain_off += (s.plain - truth) / se;
	out->off += (s.corrected - truth) / se;
	out->width += (s.high - s.low) / (s.plain_high - s.plain_low);
	if (placed)
		count_places(out, t, &s);
	return 0;
}

int selection_trials(struct selection_outcome *out, const struct selection_world *world, size_t first, size_t trials,
		     size_t every, struct error *err)
{
	size_t m = world->m;
	struct trial trial = {
		.world = world,
		.truth = mem_array(m, sizeof(double)),
		.value = mem_array(m, sizeof(double)),
		.covariance = mem_array(m, m * sizeof(double)),
		.errors_of_row = mem_array(world->rows, sizeof(double)),
		.contribution = mem_array(m, world->rows * sizeof(float)),
		.place = mem_array(m, sizeof(*trial.place)),
	};
	int rc = trial.truth && trial.value && trial.covariance && trial.errors_of_row && trial.contribution &&
				 trial.place
			 ? 0
			 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < m; i++)
		trial.truth[i] = truth_of(world, i);
	for (size_t i = first; rc == 0 && i < first + trials; i++)
		rc = run_trial(out, &trial, i, every > 0 && i % every == 0, err);
	free(trial.truth);
	free(trial.value);
	free(trial.covariance);
	free(trial.errors_of_row);
	free(trial.contribution);
	free(trial.place);
	return rc;
}
