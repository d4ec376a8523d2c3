/* Log loss: the mean of minus the natural logarithm of the probability that the true class was given. */
#include "stats/rows.h"

#include <float.h>
#include <math.h>

static void by_row(double *out, const struct predictions *p)
{
	for (size_t i = 0; i < p->n; i++) {
		double given = p->score[i * (size_t)p->classes + (size_t)p->y_true[i]];

		out[i] = -log(fmin(fmax(given, DBL_EPSILON), 1 - DBL_EPSILON));
	}
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	if (!p->score)
		return error_set(err, ERR_INPUT, "log_loss needs scores");
	return rows_compute(out, p, by_row, err);
}

const struct metric metric_log_loss = {
	.name = "log_loss",
	.title = "log loss",
	.unit = "",
	.better = BETTER_LOWER,
	.needs = NEEDS_SCORES,
	.kind = METRIC_ROWS,
	.source = "Good 1952, Journal of the Royal Statistical Society B 14:107-114",
	.compute = compute,
	.by_row = by_row,
};
