/* `assay baseline`: train the baselines of a data set and record each as a run. */
#ifndef ASSAY_TRACK_BASELINE_H
#define ASSAY_TRACK_BASELINE_H

#include "base/progress.h"
#include "record/experiment.h"
#include "record/runs.h"

struct baseline_options {
	const char *data; /* NULL: the project's; "-": stdin. Relative to the current folder */
	const char *target, *positive, *id, *task; /* NULL: the project's */
	const struct names *features, *drop; /* NULL: the experiment's, else the project's */
	const char *const *command; /* argv to record, NULL-terminated */
	double test; /* NaN: the project's */
	long long seed; /* -1: the project's */
	unsigned seeds; /* 0: each once; n: those with chance in them n times on one split, seeds from `seed` on */
	unsigned splits; /* 0; n: all of them on n splits, whose seeds, and the models', are `seed` and on */
	unsigned threads;
	int again; /* train also what is on record already */
	/* For a baseline that is trained again; all NULL for the user's own: */
	const unsigned long long *split_seed; /* of the split, where it is not `seed` */
	const char *only; /* train this one alone */
	const json_t *code; /* `code` of the record, instead of the work tree's */
	const char *reproduces; /* id of the run that it repeats */
};

struct baseline_report {
	struct runs made; /* the runs, in the order of the baselines; those shown from the record too */
	size_t shown; /* how many of them were on record already and not trained again */
	size_t failed; /* how many could not be trained; their records say why */
	char *best; /* name of the best by the first metric; NULL: none has it */
	char *metric; /* the first metric's name */
	char *against; /* what they are compared with: a name of this experiment, else EXPERIMENT/NAME; NULL: nothing */
	struct names notes; /* of data and task: "positive class: Yes" */
	struct names left_out; /* untracked files that the snapshot of a dirty work tree did not take */
	char *waiting; /* why they are not in git yet, or NULL */
	size_t rows, train_rows, test_rows, features;
};
void baseline_report_release(struct baseline_report *report);

/*
 * Read, split, train, measure, compare, record, commit. Identity is checked before any work. Nothing is left behind on an
 * error, no run committed.
 */
MUST_CHECK int track_baseline(struct baseline_report *out, struct store *store, const struct project *project,
			      const struct experiment *experiment, const struct baseline_options *options,
			      struct progress *progress, struct error *err);

#endif
