/* What the usual remote does not have yet, as far as this machine knows: no network is asked. */
#ifndef ASSAY_STORE_UNSENT_H
#define ASSAY_STORE_UNSENT_H

#include "store/store.h"

struct store_unsent {
	char *remote; /* its name, as `assay sync` would take it; NULL: the repository has none */
	size_t runs; /* on the branch here, and not on the remote's as git saw it last */
	size_t commits; /* of code kept for runs, that neither a branch of a remote nor the last `assay sync` took there */
};

/* By refs/remotes and by what store_sync() noted. store_unsent_release() ends it. */
MUST_CHECK int store_unsent(struct store_unsent *out, struct store *store, struct error *err);
void store_unsent_release(struct store_unsent *unsent);

#endif
