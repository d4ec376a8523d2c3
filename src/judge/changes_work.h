/* Factors as `changes` holds them, read back. Private to judge/. */
#ifndef ASSAY_JUDGE_CHANGES_WORK_H
#define ASSAY_JUDGE_CHANGES_WORK_H

#include "judge/changes.h"

/* 1 if the factor is of that kind: "params". */
int factor_is(const json_t *factor, const char *kind);
const char *factor_name(const json_t *factor); /* "" where it has none */

#endif
