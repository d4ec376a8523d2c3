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

/* Put a new pile in front of odb; objects go below common_dir/objects. 0 or libgit2's code. */
MUST_CHECK int pile_new(struct pile **out, git_odb *odb, const char *common_dir);

/*
 * A file as a blob: onto the pile up to 1 MiB, else in blocks into a pack of its own, with memory that does not grow with
 * it. A link is not followed. The blob is what was read: ERR_INPUT where the file goes on changing.
 */
MUST_CHECK int pile_file(git_oid *out, struct pile *pile, git_repository *repo, const char *path, struct error *err);

/*
 * libgit2 does not write what is on disk already; but there it may be garbage of somebody who lost a race, which a gc is about
 * to take. Hold a copy of such an object, or of all that libgit2 passed over since the last call (pile_flush() does it
 * too). ERR_MOVED: one has just gone; build again.
 */
MUST_CHECK int pile_borrow(struct pile *pile, const git_oid *id, struct error *err);
MUST_CHECK int pile_own(struct pile *pile, struct error *err);

/* Move a pack NAME.pack that git wrote into `from`, with its index, to the repository's, held as those of the pile. */
MUST_CHECK int pile_pack(struct pile *pile, const char *from, const char *name, struct error *err);

/* Flush and forget where the pile holds more than some MiB: what it held is read from the disk from then on. */
MUST_CHECK int pile_spill(struct pile *pile, struct error *err);

/* Write what is not on disk yet. ERR_MACHINE: nothing half-written stays under its name. */
MUST_CHECK int pile_flush(struct pile *pile, struct error *err);

/*
 * After references have moved: make sure that the objects are still there. `git gc --prune=now` of somebody else removes
 * loose ones that it found unreachable a moment ago, and packs that were there when it began; so all goes into one more, of a
 * name that was not there before, where a gc is running or an object is missing. Packs flushed before were held by .keep files, as fetch does it, and are let go by pile_clear().
 */
MUST_CHECK int pile_secure(struct pile *pile, struct error *err);

/* Forget all objects, flushed or not: those that are not on disk are gone. */
void pile_clear(struct pile *pile);

#endif
