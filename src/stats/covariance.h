/* Covariances of several figures that were measured on the same rows, and draws of the normal law that they describe. */
#ifndef ASSAY_STATS_COVARIANCE_H
#define ASSAY_STATS_COVARIANCE_H

#include "base/error.h"

#include <stddef.h>

/*
 * From what each row contributes (stats/influence.h): contribution [m][rows], out [m x m] symmetric. Sums in a fixed order,
 * whatever the number of threads (0: one per processor). O(rows m^2 / 2).
 */
void covariance_make(double *out, const float *contribution, size_t rows, size_t m, unsigned threads);

#define COVARIANCE_DRAWS 2048

/*
 * Draws of the normal law with mean 0 and this covariance, which may be singular: out [m][COVARIANCE_DRAWS], by the Cholesky
 * factor with pivots (Higham 1990, in Reliable Numerical Computation, 161-185), that leaves out what is below 1e-10 of the
 * largest variance. Seed 0; the same bits for any number of threads. ERR_NOMEM alone. O(m^3 / 2 + m^2 draws / 2).
 */
MUST_CHECK int covariance_draw(float *out, const double *covariance, size_t m, unsigned threads, struct error *err);

#endif
