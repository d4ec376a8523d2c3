/* Matthews' correlation of labels and predictions, for any number of classes as Gorodkin's R_K. */
#include "stats/counts.h"

#include <math.h>

static double from_counts(const double *matrix, int classes, int positive)
{
	double rows = 0, right = 0, cross = 0, truth = 0, predicted = 0, scale;

	(void)positive;
	for (int c = 0; c < classes; c++) {
		struct class_counts counts = class_counts(matrix, classes, c);

		rows += counts.truth;
		right += counts.hit;
		cross += counts.truth * counts.predicted;
		truth += counts.truth * counts.truth;
		predicted += counts.predicted * counts.predicted;
	}
	scale = (rows * rows - predicted) * (rows * rows - truth);
	return scale > 0 ? (right * rows - cross) / sqrt(scale) : 0;
}

static int one_class(const int *codes, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (codes[i] != codes[0])
			return 0;
	return 1;
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	if (note && (one_class(p->y_pred, p->n) || one_class(p->y_true, p->n)))
		*note = "matthews_corrcoef is 0: labels or predictions are all of one class";
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_matthews_corrcoef = {
	.name = "matthews_corrcoef",
	.title = "Matthews correlation",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_COUNTS,
	.uses_cut = 1,
	.source = "Matthews 1975, BBA 405(2):442-451; Gorodkin 2004, Comput. Biol. Chem. 28:367-374",
	.compute = compute,
	.from_counts = from_counts,
};
