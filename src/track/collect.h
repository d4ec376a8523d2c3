/*
 * What a command wrote into its run directory, by the protocol: params.json, params.yaml, metrics.jsonl, metrics.json,
 * predictions.csv, artifacts/, and what `assay log` appended (params.jsonl, tags.jsonl, artifacts.jsonl). Everything there
 * is untrusted: odd files are told in notes and cost nothing else.
 */
#ifndef ASSAY_TRACK_COLLECT_H
#define ASSAY_TRACK_COLLECT_H

#include "base/file.h"

#include <jansson.h>

struct collected {
	json_t *params; /* objects: names joined by dots; NULL without memory never */
	json_t *tags;
	json_t *reported; /* numbers or the three words */
	json_t *series; /* as the record has it */
	struct names notes; /* a sentence each: what was odd, what was left out */
	struct names
		artifact; /* paths below dir/artifacts of plain files, sorted; links and devices are in notes instead */
	struct outside_file { /* `assay log artifact` of more than 100 MB: recorded, never copied */
		char *path, *sha256;
		unsigned long long bytes;
	} * outside;
	size_t n_outside, cap_outside;
	int has_predictions; /* dir/predictions.csv is a plain file */
	int has_history; /* `history` was written */
};
void collected_release(struct collected *collected);

/*
 * Read `dir`. given: the parameters of --param (borrowed; what the command wrote wins, with a note). history: where
 * history.csv is to be written: metric,step,time,value, at most 2,000 points a metric and 1 MiB in all, thinned so that each
 * stretch keeps its least and its greatest. metrics.jsonl is read as a stream: memory does not grow with the steps.
 * A line that is no object, a last line that a kill cut off, a name with control characters: a note with the line number.
 */
MUST_CHECK int collect(struct collected *out, const char *dir, const json_t *given, const char *history,
		       struct error *err);

#endif
