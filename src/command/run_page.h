/* One run as people read it on a terminal. */
#ifndef ASSAY_COMMAND_RUN_PAGE_H
#define ASSAY_COMMAND_RUN_PAGE_H

#include "command/terminal.h"
#include "record/experiment.h"
#include "judge/judge.h"

/*
 * Append it. all: for the names of other runs; families: for today's verdicts; picked: picked_line_of() this run, "" where there
 * is nothing; changed: changes_lines(). metric: the declared ones, shown first.
 */
MUST_CHECK int run_page_write(struct buf *out, const struct seen_run *seen, const struct runs *all,
			      const struct judge_families *families, const char *picked, const struct names *changed,
			      const struct declared_metric *metric, size_t metrics, const struct terminal *terminal,
			      struct error *err);

#endif
