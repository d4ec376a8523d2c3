/*
 * Looking back over the runs' branch and the chain that keeps them, for `assay verify`: what was done to files after
 * they had been committed, what is kept, what is missing, who signed. Commits are walked by git, which knows shallow
 * clones.
 */
#ifndef ASSAY_STORE_AUDIT_H
#define ASSAY_STORE_AUDIT_H

#include "store/store.h"

/* A commit of the branch that changed ('M', 'T') or removed ('D') a file below runs/. All text is a stranger's. */
struct store_change {
	const char *commit, *author, *path;
	char before[OID_HEX]; /* the blob that it was */
	char status;
	int merge; /* against one of the parents of a merge, where the others may have the same */
};

/* Newest first. removed: the ids that `Assay-Removed:` trailers name are appended, sorted. */
MUST_CHECK int store_changes(struct names *removed, struct store *store, const char *tip,
			     int (*fn)(void *context, const struct store_change *change), void *context,
			     struct error *err);

/* What the chain of refs/assay/keep keeps: names of commits, code states and runs alike, sorted. */
MUST_CHECK int store_kept(struct names *out, struct store *store, struct error *err);

/*
 * Call fn for each run's commit that the chain reaches and neither `tip` nor any other branch: where from was the
 * branch rewritten.
 */
MUST_CHECK int store_kept_runs(struct store *store, const char *tip,
			       int (*fn)(void *context, const char *commit, const char *id, const char *experiment),
			       void *context, struct error *err);

/* 1 if a folder is the same at two commits, 0 if not or if `b` has it not at all; ERR_NOT_FOUND: `a` has it not. */
MUST_CHECK int store_same_folder(struct store *store, const char *a, const char *b, const char *folder,
				 struct error *err);

/*
 * Whether every file of each commit's tree is here (in a partial clone: or promised). 1, and the first words of git in
 * *what (the caller's) if not. hex: sorted or not, each a commit that is here.
 */
MUST_CHECK int store_incomplete(char **what, struct store *store, const struct names *hex, struct error *err);

/* 1 if there is such a commit here. */
MUST_CHECK int store_has_commit(struct store *store, const char *hex, struct error *err);

/*
 * git's %G? of every signed commit of the branch: 'G' good, 'B' bad, 'R' by a revoked key, others: could not be told.
 */
MUST_CHECK int store_signatures(struct store *store, const char *tip,
				int (*fn)(void *context, const char *commit, const char *author, char verdict),
				void *context, struct error *err);

/* Whether git's configuration asks for signed commits. */
MUST_CHECK int store_signs(struct store *store, struct error *err);

#endif
