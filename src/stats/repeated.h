/*
 * Differences of what was repeated: recipes by their seeds, changes by shared splits. Results are those of
 * stats/paired.h, with the parts of their variance.
 */
#ifndef ASSAY_STATS_REPEATED_H
#define ASSAY_STATS_REPEATED_H

#include "stats/paired.h"
#include "stats/training.h"

#define REPEATED_SEEDS 3 /* the least that show a spread, a side */
#define REPEATED_SPLITS 10

/* What is to be said of a side whose seeds all gave the same. */
#define REPEATED_UNCHANGED "the seed changes nothing here; training noise not measured"

struct repeated_side {
	const struct predictions *const
		*set; /* [n] one for each seed; all of both sides on the same rows (an assert) */
	size_t n;
	int deterministic; /* 1: declared to depend on no seed (majority, logistic): one set is enough */
};

struct repeated {
	/* fixed and broken: means over all pairs of a seed of a with one of b; same_ranking: where no seed matters */
	struct paired_rows rows;
	int unchanged_a,
		unchanged_b; /* several sets, not declared deterministic, all the same: say REPEATED_UNCHANGED */
};

/*
 * Scope recipe: a's seeds against b's on one training set and the same rows, metric by metric; out [n], `info` once.
 *
 * The difference is that of the means over seeds. Its variance: the rows' part, from differences of influences
 * (stats/influence.h) averaged over seeds, and the seeds' part s2A / kA + s2B / kB (seeds as the readers of Obuchowski
 * and Rockette 1995, Communications in Statistics 24:285). Rows that change from seed to seed are in both; they are
 * taken out of the first. There half a row each way in each class guards functions of counts against certainty from a
 * handful of rows.
 *
 * The half-width is sqrt(t(rows)^2 x variance of rows + t(seeds)^2 x variance of seeds), each t at its own degrees of
 * freedom (Banerjee 1961, Sankhya A 23:359): never under its level. One t at Satterthwaite's df over both, which was
 * tried first, is wrong in 7.7 % where 5 % are claimed, 2.3 where 0.5 are, when 3 seeds face a recipe without seeds.
 * The seeds' own df are Welch's (1947, Biometrika 34:28).
 *
 * Where no seed changes anything on either side it is the comparison of two models, by the tests of stats/paired.h, in
 * `test` and all. Else test is "recipe_t", se the root of the whole variance, df that of the seeds' part, se_rows and
 * df_rows the rows'.
 *
 * ERR_INPUT: fewer than REPEATED_SEEDS on a side that is not declared deterministic. options: as paired_compare().
 */
MUST_CHECK int repeated_compare(struct paired *out, struct repeated *info, const struct metric *const *metric, size_t n,
				const struct repeated_side *a, const struct repeated_side *b,
				const struct paired_options *options, struct error *err);

/* What J splits or folds share. */
struct repeated_splits {
	size_t n; /* J: values a side */
	/* test over training rows of a split; of k folds 1 / (k - 1): what the overlap of the splits costs */
	double test_to_train;
	size_t rarer; /* rows of the rarer class in the smallest test part; SIZE_MAX: not known, never too few */
	size_t family;
	const struct training
		*training; /* what training rows do (stats/training.h), of this metric; NULL: not measured */
};

/*
 * Scope change: values a [J], b [J] of one metric, split by split. Corrected resampled t: variance s2 x (1/J +
 * test/train), df J - 1 (Nadeau and Bengio 2003, Machine Learning 52:239); for r times k folds J = k r (Bouckaert and
 * Frank 2004). To it comes what that leaves out where training moves the figure: training_missing(). Where no two
 * splits share test rows (one k-fold) that cannot be known, and what depends on a cut is not judged: too_few, with a
 * note.
 *
 * metric: only kept in out->metric. test: "resampled_t"; se_rows: all but s2 / J. Where all differences are equal:
 * defined, se 0, and a note; too_few is set then, as no spread was seen.
 *
 * ERR_INPUT: fewer than REPEATED_SPLITS (a single 5-fold among them: to be shown without a verdict), a value that is
 * no number.
 */
MUST_CHECK int repeated_splits_compare(struct paired *out, const struct metric *metric, const double *a,
				       const double *b, const struct repeated_splits *splits, struct error *err);

#endif
