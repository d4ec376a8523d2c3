/* Rows into cells, clusters into what they have in each, and the half rows against certainty from a handful. */
#include "stats/cells_work.h"

#include "base/mem.h"
#include "stats/order.h"

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

int cells_make(struct cells *out, const struct predictions *a, const struct predictions *b, struct error *err)
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

void cells_release(struct cells *cells)
{
	free(cells->cell);
}

/* Rows by cluster and within it by cell: the parts, and in each cell how many clusters have how much of it. */
static void add_parts(struct clusters *out, size_t found, const uint32_t *row, const uint64_t *key,
		      const struct predictions *a, const struct predictions *b)
{
	for (size_t i = 0; i < a->n; i++) {
		uint32_t r = row[i];
		struct cell *cell = find_cell(&out->cells, found, a->y_true[r], a->y_pred[r], b ? b->y_pred[r] : 0);
		double weight = a->weight ? a->weight[r] : 1;

		if (i == 0 || key[r] != key[row[i - 1]]) {
			out->part[out->parts++] = (struct part){(uint32_t)(cell - out->cells.cell), 0};
			cell->rows++;
		}
		out->part[out->parts - 1].weight += (float)weight;
		cell->weight += weight;
		out->end[a->cluster[r]] = (uint32_t)out->parts;
	}
	for (size_t i = 0; i < found; i++)
		out->cells.cell[i].weight /= (double)out->cells.cell[i].rows;
}

static int gather_clusters(struct clusters *out, const struct predictions *a, const struct predictions *b,
			   struct error *err)
{
	uint64_t *key = mem_array(a->n, sizeof(*key)), k = (uint64_t)a->classes;
	uint32_t *row = mem_array(a->n, sizeof(*row));
	int rc = key && row ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < a->n; i++)
		key[i] = (uint64_t)a->cluster[i] * k * k * k +
			 cell_key(&out->cells, a->y_true[i], a->y_pred[i], b ? b->y_pred[i] : 0);
	if (rc == 0)
		rc = order_by_key(row, key, a->n, err);
	if (rc == 0) {
		out->part = mem_array(a->n, sizeof(*out->part));
		out->end = mem_array(a->clusters, sizeof(*out->end));
		rc = out->part && out->end ? 0 : error_nomem(err);
	}
	for (size_t i = 0; i < out->cells.n; i++) {
		out->cells.cell[i].rows = 0;
		out->cells.cell[i].weight = 0;
	}
	if (rc == 0)
		add_parts(out, out->cells.n, row, key, a, b);
	free(key);
	free(row);
	return rc;
}

int clusters_make(struct clusters *out, const struct predictions *a, const struct predictions *b, struct error *err)
{
	int rc;

	*out = (struct clusters){
		.cells = {.rows = a->n, .classes = a->classes, .positive = a->positive, .paired = b != NULL},
		.n = a->clusters};
	rc = gather(&out->cells, a, b, err);
	if (rc == 0)
		rc = gather_clusters(out, a, b, err);
	return rc ? rc : smooth(&out->cells, err);
}

void clusters_release(struct clusters *clusters)
{
	cells_release(&clusters->cells);
	free(clusters->part);
	free(clusters->end);
}
