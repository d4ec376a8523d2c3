/* `assay reproduce`: the same code, data and parameters again, and whether the figures come out the same. */
#ifndef ASSAY_TRACK_REPRODUCE_H
#define ASSAY_TRACK_REPRODUCE_H

#include "base/progress.h"
#include "record/experiment.h"
#include "record/runs.h"

enum reproduced { REPRODUCED_IDENTICAL, REPRODUCED_WITHIN, REPRODUCED_DIFFERENT, REPRODUCED_MISSING };

struct reproduced_metric {
	char *name;
	int reported; /* else measured */
	double before, now;
	enum reproduced outcome; /* MISSING: one of the two lacks it */
	int varies; /* a duration: shown, never held against the run */
};

struct reproduce_options {
	double tolerance; /* relative; a metric inside it is WITHIN. NaN: 1e-9 */
	int keep; /* leave the work tree, and say where */
	int loud; /* let the command print */
	unsigned threads;
};

struct reproduce_report {
	struct runs made; /* the new run: parent the original, tags {reproduces: ID} */
	struct reproduced_metric *metric;
	size_t metrics, cap;
	enum reproduced outcome; /* the worst of those that do not vary */
	int exit; /* of the command */
	char *worktree; /* kept: where */
	struct names notes; /* data that is not as recorded, packages that differ ... */
	char *waiting;
};
void reproduce_report_release(struct reproduce_report *report);

/*
 * The code state of `original` goes into a new work tree in TMPDIR, with the data that it does not hold copied from
 * the present one where their sha256 is that of the record; there the command runs as recorded, or the baseline is
 * trained again. The new run is committed as the original's child. store and project are the user's own: neither their
 * work tree nor their index is touched. A duration is shown and never held against the run; so is another exit code:
 * DIFFERENT.
 *
 * ERR_INPUT: the run cannot be repeated (no code state here, data from stdin or gone or changed, a secret in the
 * command, a mean of several): says which; nothing was run.
 */
MUST_CHECK int track_reproduce(struct reproduce_report *out, struct store *store, const struct project *project,
			       const struct seen_run *original, const struct reproduce_options *options,
			       struct progress *progress, struct error *err);

#endif
