/* Recall: of the positive rows, the share predicted so; with more than two classes the mean over them. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	return counts_positive(matrix, classes, positive, class_recall);
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	if (note && p->classes == 2 && p->positive >= 0 && !counts_any(p->y_true, p->n, p->positive))
		*note = "recall is 0: no row is positive";
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_recall = {
	.name = "recall",
	.title = "recall",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_PROPORTION,
	.uses_cut = 1,
	.of_positive = 1,
	.source = "van Rijsbergen 1979, Information Retrieval, ch. 7",
	.compute = compute,
	.from_counts = from_counts,
};
