/* The point of a run: what was tried, as one hash. */
#ifndef ASSAY_RECORD_POINT_H
#define ASSAY_RECORD_POINT_H

#include "record/run.h"

#define RUN_POINT 33 /* 32 hex digits and a NUL */

/*
 * Of parameters, the command (of kind run: who tries ten flags without naming them parameters has tried ten things), code (the
 * snapshot, else the tree) and data files, whatever the order of their keys: runs of one point differ by seed and time alone.
 * What a flag or NAME=VALUE with "seed" in its name has in the command does not count. ERR_NOMEM is the one failure.
 */
MUST_CHECK int run_point(char out[RUN_POINT], const struct run *run, struct error *err);

#endif
