#include "judge/noise.h"

#include "base/mem.h"
#include "format/json.h"
#include "stats/metric.h"
#include "stats/rows.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct repeats { /* the children that count */
	const struct run **run;
	size_t n;
	double *value; /* [n] scratch */
};

static int repeats_make(struct repeats *out, const struct run *const *child, size_t n, struct error *err)
{
	out->run = mem_array(n, sizeof(*out->run));
	out->value = mem_array(n, sizeof(*out->value));
	if (!out->run || !out->value)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		if (strcmp(run_text(child[i], "status"), "finished") == 0)
			out->run[out->n++] = child[i];
	if (out->n < 2)
		return error_set(err, ERR_INPUT, "noise takes two repetitions that finished, not %zu", out->n);
	return 0;
}

/* The mean of what the test rows of a single run leave open; NaN where a run has no interval. */
static double half_by_rows(const struct repeats *repeats, const char *name)
{
	double sum = 0, low, high;

	for (size_t i = 0; i < repeats->n; i++) {
		const json_t *interval = json_object_get(run_field(repeats->run[i], "intervals"), name);

		if (!json_number(&low, json_array_get(interval, 0)) ||
		    !json_number(&high, json_array_get(interval, 1)) || !isfinite(low) || !isfinite(high))
			return NAN;
		sum += (high - low) / 2;
	}
	return sum / (double)repeats->n;
}

/* 1 if every repetition has the figure. */
static int values_of(double *value, const struct repeats *repeats, const char *source, const char *name)
{
	for (size_t i = 0; i < repeats->n; i++)
		if (!json_number(&value[i], json_object_get(run_field(repeats->run[i], source), name)) ||
		    !isfinite(value[i]))
			return 0;
	return 1;
}

static void spread_of(struct noise_metric *out, const double *value, size_t n)
{
	struct rows_mean mean = rows_mean(value, NULL, n);

	out->same = 1;
	for (size_t i = 1; i < n; i++)
		out->same &= !(value[i] < value[0] || value[i] > value[0]);
	out->mean = mean.mean;
	if (out->same) /* rounding of the mean is no spread */
		return;
	out->sd = mean.se * sqrt((double)n);
	out->sd_low = out->sd * sqrt(mean.df / gsl_cdf_chisq_Pinv(0.975, mean.df));
	out->sd_high = out->sd * sqrt(mean.df / gsl_cdf_chisq_Pinv(0.025, mean.df));
	out->least = gsl_cdf_tdist_Pinv(0.975, mean.df) * out->sd * sqrt(2);
}

static int is_timing(const char *name)
{
	const struct metric *metric = metric_find(name);

	return metric && metric->kind == METRIC_TIMING;
}

static int by_name(const void *a, const void *b)
{
	const struct noise_metric *x = a, *y = b;

	return x->measured != y->measured ? y->measured - x->measured : strcmp(x->name, y->name);
}

/* What a run has measured and reported, once each name. */
static int add_source(struct noise *noise, size_t *cap, const struct repeats *repeats, int measured, struct error *err)
{
	const struct run *first = repeats->run[0];
	const char *source = measured ? "measured" : "reported", *name;
	const json_t *number;

	json_object_foreach((json_t *)(size_t)run_field(first, source), name, number)
	{
		struct noise_metric metric = {.name = name, .measured = measured, .rows_half = NAN};

		if (is_timing(name) || (!measured && json_object_get(run_field(first, "measured"), name)) ||
		    !values_of(repeats->value, repeats, source, name))
			continue;
		spread_of(&metric, repeats->value, repeats->n);
		if (measured)
			metric.rows_half = half_by_rows(repeats, name);
		if (MEM_GROW(noise->metric, noise->n, *cap, err) < 0)
			return ERR_NOMEM;
		noise->metric[noise->n++] = metric;
		noise->same &= metric.same;
	}
	return 0;
}

int judge_noise(struct noise *out, const struct run *parent, const struct run *const *child, size_t n,
		struct error *err)
{
	struct noise noise = {.of = run_repetition(parent), .same = 1};
	struct repeats repeats = {0};
	size_t cap = 0;
	int rc;

	if (noise.of == REPETITION_NONE)
		return error_set(err, ERR_INPUT, "%s was not repeated", run_name(parent));
	rc = repeats_make(&repeats, child, n, err);
	if (!rc)
		rc = add_source(&noise, &cap, &repeats, 1, err);
	if (!rc)
		rc = add_source(&noise, &cap, &repeats, 0, err);
	if (!rc && !noise.n)
		rc = error_set(err, ERR_INPUT, "the repetitions of %s have no figure in common", run_name(parent));
	noise.repetitions = repeats.n;
	free(repeats.run);
	free(repeats.value);
	if (rc < 0) {
		noise_release(&noise);
		return rc;
	}
	if (noise.n)
		qsort(noise.metric, noise.n, sizeof(*noise.metric), by_name);
	*out = noise;
	return 0;
}

void noise_release(struct noise *noise)
{
	if (!noise)
		return;
	free(noise->metric);
	*noise = (struct noise){0};
}
