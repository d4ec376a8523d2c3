/*
 * Two models' scores drawn straight from a distribution: the positive rows' latent score is normal around `mean`, the
 * others' around 0, with variance 1 and the correlation `alike` between the models. Every metric of the whole
 * population follows by a formula or by quadrature, so that the truth is known.
 */
#ifndef ASSAY_TESTS_SIMULATE_POPULATION_H
#define ASSAY_TESTS_SIMULATE_POPULATION_H

#include "base/random.h"
#include "stats/metric.h"

struct population {
	size_t rows, rarer; /* positive rows: exactly so many in each sample, as a stratified split gives */
	double alike;
	double cut; /* on the latent score: predicted positive from there on */
	size_t together; /* rows of one unit, which share four fifths of all noise; 1: rows are independent */
	double mean; /* of a model that has recall 0.6 and precision 0.5, whatever the prevalence */
};

/* together: 1 or a divisor of rows and rarer. */
struct population population_make(size_t rows, size_t rarer, size_t together, double alike);

/* A standard normal number. */
double random_normal(struct random *random);

#define MODELS_MOST 20

struct sample { /* rows with their labels, and what several models say of them; in memory of its own */
	size_t rows, models;
	int *y;
	size_t *cluster; /* of each row; NULL: none */
	int *pred; /* [models][rows] */
	double *score; /* [models][rows x 2] */
	struct predictions *p; /* [models] */
};
MUST_CHECK int sample_init(struct sample *sample, size_t rows, size_t models, struct error *err);
/* Rows of one unit follow each other, `together` of them. */
MUST_CHECK int sample_cluster(struct sample *sample, size_t together, struct error *err);
void sample_release(struct sample *sample);

/* Draw the rows anew; mean [models]. */
void sample_draw(struct sample *sample, const struct population *population, const double *mean, struct random *random);

/* Set what a model says of a row. */
static inline void sample_set(struct sample *sample, size_t model, size_t row, double score, int positive)
{
	double *at = sample->score + 2 * (model * sample->rows + row);

	at[0] = 1 - score;
	at[1] = score;
	sample->pred[model * sample->rows + row] = positive;
}

/* The metric of a model in the whole population. */
double population_value(const struct population *population, const struct metric *metric, double mean);

/* The mean at which a model has this value of the metric; NaN: none from 0 to twice that of population_make() has. */
double population_mean(const struct population *population, const struct metric *metric, double value);

/* The smaller mean at which it is worse by `difference` than a model with `mean`; NaN: none. */
double population_worse(const struct population *population, const struct metric *metric, double mean,
			double difference);

#endif
