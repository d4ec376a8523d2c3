/* What was changed from one text of an experiment to another, item by item. Private to judge/. */
#ifndef ASSAY_JUDGE_PLAN_DIFF_H
#define ASSAY_JUDGE_PLAN_DIFF_H

#include "judge/plan_order.h"

/*
 * Call fn with each difference, in the order of the front matter: "f1 lowered from 0.85 to 0.83". What stands below a heading
 * "Notes" is no part of the plan, nor is the status: people write there what they saw. what: lent. fn returning non-zero ends
 * it, and that value is returned.
 */
MUST_CHECK int plan_diff(const struct experiment *from, const struct experiment *to,
			 int (*fn)(void *context, enum plan_item item, const char *what), void *context,
			 struct error *err);

#endif
