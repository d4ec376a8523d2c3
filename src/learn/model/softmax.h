/*
 * The optimiser of logistic regression: minimises 0.5 * |w|^2 + the sum over rows of the log loss, intercepts not penalised
 * (scikit-learn's objective at C = 1), with one weight vector for two classes and one a class for more.
 *
 * Method: Newton steps, each solved by conjugate gradients (Lin, Weng and Keerthi 2008, JMLR 9:627) that are
 * preconditioned with a Cholesky factor of the Hessian's blocks, kept as long as it serves (for many columns: with the
 * diagonal). For two classes a fresh factor is the whole Hessian and one step of CG is exact.
 */
#ifndef ASSAY_LEARN_MODEL_SOFTMAX_H
#define ASSAY_LEARN_MODEL_SOFTMAX_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Rows by columns, with categories as places. The weights of one output are `width` (numbers first, then slots), the
 * intercept, and a sink that absent slots point at and that stays 0: softmax_stride() in all.
 */
struct design {
	size_t n;
	size_t numbers, slots; /* a row has so many numbers and so many places */
	size_t width;
	double *number; /* [n x numbers] */
	uint32_t *place; /* [n x slots], ascending but for the sink, width + 1 */
};

static inline size_t softmax_stride(const struct design *x)
{
	return x->width + 2;
}

struct precondition; /* opaque: a factor, or a diagonal */
void precondition_free(struct precondition *precondition);

struct softmax_problem {
	const struct design *x;
	const int *y; /* [n] */
	int classes;
	unsigned threads; /* 0: one per processor; never changes a bit */
	const struct precondition *near; /* of a similar problem of the same width, or NULL */
};

/* 1 for two classes (the weights of class 1), else the number of classes. */
static inline size_t softmax_outputs(int classes)
{
	return classes == 2 ? 1 : (size_t)classes;
}

/*
 * weight [stride x outputs], row-major: the start on entry (zeros will do), the minimum on return, where no partial
 * derivative is above 1e-9 a row. `kept`, unless NULL, receives the last preconditioner.
 * ERR_NOMEM is the one failure. The same input gives the same bits for any number of threads.
 */
MUST_CHECK int softmax_fit(double *weight, struct precondition **kept, const struct softmax_problem *problem,
			   struct error *err);

/* probability [n x classes] of the rows of x. */
void softmax_predict(double *probability, const struct design *x, const double *weight, int classes);

#endif
