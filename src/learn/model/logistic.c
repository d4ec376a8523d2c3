/*
 * Logistic regression, multinomial for more than two classes, L2 with C = 1: numbers standardised by the training rows'
 * mean and population standard deviation, categories one-hot with no level dropped. scikit-learn's LogisticRegression on its
 * usual preparation, to the digits that a converged optimum has.
 */
#include "learn/model.h"

#include "learn/encode.h"
#include "learn/model/softmax.h"
#include "base/mem.h"

#include <math.h>

struct logistic {
	int classes;
	struct encoding *encoding;
	double *mean, *scale; /* [numbers]; scale is 1 / sd, 0 for a constant column */
	double *weight; /* [stride x outputs] */
	struct precondition *precondition; /* of a prepared model, for its subsets; else NULL */
};

static void logistic_free(void *model)
{
	struct logistic *m = model;

	if (!m)
		return;
	encoding_free(m->encoding);
	free(m->mean);
	free(m->scale);
	free(m->weight);
	precondition_free(m->precondition);
	free(m);
}

static void design_release(struct design *x)
{
	free(x->number);
	free(x->place);
	x->number = NULL;
	x->place = NULL;
}

/* Where the first slot of a category column stands among the weights: numbers come first. */
static void places(uint32_t *first, const struct encoding *encoding)
{
	uint32_t next = (uint32_t)encoding->numbers;

	for (size_t f = 0; f < encoding->columns; f++)
		if (encoding->column[f].kind == COLUMN_CATEGORY) {
			first[f] = next;
			next += (uint32_t)encoding->column[f].slots;
		}
}

/* Rows as the encoding has them, numbers not yet standardised. */
static int design_make(struct design *x, const struct encoding *encoding, const struct dataset *data, const size_t *row,
		       size_t n, struct error *err)
{
	uint32_t *first = mem_array(encoding->columns, sizeof(*first));
	size_t number = 0, slot = 0;

	*x = (struct design){
		.n = n, .numbers = encoding->numbers, .slots = encoding->categories, .width = encoding->width};
	x->number = mem_array(n * x->numbers, sizeof(*x->number));
	x->place = mem_array(n * x->slots, sizeof(*x->place));
	if (!first || !x->number || !x->place) {
		free(first);
		design_release(x);
		return error_nomem(err);
	}
	places(first, encoding);
	for (size_t f = 0; f < encoding->columns; f++) {
		const struct encoded_column *c = &encoding->column[f];

		if (c->kind == COLUMN_NUMBER) {
			for (size_t i = 0; i < n; i++)
				x->number[i * x->numbers + number] = encoded_number(c, data->table, data->row[row[i]]);
			number++;
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			int32_t at = encoded_slot(c, data->table, data->row[row[i]]);

			x->place[i * x->slots + slot] = at < 0 ? (uint32_t)x->width + 1 : first[f] + (uint32_t)at;
		}
		slot++;
	}
	free(first);
	return 0;
}

static void standardise(struct design *x, const double *mean, const double *scale)
{
	for (size_t i = 0; i < x->n; i++)
		for (size_t j = 0; j < x->numbers; j++) {
			double *value = &x->number[i * x->numbers + j];

			*value = (*value - mean[j]) * scale[j];
		}
}

/* Two passes, in the order of rows. A spread that rounding alone could make counts as none, as scikit-learn has it. */
static void moments(double *mean, double *scale, const struct design *x)
{
	double n = (double)x->n;

	for (size_t i = 0; i < x->n; i++)
		for (size_t j = 0; j < x->numbers; j++)
			mean[j] += x->number[i * x->numbers + j];
	for (size_t j = 0; j < x->numbers; j++)
		mean[j] /= n;
	for (size_t i = 0; i < x->n; i++)
		for (size_t j = 0; j < x->numbers; j++) {
			double off = x->number[i * x->numbers + j] - mean[j];

			scale[j] += off * off;
		}
	for (size_t j = 0; j < x->numbers; j++) {
		double variance = scale[j] / n, noise = n * 0x1p-52 * fabs(mean[j]);

		scale[j] = isfinite(variance) && variance > noise * noise ? 1 / sqrt(variance) : 0;
	}
}

/*
 * Start where a model of more rows ended: the same function of the raw columns, said in this model's standardised ones. A
 * column that this model has and the other lacks starts at 0.
 */
static void start_from(struct logistic *m, const struct logistic *other, const struct dataset *data)
{
	size_t outputs = softmax_outputs(m->classes), number = 0, to = m->encoding->numbers,
	       from = other->encoding->numbers;
	double *intercept = m->weight + m->encoding->width * outputs;

	memcpy(intercept, other->weight + other->encoding->width * outputs, outputs * sizeof(double));
	for (size_t f = 0; f < m->encoding->columns; f++) {
		const struct encoded_column *mine = &m->encoding->column[f], *theirs = &other->encoding->column[f];

		if (mine->kind == COLUMN_NUMBER) {
			double by = m->scale[number] > 0 ? other->scale[number] / m->scale[number] : 0;
			double shift = (m->mean[number] - other->mean[number]) * other->scale[number];

			for (size_t k = 0; k < outputs; k++) {
				double weight = other->weight[number * outputs + k];

				m->weight[number * outputs + k] = weight * by;
				intercept[k] += weight * shift;
			}
			number++;
			continue;
		}
		for (size_t l = 0; l <= data->table->column[mine->column].levels; l++)
			if (mine->slot[l] >= 0 && theirs->slot[l] >= 0)
				memcpy(m->weight + (to + (size_t)mine->slot[l]) * outputs,
				       other->weight + (from + (size_t)theirs->slot[l]) * outputs,
				       outputs * sizeof(double));
		to += mine->slots;
		from += theirs->slots;
	}
}

static int fit_rows(struct logistic **out, const struct training *training, int keep, struct error *err)
{
	const struct dataset *data = training->data;
	const struct logistic *prepared = training->prepared;
	struct logistic *m = mem_zeroed(1, sizeof(*m));
	struct design x = {0};
	int *y = mem_array(training->n, sizeof(*y));
	int rc;

	if (!m || !y) {
		rc = error_nomem(err);
		goto out;
	}
	m->classes = data->classes;
	rc = encoding_make(&m->encoding, data, training->row, training->n, err);
	if (rc < 0)
		goto out;
	rc = design_make(&x, m->encoding, data, training->row, training->n, err);
	if (rc < 0)
		goto out;
	m->mean = mem_zeroed(x.numbers, sizeof(*m->mean));
	m->scale = mem_zeroed(x.numbers, sizeof(*m->scale));
	m->weight = mem_zeroed(softmax_stride(&x) * softmax_outputs(m->classes), sizeof(*m->weight));
	if (!m->mean || !m->scale || !m->weight) {
		rc = error_nomem(err);
		goto out;
	}
	moments(m->mean, m->scale, &x);
	standardise(&x, m->mean, m->scale);
	for (size_t i = 0; i < training->n; i++)
		y[i] = data->y[training->row[i]];
	struct softmax_problem problem = {.x = &x, .y = y, .classes = m->classes, .threads = training->threads};

	if (prepared) {
		start_from(m, prepared, data);
		if (prepared->encoding->width == m->encoding->width)
			problem.near = prepared->precondition;
	}
	rc = softmax_fit(m->weight, keep ? &m->precondition : NULL, &problem, err);
	if (rc < 0)
		goto out;
	*out = m;
	m = NULL;
out:
	design_release(&x);
	free(y);
	logistic_free(m);
	return rc;
}

/* The model of all rows: its subsets start from it. */
static int prepare(void **out, const struct training *training, struct error *err)
{
	struct logistic *m = NULL;
	int rc = fit_rows(&m, training, 1, err);

	if (rc == 0)
		*out = m;
	return rc;
}

static int fit(void **out, const struct training *training, struct error *err)
{
	struct logistic *m = NULL;
	int rc = fit_rows(&m, training, 0, err);

	if (rc == 0)
		*out = m;
	return rc;
}

static int predict(double *probability, const void *model, const struct dataset *data, const size_t *row, size_t n,
		   unsigned threads, struct error *err)
{
	const struct logistic *m = model;
	struct design x;
	int rc = design_make(&x, m->encoding, data, row, n, err);

	(void)threads;
	if (rc < 0)
		return rc;
	standardise(&x, m->mean, m->scale);
	softmax_predict(probability, &x, m->weight, m->classes);
	design_release(&x);
	return 0;
}

static const struct model_param params[] = {{.name = "C", .number = 1},
					    {.name = "penalty", .text = "l2"},
					    {.name = "numbers", .text = "median imputed, standardised"},
					    {.name = "categories", .text = "one-hot"},
					    {.name = NULL}};

const struct model_type model_logistic = {
	.name = "logistic",
	.title = "logistic regression",
	.source = "Cox 1958, Journal of the Royal Statistical Society B 20(2):215-242",
	.params = params,
	.light = 1,
	.prepare = prepare,
	.prepared_free = logistic_free,
	.fit = fit,
	.predict = predict,
	.free = logistic_free,
};
