/* What a finished run's record says of it beside others: `comparison` with its baseline and `criteria`. */
#ifndef ASSAY_TRACK_VERDICT_H
#define ASSAY_TRACK_VERDICT_H

#include "judge/judge.h"
#include "record/project.h"

/*
 * Judge one run as `assay baseline` judges its own: find its baseline among `runs` (records or the catalog's brief ones), read
 * that one's predictions from git or flight, set comparison and criteria. No predictions, no baseline or other rows: a note
 * that says why, and criteria on what the record has. The run itself need not be among `runs`. A parent of seeds or splits
 * (predictions NULL) is judged by its children, which are.
 */
MUST_CHECK int verdict_record(struct run *run, const struct stored_predictions *predictions, struct store *store,
			      const struct project *project, const struct experiment *experiment,
			      const struct runs *runs, unsigned threads, struct error *err);

#endif
