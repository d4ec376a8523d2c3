/* What `assay status` shows, as its two outputs take it. */
#ifndef ASSAY_COMMAND_STATUS_H
#define ASSAY_COMMAND_STATUS_H

#include "command/session.h"
#include "command/terminal.h"
#include "judge/next_step.h"
#include "store/unsent.h"

struct status_item { /* an experiment */
	struct experiment *experiment;
	struct runs runs; /* judge_runs_of() it */
	struct hypothesis hypothesis;
	struct plan_order plan;
	struct standing_input input;
	struct experiment_standing standing;
	struct buf command; /* what brings it further; empty: nothing */
	const char *why;
};

struct status {
	struct session session;
	struct run_order *order;
	char *rewritten; /* what was done to the branch, or NULL */
	struct store_unsent unsent;
	struct status_item *item;
	size_t n, cap;
	size_t closed; /* experiments that are not shown */
	int one; /* one experiment was asked for: it is shown in full */
};

/* Append it as people read it. */
MUST_CHECK int status_page(struct buf *out, const struct status *status, const struct terminal *terminal,
			   struct error *err);

/* The object of --json; *out is the caller's. */
MUST_CHECK int status_json(json_t **out, const struct status *status, struct error *err);

#endif
