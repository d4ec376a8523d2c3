/* How long training took, all that was needed to have the model included. */
#include "stats/metric.h"

const struct metric metric_fit_seconds = {
	.name = "fit_seconds",
	.title = "fit time",
	.unit = "s",
	.better = BETTER_LOWER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_TIMING,
	.source = "wall time of the training call",
};
