/* Which rows train and which test. */
#ifndef ASSAY_LEARN_SPLIT_H
#define ASSAY_LEARN_SPLIT_H

#include "learn/dataset.h"

struct split_options {
	double test; /* share, 0 < test < 1 */
	double valid; /* share, 0: none */
	uint64_t seed;
};

struct split {
	struct split_options options;
	int stratified;
	size_t *train, *valid, *test; /* indices into the dataset, ascending */
	size_t n_train, n_valid, n_test;
	char sha256[SHA256_HEX]; /* of the test ids, sorted by bytes, one a line */
};

/*
 * Stratified by class: each class gives its share of test rows (largest remainders, so that n_test = ceil(test x n) as
 * scikit-learn's), at least one of each class on each side. Membership follows from the ids and classes in order, the shares and
 * the seed. ERR_INPUT where the rows are too few for every class to be on both sides.
 */
MUST_CHECK int split_make(struct split **out, const struct dataset *dataset, const struct split_options *options,
			  struct error *err);
void split_free(struct split *split);

/* k (2 to 64) stratified folds of `rows` (indices into the dataset): fold [n] gets 0 .. k-1. */
void split_folds(int *fold, const struct dataset *dataset, const size_t *rows, size_t n, int k, uint64_t seed);

#endif
