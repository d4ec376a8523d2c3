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
	double fewest; /* units (rows, clusters) with rows of the smaller side, over all classes the smallest */
};

/*
 * influence [n] or NULL: for two classes the sum of the squares is DeLong's variance, and the sum of the squared
 * differences of two classifiers' influences the variance of the difference; for more classes the same, a row counted
 * in each class's area. With clusters the sums of a cluster's influences are what is squared (Obuchowski 1997, Biometrics
 * 53:567): area_variance(). ERR_INPUT if there are no scores or one class only; ERR_NOMEM. O(n) a class.
 */
MUST_CHECK int area_measure(struct area *out, double *influence, const struct predictions *p, struct error *err);

/* The variance that influence [p->n] stands for: squares summed over p's units. ERR_NOMEM alone. */
MUST_CHECK int area_variance(double *out, const double *influence, const struct predictions *p, struct error *err);

#endif
