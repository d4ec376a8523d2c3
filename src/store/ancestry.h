/* Who came before whom, for claims about order: what a clone cannot tell is said to be unknown, never taken for no. */
#ifndef ASSAY_STORE_ANCESTRY_H
#define ASSAY_STORE_ANCESTRY_H

#include "store/store.h"

/*
 * 1 if `commit` is `ancestor` or has it in its history, 0 if it certainly has not. ERR_NOT_FOUND: one of them is not here, or
 * the clone is shallow and its edge hides the answer.
 */
MUST_CHECK int store_reaches(struct store *store, const char *commit, const char *ancestor, struct error *err);

/* The name of the blob at `path` (relative to the top) of a commit. ERR_NOT_FOUND: no such commit here, or no such file in it. */
MUST_CHECK int store_blob_at(char hex[OID_HEX], struct store *store, const char *commit, const char *path,
			     struct error *err);

/* The same of the folder at `path`: a name for all that is in it, whatever the rest of the commit is. */
MUST_CHECK int store_tree_at(char hex[OID_HEX], struct store *store, const char *commit, const char *path,
			     struct error *err);

struct store_line { /* a commit of the runs' branch; all lent, a stranger's text */
	const char *commit;
	const char *parents; /* hex, blanks between; "" of a root or at the edge of a shallow clone */
	const char *id; /* of the run that it brought; "" for a join, a removal */
	const char *removed, *experiment; /* id of the run that it took away, and whose; "" */
};

/* Every commit that the tip of readers reaches, parents before their children. One process of git; works in shallow clones. */
MUST_CHECK int store_lines(struct store *store, int (*fn)(void *context, const struct store_line *line), void *context,
			   struct error *err);

#endif
