/* How often the same rows were looked at: each judged run on them is a look, and a look after a look may be one too many. */
#ifndef ASSAY_JUDGE_LOOKS_H
#define ASSAY_JUDGE_LOOKS_H

#include "record/runs.h"

struct looks {
	size_t look; /* the how-manyeth judged run on these evaluation rows this is, itself counted; 0: it has no hash of them */
	size_t same; /* looks at this very point (params, code, data), itself counted: seeds were added where it is over 1; 1 for one of
			several seeds or splits, whose parent is the look */
};

/*
 * Of judged runs on the same rows (record/look.h) in all experiments; seeds of one parent are one look. runs: those of the run's
 * experiment at the least, not lean; elsewhere: how many such looks there are in runs that are not among them
 * (catalog_looks_elsewhere()). O(runs).
 */
MUST_CHECK int judge_looks(struct looks *out, const struct runs *runs, size_t elsewhere, const struct run *run,
			   struct error *err);

#endif
