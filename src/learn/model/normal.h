/* Private to the optimiser: rows in fixed chunks, and preconditioners from the blocks of the Hessian. */
#ifndef ASSAY_LEARN_MODEL_NORMAL_H
#define ASSAY_LEARN_MODEL_NORMAL_H

#include "learn/model/softmax.h"

/* Chunks of rows follow from the size of the problem alone; sums go chunk by chunk, so that threads never change a bit. */
struct chunks {
	size_t n;
	size_t rows; /* of all chunks */
	size_t workers; /* 1 where the work is too small to share */
};

void chunks_init(struct chunks *chunks, const struct design *x, size_t outputs, unsigned threads);

static inline size_t chunk_begin(const struct chunks *chunks, size_t c)
{
	return chunks->rows / chunks->n * c + (chunks->rows % chunks->n) * c / chunks->n;
}

/*
 * From the probabilities share [n x outputs]: the Cholesky factor of X'SX + I with S each output's p (1 - p), for up to 256
 * columns and as long as all factors take 128 MB at most; else the diagonals.
 */
MUST_CHECK int precondition_make(struct precondition **out, const struct design *x, const double *share, size_t outputs,
				 const struct chunks *chunks, struct error *err);

/* Whether a newer one at other weights could be much better (a factor), or not (a diagonal). */
int precondition_refreshable(const struct precondition *precondition);

/* out [stride x outputs] = approximate inverse times v; scratch [stride]. */
void precondition_solve(const struct precondition *precondition, double *out, const double *v, double *scratch);

#endif
