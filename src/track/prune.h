/* `assay prune`: large artifacts that are kept on this machine alone and are no longer needed. */
#ifndef ASSAY_TRACK_PRUNE_H
#define ASSAY_TRACK_PRUNE_H

#include "record/project.h"

struct prune_object {
	char *file; /* where it lies */
	unsigned long long bytes;
	char *run, *path; /* the newest run that names it, and as what; NULL: no run does */
};

struct prune_list {
	struct prune_object *item; /* sorted by run, then by file */
	size_t n, cap;
	unsigned long long bytes;
	size_t kept; /* objects that stay */
	size_t in_flight; /* runs in flight: while there are some, what came or was used within a day stays */
};
void prune_list_release(struct prune_list *list);

/*
 * What can go: objects that no run on the branch names (it was removed) and, where `days` is not NaN, those whose
 * every run is older than that. Never those of a run that is promoted (a tag `promoted`), the best of its experiment
 * by its first metric, among all and among runs that are no baselines, or the latest of its experiment; nor an object
 * that came within the last day. Runs of every root count. ERR_INPUT: the branch was rewritten: its runs are not all
 * there to ask.
 */
MUST_CHECK int track_prune_list(struct prune_list *out, struct store *store, const struct project *project, double days,
				struct error *err);

/* Take them away. What is gone already is no error. */
MUST_CHECK int track_prune(const struct prune_list *list, struct error *err);

#endif
