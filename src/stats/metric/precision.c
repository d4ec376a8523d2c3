/* Precision: of the rows predicted positive, the share that is; with more than two classes the mean over them. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	return counts_positive(matrix, classes, positive, class_precision);
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	if (note && p->classes == 2 && p->positive >= 0 && !counts_any(p->y_pred, p->n, p->positive))
		*note = "precision is 0: nothing was predicted positive";
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_precision = {
	.name = "precision",
	.title = "precision",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_COUNTS,
	.uses_cut = 1,
	.source = "van Rijsbergen 1979, Information Retrieval, ch. 7",
	.compute = compute,
	.from_counts = from_counts,
};
