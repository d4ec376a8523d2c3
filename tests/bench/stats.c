/*
 * Times what a comparison of two models costs, for make bench; one JSON line.
 *
 * usage: stats FILE f1|delong|all [THREADS=2]
 * FILE, by peer_stats.py: doubles, three a row: the label, and the score of the positive class by two models. Median of 5; the
 * difference, its standard error and the peak of memory beyond the predictions themselves are printed too.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "stats/paired.h"

#include <malloc.h>

#define ROUNDS 5

struct models {
	size_t n;
	int *y, *label[2];
	double *score[2];
	struct predictions p[2];
};

/* The highest that memory has been since this program began; getrusage() would count what it was started from. */
static double peak_bytes(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	double kib = 0;

	while (status && fgets(line, sizeof(line), status))
		if (!strncmp(line, "VmHWM:", 6))
			kib = strtod(line + 6, NULL);
	if (status)
		(void)fclose(status);
	return kib * 1024;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int models_room(struct models *out, size_t n, struct error *err)
{
	out->n = n;
	out->y = mem_array(n, sizeof(*out->y));
	for (int s = 0; s < 2; s++) {
		out->label[s] = mem_array(n, sizeof(*out->label[s]));
		out->score[s] = mem_array(2 * n, sizeof(*out->score[s]));
		if (!out->y || !out->label[s] || !out->score[s])
			return error_nomem(err);
	}
	return 0;
}

static void models_take(struct models *out, size_t at, const double row[3])
{
	out->y[at] = row[0] > 0;
	for (int s = 0; s < 2; s++) {
		out->score[s][2 * at] = 1 - row[1 + s];
		out->score[s][2 * at + 1] = row[1 + s];
		out->label[s][at] = row[1 + s] >= 0.5;
	}
}

/* Row by row: what is read must not hide in the peak what comes after it. */
static int models_read(struct models *out, const char *path, struct error *err)
{
	FILE *file = fopen(path, "rb");
	long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	double row[3];
	int rc = size < 0 ? error_set(err, ERR_INPUT, "%s: cannot be read", path)
			  : models_room(out, (size_t)size / sizeof(row), err);

	if (file)
		rewind(file);
	for (size_t i = 0; i < out->n && !rc; i++)
		if (fread(row, sizeof(row), 1, file) == 1)
			models_take(out, i, row);
		else
			rc = error_set(err, ERR_INPUT, "%s: cannot be read", path);
	if (file)
		(void)fclose(file);
	for (int s = 0; s < 2; s++)
		out->p[s] = (struct predictions){.n = out->n,
						 .classes = 2,
						 .positive = 1,
						 .y_true = out->y,
						 .y_pred = out->label[s],
						 .score = out->score[s]};
	return rc;
}

static void models_release(struct models *models)
{
	free(models->y);
	for (int s = 0; s < 2; s++) {
		free(models->label[s]);
		free(models->score[s]);
	}
}

static int bench(const struct models *models, const struct metric *const *metric, size_t n, unsigned threads,
		 struct error *err)
{
	const struct paired_options options = {.family = 1, .judge_log_loss = 1, .threads = threads};
	struct paired *paired = mem_array(n, sizeof(*paired));
	double wall[ROUNDS], cpu[ROUNDS], before = peak_bytes();
	struct paired_rows rows;
	int rc = paired ? 0 : error_nomem(err);

	for (int i = 0; i < ROUNDS && !rc; i++) {
		double wall_start = clock_seconds(), cpu_start = clock_cpu_seconds();

		rc = paired_compare(paired, &rows, metric, n, &models->p[0], &models->p[1], &options, err);
		wall[i] = clock_seconds() - wall_start;
		cpu[i] = clock_cpu_seconds() - cpu_start;
	}
	if (!rc) {
		qsort(wall, ROUNDS, sizeof(*wall), by_size);
		qsort(cpu, ROUNDS, sizeof(*cpu), by_size);
		printf("{\"wall_s\": %.5f, \"cpu_s\": %.5f, \"difference\": %.9g, \"se\": %.9g, \"bytes_a_row\": "
		       "%.1f}\n",
		       wall[ROUNDS / 2], cpu[ROUNDS / 2], paired[0].difference, paired[0].se,
		       (peak_bytes() - before) / (double)models->n);
	}
	free(paired);
	return rc;
}

/* Every metric that predictions have. */
static size_t all_metrics(const struct metric **out)
{
	size_t n = 0;

	for (size_t i = 0; metrics[i]; i++)
		if (metrics[i]->kind != METRIC_TIMING)
			out[n++] = metrics[i];
	return n;
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;
	const struct metric *metric[64] = {&metric_f1};
	struct models models = {0};
	struct error err = {0};
	size_t n = 1;
	int rc;

	(void)mallopt(M_MMAP_THRESHOLD, 1 << 20); /* as track/score.c has it */
	if (argc < 3) {
		fprintf(stderr, "usage: stats FILE f1|delong|all [THREADS]\n");
		return 2;
	}
	if (!strcmp(argv[2], "delong"))
		metric[0] = &metric_roc_auc;
	else if (!strcmp(argv[2], "all"))
		n = all_metrics(metric);
	rc = models_read(&models, argv[1], &err);
	if (!rc)
		rc = bench(&models, metric, n, threads, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.text);
	models_release(&models);
	return rc < 0;
}
