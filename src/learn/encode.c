#include "learn/encode.h"

#include "base/mem.h"

#include <math.h>

/* Hoare's FIND (1961, CACM 4:321): the k-th smallest ends at value[k], none larger before it. */
static double select_kth(double *value, ptrdiff_t n, ptrdiff_t k)
{
	ptrdiff_t low = 0, high = n - 1;

	while (low < high) {
		double pivot = value[k];
		ptrdiff_t i = low, j = high;

		do {
			while (value[i] < pivot)
				i++;
			while (pivot < value[j])
				j--;
			if (i <= j) {
				double kept = value[i];

				value[i++] = value[j];
				value[j--] = kept;
			}
		} while (i <= j);
		if (j < k)
			low = i;
		if (k < i)
			high = j;
	}
	return value[k];
}

/* The median of what is there; scratch [n]. */
static double median_of(const double *number, const struct dataset *data, const size_t *row, size_t n, double *scratch)
{
	size_t present = 0;

	for (size_t i = 0; i < n; i++) {
		double value = number[data->row[row[i]]];

		if (!isnan(value))
			scratch[present++] = value;
	}
	if (!present)
		return 0;
	double high = select_kth(scratch, (ptrdiff_t)present, (ptrdiff_t)present / 2), low = high;

	if (present % 2 == 0) {
		low = scratch[0];
		for (size_t i = 1; i < present / 2; i++)
			low = scratch[i] > low ? scratch[i] : low;
	}
	return low / 2 + high / 2;
}

struct level_count {
	size_t count;
	size_t level;
};

static int by_count(const void *a, const void *b)
{
	const struct level_count *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->level > y->level) - (x->level < y->level);
}

/* Give slots in the order of levels, so that they do not depend on the order of rows. */
static int fit_category(struct encoded_column *out, const struct column *from, const struct dataset *data,
			const size_t *row, size_t n, struct error *err)
{
	struct level_count *count = mem_array(from->levels + 1, sizeof(*count));
	size_t seen = 0;
	int rc = 0;

	out->slot = mem_array(from->levels + 1, sizeof(*out->slot));
	if (!count || !out->slot) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t l = 0; l <= from->levels; l++)
		count[l] = (struct level_count){.level = l};
	for (size_t i = 0; i < n; i++) {
		int32_t code = from->code[data->row[row[i]]];

		count[code < 0 ? (int32_t)from->levels : code].count++;
	}
	size_t missing = count[from->levels].count;

	for (size_t l = 0; l < from->levels; l++) {
		out->slot[l] = count[l].count ? 0 : -1;
		seen += count[l].count > 0;
	}
	int other = seen > ENCODE_LEVELS;

	if (other) {
		qsort(count, from->levels, sizeof(*count), by_count);
		for (size_t i = ENCODE_LEVELS; i < from->levels; i++)
			out->slot[count[i].level] = -1;
	}
	for (size_t l = 0; l < from->levels; l++)
		if (out->slot[l] == 0)
			out->slot[l] = (int32_t)out->slots++;
	for (size_t l = 0; other && l < from->levels; l++)
		if (out->slot[l] < 0)
			out->slot[l] = (int32_t)out->slots;
	out->slots += (size_t)other;
	out->slot[from->levels] = missing ? (int32_t)out->slots++ : -1;
out:
	free(count);
	return rc;
}

int encoding_make(struct encoding **out, const struct dataset *data, const size_t *row, size_t n, struct error *err)
{
	struct encoding *made = mem_zeroed(1, sizeof(*made));
	double *scratch = mem_array(n, sizeof(*scratch));
	int rc = 0;

	if (made)
		made->column = mem_zeroed(data->features, sizeof(*made->column));
	if (!made || !made->column || !scratch) {
		rc = error_nomem(err);
		goto out;
	}
	made->columns = data->features;
	for (size_t f = 0; f < data->features; f++) {
		struct encoded_column *c = &made->column[f];
		const struct column *from = &data->table->column[data->feature[f]];

		c->column = data->feature[f];
		c->kind = from->kind;
		c->first = made->width;
		if (from->kind == COLUMN_NUMBER) {
			c->slots = 1;
			if (from->missing)
				c->median = median_of(from->number, data, row, n, scratch);
			made->numbers++;
		} else {
			rc = fit_category(c, from, data, row, n, err);
			if (rc < 0)
				goto out;
			made->categories++;
		}
		made->width += c->slots;
	}
	*out = made;
	made = NULL;
out:
	encoding_free(made);
	free(scratch);
	return rc;
}

void encoding_free(struct encoding *encoding)
{
	if (!encoding)
		return;
	for (size_t f = 0; encoding->column && f < encoding->columns; f++)
		free(encoding->column[f].slot);
	free(encoding->column);
	free(encoding);
}
