/* How long the prediction of one row takes. */
#include "stats/metric.h"

const struct metric metric_latency_ms = {
	.name = "latency_ms",
	.title = "latency",
	.unit = "ms",
	.better = BETTER_LOWER,
	.needs = NEEDS_LABELS,
	.kind = METRIC_TIMING,
	.source = "wall time of a prediction of one row, the median",
};
