#include "stats/metric.h"

const struct metric *const metrics[] = {
#define METRIC(name) &metric_##name,
#include "stats/metrics.def"
#undef METRIC
	NULL,
};

const struct metric *metric_find(const char *name)
{
	for (size_t i = 0; metrics[i]; i++)
		if (strcmp(metrics[i]->name, name) == 0)
			return metrics[i];
	return NULL;
}

size_t metric_count(void)
{
	return sizeof(metrics) / sizeof(*metrics) - 1;
}

void confusion_matrix(double *matrix, const struct predictions *p)
{
	size_t k = (size_t)p->classes;

	memset(matrix, 0, k * k * sizeof(*matrix));
	for (size_t i = 0; i < p->n; i++)
		matrix[(size_t)p->y_true[i] * k + (size_t)p->y_pred[i]] += p->weight ? p->weight[i] : 1;
}
