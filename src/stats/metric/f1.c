/* F1: the harmonic mean of precision and recall of the positive class; with more than two the mean over them. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	return counts_positive(matrix, classes, positive, class_f1);
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_f1 = {
	.name = "f1",
	.title = "F1",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_COUNTS,
	.uses_cut = 1,
	.source = "van Rijsbergen 1979, Information Retrieval, ch. 7",
	.compute = compute,
	.from_counts = from_counts,
};
