/*
 * Written before, and provably so: whether an experiment's hypothesis and criteria stood before its first run, and what was
 * changed after which run. All of it from ancestry in git, which a date can not fake; what this clone cannot show (a shallow
 * one, code commits that were never fetched) is "order not provable", never "after".
 */
#ifndef ASSAY_JUDGE_PLAN_ORDER_H
#define ASSAY_JUDGE_PLAN_ORDER_H

#include "judge/run_order.h"
#include "record/experiment.h"

enum plan_state {
	PLAN_NO_FILE, /* neither now nor at any run is there a file */
	PLAN_NO_RUN, /* there is a file, and no run yet that it could come after */
	PLAN_BEFORE, /* in the code commit of the first run, or in an ancestor of it: verified in git */
	PLAN_WITH, /* the first run started from a file that was not committed */
	PLAN_AFTER, /* the first run had none */
	PLAN_NOT_PROVABLE, /* in this clone; see `why` */
};

enum plan_item {
	PLAN_CRITERION,
	PLAN_CONSTRAINT,
	PLAN_EXPECTATION,
	PLAN_MARGIN,
	PLAN_CANDIDATE,
	PLAN_BASELINE,
	PLAN_METRICS,
	PLAN_TEXT, /* the question, and the hypothesis up to a heading "Notes" */
	PLAN_FILE, /* the file as a whole came or went, or what it was cannot be read here */
};

struct plan_change {
	enum plan_item item;
	char *what; /* "f1 lowered from 0.85 to 0.83"; text of the user's in it */
	const struct seen_run *after; /* the last run before it */
	size_t number; /* of that run, from 1, among the experiment's runs */
	const struct seen_run *by; /* the first run that had it; NULL: in the work tree, no run yet */
	int uncommitted; /* in the work tree, and in no commit of HEAD's as it is */
	int parallel; /* there are runs on parallel lines: whether it came before or after them is not provable */
};

struct plan_order {
	enum plan_state state;
	char *why; /* of PLAN_NOT_PROVABLE: "commit 3f2a91b is not in this clone"; else NULL */
	size_t runs; /* runs that count: of kind run, children of seeds and reproductions aside */
	const struct seen_run *first; /* one of the first; NULL: no run */
	struct experiment *plan; /* what stood at the first run; NULL: nothing, or not readable here */
	char commit[OID_HEX]; /* PLAN_BEFORE: the commit that brought it; else "" */
	struct plan_change *change; /* in the order of runs; those of the work tree last */
	size_t changes;
	int uncommitted; /* the work tree's file is not committed; asked only where it differs from the last run's, or without run */
	const char *elsewhere; /* another experiment whose runs started from the same bytes (a renamed file); NULL */
	size_t elsewhere_runs;
	size_t removed; /* runs of the experiment that were removed from the branch: what they started from is not asked */
};

/*
 * experiment: as it is now. Reads each distinct text once: O(runs) and some objects of git. Records may be brief ones, not lean
 * ones (they have no plan), and of this experiment alone (judge_runs_of()). order: run_order_new() of all runs, or more. What it
 * points to is borrowed from `runs`.
 */
MUST_CHECK int plan_order_make(struct plan_order *out, struct store *store, const struct project *project,
			       const struct experiment *experiment, const struct runs *runs,
			       const struct run_order *order, struct error *err);
void plan_order_release(struct plan_order *plan);

/* Append the sentence that every place shows: "criteria fixed before the first run (3f2a91b)", "order not provable in this
 * clone: ...". The user's text in it is as it is. */
void plan_order_sentence(struct buf *out, const struct plan_order *plan);
/* Append one change: "f1 lowered from 0.85 to 0.83 after run 12 (deep, 3f2a91b)". */
void plan_change_sentence(struct buf *out, const struct plan_change *change);
/* "before", "with the first run", "after", "not provable", "no run", "no file": for JSON. */
const char *plan_state_word(enum plan_state state);

/*
 * Which margins count for `run`, which is being judged and need not be among `runs`: those that stood with the same value,
 * committed, in the plan of the experiment's first run, which may be this one. Sets margin.why of each (NULL: it counts).
 * runs may be lean. Costs nothing where the experiment has no margins.
 */
MUST_CHECK int plan_margins(const struct experiment *experiment, struct store *store, const struct project *project,
			    const struct runs *runs, const struct run *run, struct error *err);

#endif
