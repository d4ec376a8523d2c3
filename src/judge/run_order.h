/*
 * In which order the runs were committed, by the ancestry of their commits on the runs' branch and never by dates. Clones that
 * were joined have runs on parallel lines, of which none is before the other: the order is a partial one.
 */
#ifndef ASSAY_JUDGE_RUN_ORDER_H
#define ASSAY_JUDGE_RUN_ORDER_H

#include "record/runs.h"

struct run_order; /* of all runs, once for all experiments; opaque */

/*
 * By one process of git, O(commits x lines). What is in flight comes after all that is in git, by id. runs: borrowed for as long
 * as the order lives; their seen_run.commit is not needed.
 */
MUST_CHECK int run_order_new(struct run_order **out, struct store *store, const struct runs *runs, struct error *err);
void run_order_free(struct run_order *order);

/* UNKNOWN: a commit is not here (a shallow clone). */
enum run_relation { RUN_BEFORE, RUN_AFTER, RUN_PARALLEL, RUN_UNKNOWN };

/* By which number the order knows a run: RUN_ORDER_NONE if it was not among its runs. O(log n). */
#define RUN_ORDER_NONE ((size_t)-1)
size_t run_order_find(const struct run_order *order, const struct run *run);

/* How run a stands to run b, another one, by their numbers. O(1). */
enum run_relation run_order_relation(const struct run_order *order, size_t a, size_t b);

/* The place of a run in one total order that fits the partial one; RUN_ORDER_NONE where it is not known. */
size_t run_order_place(const struct run_order *order, size_t number);

/* How many runs of an experiment were removed from the branch (`assay rm`), as far as its commits are here. */
size_t run_order_removed(const struct run_order *order, const char *experiment);

/* The runs that it was made of. */
const struct runs *run_order_runs(const struct run_order *order);

#endif
