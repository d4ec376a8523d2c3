/* The pre-push hook, with which a `git push` takes the runs along. */
#ifndef ASSAY_COMMAND_HOOK_H
#define ASSAY_COMMAND_HOOK_H

#include "store/store.h"

/*
 * Write it where git looks for hooks (core.hooksPath is obeyed). One that is there already is left as it is, and a
 * note says which line to add; so is a folder of hooks outside of this repository, which serves others too.
 */
MUST_CHECK int hook_write(const struct store *store, struct error *err);

#endif
