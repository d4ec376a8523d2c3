/* Accuracy: the share of rows that are predicted as they are. */
#include "stats/counts.h"

static double from_counts(const double *matrix, int classes, int positive)
{
	size_t k = (size_t)classes;
	double right = 0, rows = 0;

	(void)positive;
	for (size_t i = 0; i < k * k; i++)
		rows += matrix[i];
	for (size_t c = 0; c < k; c++)
		right += matrix[c * k + c];
	return rows > 0 ? right / rows : 0;
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	return counts_compute(out, p, from_counts, err);
}

const struct metric metric_accuracy = {
	.name = "accuracy",
	.title = "accuracy",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_PROPORTION,
	.uses_cut = 1,
	.source = "Sokolova and Lapalme 2009, Information Processing and Management 45:427-437",
	.compute = compute,
	.from_counts = from_counts,
};
