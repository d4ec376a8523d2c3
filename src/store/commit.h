/* Inside store: making commit objects, plain or signed, and the chain that keeps them. */
#ifndef ASSAY_STORE_COMMIT_H
#define ASSAY_STORE_COMMIT_H

#include "store/repo.h"

/*
 * A commit object by the store's identity. Signed where the configuration asks for it and `sign` is set: then by git
 * itself, which needs tree and parents on disk, so the pile is flushed first. ERR_SIGNER: it failed or did not answer.
 */
enum { ERR_SIGNER = -100 };

struct commit_plan {
	const git_oid *tree;
	const git_oid *parent;
	size_t parents;
	const char *message;
	int sign;
};
MUST_CHECK int commit_make(git_oid *out, struct store *store, const struct commit_plan *plan, struct error *err);

/*
 * The commit with which the chain of refs/assay/keep goes on from `old` (NULL: begins): an empty tree, and as further
 * parents the code states and the runs' commits, each once; a code state that is no commit here is left out.
 */
MUST_CHECK int keep_make(git_oid *out, struct store *store, const git_oid *old, const struct store_run *run, size_t n,
			 struct error *err);

/*
 * How such a commit is known again: its tree is empty and its message begins so; and how a snapshot's message begins. Not to be
 * changed: they are in repositories.
 */
#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#define KEEP_SUBJECT "assay: keep "
#define SNAPSHOT_SUBJECT "assay: the work tree as it was"

/* Whether the newest thousand commits of the chain have `commit` as a parent: 1 or 0. */
MUST_CHECK int keep_has(struct store *store, const git_oid *commit, struct error *err);

/* Where core.fsync asks for it: all of the repository's file system to the disk. */
MUST_CHECK int objects_sync(const struct store *store, struct error *err);

/* Note in assay_dir/landed that the branch was moved to `tip`: the commit, and on a second line which branch it is. */
MUST_CHECK int landed_write(const struct store *store, const git_oid *tip, struct error *err);
/* Read it again; *there is 0 where nothing has landed from here on this branch. */
MUST_CHECK int landed_read(git_oid *out, int *there, const struct store *store, struct error *err);

/* Start `git maintenance run --auto --quiet` in a session of its own and forget it. Failing to start is no error. */
void maintenance_start(const struct store *store);

/* Take away what killed processes left in assay_dir of snapshots that they were building: older than a day. */
void maintenance_sweep(const struct store *store);

#endif
