/* The independent units of predictions: the clusters where there are some, else the rows. */
#ifndef ASSAY_STATS_UNITS_H
#define ASSAY_STATS_UNITS_H

#include "base/error.h"
#include "stats/predictions.h"

size_t units_count(const struct predictions *p);

/*
 * How many units have rows of each class, units [classes], and how many have one that is not of the class that most units have
 * (`outside`: without clusters and with two classes the rows of the rarer one). ERR_NOMEM alone. O(n).
 */
MUST_CHECK int units_by_class(size_t *units, size_t *outside, const struct predictions *p, struct error *err);

/* Sum value [p->n] within each cluster into sum [p->clusters]. p has clusters. */
void units_sum(double *sum, const double *value, const struct predictions *p);

#endif
