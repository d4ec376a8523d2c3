/*
 * What a command wrote into its run directory, by the protocol: params.json, params.yaml, metrics.jsonl, metrics.json,
 * predictions.csv, artifacts/, and what `assay log` appended (params.jsonl, tags.jsonl, artifacts.jsonl). Everything there
 * is untrusted: odd files are told in notes and cost nothing else.
 */
#ifndef ASSAY_TRACK_COLLECT_H
#define ASSAY_TRACK_COLLECT_H

#include "base/file.h"

#include <jansson.h>
#include <time.h>

struct collected_file {
	char *from; /* a plain file below `dir`, as the file system names it */
	char *path; /* its place in the run's folder, valid UTF-8: "artifacts/plots/roc.svg" */
};

struct collected {
	json_t *params; /* objects, never NULL after collect(): names joined by dots */
	json_t *tags;
	json_t *reported; /* numbers or the three words */
	json_t *series; /* as the record has it */
	struct names notes; /* a sentence each: what was odd, what was left out */
	/*
	 * What the command brought, sorted by path, each path once: all below dir/artifacts; plain files that stand in `dir`
	 * beside it and are no part of the protocol; and files of the protocol that the record does not hold in full
	 * (metrics.jsonl once history.csv was thinned, a params.json that could not be read). Links, sockets and devices are
	 * in notes instead. Names that git or a record cannot hold have bytes as %XX in `path`.
	 */
	struct collected_file *file;
	size_t n_files, cap_files;
	struct outside_file { /* `assay log artifact` of more than 100 MB: recorded, never copied */
		char *path, *sha256; /* path: absolute */
		unsigned long long bytes;
	} * outside;
	size_t n_outside, cap_outside;
	int has_predictions; /* dir/predictions.csv is a plain file */
	int has_history; /* `history` was written */
};
void collected_release(struct collected *collected);

/*
 * Read `dir`. given: the parameters of --param (borrowed, may be NULL; what the command wrote wins, with a note). history:
 * where history.csv is to be written: metric,step,time,value, at most 2,000 points a metric and 1 MiB in all, thinned so that
 * each stretch keeps its least and its greatest. metrics.jsonl is read as a stream: memory does not grow with the steps.
 * A line that is no object, a last line that a kill cut off, a name with control characters: a note with the line number.
 * Text of parameters and tags whose names say that they are secret becomes ***. ERR_NOMEM, ERR_MACHINE (history could not
 * be written) alone are errors; *out is the caller's to release in every case.
 */
MUST_CHECK int collect(struct collected *out, const char *dir, const json_t *given, const char *history,
		       struct error *err);

/*
 * After collect(): where the command logged no metric by the protocol, what DVCLive wrote into `folder` (dvclive/ in the folder that
 * the command ran in) since the run started: metrics.json, params.yaml and the series below plots/metrics/ (.tsv), with names joined
 * by dots. Files that are older are another run's; that it was read is a note. Nothing if there is no such folder. Errors as
 * for collect(). DVCLive's files: https://doc.dvc.org/dvclive/how-it-works
 */
MUST_CHECK int collect_dvclive(struct collected *out, const char *folder, const struct timespec *since,
			       const json_t *given, const char *history, struct error *err);

#endif
