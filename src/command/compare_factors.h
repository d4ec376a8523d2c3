/* What differs between the runs that `assay compare` shows, as a table and in a sentence. */
#ifndef ASSAY_COMMAND_COMPARE_FACTORS_H
#define ASSAY_COMMAND_COMPARE_FACTORS_H

#include "command/grid.h"
#include "command/session.h"

/* As factors_side_by_side() has them; records whole. *out is the caller's. */
MUST_CHECK int compare_factors(json_t **out, const struct session *session, const struct seen_run *const *run, size_t n,
			       struct error *err);

/*
 * Append them to the rows of `grid` (columns: mark, factor, a run each) and print it; parameters have a table of their own.
 * Nothing where nothing else differs.
 */
MUST_CHECK int compare_factors_put(struct buf *out, struct grid *grid, const json_t *factors,
				   const struct seen_run *const *run, size_t n, const struct terminal *terminal,
				   struct error *err);

/* Append what changed from one run to another: isolated, or confounded and the runs that would tell the factors apart. */
MUST_CHECK int compare_changes_put(struct buf *out, const struct session *session, const struct seen_run *from,
				   const struct seen_run *to, struct error *err);

#endif
