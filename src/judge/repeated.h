/*
 * Verdicts on what was repeated: parents of seeds (scope recipe: test rows and seeds vary) and parents of splits (scope change:
 * training rows too). A single run of a recipe without chance in it (majority, logistic) counts as repeated by seeds.
 */
#ifndef ASSAY_JUDGE_REPEATED_H
#define ASSAY_JUDGE_REPEATED_H

#include "judge/judge.h"
#include "record/repetition.h"

struct judge_repeated { /* one side; all borrowed */
	const struct run *run; /* the parent; or the single run that counts as repeated */
	const struct run *const *child; /* [n] those that finished, in the parent's order; the single run: itself */
	const struct stored_predictions *const *predictions; /* [n] */
	size_t n;
	size_t rarer; /* rows outside the largest class in a test part; SIZE_MAX: not known; scope change alone */
};

/* 1 if the seed changes nothing in this recipe: a baseline of a model without chance, its cut not tuned on random folds. */
int judge_deterministic(const struct run *run);

/* The recipe that a run is of: its name, of a child that of its parent. Borrowed. */
const char *judge_recipe(const struct runs *runs, const struct run *run);

/*
 * The single run that a parent of seeds would be compared with, had it been repeated as well; NULL: judge_baseline() found
 * something, or there is nothing at all.
 */
const struct seen_run *judge_baseline_once(const struct runs *runs, const struct experiment *experiment,
					   const struct declared_metric *metric, const struct run *run);

/*
 * The entry of `comparison` for a parent against its baseline, as judge_compare() makes it for two single runs; by the scope
 * that the parents allow. recipe: stats/repeated.h over the stored predictions of all children on rows that all of them have;
 * fixed and broken are means over pairs of children. change: the corrected resampled t (Nadeau and Bengio 2003) on differences
 * of what was measured, split by split, with what training rows do to them (stats/training.h); fixed and broken are left out.
 * *out is the caller's; *note: what its reader has to know beside it (the seed changes nothing here), static, or NULL. ERR_INPUT with the reason: other data, splits that are not the same, fewer than 3 seeds or 10 splits,
 * no shared rows.
 */
MUST_CHECK int judge_compare_repeated(json_t **out, const char **note, const struct judge_repeated *run,
				      const struct judge_repeated *base, const char *role,
				      const struct declared_metric *declared, size_t n_declared,
				      const struct experiment *experiment, size_t points, unsigned threads,
				      struct error *err);

/* How many repetitions a side has to have before its scope can be claimed. */
#define JUDGE_SEEDS_LEAST 3
#define JUDGE_SPLITS_LEAST 10

#endif
