/* What would decide an undecided comparison, as a sentence: from what the record holds and the stated margin. */
#ifndef ASSAY_JUDGE_DECIDE_H
#define ASSAY_JUDGE_DECIDE_H

#include "base/buf.h"
#include "record/run.h"

/*
 * Append the sentence, without full stop, for one metric of the comparison with the baseline where its verdict at a
 * family of points x metrics (points: judge_points(); JUDGE_THEN: the record's own) is undecided, not_worse or
 * too_few: "about 1,900 more test rows or 4 more seeds would decide at a margin of 0.01", "a margin of 0.01 cannot be
 * shown with these rows: ...", "31 rows of the rarer class: it takes 40". Nothing is appended for other verdicts, or
 * without such a comparison.
 *
 * The margin is the recorded one, where one counted; without one the sentence says what these rows could show. 1 if
 * something was appended, else 0.
 */
int judge_decide(struct buf *out, const struct run *run, const char *metric, size_t points);

#endif
