#include "stats/cells_work.h"

#include "base/mem.h"
#include "stats/binomial.h"

#include <math.h>
#include <omp.h>

#define BLOCK 250 /* draws that share a random stream */

/* How many draws of n metrics are worth their time. */
static size_t affordable_draws(const struct cells *cells, size_t n)
{
	double draws = 2e8 / ((double)cells->n + (double)n * cells->classes * cells->classes);

	return draws > 10000 ? 10000 : draws < 200 ? 200 : (size_t)draws / 2 * 2;
}

/* What one thread needs for a draw. */
struct scratch {
	double *a, *b; /* confusion matrices */
};

/* The confusion matrices of one draw: rows go to the cells one after the other, the largest takes what is left. */
static void draw(struct scratch *s, const struct cells *cells, const struct binomial *binomial, struct random *random)
{
	size_t k = (size_t)cells->classes, left = cells->rows;

	memset(s->a, 0, k * k * sizeof(*s->a));
	if (cells->paired)
		memset(s->b, 0, k * k * sizeof(*s->b));
	for (size_t i = 0; i < cells->n && left; i++) {
		const struct cell *cell = &cells->cell[i];
		size_t drawn = i + 1 == cells->n ? left : binomial_draw(&binomial[i], left, random);

		left -= drawn;
		s->a[(size_t)cell->y * k + (size_t)cell->a] += (double)drawn * cell->weight;
		if (cells->paired)
			s->b[(size_t)cell->y * k + (size_t)cell->b] += (double)drawn * cell->weight;
	}
}

static void resample_block(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
			   const struct cells *cells, const struct binomial *binomial, size_t block, struct scratch *s)
{
	size_t from = block * BLOCK, to = from + BLOCK < draws ? from + BLOCK : draws;
	struct random random;

	random_init(&random, 0, block);
	for (size_t i = from; i < to; i++) {
		draw(s, cells, binomial, &random);
		for (size_t m = 0; m < n; m++) {
			out[m][i] = metric[m]->from_counts(s->a, cells->classes, cells->positive);
			if (cells->paired)
				out[m][i] -= metric[m]->from_counts(s->b, cells->classes, cells->positive);
		}
	}
}

/* binomial [cells->n]: the chance of each cell among those not yet drawn. */
static void conditional_chances(struct binomial *binomial, const struct cells *cells)
{
	double left = 0;

	for (size_t i = cells->n; i-- > 0;) {
		double here = (double)cells->cell[i].rows + cells->cell[i].extra;

		left += here;
		binomial_init(&binomial[i], here / left);
	}
}

/* out [n][draws] */
static int resample(double *const *out, const struct metric *const *metric, size_t n, size_t draws,
		    const struct cells *cells, unsigned threads, struct error *err)
{
	size_t workers = threads ? threads : (size_t)omp_get_num_procs(), blocks = (draws + BLOCK - 1) / BLOCK;
	size_t matrix = (size_t)cells->classes * (size_t)cells->classes, stride = (2 * matrix + 7) / 8 * 8;
	struct binomial *binomial = mem_array(cells->n, sizeof(*binomial));
	double *memory = mem_aligned(workers, stride * sizeof(*memory));
	int rc = binomial && memory ? 0 : error_nomem(err);

	if (rc < 0)
		goto out;
	conditional_chances(binomial, cells);
#pragma omp parallel for num_threads((int)workers) schedule(dynamic)
	for (size_t b = 0; b < blocks; b++) {
		double *own = memory + (size_t)omp_get_thread_num() * stride;
		struct scratch s = {own, own + matrix};

		resample_block(out, metric, n, draws, cells, binomial, b, &s);
	}
out:
	free(binomial);
	free(memory);
	return rc;
}

/* Room for all draws, its metrics' rows in of_metric [n]. */
static int make_room(double **value, double **of_metric, size_t n, size_t draws, struct error *err)
{
	*value = mem_array(n, draws * sizeof(**value));
	if (!*value)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		of_metric[i] = *value + i * draws;
	return 0;
}

static int of_rows(double **value, double **of_metric, size_t *draws, const struct metric *const *metric, size_t n,
		   const struct predictions *a, const struct predictions *b, unsigned threads, struct error *err)
{
	struct cells cells = {0};
	int rc = cells_make(&cells, a, b, err);

	if (rc == 0) {
		*draws = affordable_draws(&cells, n);
		rc = make_room(value, of_metric, n, *draws, err);
	}
	if (rc == 0)
		rc = resample(of_metric, metric, n, *draws, &cells, threads, err);
	cells_release(&cells);
	return rc;
}

static int of_clusters(double **value, double **of_metric, size_t *draws, const struct metric *const *metric, size_t n,
		       const struct predictions *a, const struct predictions *b, unsigned threads, struct error *err)
{
	struct clusters clusters = {0};
	int rc = clusters_make(&clusters, a, b, err);

	if (rc == 0) {
		*draws = clusters_draws(&clusters, n);
		rc = make_room(value, of_metric, n, *draws, err);
	}
	if (rc == 0)
		rc = clusters_resample(of_metric, metric, n, *draws, &clusters, threads, err);
	clusters_release(&clusters);
	return rc;
}

int cells_bootstrap(double **out, size_t *draws, const struct metric *const *metric, size_t n,
		    const struct predictions *a, const struct predictions *b, unsigned threads, struct error *err)
{
	double *value = NULL, **of_metric = mem_array(n, sizeof(*of_metric));
	int rc = of_metric ? 0 : error_nomem(err);

	if (rc == 0)
		rc = a->cluster ? of_clusters(&value, of_metric, draws, metric, n, a, b, threads, err)
				: of_rows(&value, of_metric, draws, metric, n, a, b, threads, err);
	if (rc == 0)
		*out = value;
	else
		free(value);
	free(of_metric);
	return rc;
}
