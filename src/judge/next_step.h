/* The one command that brings an experiment further. */
#ifndef ASSAY_JUDGE_NEXT_STEP_H
#define ASSAY_JUDGE_NEXT_STEP_H

#include "judge/practices.h"

/*
 * Append it, ready for the shell; what a person has to fill in is in capitals. `why`: what it is for, static, a clause without
 * full stop. Nothing is appended where there is nothing left to do (then why is "").
 */
void next_step(struct buf *out, const char **why, const struct standing_input *input,
	       const struct experiment_standing *standing, const struct project *project);

#endif
