#include "learn/tree/forest.h"

#include "base/mem.h"

#include <omp.h>

#define PREDICT_ROWS 512 /* rows that go through all trees before the next ones do */

struct forest {
	size_t trees;
	int classes;
	struct tree tree[];
};

void forest_free(struct forest *forest)
{
	if (!forest)
		return;
	for (size_t t = 0; t < forest->trees; t++)
		tree_release(&forest->tree[t]);
	free(forest);
}

static int thread_count(unsigned threads, size_t pieces)
{
	size_t n = threads ? threads : (unsigned)omp_get_num_procs();

	return (int)(n < pieces ? n : pieces);
}

int forest_fit(struct forest **out, const struct grow_rows *rows, const struct forest_options *options,
	       struct error *err)
{
	struct forest *forest = mem_zeroed(1, sizeof(*forest) + options->trees * sizeof(forest->tree[0]));
	int threads = thread_count(options->threads, options->trees), failed = 0;
	size_t done = 0;

	if (!forest)
		return error_nomem(err);
	forest->trees = options->trees;
	forest->classes = rows->classes;
#pragma omp parallel num_threads(threads)
	{
		struct grower *grower = NULL;
		struct error own = {0};
		int rc = grower_new(&grower, rows, options->kernels, &own);

#pragma omp for schedule(dynamic, 1)
		for (size_t t = 0; t < options->trees; t++) {
			if (rc == 0)
				rc = grow_tree(&forest->tree[t], grower, options->seed, t, &own);
#pragma omp critical(forest_progress)
			progress_step(options->progress, "growing trees", (double)++done, (double)options->trees);
		}
		grower_free(grower);
		if (rc < 0) {
#pragma omp atomic write
			failed = rc;
		}
	}
	if (failed) {
		forest_free(forest);
		return error_nomem(err);
	}
	*out = forest;
	return 0;
}

void forest_predict(double *probability, const struct forest *forest, const uint8_t *byte, size_t stride, size_t n,
		    unsigned threads)
{
	size_t blocks = (n + PREDICT_ROWS - 1) / PREDICT_ROWS, classes = (size_t)forest->classes;
	int team = thread_count(threads, blocks);

	memset(probability, 0, n * classes * sizeof(*probability));
#pragma omp parallel for schedule(dynamic, 1) num_threads(team) if (team > 1)
	for (size_t b = 0; b < blocks; b++) {
		size_t begin = b * PREDICT_ROWS, rows = n - begin < PREDICT_ROWS ? n - begin : PREDICT_ROWS;
		double *sum = probability + begin * classes;

		for (size_t t = 0; t < forest->trees; t++)
			tree_add(sum, &forest->tree[t], forest->classes, byte + begin * stride, stride, rows);
		for (size_t i = 0; i < rows * classes; i++)
			sum[i] /= (double)forest->trees;
	}
}
