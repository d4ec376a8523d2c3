/* Inside store: what `git status` says of the work tree, as a list. */
#ifndef ASSAY_STORE_STATUS_H
#define ASSAY_STORE_STATUS_H

#include "store/repo.h"

struct change {
	char *path; /* relative to the work tree; a folder that is a repository of its own ends in '/' */
	int untracked;
	int submodule; /* 1: it stands at another commit; 2: its own work tree is changed; 3: both */
	unsigned head_mode; /* what HEAD has there; 0: nothing */
	char head_blob[OID_HEX];
};

struct status {
	char commit[OID_HEX]; /* HEAD; "" before the first commit */
	char branch[256]; /* "" when detached */
	struct change *change; /* tracked ones first, then untracked ones, by path */
	size_t n, cap;
};

MUST_CHECK int status_read(struct status *out, const struct store *store, struct error *err);
void status_release(struct status *status);

/* Wait for what store_code_look() started, if it did, and take its answer; else ask now. */
MUST_CHECK int status_take(struct status *out, struct store *store, struct error *err);
/* The same, and drop the answer. */
void status_drop(struct store *store);

#endif
