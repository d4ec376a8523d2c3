/* Files that a run brought, under the size rules: into git, to Git LFS, or kept on this machine; by content, each once. */
#ifndef ASSAY_TRACK_ARTIFACT_H
#define ASSAY_TRACK_ARTIFACT_H

#include "base/hash.h"
#include "record/project.h"

#include <jansson.h>

enum artifact_where { ARTIFACT_GIT, ARTIFACT_LFS, ARTIFACT_LOCAL };

struct artifact {
	char *path; /* in the run's folder: "artifacts/model.bin", "lfs/model.bin", "history.csv"; the caller's to free() */
	char sha256[SHA256_HEX]; /* of the file itself, never of a pointer */
	unsigned long long bytes;
	enum artifact_where where;
};

/*
 * Put `from`, a plain file, in its place as `path` ("artifacts/plots/roc.svg") of a run whose files to commit are gathered
 * in the folder `final`: up to project->git.artifact_limit as it is; larger ones as a pointer at "lfs/..." with the object in
 * the LFS store where the repository uses LFS (store_uses_lfs); else into objects/ab/SHA of the spool, mode 0444. Where nobody
 * can write into the file any more it is linked, else copied (by the file system where it shares blocks); `from` stays, and
 * becomes read-only where it was linked. sha256 and bytes are those of what was put there, whatever happens to `from`
 * meanwhile. Memory does not grow with the file. A link is not followed: ERR_INPUT, as for a path that would leave the
 * run's folder; ERR_MACHINE: the disk. *out is filled only where 0 is returned.
 */
MUST_CHECK int artifact_place(struct artifact *out, struct store *store, const struct project *project,
			      const char *from, const char *path, const char *final, struct error *err);

/* Append to the record's `artifacts` list. */
MUST_CHECK int artifact_record(json_t *artifacts, const struct artifact *artifact, struct error *err);

/*
 * What the user and the record are told where artifacts stay on this machine alone: which, how large, where they lie, and the
 * ways into git. *note (the caller's) is NULL where there are none. A sentence for the record's notes, without the place,
 * is *note; *warning (the caller's, NULL too) is for stderr, with it.
 */
MUST_CHECK int artifact_warning(char **warning, char **note, struct store *store, const struct artifact *artifact,
				size_t n, struct error *err);

/*
 * Where the bytes of a local or LFS artifact are on this machine: every spool is looked at. NULL with *err ERR_NOT_FOUND:
 * not here. The caller's.
 */
char *artifact_file(struct store *store, enum artifact_where where, const char *sha256, struct error *err) MUST_CHECK;

#endif
