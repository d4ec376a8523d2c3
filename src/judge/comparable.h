/* Whether two runs were scored on the same rows. Private to judge/. */
#ifndef ASSAY_JUDGE_COMPARABLE_H
#define ASSAY_JUDGE_COMPARABLE_H

#include "record/run.h"

/*
 * 0, or ERR_INPUT with what differs: the data file, the split, the labels. What one of the two does not record is not
 * held against them: rows are paired by id, and true labels that disagree are refused there. err may be NULL.
 */
int comparable_rows(const struct run *a, const struct run *b, struct error *err);

#endif
