/* What a run was made on: operating system, processor, memory, and the libraries that its figures depend on. */
#ifndef ASSAY_TRACK_ENVIRONMENT_H
#define ASSAY_TRACK_ENVIRONMENT_H

#include "record/run.h"

/* Set `environment` of a run that assay itself computes. What the machine does not tell is left out. */
MUST_CHECK int environment_record(struct run *run, struct error *err);

#endif
