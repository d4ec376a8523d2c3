/* What changed since the run before: the factors, the runs that would tell them apart, and what the step did. */
#ifndef ASSAY_SITE_PAGE_CHANGES_H
#define ASSAY_SITE_PAGE_CHANGES_H

#include "site/page/model.h"

/*
 * changes: {sentence, against: {name, href}, factors: [{factor, name, from, to, from_none, to_none}], more, apart: {words,
 * commands: [text]}, previous: {rows: [{name, value, base_value, difference, interval, verdict}], words}}, false where the record has none;
 * many_changes: how many factors are confounded, else false.
 */
MUST_CHECK int changes_view(struct view *out, const struct site_model *model, const struct site_experiment *item,
			    const struct seen_run *run, struct error *err);

#endif
