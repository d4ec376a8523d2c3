/* What a run was made on: operating system, processor, memory, and the libraries that its figures depend on. */
#ifndef ASSAY_TRACK_ENVIRONMENT_H
#define ASSAY_TRACK_ENVIRONMENT_H

#include "record/run.h"

/* Set `environment` of a run that assay itself computes. What the machine does not tell is left out. */
MUST_CHECK int environment_record(struct run *run, struct error *err);

/*
 * The same for a command that is to run in cwd (NULL: here): with GPUs, environment variables of an allow-list (masked by
 * secret.h all the same), and the packages of the Python that it uses; where none is found, a note says "not recorded".
 */
MUST_CHECK int environment_of_command(struct run *run, const char *const *argv, const char *cwd, struct error *err);

#endif
