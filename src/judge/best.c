#include "judge/best.h"

#include <math.h>

void best_offer(struct best *best, const struct seen_run *run, const struct declared_metric *metric)
{
	double value;
	int measured;

	if (!run_metric(&value, &run->run, metric->name) || isnan(value))
		return;
	measured = run_is_measured(&run->run, metric->name);
	if (best->run && measured < best->measured)
		return;
	if (best->run && measured == best->measured && (metric->lower ? value >= best->value : value <= best->value))
		return;
	*best = (struct best){run, value, measured};
}
