#include "learn/tree/bins.h"

#include "base/mem.h"

#include <math.h>

#define SAMPLE 50000

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Halfway, but never at the upper one. */
static double between(double low, double high)
{
	double middle = low / 2 + high / 2;

	return middle < high ? middle : low;
}

/* Edges for sorted values: close a bin when it has its share of what is left, so that a frequent value stays alone. */
static void find_edges(struct bin_column *out, const double *sorted, size_t n)
{
	size_t distinct = 1, used = 0, closed = 0;

	for (size_t i = 1; i < n; i++)
		distinct += sorted[i] != sorted[i - 1];
	for (size_t i = 1; i < n; i++) {
		if (sorted[i] == sorted[i - 1])
			continue;
		size_t left = BINS - used;

		if (distinct > BINS && (i - closed) * left < n - closed)
			continue;
		out->edge[used++] = between(sorted[i - 1], sorted[i]);
		closed = i;
		if (used == BINS - 1)
			break;
	}
	out->bins = (int)used + 1;
	for (; used < BINS - 1; used++)
		out->edge[used] = INFINITY;
}

static int fit_number(struct bin_column *out, const struct encoded_column *column, const struct dataset *data,
		      const size_t *row, size_t n, double *scratch)
{
	size_t taken = n < SAMPLE ? n : SAMPLE;

	for (size_t i = 0; i < taken; i++) {
		size_t at = taken == n ? i : (size_t)((double)i * (double)n / (double)taken);

		scratch[i] = encoded_number(column, data->table, data->row[row[at]]);
	}
	qsort(scratch, taken, sizeof(*scratch), by_value);
	find_edges(out, scratch, taken);
	return 0;
}

static void list_features(struct bins *bins)
{
	size_t next = 0;

	for (size_t c = 0; c < bins->columns; c++) {
		const struct encoded_column *column = &bins->encoding->column[c];

		for (size_t s = 0; s < column->slots; s++)
			bins->feature[next++] = feature_make(c, column->kind == COLUMN_CATEGORY, s);
	}
}

int bins_make(struct bins **out, const struct dataset *data, const size_t *row, size_t n, struct error *err)
{
	struct bins *made = mem_zeroed(1, sizeof(*made));
	double *scratch = mem_array(n < SAMPLE ? n : SAMPLE, sizeof(*scratch));
	int rc;

	if (!made || !scratch) {
		rc = error_nomem(err);
		goto out;
	}
	rc = encoding_make(&made->encoding, data, row, n, err);
	if (rc < 0)
		goto out;
	made->holders = 1;
	made->columns = made->encoding->columns;
	made->features = made->encoding->width;
	made->column = mem_zeroed(made->columns, sizeof(*made->column));
	made->feature = mem_array(made->features, sizeof(*made->feature));
	if (!made->column || !made->feature) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t c = 0; c < made->columns; c++)
		if (made->encoding->column[c].kind == COLUMN_NUMBER)
			fit_number(&made->column[c], &made->encoding->column[c], data, row, n, scratch);
	list_features(made);
	*out = made;
	made = NULL;
out:
	bins_free(made);
	free(scratch);
	return rc;
}

void bins_free(struct bins *bins)
{
	if (!bins || --bins->holders > 0)
		return;
	encoding_free(bins->encoding);
	free(bins->column);
	free(bins->feature);
	free(bins);
}

struct bins *bins_hold(struct bins *bins)
{
	bins->holders++;
	return bins;
}

/* How many edges are below the value: a binary search without branches, the same eight steps for every value. */
static inline uint8_t bin_of(const double *edge, double value)
{
	size_t at = 0;

	for (size_t step = BINS / 2; step; step /= 2)
		at += edge[at + step - 1] < value ? step : 0;
	return (uint8_t)at;
}

void bins_apply(uint8_t *byte, size_t stride, const struct bins *bins, const struct dataset *data, const size_t *row,
		size_t n)
{
	for (size_t c = 0; c < bins->columns; c++) {
		const struct encoded_column *column = &bins->encoding->column[c];
		const double *edge = bins->column[c].edge;

		if (column->kind == COLUMN_NUMBER) {
			for (size_t i = 0; i < n; i++)
				byte[i * stride + c] = bin_of(edge,
							      encoded_number(column, data->table, data->row[row[i]]));
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			int32_t slot = encoded_slot(column, data->table, data->row[row[i]]);

			byte[i * stride + c] = slot < 0 ? BIN_ABSENT : (uint8_t)slot;
		}
	}
}
