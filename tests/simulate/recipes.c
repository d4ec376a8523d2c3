#include "simulate/recipes.h"

#include "base/mem.h"
#include "base/random.h"
#include "learn/model.h"
#include "simulate/population.h"

#include <math.h>
#include <stdlib.h>

#define FEATURES 6
#define TRAIN 300
#define ALL (TRAIN + STOCK_ROWS)

/* Rows to train on, then the stock: each feature is normal, around a mean that its class moves. */
struct rows {
	struct table table;
	struct dataset data;
	struct column column[FEATURES];
	size_t feature[FEATURES], *row;
	double *x; /* [FEATURES][ALL] */
	int *y;
};

static void rows_release(struct rows *rows)
{
	free(rows->x);
	free(rows->y);
	free(rows->row);
}

static int rows_make(struct rows *out, uint64_t number, struct error *err)
{
	struct random random;

	*out = (struct rows){.x = mem_array((size_t)FEATURES * ALL, sizeof(*out->x)),
			     .y = mem_array(ALL, sizeof(*out->y)),
			     .row = mem_array(ALL, sizeof(*out->row))};
	if (!out->x || !out->y || !out->row) {
		rows_release(out);
		return error_nomem(err);
	}
	random_init(&random, 91, number);
	for (size_t i = 0; i < ALL; i++) {
		out->row[i] = i;
		out->y[i] = i < TRAIN ? random_unit(&random) < 0.3 : i < TRAIN + STOCK_POSITIVE;
		for (size_t f = 0; f < FEATURES; f++)
			out->x[f * ALL + i] = out->y[i] * 0.2 * (double)(f + 1) + random_normal(&random);
	}
	for (size_t f = 0; f < FEATURES; f++) {
		out->column[f] = (struct column){.kind = COLUMN_NUMBER, .number = out->x + f * ALL};
		out->feature[f] = f;
	}
	out->table = (struct table){.rows = ALL, .columns = FEATURES, .column = out->column};
	out->data = (struct dataset){.table = &out->table,
				     .n = ALL,
				     .row = out->row,
				     .y = out->y,
				     .classes = 2,
				     .positive = 1,
				     .feature = out->feature,
				     .features = FEATURES,
				     .id_column = -1};
	return 0;
}

static double linear(const double weight[FEATURES + 1], const struct rows *rows, size_t i)
{
	double sum = weight[FEATURES];

	for (size_t f = 0; f < FEATURES; f++)
		sum += weight[f] * rows->x[f * ALL + i];
	return 1 / (1 + exp(-sum));
}

/* Logistic regression by one pass of stochastic gradient descent in an order that the seed draws. */
static void sgd(double *score, const struct rows *rows, uint64_t seed)
{
	double weight[FEATURES + 1] = {0};
	size_t order[TRAIN];
	struct random random;

	random_init(&random, seed, 7);
	for (size_t i = 0; i < TRAIN; i++)
		order[i] = i;
	random_shuffle(&random, order, TRAIN);
	for (size_t t = 0; t < TRAIN; t++) {
		size_t i = order[t];
		double step = 0.3 * (rows->y[i] - linear(weight, rows, i));

		for (size_t f = 0; f < FEATURES; f++)
			weight[f] += step * rows->x[f * ALL + i];
		weight[FEATURES] += step;
	}
	for (size_t i = 0; i < STOCK_ROWS; i++)
		score[i] = linear(weight, rows, TRAIN + i);
}

/* both: [STOCK_ROWS x 2], for the model to write into. */
static int forest(double *score, double *both, const struct rows *rows, uint64_t seed, struct error *err)
{
	const struct model_type *type = model_find("random_forest");
	struct training training = {.data = &rows->data, .row = rows->row, .n = TRAIN, .seed = seed, .threads = 1};
	void *model = NULL;
	int rc;

	rc = type->fit(&model, &training, err);
	if (rc == 0)
		rc = type->predict(both, model, &rows->data, rows->row + TRAIN, STOCK_ROWS, 1, err);
	for (size_t i = 0; rc == 0 && i < STOCK_ROWS; i++)
		score[i] = both[2 * i + 1];
	if (model)
		type->free(model);
	return rc;
}

int stock_make(struct stock *out, enum recipe recipe, uint64_t number, struct error *err)
{
	double *both = mem_array((size_t)STOCK_ROWS * 2, sizeof(*both));
	struct rows rows;
	int rc;

	*out = (struct stock){mem_array((size_t)STOCK_MODELS * STOCK_ROWS, sizeof(*out->score))};
	rc = both && out->score ? rows_make(&rows, number, err) : error_nomem(err);
	if (rc < 0)
		goto out;
	for (size_t m = 0; rc == 0 && m < STOCK_MODELS; m++) {
		double *score = out->score + m * STOCK_ROWS;

		if (recipe == RECIPE_SGD)
			sgd(score, &rows, m);
		else
			rc = forest(score, both, &rows, m, err);
	}
	rows_release(&rows);
out:
	free(both);
	if (rc < 0)
		stock_release(out);
	return rc;
}

void stock_release(struct stock *stock)
{
	free(stock->score);
	stock->score = NULL;
}
