/* How often the same rows were looked at: each judged run on them is a look, and a look after a look may be one too many. */
#ifndef ASSAY_JUDGE_LOOKS_H
#define ASSAY_JUDGE_LOOKS_H

#include "record/runs.h"

struct looks {
	size_t look; /* the how-manyeth judged run on these evaluation rows this is, itself counted; 0: it has no hash of them */
	size_t same; /* looks at this very point (params, code, data), itself counted: seeds were added where it is over 1 */
};

/*
 * Rows are the same where the labels' sha256 is, else the split's and the data file's. Judged runs: finished ones of kind run,
 * of all experiments, that were compared or held against criteria; seeds of one parent are one look, reproductions none.
 * runs: not lean. O(runs).
 */
MUST_CHECK int judge_looks(struct looks *out, const struct runs *runs, const struct run *run, struct error *err);

#endif
