/* The work of one exchange, as its steps hand it on. Private to store/sync*.c. */
#ifndef ASSAY_STORE_SYNC_WORK_H
#define ASSAY_STORE_SYNC_WORK_H

#include "store/ref.h"
#include "store/sync.h"

struct end { /* a reference as it stands on one side */
	git_oid id;
	int there;
};

struct sync {
	struct store *store;
	const struct sync_options *options;
	struct sync_report *report;
	char *remote; /* what git is told: a remote's name, a URL, an absolute path */
	int named; /* it is a remote's name: to be said in a commit's message, unlike a URL with a password in it */
	int bundle; /* a file: 1 it is to be made, 2 it is there */
	struct end runs, keep; /* here, after joining */
	struct end their_runs, their_keep; /* there, as last fetched */
	char before[OID_HEX]; /* the tip that readers saw here before anything came; "" none */
};

/* sync.c: what has to be known of this repository before the first commit object is made. Fills `before`. */
MUST_CHECK int sync_prepare(struct sync *sync, struct error *err);

/* sync_remote.c: whom to talk to; what is there now, with all its objects brought here; sending what is here. */
MUST_CHECK int sync_find_remote(struct sync *sync, struct error *err);
MUST_CHECK int sync_fetch(struct sync *sync, struct error *err);
/* Remove the references that hold what was fetched. */
MUST_CHECK int sync_forget(struct sync *sync, struct error *err);
/* ERR_MOVED: somebody else was faster. */
MUST_CHECK int sync_send(struct sync *sync, struct error *err);

/* sync_join.c: bring what was fetched into the branch and the chain of this repository. */
MUST_CHECK int sync_join(struct sync *sync, struct error *err);

/* sync_tree.c: the tree that has what both tips have. */
MUST_CHECK int sync_join_trees(git_oid *tree, struct sync *sync, const git_oid *ours, const git_oid *theirs,
			       struct error *err);

/* unsent.c: note that the remote has all that refs/assay/keep holds here. */
MUST_CHECK int sync_note_sent(const struct sync *sync, struct error *err);

/* sync_leaving.c: fill commits_out and files_out. */
MUST_CHECK int sync_leaving(struct sync *sync, struct error *err);

#endif
