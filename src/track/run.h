/* `assay run`: the user's command becomes a run. */
#ifndef ASSAY_TRACK_RUN_H
#define ASSAY_TRACK_RUN_H

#include "record/experiment.h"
#include "record/runs.h"

struct run_options {
	const char *const *argv; /* the command */
	const char *name; /* NULL: the script's base name without suffix, else the program's */
	const struct names *params; /* k=v */
	const struct names *tags; /* k=v */
	const struct names *data; /* further files */
	long long seed; /* -1: none is set */
	unsigned seeds; /* 0: one run; n: n children with seeds `seed` (else 0) and on, and their parent */
	const char *from; /* name of the run that it is compared with; NULL: the nearest earlier one */
	unsigned splits; /* 0; n: n children on the splits whose seeds begin with that of the split, and their parent */
	int no_log;
	unsigned threads;
	const char *parent; /* id; NULL: ASSAY_RUN_ID of the environment where that is a run in flight here */
	/* For a run that is repeated; NULL and 0 for one of the user's own: */
	const json_t
		*code; /* `code` of the record, instead of the work tree's; then argv is taken as it is, without {k} */
	const unsigned long long *split_seed; /* the seed of its split; NULL: the project's, else the baseline's */
	const char *cwd; /* where the command runs; files of `data` are relative to it. NULL: the current folder */
	int silent; /* what it prints goes into log.txt alone, its stdin is empty */
};

struct run_report {
	struct runs made; /* the run; with seeds or splits the parent first, then its children */
	int exit, signal; /* what assay is to end with: the first that is not 0 */
	int started; /* 0: the command could not be started */
	struct names notes; /* for stderr, a sentence each */
	struct names changed; /* what changed against the earlier run, as changes_lines() has it */
	struct names warnings; /* the same, for --quiet too */
	struct names left_out;
	size_t snapshot_files, snapshot_bytes;
	char *waiting; /* why it is not in git yet, or NULL */
};
void run_report_release(struct run_report *report);

/*
 * Record, run, collect, score, judge, commit. ERR_INPUT before the command was started (bad name, no identity, a file of --data
 * that is not there, nothing that splits could be made of): nothing is left behind. From the start on a run exists; what fails
 * after the command's end leaves it in flight, said in `waiting`, and 0 is returned.
 */
MUST_CHECK int track_run(struct run_report *out, struct store *store, const struct project *project,
			 const struct experiment *experiment, const struct run_options *options, struct error *err);

#endif
