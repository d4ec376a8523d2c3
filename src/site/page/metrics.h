/* The table of metrics: a run against its baseline, each with interval, difference and verdict. */
#ifndef ASSAY_SITE_PAGE_METRICS_H
#define ASSAY_SITE_PAGE_METRICS_H

#include "site/page/model.h"

/*
 * `key`: {run, against, axis..., rows: declared and compared ones, other: [...] exploratory, family, exploratory_family}:
 * see templates/part/metrics.mustache. Every metric of the record is in it, measured or reported.
 */
void metrics_view(struct view *out, const char *key, const struct site_model *model, const struct site_experiment *item,
		  const struct seen_run *run, enum judged_when when);

#endif
