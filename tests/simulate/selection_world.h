/*
 * Models whose truth is known, the best of which is picked: how often the picked one's interval holds its true accuracy, and how
 * far its figure is off. Models are right or wrong row by row; rows are easy or hard for all of them alike.
 */
#ifndef ASSAY_TESTS_SIMULATE_SELECTION_WORLD_H
#define ASSAY_TESTS_SIMULATE_SELECTION_WORLD_H

#include "base/error.h"

#include <stddef.h>

struct selection_world {
	const char *name; /* "equal", "one ahead", "spread" */
	size_t m, rows;
	int alike; /* 1: rows are easy or hard, errors of two models are correlated by 0.55; 0: independent */
	double ahead; /* true accuracy of the first over that of the others, which is 0.85 */
	double spread; /* the others' true accuracies lie evenly below it by up to that much */
};

struct selection_outcome {
	size_t trials;
	size_t plain, corrected; /* trials whose interval holds the truth of the picked one */
	double plain_off, off; /* sums of (figure - truth of the picked one), in standard errors of the figure */
	double width; /* sum of the widths of the interval, in those of the plain one */
	size_t placed; /* trials with places: not all, they cost time */
	double kept; /* sum over these of the share of the truly best (several, where equal) that could be the best */
	double held; /* sum over these of the share of models whose places hold the true one */
	double could; /* sum over these of the share of models that could be the best */
};

/* Add so many trials, of which each `every`th gets places (0: none); trial number t is the same whoever asks. ERR_NOMEM. */
MUST_CHECK int selection_trials(struct selection_outcome *out, const struct selection_world *world, size_t first,
				size_t trials, size_t every, struct error *err);

#endif
