#include "stats/cells.h"

#include "base/mem.h"
#include "stats/binomial.h"
#include "stats/order.h"

#include <math.h>
#include <omp.h>

#define BLOCK 250 /* draws that share a random stream */

struct cell {
	int y, a, b; /* b: 0 where there is one classifier */
	size_t rows;
	double extra; /* 0, or the half row */
	double weight; /* mean weight of its rows */
};

struct cells {
	struct cell *cell; /* by rising rows, once they are made */
	size_t n, cap;
	size_t rows;
	int classes, positive, paired;
};

static uint64_t cell_key(const struct cells *cells, int y, int a, int b)
{
	uint64_t k = (uint64_t)cells->classes;

	return ((uint64_t)y * k + (uint64_t)a) * k + (uint64_t)b;
}

static int add_cell(struct cells *cells, struct cell cell, struct error *err)
{
	int rc = MEM_GROW(cells->cell, cells->n, cells->cap, err);

	if (rc == 0)
		cells->cell[cells->n++] = cell;
	return rc;
}

/* Among the first n cells, which stand by rising (y, a, b). */
static struct cell *find_cell(const struct cells *cells, size_t n, int y, int a, int b)
{
	uint64_t wanted = cell_key(cells, y, a, b);
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		struct cell *cell = &cells->cell[middle];
		uint64_t here = cell_key(cells, cell->y, cell->a, cell->b);

		if (here == wanted)
			return cell;
		if (here < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Rows into cells; the cells come by rising (y, a, b). */
static int gather(struct cells *cells, const struct predictions *a, const struct predictions *b, struct error *err)
{
	uint64_t *key = mem_array(a->n, sizeof(*key));
	uint32_t *row = mem_array(a->n, sizeof(*row));
	int rc = key && row ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < a->n; i++)
		key[i] = cell_key(cells, a->y_true[i], a->y_pred[i], b ? b->y_pred[i] : 0);
	if (rc == 0)
		rc = order_by_key(row, key, a->n, err);
	for (size_t i = 0; rc == 0 && i < a->n; i++) {
		uint32_t r = row[i];

		if (i == 0 || key[r] != key[row[i - 1]])
			rc = add_cell(cells, (struct cell){a->y_true[r], a->y_pred[r], b ? b->y_pred[r] : 0, 0, 0, 0},
				      err);
		if (rc == 0) {
			cells->cell[cells->n - 1].rows++;
			cells->cell[cells->n - 1].weight += a->weight ? a->weight[r] : 1;
		}
	}
	for (size_t i = 0; i < cells->n; i++)
		cells->cell[i].weight /= (double)cells->cell[i].rows;
	free(key);
	free(row);
	return rc;
}

/* Half a row to the cell, made where it is not there with the weight of its neighbour. */
static int add_half(struct cells *cells, size_t found, int y, int a, int b, double weight, struct error *err)
{
	struct cell *cell = find_cell(cells, found, y, a, b);

	if (!cell)
		return add_cell(cells, (struct cell){y, a, b, 0, 0.5, weight}, err);
	cell->extra = 0.5;
	return 0;
}

/* Two rows in all, which is what two classes can have: with more they would drown the rows that were seen. */
static void bound_extra(struct cells *cells)
{
	double all = 0;

	for (size_t i = 0; i < cells->n; i++)
		all += cells->cell[i].extra;
	for (size_t i = 0; all > 2 && i < cells->n; i++)
		cells->cell[i].extra *= 2 / all;
}

static int smooth_pairs(struct cells *cells, const uint8_t *by_a, const uint8_t *by_b, struct error *err)
{
	size_t found = cells->n;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < found; i++) {
		struct cell cell = cells->cell[i];

		if (cell.a == cell.b || !by_a[cell.b] || !by_b[cell.a])
			continue;
		cells->cell[i].extra = 0.5;
		rc = add_half(cells, found, cell.y, cell.b, cell.a, cell.weight, err);
	}
	bound_extra(cells);
	return rc;
}

static int smooth_two_classes(struct cells *cells, const uint8_t *by_a, struct error *err)
{
	size_t found = cells->n;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < found; i++) {
		struct cell cell = cells->cell[i];

		cells->cell[i].extra = 0.5;
		if (by_a[!cell.a])
			rc = add_half(cells, found, cell.y, !cell.a, 0, cell.weight, err);
	}
	return rc;
}

static int smooth(struct cells *cells, struct error *err)
{
	uint8_t *by_a = mem_zeroed((size_t)cells->classes, 1), *by_b = mem_zeroed((size_t)cells->classes, 1);
	int rc = by_a && by_b ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < cells->n; i++)
		by_a[cells->cell[i].a] = by_b[cells->cell[i].b] = 1;
	if (rc == 0 && cells->paired)
		rc = smooth_pairs(cells, by_a, by_b, err);
	else if (rc == 0 && cells->classes == 2)
		rc = smooth_two_classes(cells, by_a, err);
	free(by_a);
	free(by_b);
	return rc;
}

static int by_rows(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows < y->rows ? -1 : 1;
	if (x->y != y->y)
		return x->y < y->y ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static int cells_make(struct cells *out, const struct predictions *a, const struct predictions *b, struct error *err)
{
	int rc;

	*out = (struct cells){.rows = a->n, .classes = a->classes, .positive = a->positive, .paired = b != NULL};
	rc = gather(out, a, b, err);
	if (rc == 0)
		rc = smooth(out, err);
	if (rc == 0 && out->n > 0)
		qsort(out->cell, out->n, sizeof(*out->cell), by_rows);
	return rc;
}

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

int cells_bootstrap(double **out, size_t *draws, const struct metric *const *metric, size_t n,
		    const struct predictions *a, const struct predictions *b, unsigned threads, struct error *err)
{
	double *value = NULL, **of_metric = mem_array(n, sizeof(*of_metric));
	struct cells cells = {0};
	int rc;

	rc = of_metric ? cells_make(&cells, a, b, err) : error_nomem(err);
	if (rc < 0)
		goto out;
	*draws = affordable_draws(&cells, n);
	value = mem_array(n, *draws * sizeof(*value));
	if (!value) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		of_metric[i] = value + i * *draws;
	rc = resample(of_metric, metric, n, *draws, &cells, threads, err);
	if (rc < 0)
		goto out;
	*out = value;
	value = NULL;
out:
	free(cells.cell);
	free(of_metric);
	free(value);
	return rc;
}
