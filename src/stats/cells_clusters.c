/*
 * The bootstrap over clusters: each cluster has a Poisson(1) weight in each draw (stats/row_weights.h), and what it has in
 * every cell is added up so many times. Several draws are made side by side.
 */
#include "stats/cells_work.h"

#include "base/mem.h"
#include "base/random.h"
#include "stats/row_weights.h"
#include "stats/wide.h"

#include <math.h>
#include <omp.h>

#define LANES ROW_WEIGHT_LANES
#define HALF (LANES / 2)
#define OWN_STREAMS (UINT64_C(1) << 40) /* random streams of half clusters, beyond those of the weights */

typedef float floats __attribute__((vector_size(HALF * sizeof(float)), may_alias));
typedef unsigned char bytes __attribute__((vector_size(HALF), may_alias));

size_t clusters_draws(const struct clusters *clusters, size_t n)
{
	double k = clusters->cells.classes;
	double draws = fmin(2e9 / (double)clusters->parts, 2e8 / ((double)n * k * k));

	return draws > 10000 ? 10000 : draws < 500 ? 500 : (size_t)draws / LANES * LANES;
}

/* Add the parts of up to ROW_STREAM_ROWS clusters, weight [clusters][LANES], to the sums [cells][LANES]. */
WIDE_CLONES static void add_clusters(float *sums, const struct part *part, const uint32_t *end, size_t from, size_t n,
				     const unsigned char *weight)
{
	floats *sum = (floats *)sums;
	const bytes *drawn = (const bytes *)weight;

	for (size_t i = 0; i < n; i++) {
		floats first = __builtin_convertvector(drawn[2 * i], floats),
		       second = __builtin_convertvector(drawn[2 * i + 1], floats);

		for (size_t at = from; at < end[i]; at++) {
			sum[2 * part[at].cell] += first * part[at].weight;
			sum[2 * part[at].cell + 1] += second * part[at].weight;
		}
		from = end[i];
	}
}

/* A Poisson variable of a mean of at most a half, by inversion. */
static double few(double mean, struct random *random)
{
	double u = random_unit(random), chance = exp(-mean), k = 0;

	while (u > chance && k < 20) {
		u -= chance;
		k++;
		chance *= mean / k;
	}
	return k;
}

static void add_extra(float *sums, const struct cells *cells, size_t block)
{
	struct random random;

	random_init(&random, 0, OWN_STREAMS + block);
	for (size_t i = 0; i < cells->n; i++)
		for (size_t j = 0; cells->cell[i].extra > 0 && j < LANES; j++)
			sums[i * LANES + j] += (float)(few(cells->cell[i].extra, &random) * cells->cell[i].weight);
}

/* The confusion matrices of one draw. */
static void matrices(double *a, double *b, const float *sums, const struct cells *cells, size_t lane)
{
	size_t k = (size_t)cells->classes;

	memset(a, 0, k * k * sizeof(*a));
	memset(b, 0, k * k * sizeof(*b));
	for (size_t i = 0; i < cells->n; i++) {
		const struct cell *cell = &cells->cell[i];
		double sum = (double)sums[i * LANES + lane];

		a[(size_t)cell->y * k + (size_t)cell->a] += sum;
		b[(size_t)cell->y * k + (size_t)cell->b] += sum;
	}
}

struct scratch { /* of one thread */
	float *sums; /* [cells][LANES] */
	double *a, *b; /* [classes x classes] */
};

static void resample_block(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
			   const struct clusters *clusters, size_t block, const struct scratch *s)
{
	_Alignas(sizeof(floats)) unsigned char weight[ROW_STREAM_ROWS * LANES];
	size_t from = block * LANES, lanes = draws - from < LANES ? draws - from : LANES;
	const struct cells *cells = &clusters->cells;
	struct row_stream stream;

	memset(s->sums, 0, cells->n * LANES * sizeof(*s->sums));
	row_stream_init(&stream, block);
	for (size_t at = 0; at < clusters->n; at += ROW_STREAM_ROWS) {
		size_t some = clusters->n - at < ROW_STREAM_ROWS ? clusters->n - at : ROW_STREAM_ROWS;

		row_stream_next(weight, &stream);
		add_clusters(s->sums, clusters->part, clusters->end + at, at ? clusters->end[at - 1] : 0, some, weight);
	}
	add_extra(s->sums, cells, block);
	for (size_t j = 0; j < lanes; j++) {
		matrices(s->a, s->b, s->sums, cells, j);
		for (size_t m = 0; m < n; m++) {
			out[m][from + j] = metric[m]->from_counts(s->a, cells->classes, cells->positive);
			if (cells->paired)
				out[m][from + j] -= metric[m]->from_counts(s->b, cells->classes, cells->positive);
		}
	}
}

int clusters_resample(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
		      const struct clusters *clusters, unsigned threads, struct error *err)
{
	size_t workers = threads ? threads : (size_t)omp_get_num_procs(), blocks = (draws + LANES - 1) / LANES;
	size_t matrix = (size_t)clusters->cells.classes * (size_t)clusters->cells.classes;
	size_t sums = clusters->cells.n * LANES; /* floats: a whole number of cache lines */
	size_t stride = sums * sizeof(float) + (2 * matrix * sizeof(double) + 63) / 64 * 64;
	unsigned char *memory = mem_aligned(workers, stride);

	if (!memory)
		return error_nomem(err);
#pragma omp parallel for num_threads((int)workers) schedule(dynamic)
	for (size_t b = 0; b < blocks; b++) {
		unsigned char *own = memory + (size_t)omp_get_thread_num() * stride;
		double *a = (double *)(void *)(own + sums * sizeof(float));
		struct scratch s = {(float *)(void *)own, a, a + matrix};

		resample_block(out, metric, n, draws, clusters, b, &s);
	}
	free(memory);
	return 0;
}
