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

struct cluster_sums {
	double value, weight;
};

/* What the mean moves by when one cluster is left out, squared, over all of them. */
static void leave_one_out(struct rows_mean *out, const struct cluster_sums *cluster, size_t n, struct cluster_sums all)
{
	double squares = 0, units = 0;

	out->mean = all.value / all.weight;
	for (size_t i = 0; i < n; i++) {
		double rest = all.weight - cluster[i].weight, moved;

		if (cluster[i].weight <= 0 || rest <= 0)
			continue;
		moved = (cluster[i].value - out->mean * cluster[i].weight) / rest;
		squares += moved * moved;
		units++;
	}
	if (units < 2)
		return;
	out->df = units - 1;
	out->se = sqrt(squares * (out->df / units));
}

int rows_mean_of_clusters(struct rows_mean *out, const double *value, const unsigned char *counted,
			  const struct predictions *p, struct error *err)
{
	struct cluster_sums *cluster = mem_zeroed(p->clusters, sizeof(*cluster)), all = {0};

	if (!cluster)
		return error_nomem(err);
	*out = (struct rows_mean){0};
	for (size_t i = 0; i < p->n; i++) {
		double weight = p->weight ? p->weight[i] : 1;

		if (counted && !counted[i])
			continue;
		cluster[p->cluster[i]].value += weight * value[i];
		cluster[p->cluster[i]].weight += weight;
		all.value += weight * value[i];
		all.weight += weight;
	}
	if (all.weight > 0)
		leave_one_out(out, cluster, p->clusters, all);
	free(cluster);
	return 0;
}

int rows_mean_by_unit(struct rows_mean *out, const double *value, const struct predictions *p, struct error *err)
{
	if (p->cluster)
		return rows_mean_of_clusters(out, value, NULL, p, err);
	*out = rows_mean(value, p->weight, p->n);
	return 0;
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
