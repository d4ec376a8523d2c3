/* The first runs of an experiment and the plan that they started from. Private to judge/. */
#ifndef ASSAY_JUDGE_PLAN_FIRST_H
#define ASSAY_JUDGE_PLAN_FIRST_H

#include "judge/plan_order.h"

struct plan_run {
	const struct seen_run *seen;
	size_t number; /* as run_order_find() has it */
	size_t place;
};

/*
 * The runs of an experiment that count: of kind run, neither reproductions nor children of a run that is there; in the order of
 * run_order_place(); *known: 0 where one has none. *out is the caller's to free().
 */
MUST_CHECK int plan_runs(struct plan_run **out, size_t *n, int *known, const struct runs *runs,
			 const struct run_order *order, const char *experiment, struct error *err);

/* 1 if none of the runs in `list` came before list[i]. */
int plan_is_first(const struct run_order *order, const struct plan_run *list, size_t n, size_t i);

/*
 * What git shows of the plan that a record names: PLAN_BEFORE, PLAN_WITH, PLAN_AFTER (it names none) or PLAN_NOT_PROVABLE with
 * *why, the caller's. The record is not believed: the commit must hold that text there and be in the code's history.
 */
MUST_CHECK int plan_verify(enum plan_state *out, char **why, struct store *store, const struct run *run,
			   struct error *err);

/* The experiment as the blob says it. ERR_NOT_FOUND: the text is not here; ERR_INPUT: it cannot be read. */
MUST_CHECK int plan_read(struct experiment **out, struct store *store, const struct project *project, const char *name,
			 const char *blob, struct error *err);

#endif
