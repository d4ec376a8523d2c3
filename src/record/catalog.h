/*
 * catalog.db: what the records at a commit say, for lists, filters and names over many runs. Derived: git is the truth. It is
 * brought up to date by the tree difference since the commit that it was made at, and made anew where it is lost, old or
 * damaged; where it cannot be written (a read-only repository, a full disk) it lives in memory for this process.
 */
#ifndef ASSAY_RECORD_CATALOG_H
#define ASSAY_RECORD_CATALOG_H

#include "record/runs.h"

struct catalog;

/*
 * Open assay_dir/catalog.db at the tip that readers see. O(runs that are new); O(runs) when made anew, records read in batches.
 * No state of the file is an error: locked, damaged, foreign, older, not writable, it is made anew or copied into memory.
 */
MUST_CHECK int catalog_open(struct catalog **out, struct store *store, struct error *err);
void catalog_free(struct catalog *catalog);

struct catalog_query { /* NULL: any */
	const char *root; /* the record's root; NULL or "": those without */
	const char *experiment;
	int and_baselines; /* 1: beside the runs of `experiment` the baselines of all others */
	const char *kind; /* "baseline" */
	const char *const *metric; /* NULL-terminated: those whose intervals and comparison are wanted; NULL: none */
	int in_flight; /* 1: runs that are running or waiting too, from assay_dir/running and the spools, whole */
	/*
	 * 1: what names, verdicts, families and plain lists take, in half the time: of measured the metrics wanted, and neither
	 * params, given, command, usage, evaluation, plan, environment, threshold, spread, seed, ended nor exit.
	 */
	int lean;
	int factors; /* 1: what can differ between runs (judge/factors.h), and no scores, verdicts, times or plan */
	int no_commits; /* 1: seen_run.commit is left "": saves a git process where the branch has moved */
};

/*
 * The runs as brief records, sorted by id, in the struct that lists, judge_families_new(), judge_baseline() and runs_find() take.
 * A brief record is a record without notes, series, artifacts, the variables of its environment, the factors of its
 * changes and the keys that assay does not know. Of intervals it has the metrics wanted; of comparison the entry with the
 * baseline, there the metrics wanted, and of the others {declared: true} or {}, so that a family's size can be told. Folder,
 * commit and point are set. Records share their parts: they are only to be read. problems as runs_load() has them.
 * 10,000 runs take under 0.2 s.
 */
MUST_CHECK int catalog_runs(struct runs *out, struct catalog *catalog, const struct catalog_query *query,
			    struct error *err);

/*
 * How many judged runs on record in other experiments than the run's looked at its rows (record/look.h); children of a parent on
 * record are none, what is in flight is not counted. O(those).
 */
MUST_CHECK int catalog_looks_elsewhere(size_t *out, struct catalog *catalog, const char *root, const struct run *run,
				       struct error *err);

/* The whole record of a brief one, from git, in its place (one in flight is whole already). ERR_NOT_FOUND where git lacks it. */
MUST_CHECK int runs_complete(struct seen_run *seen, struct store *store, const struct runs *runs, struct error *err);

#endif
