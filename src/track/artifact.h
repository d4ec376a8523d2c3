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
 * the LFS store where the repository uses LFS (store_uses_lfs); else into objects/ab/SHA of the spool. A hard link or reflink
 * where possible, else a copy; `from` stays. Streams: memory does not grow with the file.
 */
MUST_CHECK int artifact_place(struct artifact *out, struct store *store, const struct project *project,
			      const char *from, const char *path, const char *final, struct error *err);

/* Append to the record's `artifacts` list. */
MUST_CHECK int artifact_record(json_t *artifacts, const struct artifact *artifact, struct error *err);

/* Where the bytes of a local or LFS artifact are on this machine; NULL with *err ERR_NOT_FOUND: not here. The caller's. */
char *artifact_file(const struct store *store, enum artifact_where where, const char *sha256,
		    struct error *err) MUST_CHECK;

#endif
