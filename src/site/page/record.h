/* What is in a run's record besides its scores: command, code, data, parameters, environment, artifacts, notes. */
#ifndef ASSAY_SITE_PAGE_RECORD_H
#define ASSAY_SITE_PAGE_RECORD_H

#include "base/buf.h"
#include "site/page/model.h"

/* The exact bytes of run.json: as committed; of a run that still waits, as it will be. Lent until the next call. */
MUST_CHECK int record_bytes(const struct buf **out, struct site_model *model, const struct seen_run *run,
			    struct error *err);

void record_evidence(struct view *out, const struct site_model *model, const struct seen_run *run); /* evidence */
void record_params(struct view *out, const struct seen_run *run); /* params: [{name, value}] */
void record_environment(struct view *out, const struct seen_run *run); /* environment: [{name, value}] */
void record_artifacts(struct view *out, const struct seen_run *run); /* artifacts: [{path, size, sha, where}] */
void record_notes(struct view *out, const struct seen_run *run); /* notes: [text] */

#endif
