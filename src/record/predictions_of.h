/* The stored predictions of a run on record, from git or from where it waits in flight. */
#ifndef ASSAY_RECORD_PREDICTIONS_OF_H
#define ASSAY_RECORD_PREDICTIONS_OF_H

#include "record/evaluation.h"
#include "record/runs.h"

/*
 * Append a file of a run ("predictions.csv"): from git at `tip` (runs.tip), or from whichever spool has the run in flight.
 * ERR_NOT_FOUND: it has none.
 */
MUST_CHECK int run_file(struct buf *out, struct store *store, const char *tip, const struct seen_run *seen,
			const char *name, struct error *err);

/*
 * Its predictions.csv with the positive class that it was scored by (a baseline's parameter, else of its evaluation.json). *out
 * is the caller's to stored_predictions_free(). ERR_NOT_FOUND: it has none; ERR_INPUT: they cannot be read, with the reason.
 */
MUST_CHECK int run_predictions(struct stored_predictions **out, struct store *store, const char *tip,
			       const struct seen_run *seen, struct error *err);

#endif
