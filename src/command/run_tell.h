/* What the commands that run the user's command say of it when it has ended, on stderr. */
#ifndef ASSAY_COMMAND_RUN_TELL_H
#define ASSAY_COMMAND_RUN_TELL_H

#include "track/run.h"

/* Notes, the snapshot, the run's line, what changed; warnings also where quiet is 1. */
void run_tell(const struct run_report *report, int quiet, const struct experiment *experiment,
	      const struct project *project);

/* As the command ended, so does assay: by the same signal. It returns only where that signal does not end a process. */
void run_end_by(int number);

#endif
