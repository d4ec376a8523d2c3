/* All runs that a reader can see, and finding one by the names that people give. */
#ifndef ASSAY_RECORD_RUNS_H
#define ASSAY_RECORD_RUNS_H

#include "record/point.h"
#include "record/run.h"
#include "store/store.h"

enum run_where { WHERE_GIT, WHERE_WAITING, WHERE_RUNNING };

struct seen_run {
	struct run run;
	enum run_where where;
	char commit[OID_HEX]; /* "" while not in git */
	char *folder; /* in git: "runs/EXP/.../ID" */
	char point[RUN_POINT]; /* as run_point() has it, where the catalog knows it; else "" */
};

struct runs {
	struct seen_run *item; /* sorted by id: by start */
	size_t n, cap;
	char tip[OID_HEX]; /* the commit they were read at; "" none */
	struct names
		problems; /* "runs/x/...: what is wrong" for records that could not be read: the others are there */
};

/*
 * Every run on the branch (as store_tip() sees it) and in flight (running/ in each spool: status running, or waiting where
 * final/ is complete). A record that cannot be read becomes a line in problems. root: only runs whose record has this
 * `root` (NULL or "": those without). O(runs).
 */
MUST_CHECK int runs_load(struct runs *out, struct store *store, const char *root, struct error *err);
void runs_free(struct runs *runs);

/* The run with this full id; NULL. O(log n). */
const struct seen_run *runs_with_id(const struct runs *runs, const char *id);

/*
 * Resolve a name in FORMATS' order: full id; best, latest, baseline; a name (its newest run in the experiment; elsewhere
 * EXPERIMENT/NAME); a prefix of the handle of 4 digits or more. experiment may be NULL: any. best and baseline need an
 * order: `metric` (NULL: f1). ERR_INPUT: none (with the nearest name) or several (listed).
 */
MUST_CHECK int runs_find(const struct seen_run **out, const struct runs *runs, const char *name, const char *experiment,
			 const char *metric, struct error *err);

/*
 * The best finished run of an experiment (NULL: of all) by metric: kind NULL or "baseline", "run"; a run that breaks a
 * constraint is never best (criteria entries of rule with "constraint": true), nor a child whose parent is there. The earlier of
 * equals. NULL if none has it.
 */
const struct seen_run *runs_best(const struct runs *runs, const char *experiment, const char *metric, const char *kind);
/* 1 if the run may be the best by those rules, whatever its figures. */
int run_may_be_best(const struct run *run, const char *experiment, const char *kind);

#endif
