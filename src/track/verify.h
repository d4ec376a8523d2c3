/* `assay verify`: whether what is on record still is what was recorded. */
#ifndef ASSAY_TRACK_VERIFY_H
#define ASSAY_TRACK_VERIFY_H

#include "base/progress.h"
#include "store/store.h"

struct verify_problem {
	char *run; /* id, or NULL */
	char *what; /* a sentence */
	char *commit, *author; /* which commit did it, and who; NULL where that is not the question */
};

struct verify_report {
	size_t runs, artifacts, code_states, signatures; /* checked */
	size_t removed; /* by `assay rm`: counted, no problem */
	size_t elsewhere; /* artifacts whose bytes are on another machine or in LFS and not here: no problem, said */
	struct verify_problem *problem;
	size_t problems, cap;
	struct names notes;
};
void verify_report_release(struct verify_report *report);

/*
 * The runs of the whole branch, whatever their root. Every record against its schema and place; every artifact's
 * sha256; no committed run altered or dropped after the fact; every code state there; signatures where there are some.
 * What was altered and is as at first again is a note. O(records, commits and bytes of artifacts).
 */
MUST_CHECK int track_verify(struct verify_report *out, struct store *store, struct progress *progress,
			    struct error *err);

#endif
