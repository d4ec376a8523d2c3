#include "stats/counts.h"

#include "base/mem.h"

struct class_counts class_counts(const double *matrix, int classes, int class_code)
{
	size_t k = (size_t)classes, c = (size_t)class_code;
	struct class_counts counts = {.hit = matrix[c * k + c]};

	for (size_t j = 0; j < k; j++) {
		counts.truth += matrix[c * k + j];
		counts.predicted += matrix[j * k + c];
	}
	return counts;
}

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

double class_precision(struct class_counts counts)
{
	return share(counts.hit, counts.predicted);
}

double class_recall(struct class_counts counts)
{
	return share(counts.hit, counts.truth);
}

double class_f1(struct class_counts counts)
{
	return share(2 * counts.hit, counts.truth + counts.predicted);
}

double counts_macro(const double *matrix, int classes, double (*score)(struct class_counts))
{
	double sum = 0, present = 0;

	for (int c = 0; c < classes; c++) {
		struct class_counts counts = class_counts(matrix, classes, c);

		if (counts.truth + counts.predicted > 0) {
			sum += score(counts);
			present++;
		}
	}
	return share(sum, present);
}

double counts_positive(const double *matrix, int classes, int positive, double (*score)(struct class_counts))
{
	if (classes == 2 && positive >= 0)
		return score(class_counts(matrix, classes, positive));
	return counts_macro(matrix, classes, score);
}

int counts_compute(double *out, const struct predictions *p,
		   double (*from_counts)(const double *matrix, int classes, int positive), struct error *err)
{
	double *matrix = mem_array((size_t)p->classes * (size_t)p->classes, sizeof(*matrix));

	if (!matrix)
		return error_nomem(err);
	confusion_matrix(matrix, p);
	*out = from_counts(matrix, p->classes, p->positive);
	free(matrix);
	return 0;
}

int counts_any(const int *codes, size_t n, int class_code)
{
	for (size_t i = 0; i < n; i++)
		if (codes[i] == class_code)
			return 1;
	return 0;
}
