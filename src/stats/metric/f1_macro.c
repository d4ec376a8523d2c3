/* Macro F1: the unweighted mean of the F1 of all classes, also where there are two. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	(void)positive;
	return counts_macro(matrix, classes, class_f1);
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_f1_macro = {
	.name = "f1_macro",
	.title = "macro F1",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_COUNTS,
	.uses_cut = 1,
	.source = "Sokolova and Lapalme 2009, Information Processing and Management 45:427-437",
	.compute = compute,
	.from_counts = from_counts,
};
