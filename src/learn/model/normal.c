#include "learn/model/normal.h"

#include "base/mem.h"

#include <math.h>
#include <omp.h>

#define DENSE_WIDTH 256 /* columns up to which a factor is worth its cubic price */
#define CHUNK_ROWS 1024
#define MOST_CHUNKS 16
#define SHARED_WORK 400000 /* multiplications in one pass that are worth a second thread */
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
	chunks->threads = threads ? (int)threads : omp_get_num_procs();
	if (x->n * (x->numbers + x->slots) * outputs < SHARED_WORK)
		chunks->threads = 1;
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

static int make_dense(struct precondition *made, const struct design *x, const double *share,
		      const struct chunks *chunks, struct error *err)
{
	size_t stride = made->stride, cells = stride * stride;
	double *partial = mem_array(chunks->n * cells, sizeof(*partial));

	made->factor = mem_array(made->outputs * cells, sizeof(*made->factor));
	if (!partial || !made->factor) {
		free(partial);
		return error_nomem(err);
	}
	for (size_t k = 0; k < made->outputs; k++) {
		double *out = made->factor + k * cells;

#pragma omp parallel for schedule(static) num_threads(chunks->threads) if (chunks->threads > 1)
		for (size_t c = 0; c < chunks->n; c++) {
			double *to = partial + c * cells;

			memset(to, 0, cells * sizeof(*to));
			for (size_t i = chunk_begin(chunks, c); i < chunk_begin(chunks, c + 1); i++) {
				double p = share[i * made->outputs + k];

				add_outer(to, x, i, p * (1 - p));
			}
		}
		memcpy(out, partial, cells * sizeof(*out));
		for (size_t c = 1; c < chunks->n; c++)
			for (size_t j = 0; j < cells; j++)
				out[j] += partial[c * cells + j];
		for (size_t j = 0; j <= x->width; j++)
			out[j * stride + j] += j < x->width ? 1 : JITTER;
		factorise(out, x->width + 1, stride);
	}
	free(partial);
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
	made->dense = x->width <= DENSE_WIDTH;
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
