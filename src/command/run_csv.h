/* Runs as CSV: for spreadsheets and scripts; full ids, unrounded. */
#ifndef ASSAY_COMMAND_RUN_CSV_H
#define ASSAY_COMMAND_RUN_CSV_H

#include "judge/judge.h"

/*
 * Append a line a run under a heading: what `ls --json` has, metrics., params. and tags. a column each, sorted by name. first[i]:
 * the metric whose verdict on run[i] is wanted.
 */
MUST_CHECK int run_csv_write(struct buf *out, const struct seen_run *const *run, const char *const *first, size_t n,
			     const struct judge_families *families, struct error *err);

/* Append one value: text as it is, a number unrounded; nothing for what is not there. */
void run_csv_value(struct buf *out, const json_t *value);

#endif
