#include "stats/best_of_many.h"

#include "base/mem.h"
#include "base/workers.h"
#include "stats/covariance.h"
#include "stats/order_statistic.h"
#include "stats/truncated.h"
#include "stats/wide.h"

#include <assert.h>
#include <math.h>

#define DRAWS COVARIANCE_DRAWS
#define NOISE 0.5 /* variance of what the pick is blurred with, in that of the figures */
#define ALIKE 1e-7 /* of the variance of two figures: below it their difference is rounding */
#define PLAIN 1.959963984540054

struct field { /* the figures so turned that the largest is the best */
	const struct best_of_many_input *input;
	double sign;
	const float *draw; /* [m][DRAWS] */
};

static double value_of(const struct field *f, size_t i)
{
	return f->sign * f->input->value[i];
}

static double covariance_of(const struct field *f, size_t i, size_t k)
{
	return f->input->covariance[i * f->input->m + k];
}

/* Variance of the difference of two figures; 0 where they are the same figure. */
static double variance_between(const struct field *f, size_t i, size_t k)
{
	double sum = covariance_of(f, i, i) + covariance_of(f, k, k), between = sum - 2 * covariance_of(f, i, k);

	return between > ALIKE * sum ? between : 0;
}

static size_t find_best(const struct field *f)
{
	size_t best = 0;

	for (size_t i = 1; i < f->input->m; i++)
		if (value_of(f, i) > value_of(f, best))
			best = i;
	return best;
}

/*
 * Between which bounds the best figure has to lie so that it is the best, given the part of the others that has nothing to do
 * with it. Figures that count rows move in steps, and equals go to the first: half a step is taken off, as for any count that a
 * normal law stands for.
 */
static void bounds_of_best(double *low, double *high, const struct field *f, size_t best)
{
	double variance = covariance_of(f, best, best), x = value_of(f, best);

	*low = -HUGE_VAL;
	*high = HUGE_VAL;
	for (size_t k = 0; k < f->input->m; k++) {
		double own = 1 - covariance_of(f, best, k) / variance, lead = x - value_of(f, k) + f->input->step / 2;

		if (k == best || variance_between(f, best, k) == 0)
			continue;
		if (own > 0)
			*low = fmax(*low, x - lead / own);
		else if (own < 0)
			*high = fmin(*high, x - lead / own);
	}
}

/*
 * Pick by the figures with noise added, and look at the picked with the noise taken away that makes the two independent: the
 * mean over the draws, times `sign`.
 */
static double blurred_pick(const struct field *f, double sign)
{
	const double add = sign * sqrt(NOISE), take = sign / sqrt(NOISE);
	double top[DRAWS], seen[DRAWS] = {0}, sum = 0;

	for (size_t b = 0; b < DRAWS; b++)
		top[b] = -HUGE_VAL;
	for (size_t i = 0; i < f->input->m; i++) {
		const float *noise = f->draw + i * DRAWS;
		double value = value_of(f, i);

		for (size_t b = 0; b < DRAWS; b++) {
			double blurred = value + add * (double)noise[b];

			seen[b] = blurred > top[b] ? value - take * (double)noise[b] : seen[b];
			top[b] = blurred > top[b] ? blurred : top[b];
		}
	}
	for (size_t b = 0; b < DRAWS; b++)
		sum += seen[b];
	return sum / DRAWS;
}

static void correct(struct best_of_many *out, const struct field *f)
{
	size_t best = out->best;
	double x = value_of(f, best), variance = covariance_of(f, best, best), se = sqrt(variance), low, high, blurred;

	out->plain = out->corrected = out->low = out->high = x;
	out->plain_low = x - PLAIN * se;
	out->plain_high = x + PLAIN * se;
	if (!(variance > 0))
		return;
	bounds_of_best(&low, &high, f, best);
	truncated_interval(&out->low, &out->high, x, se, low, high, (double)f->input->m);
	/* each draw and its mirror image: where one figure is always picked, the noise is gone to the last bits */
	blurred = (blurred_pick(f, 1) + blurred_pick(f, -1)) / 2;
	out->corrected = fmin(fmax(blurred, out->low), out->high);
}

/* most = max(most, |a - b| x scale) */
WIDE_CLONES static void widen(float *restrict most, const float *restrict a, const float *restrict b, float scale)
{
	for (size_t i = 0; i < DRAWS; i++) {
		float apart = fabsf(a[i] - b[i]) * scale;

		most[i] = apart > most[i] ? apart : most[i];
	}
}

static int ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* How far all differences of figure i, in their standard errors, stay with 95 %; most [DRAWS] is scratch. */
static double critical(const struct field *f, size_t i, float *most)
{
	for (size_t b = 0; b < DRAWS; b++)
		most[b] = 0;
	for (size_t k = 0; k < f->input->m; k++) {
		double variance = k == i ? 0 : variance_between(f, i, k);

		if (variance > 0)
			widen(most, f->draw + i * DRAWS, f->draw + k * DRAWS, (float)(1 / sqrt(variance)));
	}
	qsort(most, DRAWS, sizeof(*most), ascending);
	return (double)most[(DRAWS * 95 + 99) / 100];
}

struct placing {
	const struct field *field;
	struct best_of_many_place *place;
	float *most; /* [workers][DRAWS] */
};

static void find_place(void *context, size_t i, size_t worker)
{
	const struct placing *p = context;
	const struct field *f = p->field;
	struct best_of_many_place place = {1, f->input->m};
	double c = critical(f, i, p->most + worker * DRAWS);

	for (size_t k = 0; k < f->input->m; k++) {
		double variance = k == i ? 0 : variance_between(f, i, k), lead = value_of(f, i) - value_of(f, k);

		place.first += variance > 0 && -lead > c * sqrt(variance);
		place.last -= variance > 0 && lead > c * sqrt(variance);
	}
	p->place[i] = place;
}

static int find_places(struct best_of_many *out, struct best_of_many_place *place, const struct field *f,
		       unsigned threads, struct error *err)
{
	size_t m = f->input->m, workers = workers_count(threads, m);
	struct placing placing = {f, place, mem_array(workers, DRAWS * sizeof(float))};

	if (!placing.most)
		return error_nomem(err);
	workers_run(workers, m, find_place, &placing);
	free(placing.most);
	for (size_t i = 0; i < m; i++)
		out->first += place[i].first == 1;
	return 0;
}

int best_of_many_find(struct best_of_many *out, struct best_of_many_place *place,
		      const struct best_of_many_input *input, unsigned threads, struct error *err)
{
	float *draw = mem_array(input->m, DRAWS * sizeof(*draw));
	const struct field field = {input, input->lower ? -1 : 1, draw};
	int rc = draw ? covariance_draw(draw, input->covariance, input->m, threads, err) : error_nomem(err);

	assert(input->m >= 1 && input->m <= BEST_OF_MANY_MOST);
	if (rc < 0)
		goto out;
	*out = (struct best_of_many){.best = find_best(&field)};
	correct(out, &field);
	if (place)
		rc = find_places(out, place, &field, threads, err);
	if (input->lower) {
		struct best_of_many s = *out;

		out->plain = -s.plain;
		out->plain_low = -s.plain_high;
		out->plain_high = -s.plain_low;
		out->corrected = -s.corrected;
		out->low = -s.high;
		out->high = -s.low;
	}
out:
	free(draw);
	return rc;
}
