/* Runs as `ls --json` has them. */
#ifndef ASSAY_COMMAND_RUN_JSON_H
#define ASSAY_COMMAND_RUN_JSON_H

#include "judge/judge.h"

/* {id, experiment, name, kind, parent, status, started, where, commit, metrics, reported, params, tags, verdict, criteria};
 * what is not known is absent. reported: the names among metrics that assay has not measured. metric: whose verdict against the baseline. families: see run_verdict(). *out is the caller's. */
MUST_CHECK int run_json(json_t **out, const struct seen_run *seen, const char *metric,
			const struct judge_families *families, struct error *err);

/* "git", "waiting" or "running" */
const char *run_where(const struct seen_run *seen);

/* Print JSON to stdout. */
MUST_CHECK int print_json(const json_t *json, struct error *err);

#endif
