/* A score per row that no table of metrics knows: the mean of the paired differences. */
#include "stats/paired_work.h"

#include "base/mem.h"
#include "stats/few.h"

#include <math.h>

/* Where both have a value: how many rows that are. */
static size_t differences(double *difference, unsigned char *counted, int *same, const double *a, const double *b,
			  size_t n)
{
	size_t found = 0;

	*same = 1;
	for (size_t i = 0; i < n; i++) {
		counted[i] = isfinite(a[i]) && isfinite(b[i]);
		difference[i] = counted[i] ? a[i] - b[i] : 0;
		*same &= difference[i] == 0;
		found += counted[i];
	}
	return found;
}

/* The rows that count, moved together; weight [found] is filled where rows have weights. */
static void gather(double *difference, double *weight, const unsigned char *counted, const struct predictions *rows)
{
	size_t at = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (!counted[i])
			continue;
		if (rows->weight)
			weight[at] = rows->weight[i];
		difference[at++] = difference[i];
	}
}

static int mean_of(struct rows_mean *out, double *difference, const unsigned char *counted, size_t found,
		   const struct predictions *rows, struct error *err)
{
	double *weight;

	if (rows->cluster)
		return rows_mean_of_clusters(out, difference, counted, rows, err);
	weight = mem_array(found, sizeof(*weight));
	if (!weight)
		return error_nomem(err);
	gather(difference, weight, counted, rows);
	*out = rows_mean(difference, rows->weight ? weight : NULL, found);
	free(weight);
	return 0;
}

static void judge(struct paired *out, const struct rows_mean *mean, size_t found, const struct predictions *rows)
{
	size_t units = (size_t)mean->df + 1, needed = few_needed(out->family);

	paired_by_mean(out, mean);
	if (!out->defined)
		return;
	out->too_few = units < needed;
	if (out->too_few)
		snprintf(out->note, sizeof(out->note), "too few rows to judge: %zu%s, it takes %zu", units,
			 rows->cluster ? " clusters" : "", needed);
	else if (found < rows->n)
		snprintf(out->note, sizeof(out->note), "%zu rows without a value on both sides are left out",
			 rows->n - found);
}

int paired_values(struct paired *out, const double *a, const double *b, const struct predictions *rows, size_t family,
		  struct error *err)
{
	double *difference = mem_array(rows->n, sizeof(*difference));
	unsigned char *counted = mem_array(rows->n, sizeof(*counted));
	struct rows_mean mean = {0};
	int rc = difference && counted ? 0 : error_nomem(err);
	size_t found;

	*out = (struct paired){.test = "", .df = HUGE_VAL, .midp = NAN, .family = family, .p = 1};
	if (rc < 0)
		goto out;
	found = differences(difference, counted, &out->same, a, b, rows->n);
	if (found == 0) {
		snprintf(out->note, sizeof(out->note), "no row has a value on both sides");
		goto out;
	}
	rc = mean_of(&mean, difference, counted, found, rows, err);
	if (rc < 0)
		goto out;
	out->defined = 1;
	judge(out, &mean, found, rows);
	if (out->defined)
		paired_finish(out);
out:
	free(difference);
	free(counted);
	return rc;
}
