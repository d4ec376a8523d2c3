/* The steps of correcting the best of many runs. Private to judge/. */
#ifndef ASSAY_JUDGE_PICKED_WORK_H
#define ASSAY_JUDGE_PICKED_WORK_H

#include "base/hash.h"
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

struct picked_keys { /* by which figures are kept; "" where nothing is to be kept: a run is in flight, or none has predictions */
	char tree[SHA256_HEX]; /* the experiment's folder as a whole, which one look-up gives */
	char runs[SHA256_HEX]; /* the predictions of each candidate: where a run came that is none */
};

/*
 * What an earlier look left in the cache. PICKED_AS_IT_IS: it was made from the same, and *out has its figures; PICKED_ANEW: the
 * same, to be remembered by its new keys; PICKED_NOT: it is to be computed.
 */
enum { PICKED_NOT, PICKED_AS_IT_IS, PICKED_ANEW };
MUST_CHECK int picked_recall(struct picked *out, struct picked_keys *keys, const struct picking *picking,
			     struct error *err);
/* A cache that cannot be written is no error. */
MUST_CHECK int picked_remember(const struct picked *picked, const struct picked_keys *keys,
			       const struct picking *picking, struct error *err);

/* *out: the run that `candidate:` names, if it did so, committed, in the plans of all first runs of the experiment; else left. */
MUST_CHECK int picked_find_named(const struct seen_run **out, const struct picking *picking, struct error *err);

#endif
