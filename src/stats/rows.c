#include "stats/rows.h"

#include "base/mem.h"

#include <math.h>

struct rows_mean rows_mean(const double *value, const double *weight, size_t n)
{
	struct rows_mean out = {0};
	double sum = 0, total = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		double w = weight ? weight[i] : 1;

		sum += w * value[i];
		total += w;
	}
	out.mean = sum / total;
	if (n < 2)
		return out;
	for (size_t i = 0; i < n; i++) {
		double part = (weight ? weight[i] : 1) * (value[i] - out.mean);

		squares += part * part;
	}
	out.df = (double)n - 1;
	out.se = sqrt(squares * ((double)n / out.df)) / total;
	return out;
}

int rows_compute(double *out, const struct predictions *p, void (*by_row)(double *out, const struct predictions *p),
		 struct error *err)
{
	double *loss = mem_array(p->n, sizeof(*loss));

	if (!loss)
		return error_nomem(err);
	by_row(loss, p);
	*out = rows_mean(loss, p->weight, p->n).mean;
	free(loss);
	return 0;
}
