#include "judge/best.h"

#include <math.h>

void best_offer(struct best *best, const struct seen_run *run, const struct declared_metric *metric)
{
	double value;

	if (!run_metric(&value, &run->run, metric->name) || isnan(value))
		return;
	if (best->run && (metric->lower ? value >= best->value : value <= best->value))
		return;
	*best = (struct best){run, value};
}
