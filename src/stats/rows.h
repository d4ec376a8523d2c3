/* Metrics that are a weighted mean of one loss per row, and the mean with its standard error. */
#ifndef ASSAY_STATS_ROWS_H
#define ASSAY_STATS_ROWS_H

#include "stats/metric.h"

struct rows_mean {
	double mean;
	double se; /* of the mean; 0 for fewer than two rows */
	double df; /* degrees of freedom of t: independent units - 1 */
};

/* Weighted mean of value [n], the standard error by linearisation (for equal weights the usual). weight may be NULL. */
struct rows_mean rows_mean(const double *value, const double *weight, size_t n);

/*
 * The mean of value [p->n] with p's weights, its standard error by p's units: without clusters rows_mean(); with them the
 * ratio of sums by cluster, its variance by leaving out one cluster at a time (Cochran 1977, Sampling Techniques, 6.17),
 * which stays honest where clusters differ in size. ERR_NOMEM alone. O(n).
 */
MUST_CHECK int rows_mean_by_unit(struct rows_mean *out, const double *value, const struct predictions *p,
				 struct error *err);

/*
 * Of all p's rows, or of those that `counted` [p->n] marks (NULL: all): the ratio of sums by cluster. p has clusters; those
 * without a row that counts are none.
 */
MUST_CHECK int rows_mean_of_clusters(struct rows_mean *out, const double *value, const unsigned char *counted,
				     const struct predictions *p, struct error *err);

/* The metric's compute(): the mean of by_row, which has what it needs. ERR_NOMEM alone. */
MUST_CHECK int rows_compute(double *out, const struct predictions *p,
			    void (*by_row)(double *out, const struct predictions *p), struct error *err);

#endif
