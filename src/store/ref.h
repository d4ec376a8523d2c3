/* Moving references: compare-and-swap, who else wants them, and locks that a killed process left. */
#ifndef ASSAY_STORE_REF_H
#define ASSAY_STORE_REF_H

#include "store/repo.h"

#define KEEP_REF "refs/assay/keep"

/* The commit that ref names; *there is 0 where there is no such reference. */
MUST_CHECK int ref_read(git_oid *out, int *there, struct store *store, const char *ref, struct error *err);

/* Move ref from `old` (NULL: it must not exist) to `id`. ERR_MOVED: it stands elsewhere by now, or its lock is held. */
MUST_CHECK int ref_move(struct store *store, const char *ref, const git_oid *id, const git_oid *old,
			const char *message, struct error *err);

/*
 * Say before the first move which references go where, so that a later process can tell a lock that this one leaves
 * when it is killed from a lock of somebody else; and take it back after the last.
 */
struct ref_target {
	const char *ref;
	const git_oid *id;
};
MUST_CHECK int ref_announce(const struct store *store, const struct ref_target *target, size_t n, struct error *err);
MUST_CHECK int ref_finished(const struct store *store, struct error *err);

/*
 * Remove the locks that a dead process of ours left on what it announced; nobody else's. Only while store_lock() is
 * held. 1 if a lock stands of which this cannot be told yet: announce nothing over it, pause and ask again.
 */
MUST_CHECK int ref_mend(const struct store *store);

/* fsync a reference and its folder. */
MUST_CHECK int ref_sync(const struct store *store, const char *ref, struct error *err);

/* Whether the runs' branch is checked out (or being rebased) in a work tree: 1, its place in *where, the caller's. */
MUST_CHECK int ref_checked_out(const struct store *store, char **where, struct error *err);

/*
 * A courtesy among the writers of this machine, for which nothing that is right depends on it: who has it builds on a
 * tip that stays. Waits up to `seconds`; *fd is -1 where it did not get it, else the caller's to close().
 */
MUST_CHECK int store_lock(int *fd, const struct store *store, double seconds, struct error *err);

/* Sleep some milliseconds, another number in each process and at each attempt. */
void pause_some(unsigned attempt);

#endif
