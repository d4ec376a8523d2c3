/* The rules of an experiment: success_criteria, constraints, expects and margins of its front matter. */
#ifndef ASSAY_RECORD_CRITERIA_H
#define ASSAY_RECORD_CRITERIA_H

#include "record/experiment.h"
#include "record/fields.h"

/*
 * Read all four keys into the experiment; `metric` [n]: the declared metrics, whose directions a bare number needs.
 * ERR_INPUT with file:line. What was read so far is the experiment's, also on failure.
 */
MUST_CHECK int criteria_read(struct experiment *experiment, const struct fields *top,
			     const struct declared_metric *metric, size_t n, struct error *err);

#endif
