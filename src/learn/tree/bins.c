#include "learn/tree/bins.h"

#include "learn/tree/kernels.h"
#include "base/mem.h"

#include <math.h>

#define SAMPLE 50000
#define DIGIT_BITS 11
#define APPLY_ROWS 1024 /* values brought together at a time */

/* An integer that orders as the number does, and back: a negative number's bits run the other way. */
static inline uint64_t order_key(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static inline double key_value(uint64_t key)
{
	uint64_t bits = key >> 63 ? key & ~(1ULL << 63) : ~key;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Radix sort, least significant digit first; key and spare [n]. Returns the one that holds the result. */
static uint64_t *sort_keys(uint64_t *key, uint64_t *spare, size_t n)
{
	for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
		size_t start[1 << DIGIT_BITS] = {0}, sum = 0;
		uint64_t mask = (1 << DIGIT_BITS) - 1, *kept = key;

		for (size_t i = 0; i < n; i++)
			start[key[i] >> shift & mask]++;
		if (start[key[0] >> shift & mask] == n)
			continue;
		for (size_t d = 0; d <= mask; d++) {
			size_t count = start[d];

			start[d] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			spare[start[key[i] >> shift & mask]++] = key[i];
		key = spare;
		spare = kept;
	}
	return key;
}

/* Halfway, but never at the upper one. */
static double between(double low, double high)
{
	double middle = low / 2 + high / 2;

	return middle < high ? middle : low;
}

/* Edges for sorted values: close a bin when it has its share of what is left, so that a frequent value stays alone. */
static void find_edges(struct bin_column *out, const uint64_t *sorted, size_t n)
{
	size_t distinct = 1, used = 0, closed = 0;

	for (size_t i = 1; i < n; i++)
		distinct += sorted[i] != sorted[i - 1];
	for (size_t i = 1; i < n && used < BINS - 1; i++) {
		size_t left = BINS - used;

		if (sorted[i] == sorted[i - 1] || (distinct > BINS && (i - closed) * left < n - closed))
			continue;
		out->edge[used++] = between(key_value(sorted[i - 1]), key_value(sorted[i]));
		closed = i;
	}
	out->bins = (int)used + 1;
	for (; used < BINS; used++)
		out->edge[used] = INFINITY;
}

/* key [2 x the sample] is scratch */
static void fit_number(struct bin_column *out, const struct encoded_column *column, const struct dataset *data,
		       const size_t *row, size_t n, uint64_t *key)
{
	size_t taken = n < SAMPLE ? n : SAMPLE;

	for (size_t i = 0; i < taken; i++) {
		size_t at = taken == n ? i : (size_t)((double)i * (double)n / (double)taken);

		/* + 0.0 makes one zero of the two */
		key[i] = order_key(encoded_number(column, data->table, data->row[row[at]]) + 0.0);
	}
	find_edges(out, sort_keys(key, key + taken, taken), taken);
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
	uint64_t *scratch = mem_array(2 * (n < SAMPLE ? n : SAMPLE), sizeof(*scratch));
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

static void apply_number(uint8_t *byte, size_t stride, const double *edge, const struct encoded_column *column,
			 const struct dataset *data, const size_t *row, size_t n)
{
	const struct tree_kernels *kernels = kernels_choose();
	double value[APPLY_ROWS];

	for (size_t begin = 0; begin < n; begin += APPLY_ROWS) {
		size_t rows = n - begin < APPLY_ROWS ? n - begin : APPLY_ROWS;

		for (size_t i = 0; i < rows; i++)
			value[i] = encoded_number(column, data->table, data->row[row[begin + i]]);
		kernels->bin_values(byte + begin * stride, stride, edge, value, rows);
	}
}

void bins_apply(uint8_t *byte, size_t stride, const struct bins *bins, const struct dataset *data, const size_t *row,
		size_t n)
{
	for (size_t c = 0; c < bins->columns; c++) {
		const struct encoded_column *column = &bins->encoding->column[c];

		if (column->kind == COLUMN_NUMBER) {
			apply_number(byte + c, stride, bins->column[c].edge, column, data, row, n);
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			int32_t slot = encoded_slot(column, data->table, data->row[row[i]]);

			byte[i * stride + c] = slot < 0 ? BIN_ABSENT : (uint8_t)slot;
		}
	}
}
