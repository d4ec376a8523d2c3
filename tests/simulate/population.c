#include "simulate/population.h"

#include "base/mem.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

double random_normal(struct random *random)
{
	double radius = sqrt(-2 * log(1 - random_unit(random))); /* Box and Muller 1958 */

	return radius * cos(2 * PI * random_unit(random));
}

struct population population_make(size_t rows, size_t rarer, size_t together, double alike)
{
	const double recall = 0.6, precision = 0.5;
	double negatives = (double)(rows - rarer);
	double cut = gsl_cdf_ugaussian_Qinv(recall * (double)rarer * (1 / precision - 1) / negatives);

	return (struct population){.rows = rows,
				   .rarer = rarer,
				   .together = together,
				   .alike = alike,
				   .cut = cut,
				   .mean = cut + gsl_cdf_ugaussian_Pinv(recall)};
}

int sample_init(struct sample *sample, size_t rows, size_t models, struct error *err)
{
	assert(models <= MODELS_MOST);
	*sample = (struct sample){.rows = rows,
				  .models = models,
				  .y = mem_zeroed(rows, sizeof(*sample->y)),
				  .pred = mem_zeroed(models * rows, sizeof(*sample->pred)),
				  .score = mem_zeroed(2 * models * rows, sizeof(*sample->score)),
				  .p = mem_zeroed(models, sizeof(*sample->p))};
	if (!sample->y || !sample->pred || !sample->score || !sample->p) {
		sample_release(sample);
		return error_nomem(err);
	}
	for (size_t model = 0; model < models; model++)
		sample->p[model] = (struct predictions){.n = rows,
							.classes = 2,
							.positive = 1,
							.y_true = sample->y,
							.y_pred = sample->pred + model * rows,
							.score = sample->score + 2 * model * rows};
	return 0;
}

int sample_cluster(struct sample *sample, size_t together, struct error *err)
{
	sample->cluster = mem_array(sample->rows, sizeof(*sample->cluster));
	if (!sample->cluster)
		return error_nomem(err);
	for (size_t i = 0; i < sample->rows; i++)
		sample->cluster[i] = i / together;
	for (size_t m = 0; m < sample->models; m++) {
		sample->p[m].cluster = sample->cluster;
		sample->p[m].clusters = sample->rows / together;
	}
	return 0;
}

void sample_release(struct sample *sample)
{
	free(sample->y);
	free(sample->cluster);
	free(sample->pred);
	free(sample->score);
	free(sample->p);
	*sample = (struct sample){0};
}

/* The probability of the positive class that a latent score stands for, in a model with this mean. */
static double calibrated(const struct population *of, double mean, double latent)
{
	double odds = (double)of->rarer / (double)(of->rows - of->rarer) * exp(mean * latent - mean * mean / 2);

	return odds / (1 + odds);
}

/* Noise of one row, of variance 1: *unit is that of its unit, drawn anew by the unit's first row. */
static double noise(double *unit, int first, const struct population *of, struct random *random)
{
	const double shared = 0.8;

	if (of->together == 1)
		return random_normal(random);
	if (first)
		*unit = random_normal(random);
	return sqrt(shared) * *unit + sqrt(1 - shared) * random_normal(random);
}

void sample_draw(struct sample *sample, const struct population *population, const double *mean, struct random *random)
{
	double shared = sqrt(population->alike), own = sqrt(1 - population->alike), unit[1 + MODELS_MOST] = {0};

	for (size_t i = 0; i < population->rows; i++) {
		int first = i % population->together == 0;
		double common = shared * noise(&unit[MODELS_MOST], first, population, random);

		sample->y[i] = i < population->rarer;
		for (size_t m = 0; m < sample->models; m++) {
			double latent = mean[m] * sample->y[i] + common +
					own * noise(&unit[m], first, population, random);

			sample_set(sample, m, i, calibrated(population, mean[m], latent), latent >= population->cut);
		}
	}
}

/* Metrics that are integrals over the latent score, by the trapezoidal rule. */
static double integral(const struct population *of, const struct metric *metric, double mean)
{
	const double step = 0.004;
	double share = (double)of->rarer / (double)of->rows, sum = 0;

	for (double z = -9; z < mean + 9; z += step) {
		double positive = share * gsl_ran_ugaussian_pdf(z - mean);
		double negative = (1 - share) * gsl_ran_ugaussian_pdf(z);
		double found = share * gsl_cdf_ugaussian_Q(z - mean);
		double score = calibrated(of, mean, z);

		if (metric == &metric_average_precision)
			sum += positive / share * found / (found + (1 - share) * gsl_cdf_ugaussian_Q(z));
		else if (metric == &metric_brier_score_loss)
			sum += positive * (1 - score) * (1 - score) + negative * score * score;
		else
			sum -= positive * log(score) + negative * log1p(-score);
	}
	return sum * step;
}

double population_value(const struct population *population, const struct metric *metric, double mean)
{
	double share = (double)population->rarer / (double)population->rows;
	double hit = share * gsl_cdf_ugaussian_Q(population->cut - mean);
	double false_alarm = (1 - share) * gsl_cdf_ugaussian_Q(population->cut);

	if (metric == &metric_recall)
		return hit / share;
	if (metric == &metric_precision)
		return hit / (hit + false_alarm);
	if (metric == &metric_f1)
		return 2 * hit / (share + hit + false_alarm);
	if (metric == &metric_accuracy)
		return 1 - share + hit - false_alarm;
	if (metric == &metric_roc_auc)
		return gsl_cdf_ugaussian_P(mean / sqrt(2));
	return integral(population, metric, mean);
}

double population_mean(const struct population *population, const struct metric *metric, double value)
{
	double low = 0, most = 2 * population->mean, high = most, sign = metric->better == BETTER_LOWER ? -1 : 1;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (sign * population_value(population, metric, middle) < sign * value)
			low = middle;
		else
			high = middle;
	}
	return low > 0 && high < most ? low : NAN;
}

double population_worse(const struct population *population, const struct metric *metric, double mean,
			double difference)
{
	double value = population_value(population, metric, mean);

	return population_mean(population, metric,
			       metric->better == BETTER_LOWER ? value + difference : value - difference);
}
