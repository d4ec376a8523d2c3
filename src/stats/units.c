#include "stats/units.h"

#include "base/mem.h"
#include "stats/order.h"

size_t units_count(const struct predictions *p)
{
	return p->cluster ? p->clusters : p->n;
}

static size_t largest_of(const size_t *units, int classes)
{
	size_t largest = 0;

	for (size_t c = 1; c < (size_t)classes; c++)
		if (units[c] > units[largest])
			largest = c;
	return largest;
}

/* Rows by cluster and within it by class: each pair of the two is counted where it begins. */
static int count_clusters(size_t *units, size_t *outside, const struct predictions *p, struct error *err)
{
	uint64_t *key = mem_array(p->n, sizeof(*key)), classes = (uint64_t)p->classes;
	uint32_t *row = mem_array(p->n, sizeof(*row));
	size_t largest, last = p->clusters;
	int rc = key && row ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < p->n; i++)
		key[i] = (uint64_t)p->cluster[i] * classes + (uint64_t)p->y_true[i];
	if (rc == 0)
		rc = order_by_key(row, key, p->n, err);
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		if (i == 0 || key[row[i]] != key[row[i - 1]])
			units[p->y_true[row[i]]]++;
	largest = largest_of(units, p->classes);
	for (size_t i = 0; rc == 0 && i < p->n; i++) {
		size_t cluster = p->cluster[row[i]];

		if ((size_t)p->y_true[row[i]] == largest || cluster == last)
			continue;
		(*outside)++;
		last = cluster;
	}
	free(key);
	free(row);
	return rc;
}

int units_by_class(size_t *units, size_t *outside, const struct predictions *p, struct error *err)
{
	*outside = 0;
	memset(units, 0, (size_t)p->classes * sizeof(*units));
	if (p->cluster)
		return count_clusters(units, outside, p, err);
	for (size_t i = 0; i < p->n; i++)
		units[p->y_true[i]]++;
	*outside = p->n - units[largest_of(units, p->classes)];
	return 0;
}

void units_sum(double *sum, const double *value, const struct predictions *p)
{
	memset(sum, 0, p->clusters * sizeof(*sum));
	for (size_t i = 0; i < p->n; i++)
		sum[p->cluster[i]] += value[i];
}
