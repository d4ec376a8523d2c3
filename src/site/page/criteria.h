/* Success criteria as the pages show them, from a run's record. */
#ifndef ASSAY_SITE_PAGE_CRITERIA_H
#define ASSAY_SITE_PAGE_CRITERIA_H

#include "base/buf.h"
#include "site/page/model.h"

struct criteria_count {
	size_t met, unmet, not_measured, of;
};
struct criteria_count criteria_count(const struct seen_run *run);

/* "meets both criteria", "misses 1 of 2 criteria", "has 1 of 2 criteria not measured"; nothing where there are none. */
void criteria_phrase(struct buf *out, const struct seen_run *run);

/* The limit that the criteria set on a metric (">= 0.6"); NaN: none. */
double criteria_limit(const struct seen_run *run, const char *metric);

/* `key`: the verdict over all ("both met", "latency_ms unmet"); key_note: what is not certain; false where there are none.
 * quiet: nobody claims them (a baseline). */
void criteria_verdict(struct view *out, const char *key, const char *note_key, const struct seen_run *run, int quiet);

/* A list, one view a criterion: rule, value, interval, bullet, verdict, note. */
void criteria_list(struct view *out, const char *key, const struct site_model *model, const struct seen_run *run,
		   int quiet);

#endif
