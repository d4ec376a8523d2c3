/* Runs of one experiment as a table on the terminal. */
#ifndef ASSAY_COMMAND_RUN_TABLE_H
#define ASSAY_COMMAND_RUN_TABLE_H

#include "command/grid.h"
#include "judge/judge.h"

struct run_table {
	const struct seen_run *const *run; /* [n] in the order to be shown */
	size_t n;
	const struct runs *all; /* for the names of what was compared with; NULL: those of the table alone */
	const struct judge_families *families; /* for today's verdicts; NULL: as the records say */
	const struct declared_metric *metric; /* the first with interval and difference, the others as values */
	size_t metrics;
	const char *against; /* what the differences are to; NULL: found among the runs */
	const char *best; /* id of the run to be marked, or NULL */
	int started; /* 1: a column says when */
};

/* Append the table. what_else: see grid_write(). */
MUST_CHECK int run_table_write(struct buf *out, const struct run_table *table, const struct terminal *terminal,
			       size_t indent, const char *what_else, struct error *err);

/* What stands before the scores in a table of runs: the columns run, name and, where not all are finished, status; and their
 * cells of one run. */
void run_table_heads(struct grid *grid, const struct run_table *table);
void run_table_head(struct grid *grid, const struct run_table *table, const struct seen_run *seen);

/* The cell of one value of a record; metric: the metric that it is one of, or NULL. "-" for what is not there. */
void run_table_value(struct grid *grid, const char *metric, const json_t *value);

/* The verdict on a metric against the baseline, as judged today where families are given: "better", "undecided" ...; NULL:
 * none. */
const char *run_verdict(const struct run *run, const char *metric, const struct judge_families *families);

/* The words that people read for it: "no difference shown" for "undecided". */
const char *verdict_words(const char *verdict);
enum paint verdict_paint(const char *verdict);

#endif
