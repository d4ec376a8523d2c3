/*
 * Inside store: a folder of its own for objects that git processes write, as git itself has for what a push brings. Somebody's
 * gc that prunes at once would take them, one by one, before anything points at them; from here they go onto the pile, which
 * looks after its objects, and large ones, which git writes as packs, to the repository's packs, held.
 */
#ifndef ASSAY_STORE_QUARANTINE_H
#define ASSAY_STORE_QUARANTINE_H

#include "store/repo.h"

struct quarantine {
	char *folder;
	char *environment[3]; /* for git_call: NAME=VALUE, NULL-terminated */
};

MUST_CHECK int quarantine_open(struct quarantine *out, struct store *store, struct error *err);

/* Take over what is there. */
MUST_CHECK int quarantine_adopt(struct quarantine *quarantine, struct store *store, struct error *err);

/* Remove the folder with what is still in it. */
void quarantine_release(struct quarantine *quarantine);

#endif
