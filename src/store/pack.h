/*
 * Packs (gitformat-pack(5), version 2 of pack and index): no deltas, fast compression; of many objects written whole in memory, of
 * one large file as a stream.
 * libgit2's own writer looks for deltas that records of runs hardly have and takes five times as long; `git gc` packs
 * anew in the end.
 */
#ifndef ASSAY_STORE_PACK_H
#define ASSAY_STORE_PACK_H

#include "base/file.h"

#include <git2.h>

struct pack { /* start from PACK_INIT */
	struct buf bytes;
	struct pack_entry *entry;
	size_t n, cap;
	int level; /* of compression, 1 to 9; 0: the fastest */
};
#define PACK_INIT                 \
	{                         \
		.bytes = BUF_INIT \
	}

/* Add an object; each once. ERR_MACHINE: zlib refused. */
MUST_CHECK int pack_add(struct pack *pack, const git_oid *id, git_object_t type, const void *data, size_t len,
			struct error *err);

/*
 * Write pack and index into `folder` (objects/pack) under the names that git gives them, the index last: until then git
 * does not see the pack. What a kill leaves is named as git names it, and `git gc` clears it. At most 2 GiB. kept: a .keep
 * file is made first, so that no gc takes the pack away before a reference points into it; its path is added there, to be
 * unlinked by the caller, or by a later call where the caller was killed. NULL: none.
 */
MUST_CHECK int pack_write(struct pack *pack, const char *folder, struct names *kept, struct error *err);

/*
 * A pack of one blob: `size` bytes from the beginning of fd, in blocks. name: for messages. ERR_MOVED, without a message:
 * there were more or fewer, or a gc cleared the file away before it was in place.
 */
MUST_CHECK int pack_file(git_oid *out, int fd, unsigned long long size, const char *name, const char *folder,
			 struct names *kept, struct error *err);

/* Move the pack `name` (pack-SUM.pack) with its index from one folder to another of the same disk, held there. */
MUST_CHECK int pack_move(const char *from, const char *name, const char *folder, struct names *kept, struct error *err);

void pack_release(struct pack *pack);

#endif
