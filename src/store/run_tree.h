/* Inside store: the tree of the runs' branch with a run more, or one less. */
#ifndef ASSAY_STORE_RUN_TREE_H
#define ASSAY_STORE_RUN_TREE_H

#include "store/repo.h"

/* What the tree (NULL: an empty one) has at path: 1 and its id, or 0. */
MUST_CHECK int tree_entry_at(git_oid *out, git_tree *tree, const char *path, struct error *err);

/*
 * Put the run's files, whose blobs are blob[], into *tree, in place of what its folder held where `replace` is set; into no
 * tree (NULL): with .gitattributes. *tree is replaced.
 */
MUST_CHECK int tree_add_run(git_tree **tree, struct store *store, const struct store_run *run, const git_oid *blob,
			    int replace, struct error *err);

/* Take a folder away, and those above it that held nothing else. ERR_NOT_FOUND: it is not there. */
MUST_CHECK int tree_remove_folder(git_tree **tree, struct store *store, const char *folder, struct error *err);

#endif
