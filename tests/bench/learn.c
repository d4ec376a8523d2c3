/*
 * Times the reader and the forest alone, for make bench; one JSON line.
 *
 * usage: learn FILE.csv TARGET read|forest [THREADS=2] [SEED=0]
 * Test rows are those with i % 5 == 4, as in peer_learn.py. read: median of 5. forest: binning, fit and trees.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "learn/model.h"
#include "stats/metric.h"

#include <math.h>

#include <sys/resource.h>

static double peak_mib(void)
{
	struct rusage usage = {0};

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int bench_read(const char *path, unsigned threads, struct error *err)
{
	double wall[5], cpu[5];

	for (int i = 0; i < 5; i++) {
		double wall_start = clock_seconds(), cpu_start = clock_cpu_seconds();
		struct table *table = NULL;
		int rc = table_read(&table, path, &(struct table_options){.threads = threads}, err);

		wall[i] = clock_seconds() - wall_start;
		cpu[i] = clock_cpu_seconds() - cpu_start;
		table_free(table);
		if (rc < 0)
			return rc;
	}
	qsort(wall, 5, sizeof(*wall), by_size);
	qsort(cpu, 5, sizeof(*cpu), by_size);
	printf("{\"wall_s\": %.5f, \"cpu_s\": %.5f, \"peak_MiB\": %.1f}\n", wall[2], cpu[2], peak_mib());
	return 0;
}

static double log_loss(const double *probability, const struct dataset *data, const size_t *row, size_t n,
		       struct error *err)
{
	struct predictions p = {.n = n, .classes = data->classes, .positive = data->positive, .score = probability};
	int *y = mem_array(n, sizeof(*y));
	double loss = NAN;

	if (!y)
		return loss;
	for (size_t i = 0; i < n; i++)
		y[i] = data->y[row[i]];
	p.y_true = p.y_pred = y;
	if (metric_find("log_loss")->compute(&loss, &p, NULL, err) < 0)
		loss = NAN;
	free(y);
	return loss;
}

static int fit_and_print(const struct dataset *data, const size_t *train, size_t n_train, const size_t *test,
			 size_t n_test, unsigned threads, uint64_t seed, struct error *err)
{
	const struct model_type *forest = model_find("random_forest");
	struct training training = {.data = data, .row = train, .n = n_train, .seed = seed, .threads = threads};
	double before = peak_mib(), wall = clock_seconds(), cpu = clock_cpu_seconds(), predicted;
	double *probability = mem_array(n_test * (size_t)data->classes, sizeof(*probability));
	void *model = NULL;
	int rc;

	if (!probability)
		return error_nomem(err);
	rc = forest->fit(&model, &training, err);
	wall = clock_seconds() - wall;
	cpu = clock_cpu_seconds() - cpu;
	predicted = clock_seconds();
	if (!rc)
		rc = forest->predict(probability, model, data, test, n_test, threads, err);
	predicted = clock_seconds() - predicted;
	if (!rc)
		printf("{\"wall_s\": %.5f, \"cpu_s\": %.5f, \"predict_s\": %.5f, \"log_loss\": %.6f, \"before_MiB\": "
		       "%.1f, "
		       "\"peak_MiB\": %.1f}\n",
		       wall, cpu, predicted, log_loss(probability, data, test, n_test, err), before, peak_mib());
	forest->free(model);
	free(probability);
	return rc;
}

static int bench_forest(const char *path, const char *target, unsigned threads, uint64_t seed, struct error *err)
{
	struct table *table = NULL;
	struct dataset *data = NULL;
	size_t *row = NULL, train = 0, test = 0;
	int rc;

	rc = table_read(&table, path, &(struct table_options){.threads = threads}, err);
	if (!rc)
		rc = dataset_make(&data, table, &(struct dataset_options){.target = target}, err);
	if (rc < 0)
		goto out;
	row = mem_array(2 * data->n, sizeof(*row));
	if (!row) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < data->n; i++)
		if (i % 5 == 4)
			row[data->n + test++] = i;
		else
			row[train++] = i;
	rc = fit_and_print(data, row, train, row + data->n, test, threads, seed, err);
out:
	free(row);
	dataset_free(data);
	table_free(table);
	return rc;
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 2;
	uint64_t seed = argc > 5 ? strtoull(argv[5], NULL, 10) : 0;
	struct error err = {0};
	int rc;

	if (argc < 4) {
		fprintf(stderr, "usage: learn FILE.csv TARGET read|forest [THREADS] [SEED]\n");
		return 2;
	}
	rc = !strcmp(argv[3], "read") ? bench_read(argv[1], threads, &err)
				      : bench_forest(argv[1], argv[2], threads, seed, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.text);
	return rc < 0;
}
