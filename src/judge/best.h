/* The best of several runs by a declared metric. Private to judge/. */
#ifndef ASSAY_JUDGE_BEST_H
#define ASSAY_JUDGE_BEST_H

#include "record/project.h"
#include "record/runs.h"

struct best {
	const struct seen_run *run; /* NULL: none had the metric yet */
	double value;
	int measured;
};

/*
 * Take `run` if it has the metric and is better than what was offered before: the earlier of equals stays. What a command only
 * reports of itself is never better than what was measured.
 */
void best_offer(struct best *best, const struct seen_run *run, const struct declared_metric *metric);

#endif
