/*
 * The hook by which work that lasts tells how far it is. Rooms below command/ call progress_step(); what is shown, and
 * whether, is decided above. NULL is a valid hook that shows nothing. Called from one thread at a time.
 */
#ifndef ASSAY_BASE_PROGRESS_H
#define ASSAY_BASE_PROGRESS_H

struct progress {
	void (*step)(struct progress *progress, const char *what, double done, double total);
};

static inline void progress_step(struct progress *progress, const char *what, double done, double total)
{
	if (progress)
		progress->step(progress, what, done, total);
}

#endif
