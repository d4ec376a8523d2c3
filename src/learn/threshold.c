#include "learn/threshold.h"

#include "base/mem.h"

struct scored {
	double score;
	int positive;
	int fold;
};

static int by_score(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	return (x->score > y->score) - (x->score < y->score);
}

/* Cuts between distinct neighbours of the sorted rows; cut [THRESHOLD_CANDIDATES]. Returns how many. */
static size_t candidates(double *cut, const struct scored *row, size_t n)
{
	size_t distinct = 0, seen = 0, taken = 0;

	for (size_t i = 1; i < n; i++)
		distinct += row[i].score > row[i - 1].score;
	for (size_t i = 1; i < n; i++) {
		if (!(row[i].score > row[i - 1].score))
			continue;
		/* of m cuts the s-th is taken when the count that is due after it is one more than before */
		size_t due = distinct > THRESHOLD_CANDIDATES ? ++seen * THRESHOLD_CANDIDATES / distinct : taken + 1;

		if (due > taken)
			cut[taken++] = row[i - 1].score / 2 + row[i].score / 2;
	}
	return taken;
}

/*
 * matrix [folds][2 x 2] starts with every row predicted positive; as the cut rises, rows go over one by one. Rows of class
 * code c are counted in row c.
 */
static double mean_metric(const struct metric *metric, const double *matrix, int folds, int positive)
{
	double sum = 0;

	for (int f = 0; f < folds; f++)
		sum += metric->from_counts(matrix + 4 * f, 2, positive);
	return sum / folds;
}

static double best_cut(const struct metric *metric, const struct scored *row, size_t n, const double *cut, size_t cuts,
		       double *matrix, int folds, int positive)
{
	double best = 0, threshold = 0.5;
	size_t next = 0;

	for (size_t i = 0; i < n; i++)
		matrix[4 * row[i].fold + 2 * (row[i].positive ? positive : !positive) + positive]++;
	for (size_t c = 0; c < cuts; c++) {
		double value;

		for (; next < n && row[next].score < cut[c]; next++) {
			double *of = matrix + 4 * row[next].fold + 2 * (row[next].positive ? positive : !positive);

			of[positive]--;
			of[!positive]++;
		}
		value = mean_metric(metric, matrix, folds, positive);
		value = metric->better == BETTER_LOWER ? -value : value;
		if (c == 0 || value > best) {
			best = value;
			threshold = cut[c];
		}
	}
	return threshold;
}

int threshold_choose(double *threshold, const struct metric *metric, const double *score, const int *is_positive,
		     const int *fold, size_t n, int folds, int positive, struct error *err)
{
	struct scored *row = mem_array(n, sizeof(*row));
	double *cut = mem_array(THRESHOLD_CANDIDATES, sizeof(*cut));
	double *matrix = mem_zeroed((size_t)folds * 4, sizeof(*matrix));
	int rc = 0;

	if (!row || !cut || !matrix) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		row[i] = (struct scored){score[i], is_positive[i], fold[i]};
	qsort(row, n, sizeof(*row), by_score);
	*threshold = best_cut(metric, row, n, cut, candidates(cut, row, n), matrix, folds, positive);
out:
	free(row);
	free(cut);
	free(matrix);
	return rc;
}
