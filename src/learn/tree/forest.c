#include "learn/tree/forest.h"

#include "base/mem.h"

#include <omp.h>

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

/* What one thread needs to let rows fall through trees. */
struct faller {
	uint8_t *column; /* [columns x rows] */
	uint16_t *scratch; /* [2 x rows] */
};

static int faller_init(struct faller *faller, size_t columns, size_t rows)
{
	faller->column = mem_array(columns, rows);
	faller->scratch = mem_array(2 * rows, sizeof(*faller->scratch));
	return faller->column && faller->scratch ? 0 : ERR_NOMEM;
}

static void faller_release(struct faller *faller)
{
	free(faller->column);
	free(faller->scratch);
}

static void predict_block(double *sum, const struct forest *forest, const uint8_t *byte, size_t columns, size_t n,
			  struct faller *faller)
{
	size_t cells = n * (size_t)forest->classes;

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < columns; c++)
			faller->column[c * n + i] = byte[i * columns + c];
	for (size_t t = 0; t < forest->trees; t++)
		tree_add(sum, &forest->tree[t], forest->classes, faller->column, n, faller->scratch);
	for (size_t i = 0; i < cells; i++)
		sum[i] /= (double)forest->trees;
}

int forest_predict(double *probability, const struct forest *forest, const uint8_t *byte, size_t columns, size_t n,
		   unsigned threads, struct error *err)
{
	size_t classes = (size_t)forest->classes, rows = TREE_ROWS;
	int failed = 0;

	/* smaller blocks where there would be fewer than threads; what a row gets does not depend on its block */
	while (rows > 256 && n < rows * (size_t)thread_count(threads, SIZE_MAX))
		rows /= 2;
	size_t blocks = (n + rows - 1) / rows;
	int team = thread_count(threads, blocks);

	memset(probability, 0, n * classes * sizeof(*probability));
#pragma omp parallel num_threads(team) if (team > 1)
	{
		struct faller faller = {0};
		int rc = faller_init(&faller, columns, n < rows ? n : rows);

#pragma omp for schedule(dynamic, 1)
		for (size_t b = 0; b < blocks; b++) {
			size_t begin = b * rows;

			if (rc == 0)
				predict_block(probability + begin * classes, forest, byte + begin * columns, columns,
					      n - begin < rows ? n - begin : rows, &faller);
		}
		faller_release(&faller);
		if (rc < 0) {
#pragma omp atomic write
			failed = rc;
		}
	}
	return failed ? error_nomem(err) : 0;
}
