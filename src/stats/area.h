/*
 * The area under the ROC curve with what each row contributes to its variance (DeLong, DeLong and Clarke-Pearson 1988,
 * Biometrics 44:837), by one sort instead of all pairs (Sun and Xu 2014, IEEE Signal Processing Letters 21:1389).
 */
#ifndef ASSAY_STATS_AREA_H
#define ASSAY_STATS_AREA_H

#include "base/error.h"
#include "stats/predictions.h"

struct area {
	double value; /* two classes: of the positive one; more: mean of each against the rest */
	double fewest; /* rows of the smaller side, over all classes the smallest */
};

/*
 * influence [n] or NULL: for two classes the sum of the squares is DeLong's variance, and the sum of the squared
 * differences of two classifiers' influences the variance of the difference; for more classes the same, a row counted
 * in each class's area. ERR_INPUT if there are no scores or one class only; ERR_NOMEM. O(n) a class.
 */
MUST_CHECK int area_measure(struct area *out, double *influence, const struct predictions *p, struct error *err);

#endif
