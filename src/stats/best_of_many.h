/*
 * Picked among many: the best of m figures that were measured on the same rows, corrected for having been picked, and how
 * sure the order of the m is. A figure that is the largest of many is too large: of 500 equal models on 1,409 rows by two to
 * three standard errors, and its own 95 % interval holds the truth in 43 % where models err alike, in none where they do not.
 *
 * The methods were chosen by simulation (tests/simulate/selection.c; equal and unequal models, errors alike and not):
 *
 * interval   the hybrid one of Andrews, Kitagawa and McCloskey (2024, Quarterly Journal of Economics 139:305): what the
 *            figure can be given that it was the largest, held inside a simultaneous interval. Covers 95 to 95.5 % in the
 *            normal limit and 94 to 97 % as measured, whether the models are equal or one is far ahead. The purely
 *            conditional interval covers as well and is twice as wide; percentiles of the bootstrap (Tsamardinos,
 *            Greasidou and Borboudakis 2018, Machine Learning 107:1895) cover 99 to 100 %, since the rows that a draw
 *            leaves out are few.
 * figure     bootstrap bias correction (Tsamardinos et al. 2018): pick in a resampling, look at the picked one where it was
 *            not resampled, take the mean. In the normal limit this is to pick by X + e and to look at X - e with e of the
 *            law of X, which has no bias (Rasines and Young 2023, Biometrika 110:597); here with e of half the variance
 *            (pick by X + e / sqrt 2, look at X - e sqrt 2), which follows the pick that was made more closely. Its error
 *            is half of the median-unbiased conditional estimate's.
 * ranks      for each run all differences to the others at one critical value, that of the largest of them (Mogstad,
 *            Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91:476): its place is 1 + the number shown better
 *            at best, m - the number shown worse at worst. Each run's places hold the true one with 95 %, each for itself;
 *            those that may be first are a set that holds the truly best with 97.5 % (measured: 96 to 100).
 */
#ifndef ASSAY_STATS_BEST_OF_MANY_H
#define ASSAY_STATS_BEST_OF_MANY_H

#include "base/error.h"

#include <stddef.h>

#define BEST_OF_MANY_MOST 1000 /* figures that are worth comparing each with each */

struct best_of_many_input {
	size_t m; /* figures; 1 .. BEST_OF_MANY_MOST */
	const double *value; /* [m] */
	const double *covariance; /* [m x m] symmetric, of the values; covariance_make() */
	double step; /* by how much one row moves a value that counts rows (1 / rows for a share); 0: it counts none */
	int lower; /* 1: the smallest is the best */
};

struct best_of_many_place {
	size_t first, last; /* from 1; the one may be the best if first is 1 */
};

struct best_of_many {
	size_t best; /* number of the picked one: the first of equals */
	double plain, plain_low, plain_high; /* as if it had not been picked */
	double corrected, low, high; /* 95 %; corrected lies in between */
	size_t first; /* how many may be the best */
};

/*
 * Correct the best of m and give each its places, place [m] (NULL: not wanted, which saves most of the time). Normal limit;
 * draws by a fixed seed; the same bits for any number of threads (0: one per processor). ERR_NOMEM alone.
 * O(m^3 / 3 + m^2 draws): 500 in 0.3 s.
 */
MUST_CHECK int best_of_many_find(struct best_of_many *out, struct best_of_many_place *place,
				 const struct best_of_many_input *input, unsigned threads, struct error *err);

#endif
