/* `assay get`: files of a run, from git, the objects of LFS or this machine's own, into a folder. */
#ifndef ASSAY_TRACK_GET_H
#define ASSAY_TRACK_GET_H

#include "record/runs.h"

struct get_options {
	char *const *path; /* files, folders or patterns (fnmatch) below the run's folder; NULL-terminated; none: all */
	const char *into; /* folder, made where it is not there */
	int force; /* write over files that are there */
};

struct get_report {
	size_t files;
	unsigned long long bytes;
	struct names problems; /* "PATH: why not": not here, damaged, there already, a path that leaves the folder */
};
void get_report_release(struct get_report *report);

/*
 * Write them as they were recorded; what lies in lfs/ comes back as artifacts/. No path of a record leads out of
 * `into`, nor do links that are there. Each file is checked against its sha256 and renamed into place when whole. tip:
 * where the run was read. ERR_INPUT: no file of the run fits a path, or the run is not in git yet.
 */
MUST_CHECK int track_get(struct get_report *out, struct store *store, const char *tip, const struct seen_run *seen,
			 const struct get_options *options, struct error *err);

#endif
