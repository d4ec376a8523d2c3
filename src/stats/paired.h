/* The paired difference of two sets of predictions on the same rows, by the table of tests in the methods page. */
#ifndef ASSAY_STATS_PAIRED_H
#define ASSAY_STATS_PAIRED_H

#include "stats/metric.h"

#define PAIRED_FOREST_LOG_LOSS "log_loss of a forest is not judged: one probability of 0 costs 36 nats"

struct paired {
	const struct metric *metric;
	int defined; /* 0: not compared; note says why */
	double difference; /* a - b */
	double low, high; /* plain 95 % interval */
	size_t family;
	double corrected_low, corrected_high; /* at 1 - 0.05 / family */
	double tost_low, tost_high; /* at 1 - 0.1 / family: two one-sided tests (Schuirmann 1987) */
	double se;
	double df; /* of t; HUGE_VAL: normal law or draws. Of a recipe: of the seeds' part */
	double se_rows,
		df_rows; /* the test rows' part of se and its df; se itself but for repeated runs (stats/repeated.h) */
	double midp; /* shares: McNemar's mid-P (stats/mcnemar.h), as information; NAN: none */
	double p; /* plain, two-sided; never below the test's resolution */
	double p_floor; /* the test's resolution: print "p < floor" when p <= floor; 0: none */
	double detectable; /* difference found with power 0.8 at the corrected level: (z + z) * se */
	int same; /* identical predictions (for roc_auc: identical ranking) */
	int too_few; /* under 40 rows (clusters that have such) outside the largest class (of the rarer of two), 100 at a level
			below 0.005 */
	const char *
		test; /* "tango", "delong", "bootstrap", "bootstrap_normal" (beyond its resolution), "t", "recipe_t", "resampled_t" */
	char note[160];
};

struct paired_rows { /* rows right in one and wrong in the other */
	double fixed; /* a right, b wrong */
	double broken; /* a wrong, b right */
	int same_ranking; /* scores of the positive class order the rows alike, to the last bit */
	size_t rarer; /* rows (clusters) outside the largest class, by which too_few goes */
};

/*
 * Compare a with b metric by metric; both have the same n, classes, positive, y_true, weights and clusters, row by row (an
 * assert). family >= 1: the number of comparisons that share the error; the corrected interval is at 1 - 0.05 / family.
 * families, if not NULL, is [n]: a family for each metric.
 * accuracy, recall: Tango's score interval (1998, Statistics in Medicine 17:891); roc_auc: DeLong 1988 by Sun and Xu
 * 2014; METRIC_COUNTS: multinomial bootstrap over the cells (y, a, b), 10,000 draws, seed 0, percentile interval,
 * beyond the draws' resolution difference +- quantile x se (said in note); METRIC_RANKING: bootstrap over rows, 2,000
 * draws (fewer above 100,000 rows), the same draws for both; METRIC_ROWS: t on differences by row. log_loss is not
 * judged here if `judge_log_loss` is 0.
 * With clusters (predictions.h; both sides have the same) the clusters are what varies: accuracy and recall by Tango's
 * interval at the effective number of rows (Rao and Scott 1992, Biometrics 48:577; the ratio estimator of Obuchowski 1998,
 * Statistics in Medicine 17:1495) with quantiles of t; roc_auc by the sums of placements of a cluster (Obuchowski 1997,
 * Biometrics 53:567); the bootstraps draw clusters; METRIC_ROWS: t on the sums by cluster. `test` is then "clustered_tango"
 * and "clustered_delong"; the other names stay. too_few counts clusters that have such rows.
 * too_few: with more than two classes also where a class that occurs has under five rows.
 * out [n].
 */
struct paired_options {
	size_t family;
	const size_t *families;
	int judge_log_loss;
	unsigned threads;
};
MUST_CHECK int paired_compare(struct paired *out, struct paired_rows *rows, const struct metric *const *metric,
			      size_t n, const struct predictions *a, const struct predictions *b,
			      const struct paired_options *options, struct error *err);

/*
 * A score per row that is no metric of the table, a [n] against b [n]: the mean of the differences by t (by cluster where
 * there are any). rows says how many there are, their weights and clusters; nothing else of it is read. A row where either
 * value is no finite number is left out, with their count in the note. too_few: under 40 units (100 at a level below 0.005).
 * *out has metric NULL. ERR_NOMEM alone.
 */
MUST_CHECK int paired_values(struct paired *out, const double *a, const double *b, const struct predictions *rows,
			     size_t family, struct error *err);

#endif
