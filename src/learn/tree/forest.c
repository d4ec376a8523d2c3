#include "learn/tree/forest.h"

#include "base/mem.h"
#include "base/workers.h"

#include <stdatomic.h>

#define BLOCK_ROWS 256 /* the least that fall together where there are more */

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

/* A forest being grown; what a worker needs is its own. */
struct growing {
	struct forest *forest;
	const struct forest_options *options;
	struct grower **grower; /* [workers] */
	int *rc; /* [workers] */
	atomic_size_t done;
};

static void grow_piece(void *context, size_t piece, size_t worker)
{
	struct growing *growing = context;
	const struct forest_options *options = growing->options;
	size_t done;

	if (growing->rc[worker] == 0)
		growing->rc[worker] = grow_tree(&growing->forest->tree[piece], growing->grower[worker], options->seed,
						piece, NULL);
	done = atomic_fetch_add(&growing->done, 1) + 1;
	/* the caller's thread alone tells how far it is */
	if (worker == 0)
		progress_step(options->progress, "growing trees", (double)done, (double)options->trees);
}

int forest_fit(struct forest **out, const struct grow_rows *rows, const struct forest_options *options,
	       struct error *err)
{
	struct forest *forest = mem_zeroed(1, sizeof(*forest) + options->trees * sizeof(forest->tree[0]));
	size_t workers = workers_count(options->threads, options->trees);
	struct growing growing = {.forest = forest, .options = options};
	int rc = 0;

	growing.grower = mem_zeroed(workers, sizeof(struct grower *));
	growing.rc = mem_zeroed(workers, sizeof(*growing.rc));
	if (!forest || !growing.grower || !growing.rc) {
		rc = error_nomem(err);
		goto out;
	}
	forest->trees = options->trees;
	forest->classes = rows->classes;
	for (size_t w = 0; rc == 0 && w < workers; w++)
		rc = grower_new(&growing.grower[w], rows, options->kernels, err);
	if (rc < 0)
		goto out;
	workers_run(workers, options->trees, grow_piece, &growing);
	for (size_t w = 0; w < workers; w++)
		rc = growing.rc[w] < 0 ? error_nomem(err) : rc;
	if (rc < 0)
		goto out;
	*out = forest;
	forest = NULL;
out:
	for (size_t w = 0; growing.grower && w < workers; w++)
		grower_free(growing.grower[w]);
	free(growing.grower);
	free(growing.rc);
	forest_free(forest);
	return rc;
}

/* Rows being predicted; they fall block by block. */
struct falling {
	const struct forest *forest;
	const uint8_t *byte;
	double *probability;
	size_t columns, n, rows; /* rows: of a block */
	uint8_t *column; /* [workers x columns x rows] */
	uint16_t *scratch; /* [workers x 2 x rows] */
};

static void predict_piece(void *context, size_t piece, size_t worker)
{
	const struct falling *f = context;
	const struct forest *forest = f->forest;
	size_t begin = piece * f->rows, n = f->n - begin < f->rows ? f->n - begin : f->rows;
	const uint8_t *byte = f->byte + begin * f->columns;
	uint8_t *column = f->column + worker * f->columns * f->rows;
	double *sum = f->probability + begin * (size_t)forest->classes;

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < f->columns; c++)
			column[c * n + i] = byte[i * f->columns + c];
	for (size_t t = 0; t < forest->trees; t++)
		tree_add(sum, &forest->tree[t], forest->classes, column, n, f->scratch + worker * 2 * f->rows);
	for (size_t i = 0; i < n * (size_t)forest->classes; i++)
		sum[i] /= (double)forest->trees;
}

int forest_predict(double *probability, const struct forest *forest, const uint8_t *byte, size_t columns, size_t n,
		   unsigned threads, struct error *err)
{
	struct falling f = {forest, byte, probability, columns, n, TREE_ROWS, NULL, NULL};
	size_t workers, blocks;
	int rc = 0;

	/* smaller blocks where there would be fewer than threads; what a row gets does not depend on its block */
	while (f.rows > BLOCK_ROWS && n < f.rows * workers_count(threads, SIZE_MAX))
		f.rows /= 2;
	f.rows = n < f.rows ? n : f.rows;
	blocks = n ? (n + f.rows - 1) / f.rows : 0;
	workers = workers_count(threads, blocks);
	f.column = mem_array(workers * f.rows, columns);
	f.scratch = mem_array(workers * f.rows, 2 * sizeof(*f.scratch));
	if (f.column && f.scratch) {
		memset(probability, 0, n * (size_t)forest->classes * sizeof(*probability));
		workers_run(workers, blocks, predict_piece, &f);
	} else {
		rc = error_nomem(err);
	}
	free(f.column);
	free(f.scratch);
	return rc;
}
