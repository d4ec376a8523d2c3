/* The steps of correcting the best of many runs. Private to judge/. */
#ifndef ASSAY_JUDGE_PICKED_WORK_H
#define ASSAY_JUDGE_PICKED_WORK_H

#include "judge/picked.h"

struct picking { /* what the steps share; all borrowed */
	struct store *store;
	const struct project *project;
	const struct experiment *experiment;
	const struct runs *runs;
	unsigned threads;
};

/*
 * Read the predictions of all runs in out->run, which are those that were picked among, the best first; leave out those with
 * other rows, and set the figures and places, or `why`.
 */
MUST_CHECK int picked_from_rows(struct picked *out, const struct picking *picking, struct error *err);

/*
 * What an earlier look left in the cache: 1 if it was made from the same runs, values and blobs, and *out has its figures. *key is
 * the caller's to free(): by what picked_remember() keeps the figures; NULL where nothing is to be kept, since a run is in flight.
 */
MUST_CHECK int picked_recall(struct picked *out, char **key, const struct picking *picking, struct error *err);
/* A cache that cannot be written is no error. */
MUST_CHECK int picked_remember(const struct picked *picked, const char *key, const struct picking *picking,
			       struct error *err);

/* *out: the run that `candidate:` names, if it did so, committed, in the plans of all first runs of the experiment; else left. */
MUST_CHECK int picked_find_named(const struct seen_run **out, const struct picking *picking, struct error *err);

#endif
