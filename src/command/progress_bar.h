/* A progress bar with the time that is left, drawn on stderr while that is a terminal; nothing at all elsewhere. */
#ifndef ASSAY_COMMAND_PROGRESS_BAR_H
#define ASSAY_COMMAND_PROGRESS_BAR_H

#include "base/progress.h"
#include "command/terminal.h"

struct progress_bar {
	struct progress progress; /* first: what the rooms below are handed */
	struct terminal terminal;
	double started, drawn; /* clock_seconds(); drawn 0: never yet */
	char what[32]; /* the step that was drawn last, as far as it fits */
	int line; /* 1: the bar stands on the screen */
};

/* The hook to hand down: &bar->progress, or NULL where nothing is to be shown. */
struct progress *progress_bar_start(struct progress_bar *bar);

/* Take the bar off the screen. */
void progress_bar_end(struct progress_bar *bar);

#endif
