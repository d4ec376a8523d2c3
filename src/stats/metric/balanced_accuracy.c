/* Balanced accuracy: the mean of the recalls of the classes that occur among the labels. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	double sum = 0, present = 0;

	(void)positive;
	for (int c = 0; c < classes; c++) {
		struct class_counts counts = class_counts(matrix, classes, c);

		if (counts.truth > 0) {
			sum += class_recall(counts);
			present++;
		}
	}
	return present > 0 ? sum / present : 0;
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_balanced_accuracy = {
	.name = "balanced_accuracy",
	.title = "balanced accuracy",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_COUNTS,
	.uses_cut = 1,
	.source = "Brodersen et al. 2010, ICPR 3121-3124",
	.compute = compute,
	.from_counts = from_counts,
};
