/* experiments/NAME.results.md: chosen runs of an experiment as a Markdown table whose figures are checked references. */
#ifndef ASSAY_COMMAND_RESULTS_H
#define ASSAY_COMMAND_RESULTS_H

#include "judge/judge.h"

#define RESULTS_MARK "<!-- Written by `assay pick`" /* what such a file begins with */

struct results {
	const struct seen_run *const *run; /* [n] whole records, in the order to be shown */
	size_t n;
	const struct seen_run
		*base; /* what they were compared with, shown as the last row; NULL: nothing, or not the same */
	const struct judge_families *families; /* for today's verdicts */
	const struct declared_metric *metric; /* columns: those that some run has */
	size_t metrics;
};

/*
 * Append the file: the mark, the table, a line a run on what it was made from. A figure is `[0.861](run:HANDLE#measured.f1)`, as it
 * is read and in full at its place in the record. No clock, no path: the same records give the same bytes.
 */
MUST_CHECK int results_write(struct buf *out, const struct results *results, struct error *err);

#endif
