/* The steps of judging runs against their baseline, for one run or for several that are judged together. Private to track/. */
#ifndef ASSAY_TRACK_VERDICT_WORK_H
#define ASSAY_TRACK_VERDICT_WORK_H

#include "track/verdict.h"

struct verdict_setting { /* what all runs of one judgement share; all borrowed */
	struct store *store;
	const struct project *project;
	const struct experiment *experiment;
	const struct runs *runs;
	unsigned threads;
	/* Predictions of runs that are not on record yet, by id; NULL for one that is. held may be NULL: there are none. */
	const struct stored_predictions *(*held)(const void *context, const char *id);
	const void *context;
};

/* What this finished run is compared with among setting->runs; NULL: it has not finished, or there is nothing. */
const struct seen_run *verdict_base(const struct verdict_setting *setting, const struct run *run);

/* Name in the record what it will be compared with, so that families are counted with it in them. */
MUST_CHECK int verdict_announce(struct run *run, const struct seen_run *base, struct error *err);

/* The run's `comparison` as judged; of_base: predictions of the base, NULL: read from git or flight. What hinders is a note. */
MUST_CHECK int verdict_compare(struct run *run, const struct stored_predictions *predictions,
			       const struct seen_run *base, const struct stored_predictions *of_base,
			       const struct verdict_setting *setting, size_t points, struct error *err);

/* The same of a parent of seeds or splits, by its children and those of the base, all among setting->runs. */
MUST_CHECK int verdict_compare_repeated(struct run *run, const struct seen_run *base,
					const struct verdict_setting *setting, size_t points, struct error *err);

/* A note why a parent of seeds or splits is not compared where its baseline was not repeated, and what would repeat it. */
MUST_CHECK int verdict_note_unrepeated(struct run *run, const struct verdict_setting *setting, struct error *err);

/* A note "Not compared with NAME: WHY", and no comparison. */
MUST_CHECK int verdict_not_compared(struct run *run, const struct seen_run *base, const char *why, struct error *err);

/*
 * Append the comparison of role previous with the run that `changes` names: a family of 1. Nothing where that one has no
 * predictions or was scored on other rows. verdict_compare() comes before.
 */
MUST_CHECK int verdict_previous(struct run *run, const struct stored_predictions *predictions,
				const struct seen_run *against, const struct verdict_setting *setting,
				struct error *err);

/* A note where the run that the experiment's `baseline:` names is not there. */
MUST_CHECK int verdict_note_missing(struct run *run, const struct verdict_setting *setting, struct error *err);

/* Find out which margins count for this run before it is compared; a note for each that does not. */
MUST_CHECK int verdict_margins(struct run *run, const struct verdict_setting *setting, struct error *err);

/* A note for each score per row of a comparison whose direction nobody declared: which one was taken. */
MUST_CHECK int verdict_directions(struct run *run, const json_t *comparison, struct error *err);

/* `evaluation.look` of a run whose comparison and criteria are set, and a note where seeds were added to one that was judged;
 * elsewhere: looks at these rows of runs that are not among runs. */
MUST_CHECK int verdict_look(struct run *run, const struct runs *runs, size_t elsewhere, struct error *err);

/* The experiment's criteria on a run whose comparison is set; nothing for a run that has not finished. */
MUST_CHECK int verdict_criteria(struct run *run, const struct experiment *experiment, struct error *err);

#endif
