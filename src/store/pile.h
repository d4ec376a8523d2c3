/*
 * A pile of new objects: what is written into the repository's object database stays in memory, readable, until
 * pile_flush() puts all of it on disk at once: as one pack where there are many, else as loose objects. So a run that
 * is built again on another tip leaves no garbage, and many runs cost one pack.
 */
#ifndef ASSAY_STORE_PILE_H
#define ASSAY_STORE_PILE_H

#include "base/error.h"

#include <git2.h>

struct pile; /* belongs to the object database that it stands in front of, and ends with it */

/* Put a new pile in front of odb. 0 or libgit2's code. */
MUST_CHECK int pile_new(struct pile **out, git_odb *odb);

/* Write what is not on disk yet below common_dir/objects. ERR_MACHINE: nothing half-written stays under its name. */
MUST_CHECK int pile_flush(struct pile *pile, const char *common_dir, struct error *err);

/* Forget all objects, flushed or not: those that are not on disk are gone. */
void pile_clear(struct pile *pile);

#endif
