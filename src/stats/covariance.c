#include "stats/covariance.h"

#include "base/mem.h"
#include "base/random.h"
#include "base/workers.h"
#include "stats/wide.h"

#include <math.h>
#include <string.h>

#define TILE 32 /* figures x figures that are summed at a time */
#define LANES 8
#define CHUNK 128 /* draws that are made at a time: with 500 figures their normal numbers fit a second-level cache */
#define NEGLIGIBLE 1e-10 /* of the largest variance */

struct sums {
	double *out;
	const float *contribution;
	size_t rows, m, tiles;
};

/*
 * The sum of products of two figures: LANES sums over every LANES-th row, added pairwise at the end, so that vectors of any
 * width give the same bits.
 */
WIDE_CLONES static double dot(const float *a, const float *b, size_t n)
{
	double sum[LANES] = {0};
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			sum[k] += (double)a[i + k] * (double)b[i + k];
	for (size_t k = 0; i < n; i++, k++)
		sum[k] += (double)a[i] * (double)b[i];
	return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

static void sum_tile(void *context, size_t piece, size_t worker)
{
	const struct sums *s = context;
	size_t from_a = piece / s->tiles * TILE, from_b = piece % s->tiles * TILE;
	size_t to_a = from_a + TILE < s->m ? from_a + TILE : s->m, to_b = from_b + TILE < s->m ? from_b + TILE : s->m;

	(void)worker;
	if (from_b < from_a)
		return;
	for (size_t a = from_a; a < to_a; a++)
		for (size_t b = from_b > a ? from_b : a; b < to_b; b++) {
			double sum = dot(s->contribution + a * s->rows, s->contribution + b * s->rows, s->rows);

			s->out[a * s->m + b] = s->out[b * s->m + a] = sum;
		}
}

void covariance_make(double *out, const float *contribution, size_t rows, size_t m, unsigned threads)
{
	struct sums sums = {out, contribution, rows, m, (m + TILE - 1) / TILE};
	size_t pieces = sums.tiles * sums.tiles;

	workers_run(workers_count(threads, pieces), pieces, sum_tile, &sums);
}

/* to -= factor x from */
WIDE_CLONES static void take_away(double *to, const double *from, double factor, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] -= factor * from[i];
}

static size_t largest(const double *value, size_t n)
{
	size_t at = 0;

	for (size_t i = 1; i < n; i++)
		if (value[i] > value[at])
			at = i;
	return at;
}

/* column [m][m]: factor of the covariance, column by column, *rank of them; left [m] is scratch. */
static void factorise(double *column, size_t *rank, double *left, const double *covariance, size_t m)
{
	double least = 0;

	for (size_t i = 0; i < m; i++) {
		left[i] = covariance[i * m + i];
		least = fmax(least, NEGLIGIBLE * left[i]);
	}
	for (*rank = 0; *rank < m; ++*rank) {
		size_t pivot = largest(left, m);
		double *here = column + *rank * m, root = sqrt(left[pivot]);

		if (!(left[pivot] > least))
			break;
		memcpy(here, covariance + pivot * m, m * sizeof(*here));
		for (size_t k = 0; k < *rank; k++)
			take_away(here, column + k * m, column[k * m + pivot], m);
		for (size_t i = 0; i < m; i++) {
			here[i] = left[i] > 0 ? here[i] / root : 0;
			left[i] -= here[i] * here[i];
		}
		left[pivot] = 0; /* and of an earlier pivot it stays at or below 0 */
	}
}

/* n normal numbers, n even (Box and Muller 1958, Annals of Mathematical Statistics 29:610). */
static void normal_numbers(float *out, size_t n, struct random *random)
{
	for (size_t i = 0; i < n; i += 2) {
		double radius = sqrt(-2 * log(1 - random_unit(random))), angle = 2 * M_PI * random_unit(random);

		out[i] = (float)(radius * cos(angle));
		out[i + 1] = (float)(radius * sin(angle));
	}
}

WIDE_CLONES static void add(float *restrict to, const float *restrict from, float factor)
{
	for (size_t i = 0; i < CHUNK; i++)
		to[i] += factor * from[i];
}

struct drawing {
	float *out, *normal; /* normal [workers][rank][CHUNK] */
	const double *column;
	size_t m, rank;
};

static void draw_chunk(void *context, size_t piece, size_t worker)
{
	const struct drawing *d = context;
	float *normal = d->normal + worker * d->rank * CHUNK;
	struct random random;

	random_init(&random, 0, piece);
	normal_numbers(normal, d->rank * CHUNK, &random);
	for (size_t i = 0; i < d->m; i++) {
		float sum[CHUNK] = {0};

		for (size_t k = 0; k < d->rank; k++)
			if (d->column[k * d->m + i] != 0)
				add(sum, normal + k * CHUNK, (float)d->column[k * d->m + i]);
		memcpy(d->out + i * COVARIANCE_DRAWS + piece * CHUNK, sum, sizeof(sum));
	}
}

int covariance_draw(float *out, const double *covariance, size_t m, unsigned threads, struct error *err)
{
	size_t pieces = COVARIANCE_DRAWS / CHUNK, workers = workers_count(threads, pieces);
	double *column = mem_array(m, m * sizeof(*column)), *left = mem_array(m, sizeof(*left));
	struct drawing drawing = {.out = out, .column = column, .m = m};
	int rc = column && left ? 0 : error_nomem(err);

	if (rc == 0) {
		factorise(column, &drawing.rank, left, covariance, m);
		drawing.normal = mem_array(workers * (drawing.rank + 1), CHUNK * sizeof(*drawing.normal));
		rc = drawing.normal ? 0 : error_nomem(err);
	}
	if (rc == 0)
		workers_run(workers, pieces, draw_chunk, &drawing);
	free(drawing.normal);
	free(column);
	free(left);
	return rc;
}
