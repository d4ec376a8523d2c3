/*
 * Average precision: precision at each score, weighted by the recall gained there; equal scores count as one step. With more
 * than two classes the mean over those that have rows.
 *
 * Resampling walks the rows once, sorted, with several draws side by side: a draw is a column of row weights, so the sort
 * never has to be done again.
 */
#include "base/mem.h"
#include "stats/metric.h"
#include "stats/ranking.h"
#include "stats/row_weights.h"

#include <omp.h>

#define LANES ROW_WEIGHT_LANES

/* The same sums in the same order on every machine; wider vectors where there are some. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

static double of_ranking(const struct ranking *r, const struct predictions *p, int class_code)
{
	double hit = 0, seen = 0, sum = 0;

	for (size_t g = 0, at = 0; g < r->groups; at = r->end[g++]) {
		double gained = 0;

		for (size_t i = at; i < r->end[g]; i++) {
			double w = p->weight ? p->weight[r->row[i]] : 1;

			seen += w;
			if (p->y_true[r->row[i]] == class_code)
				gained += w;
		}
		hit += gained;
		sum += gained * (hit / seen);
	}
	return sum / hit;
}

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	struct ranking ranking = {0};
	int *class_code = NULL, rc;
	double sum = 0;
	size_t n;

	(void)note;
	rc = ranking_classes(&class_code, &n, p, "average_precision", err);
	for (size_t c = 0; rc == 0 && c < n; c++) {
		rc = ranking_make(&ranking, p, class_code[c], err);
		if (rc < 0)
			break;
		sum += of_ranking(&ranking, p, class_code[c]);
		ranking_release(&ranking);
	}
	if (rc == 0)
		*out = sum / (double)n;
	free(class_code);
	return rc;
}

/* One side ready to be walked: for each class the rows by falling score and what each is. */
struct walk {
	size_t classes, n;
	struct step {
		uint32_t row;
		uint8_t positive, ends; /* ends: the last of its score */
		float weight;
	} * step; /* [classes][n] */
};

static int walk_make(struct walk *out, const struct predictions *p, struct error *err)
{
	struct ranking ranking = {0};
	int *class_code = NULL, rc;

	rc = ranking_classes(&class_code, &out->classes, p, "average_precision", err);
	if (rc < 0)
		return rc;
	out->n = p->n;
	out->step = mem_array(p->n, out->classes * sizeof(*out->step));
	if (!out->step)
		rc = error_nomem(err);
	for (size_t c = 0; rc == 0 && c < out->classes; c++) {
		struct step *step = out->step + c * p->n;

		rc = ranking_make(&ranking, p, class_code[c], err);
		if (rc < 0)
			break;
		for (size_t i = 0, g = 0; i < p->n; i++) {
			uint32_t row = ranking.row[i];

			step[i] = (struct step){row, p->y_true[row] == class_code[c], i + 1 == ranking.end[g],
						p->weight ? (float)p->weight[row] : 1};
			g += step[i].ends;
		}
		ranking_release(&ranking);
	}
	free(class_code);
	return rc;
}

/* Average precision of one class in LANES draws: added to out. */
WIDE static void walk_class(double *restrict out, const struct step *step, size_t n, const uint8_t *restrict weight)
{
	double hit[LANES] = {0}, seen[LANES], sum[LANES] = {0}, gained[LANES] = {0};
	int some = 0;

	for (size_t j = 0; j < LANES; j++)
		seen[j] = 1e-300; /* a group of weight 0 divides 0 by this */
	for (size_t i = 0; i < n; i++) {
		const uint8_t *restrict drawn = weight + (size_t)step[i].row * LANES;
		double w = step[i].weight;

		for (size_t j = 0; j < LANES; j++)
			seen[j] += w * drawn[j];
		if (step[i].positive) {
			some = 1;
			for (size_t j = 0; j < LANES; j++)
				gained[j] += w * drawn[j];
		}
		if (!step[i].ends || !some)
			continue;
		for (size_t j = 0; j < LANES; j++) {
			hit[j] += gained[j];
			sum[j] += gained[j] * (hit[j] / seen[j]);
			gained[j] = 0;
		}
		some = 0;
	}
	for (size_t j = 0; j < LANES; j++)
		out[j] += hit[j] > 0 ? sum[j] / hit[j] : 0;
}

static void resample_block(double *const *out, const struct walk *walk, size_t sides, size_t draws, size_t block,
			   uint8_t *weight)
{
	size_t from = block * LANES, lanes = draws - from < LANES ? draws - from : LANES;

	row_weights(weight, walk->n, block);
	for (size_t s = 0; s < sides; s++) {
		double value[LANES] = {0};

		for (size_t c = 0; c < walk[s].classes; c++)
			walk_class(value, walk[s].step + c * walk[s].n, walk[s].n, weight);
		for (size_t j = 0; j < lanes; j++)
			out[s][from + j] = value[j] / (double)walk[s].classes;
	}
}

static int resample(double *const *out, const struct predictions *const *p, size_t sides, size_t draws,
		    unsigned threads, struct error *err)
{
	int workers = threads ? (int)threads : omp_get_num_procs(), rc = 0;
	size_t n = p[0]->n, blocks = (draws + LANES - 1) / LANES;
	struct walk *walk = mem_zeroed(sides, sizeof(*walk));
	uint8_t *weight = NULL;

	if (walk)
		weight = mem_aligned(n * LANES, (size_t)workers);
	if (!weight) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t s = 0; rc == 0 && s < sides; s++)
		rc = walk_make(&walk[s], p[s], err);
	if (rc < 0)
		goto out;
#pragma omp parallel for num_threads(workers) schedule(static)
	for (size_t b = 0; b < blocks; b++)
		resample_block(out, walk, sides, draws, b, weight + (size_t)omp_get_thread_num() * n * LANES);
out:
	for (size_t s = 0; walk && s < sides; s++)
		free(walk[s].step);
	free(walk);
	free(weight);
	return rc;
}

const struct metric metric_average_precision = {
	.name = "average_precision",
	.title = "average precision",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_SCORES,
	.kind = METRIC_RANKING,
	.source = "Zhu 2004, Recall, precision and average precision, University of Waterloo",
	.compute = compute,
	.resample = resample,
};
