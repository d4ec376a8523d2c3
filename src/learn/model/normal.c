#include "learn/model/normal.h"

#include "base/mem.h"
#include "base/workers.h"

#include <math.h>

#define DENSE_WIDTH 256 /* columns up to which a factor is worth its cubic price */
#define CHUNK_ROWS 1024
#define MOST_CHUNKS 16
#define MOST_CELLS 16000000 /* doubles: partial sums and factors stay below 128 MB each */
#define SHARED_WORK 1000000 /* multiplications in one pass that are worth a second thread */
#define JITTER 1e-6 /* for the intercept, which nothing penalises */

struct precondition {
	size_t stride, outputs;
	int dense;
	double *factor; /* dense: [outputs x stride x stride], lower triangles; else [stride x outputs] inverses */
};

void chunks_init(struct chunks *chunks, const struct design *x, size_t outputs, unsigned threads)
{
	size_t n = x->n / CHUNK_ROWS;

	chunks->rows = x->n;
	chunks->n = n < 1 ? 1 : n > MOST_CHUNKS ? MOST_CHUNKS : n;
	while (chunks->n > 1 && chunks->n * softmax_stride(x) * outputs > MOST_CELLS)
		chunks->n /= 2;
	chunks->workers = x->n * (x->numbers + x->slots) * outputs < SHARED_WORK ? 1
										 : workers_count(threads, chunks->n);
}

void precondition_free(struct precondition *precondition)
{
	if (!precondition)
		return;
	free(precondition->factor);
	free(precondition);
}

int precondition_refreshable(const struct precondition *precondition)
{
	return precondition->dense;
}

/* lower += by * row * row' */
static inline void add_outer(double *lower, const struct design *x, size_t i, double by)
{
	const double *number = x->number + i * x->numbers;
	const uint32_t *place = x->place + i * x->slots;
	size_t stride = softmax_stride(x);
	double *last = lower + x->width * stride;

	for (size_t j = 0; j < x->numbers; j++) {
		double *row = lower + j * stride, scaled = by * number[j];

		for (size_t l = 0; l <= j; l++)
			row[l] += scaled * number[l];
		last[j] += scaled;
	}
	for (size_t s = 0; s < x->slots; s++) {
		double *row = lower + place[s] * stride;

		for (size_t l = 0; l < x->numbers; l++)
			row[l] += by * number[l];
		for (size_t l = 0; l <= s; l++)
			row[place[l]] += by;
		last[place[s]] += by;
	}
	last[x->width] += by;
}

/* Cholesky-Banachiewicz in place on the lower triangle of `order` rows; the matrix is positive definite by its ridge. */
static void factorise(double *a, size_t order, size_t stride)
{
	for (size_t i = 0; i < order; i++) {
		double *row = a + i * stride;

		for (size_t j = 0; j <= i; j++) {
			const double *above = a + j * stride;
			double sum[4] = {0}, rest;
			size_t l = 0;

			for (; l + 4 <= j; l += 4)
				for (size_t q = 0; q < 4; q++)
					sum[q] += row[l + q] * above[l + q];
			for (; l < j; l++)
				sum[0] += row[l] * above[l];
			rest = row[j] - ((sum[0] + sum[1]) + (sum[2] + sum[3]));
			if (i == j)
				row[j] = sqrt(rest > JITTER * JITTER ? rest : JITTER * JITTER);
			else
				row[j] = rest / above[j];
		}
	}
}

static void solve_factor(double *v, const double *a, size_t order, size_t stride)
{
	for (size_t i = 0; i < order; i++) {
		double sum = v[i];

		for (size_t j = 0; j < i; j++)
			sum -= a[i * stride + j] * v[j];
		v[i] = sum / a[i * stride + i];
	}
	for (size_t i = order; i-- > 0;) {
		v[i] /= a[i * stride + i];
		for (size_t j = 0; j < i; j++)
			v[j] -= a[i * stride + j] * v[i];
	}
}

struct summing {
	const struct design *x;
	const double *share; /* [n x outputs] */
	const struct chunks *chunks;
	size_t outputs, k;
	double *partial; /* [chunks x stride x stride] */
};

/* The lower triangle of X'SX over the rows of one chunk. */
static void sum_chunk(void *context, size_t c, size_t worker)
{
	const struct summing *s = context;
	size_t cells = softmax_stride(s->x) * softmax_stride(s->x);
	double *to = s->partial + c * cells;

	(void)worker;
	memset(to, 0, cells * sizeof(*to));
	for (size_t i = chunk_begin(s->chunks, c); i < chunk_begin(s->chunks, c + 1); i++) {
		double p = s->share[i * s->outputs + s->k];

		add_outer(to, s->x, i, p * (1 - p));
	}
}

static int make_dense(struct precondition *made, const struct design *x, const double *share,
		      const struct chunks *chunks, struct error *err)
{
	size_t stride = made->stride, cells = stride * stride;
	struct summing summing = {.x = x, .share = share, .chunks = chunks, .outputs = made->outputs};

	summing.partial = mem_array(chunks->n * cells, sizeof(*summing.partial));
	made->factor = mem_array(made->outputs * cells, sizeof(*made->factor));
	if (!summing.partial || !made->factor) {
		free(summing.partial);
		return error_nomem(err);
	}
	for (size_t k = 0; k < made->outputs; k++) {
		double *out = made->factor + k * cells;

		summing.k = k;
		workers_run(chunks->workers, chunks->n, sum_chunk, &summing);
		memcpy(out, summing.partial, cells * sizeof(*out));
		for (size_t c = 1; c < chunks->n; c++)
			for (size_t j = 0; j < cells; j++)
				out[j] += summing.partial[c * cells + j];
		for (size_t j = 0; j <= x->width; j++)
			out[j * stride + j] += j < x->width ? 1 : JITTER;
		factorise(out, x->width + 1, stride);
	}
	free(summing.partial);
	return 0;
}

static int make_diagonal(struct precondition *made, const struct design *x, const double *share, struct error *err)
{
	size_t outputs = made->outputs;

	made->factor = mem_zeroed(made->stride * outputs, sizeof(*made->factor));
	if (!made->factor)
		return error_nomem(err);
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < outputs; k++) {
			double p = share[i * outputs + k], by = p * (1 - p), *to = made->factor + k;

			for (size_t j = 0; j < x->numbers; j++)
				to[j * outputs] += by * x->number[i * x->numbers + j] * x->number[i * x->numbers + j];
			for (size_t s = 0; s < x->slots; s++)
				to[x->place[i * x->slots + s] * outputs] += by;
			to[x->width * outputs] += by;
		}
	for (size_t j = 0; j < made->stride * outputs; j++)
		made->factor[j] = 1 / (made->factor[j] + (j < x->width * outputs ? 1 : JITTER));
	return 0;
}

int precondition_make(struct precondition **out, const struct design *x, const double *share, size_t outputs,
		      const struct chunks *chunks, struct error *err)
{
	struct precondition *made = mem_zeroed(1, sizeof(*made));
	int rc;

	if (!made)
		return error_nomem(err);
	made->stride = softmax_stride(x);
	made->outputs = outputs;
	made->dense = x->width <= DENSE_WIDTH && made->stride * made->stride * outputs <= MOST_CELLS;
	rc = made->dense ? make_dense(made, x, share, chunks, err) : make_diagonal(made, x, share, err);
	if (rc < 0) {
		precondition_free(made);
		return rc;
	}
	precondition_free(*out);
	*out = made;
	return 0;
}

void precondition_solve(const struct precondition *precondition, double *out, const double *v, double *scratch)
{
	size_t stride = precondition->stride, outputs = precondition->outputs, order = stride - 1;

	if (!precondition->dense) {
		for (size_t j = 0; j < stride * outputs; j++)
			out[j] = precondition->factor[j] * v[j];
		return;
	}
	for (size_t k = 0; k < outputs; k++) {
		for (size_t j = 0; j < order; j++)
			scratch[j] = v[j * outputs + k];
		solve_factor(scratch, precondition->factor + k * stride * stride, order, stride);
		for (size_t j = 0; j < order; j++)
			out[j * outputs + k] = scratch[j];
		out[order * outputs + k] = 0;
	}
}
