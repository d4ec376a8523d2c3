/*
 * catalog.db: what the records at a commit say, for lists, filters and names over many runs. Derived: git is the truth. It is
 * brought up to date by the tree difference since the commit that it was made at, and made anew where it is lost, old or
 * damaged; where it cannot be written (a read-only repository, a full disk) it lives in memory for this process.
 */
#ifndef ASSAY_RECORD_CATALOG_H
#define ASSAY_RECORD_CATALOG_H

#include "record/runs.h"

struct catalog;

/* Open assay_dir/catalog.db at the tip that readers see. O(runs that are new); O(runs) when made anew, records read in batches. */
MUST_CHECK int catalog_open(struct catalog **out, struct store *store, struct error *err);
void catalog_free(struct catalog *catalog);

struct catalog_query { /* NULL: any */
	const char *root; /* the record's root; NULL or "": those without */
	const char *experiment;
	const char *kind; /* "baseline" */
	const char *const *metric; /* NULL-terminated: those whose intervals and comparison are wanted; NULL: none */
	int in_flight; /* 1: runs that are running or waiting too, from assay_dir/running and the spools, whole */
};

/*
 * The runs as brief records, sorted by id, in the struct that lists, judge_families_new(), judge_baseline() and runs_find() take.
 * A brief record has id, experiment, name, kind, parent, status, started, ended, exit, usage, seed, code.commit, code.snapshot,
 * data (sha256 of the files, split), evaluation, plan, root, params, tags, measured, reported, criteria, changes.verdict and
 * .against, the comparison with the baseline (and of each only the metrics wanted), intervals of those. Folder and commit are set.
 * problems as runs_load() has them. 10,000 runs take under 0.2 s.
 */
MUST_CHECK int catalog_runs(struct runs *out, struct catalog *catalog, const struct catalog_query *query,
			    struct error *err);

/* The whole record of a brief one, from git or flight, in its place. */
MUST_CHECK int runs_complete(struct seen_run *seen, struct store *store, const struct runs *runs, struct error *err);

#endif
