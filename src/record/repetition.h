/*
 * Runs that were repeated: a parent with `children`, one for each seed or split, whose figures are means over them. Whoever
 * lists, picks or counts takes the parent and not its children: seeds are pooled.
 */
#ifndef ASSAY_RECORD_REPETITION_H
#define ASSAY_RECORD_REPETITION_H

#include "record/runs.h"

enum repetition {
	REPETITION_NONE, /* a single run, or one of the children */
	REPETITION_SEEDS, /* children differ by their seed, on one split */
	REPETITION_SPLITS, /* children differ by their split: data.split has a count and no seed */
};
enum repetition run_repetition(const struct run *run);

/* "seeds", "splits"; "" for REPETITION_NONE. */
const char *repetition_word(enum repetition repetition);

/* The run of that id, NULL if there is none. runs is sorted by id. O(log n). */
const struct seen_run *runs_by_id(const struct runs *runs, const char *id);

/* The parent of seeds or splits that this run is one of; NULL: it stands for itself, or its parent is not among `runs`. */
const struct seen_run *runs_parent(const struct runs *runs, const struct run *run);

/*
 * 1 if the run is one of several whose parent speaks for all of them, so that it is neither best nor candidate itself. A parent
 * that failed or was killed has no figures to speak with.
 */
int runs_pooled(const struct runs *runs, const struct run *run);

/* Child number i of a parent; NULL if there are fewer, or it is not among `runs`. */
const struct seen_run *runs_child(const struct runs *runs, const struct run *parent, size_t i);

#endif
