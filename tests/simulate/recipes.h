/* Recipes with a seed, trained: what they say of a stock of rows, for trials to draw models and rows from. */
#ifndef ASSAY_TESTS_SIMULATE_RECIPES_H
#define ASSAY_TESTS_SIMULATE_RECIPES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum recipe { RECIPE_SGD, RECIPE_FOREST };

#define STOCK_POSITIVE 2000
#define STOCK_ROWS 8000 /* the positive ones first */
#define STOCK_MODELS 60

struct stock { /* STOCK_MODELS seeds of one recipe on one training set */
	double *score; /* [STOCK_MODELS][STOCK_ROWS] of the positive class */
};

/* A training set of its own and as many models as seeds; both follow from `number`. stock_release() ends it. */
MUST_CHECK int stock_make(struct stock *out, enum recipe recipe, uint64_t number, struct error *err);
void stock_release(struct stock *stock);

#endif
