/*
 * Pieces of work shared among threads. Threads are made for the call and sleep where they wait: OpenMP's spin instead, and
 * on a machine that others use too the six baselines of the churn data cost 240 CPU ms with them and 140 with these.
 */
#ifndef ASSAY_BASE_WORKERS_H
#define ASSAY_BASE_WORKERS_H

#include <stddef.h>

/* How many threads are worth having for so many pieces; threads 0: one for each processor that we may use. At least 1. */
size_t workers_count(unsigned threads, size_t pieces);

/*
 * Call work(context, piece, worker) once for each piece 0 .. pieces-1, in no fixed order, from up to `workers` threads at
 * once; the calling thread is worker 0. A worker has one piece at a time, so that memory by worker is its own. Where the
 * system gives fewer threads, fewer do the work.
 */
void workers_run(size_t workers, size_t pieces, void (*work)(void *context, size_t piece, size_t worker),
		 void *context);

#endif
