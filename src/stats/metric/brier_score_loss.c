/* Brier score: the mean squared distance between the predicted probability and what happened, for two classes. */
#include "stats/rows.h"

static void by_row(double *out, const struct predictions *p)
{
	size_t positive = p->positive >= 0 ? (size_t)p->positive : 1;

	for (size_t i = 0; i < p->n; i++) {
		double miss = p->score[2 * i + positive] - ((size_t)p->y_true[i] == positive);

		out[i] = miss * miss;
	}
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	(void)note;
	if (p->classes != 2)
		return error_set(err, ERR_INPUT, "brier_score_loss is for two classes, here are %d", p->classes);
	if (!p->score)
		return error_set(err, ERR_INPUT, "brier_score_loss needs scores");
	return rows_compute(out, p, by_row, err);
}

const struct metric metric_brier_score_loss = {
	.name = "brier_score_loss",
	.title = "Brier score",
	.unit = "",
	.better = BETTER_LOWER,
	.needs = NEEDS_SCORES,
	.kind = METRIC_ROWS,
	.source = "Brier 1950, Monthly Weather Review 78(1):1-3",
	.compute = compute,
	.by_row = by_row,
};
