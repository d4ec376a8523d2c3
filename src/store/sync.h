/*
 * Exchange of runs and kept code with another repository, through git itself, with the user's credentials: a remote's
 * name, a URL, a path, or a bundle file. The runs' branch and refs/assay/keep of both sides are joined: every run has
 * a folder of its own, so that two branches join without conflict; two chains by a commit with both as parents.
 */
#ifndef ASSAY_STORE_SYNC_H
#define ASSAY_STORE_SYNC_H

#include "store/store.h"

struct sync_report {
	size_t runs_in, runs_out; /* runs that came, that went */
	size_t removed_in, removed_out; /* runs that the other side had removed, that it did not know to be removed */
	size_t commits_out; /* code commits that leave this machine for the first time */
	struct names files_out; /* what they are: files of snapshots, untracked ones first, then subjects of commits */
	int is_bundle, pushed;
	struct names problems; /* a folder that both sides have with other bytes: which is kept */
};
void sync_report_release(struct sync_report *report);

struct sync_options {
	const char *with; /* remote, URL, path, *.bundle; NULL: the upstream's remote, else origin */
	int no_code; /* runs only: what the pre-push hook does */
	int no_push; /* fetch and join alone */
	int lazy; /* the network is not asked where git's remote-tracking branch says that all runs are there */
	/*
	 * Asked before code leaves this machine that no remote is known to have; 1: go on. NULL: go on. Asked again
	 * where there is more of it by the time that somebody else was faster.
	 */
	int (*confirm)(void *context, const struct sync_report *what);
	void *context;
};

/*
 * Fetch, join, push; again while somebody else is faster, for a minute. A bundle that is there is read, and written
 * anew with all that both have. A run that one side removed by a commit with an `Assay-Removed: ID` trailer stays
 * removed; one that was dropped otherwise comes back. 0 done; 1 confirm said no: fetched and joined, nothing sent.
 * ERR_INPUT: there is no such remote, or the branch is checked out and would have to move; ERR_MACHINE: git refused
 * (its words).
 */
MUST_CHECK int store_sync(struct sync_report *out, struct store *store, const struct sync_options *options,
			  struct error *err);

#endif
