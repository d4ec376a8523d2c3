/* What differs between runs, by name. */
#ifndef ASSAY_COMMAND_RUN_FACTORS_H
#define ASSAY_COMMAND_RUN_FACTORS_H

#include "record/runs.h"

/*
 * An array of {factor, name, values: [a value a run, null where it has none]} for what is not the same in all: command, code,
 * params, data, split, seed, packages, hardware. What no run records is no factor. Records have to be whole. *out is the caller's.
 */
MUST_CHECK int run_factors(json_t **out, const struct seen_run *const *run, size_t n, struct error *err);

#endif
