/*
 * Average precision: precision at each score, weighted by the recall gained there; equal scores count as one step. With
 * more than two classes the mean over those that have rows.
 *
 * Resampling walks the rows once, sorted, with several draws side by side: a draw is a column of weights, one for each row
 * (or cluster of rows), so the sort never has to be done again. Of very many rows of one side and one class the draws are made in the walk's order, a
 * piece at a time: which row has which draw does not matter, and memory stays that of the ranking.
 */
#include "base/mem.h"
#include "stats/metric.h"
#include "stats/ranking.h"
#include "stats/row_weights.h"
#include "stats/units.h"
#include "stats/wide.h"

#include <omp.h>

#define LANES ROW_WEIGHT_LANES
#define STREAMED_ABOVE 100000 /* rows */

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

struct step { /* one row of the walk */
	uint32_t
		unit; /* twice the row or cluster whose draws count, and 1 on the last row of a score that rows of the class have */
	float weight, hit; /* hit: weight if the row is of the class, else 0 */
};

/* One side ready to be walked: for each class the rows by falling score. */
struct walk {
	size_t classes, n;
	struct step *step; /* [classes][n] */
};

static void steps_of_group(struct step *step, const uint32_t *row, size_t n, const struct predictions *p,
			   int class_code)
{
	uint32_t found = 0;

	for (size_t i = 0; i < n; i++) {
		float weight = p->weight ? (float)p->weight[row[i]] : 1;
		uint32_t unit = p->cluster ? (uint32_t)p->cluster[row[i]] : row[i];
		int positive = p->y_true[row[i]] == class_code;

		found |= (uint32_t)positive;
		step[i] = (struct step){2 * unit, weight, positive ? weight : 0};
	}
	step[n - 1].unit += found;
}

static int walk_make(struct walk *out, const struct predictions *p, struct error *err)
{
	struct ranking ranking = {0};
	int *class_code = NULL, rc;

	if (p->n > UINT32_MAX / 2)
		return error_set(err, ERR_INPUT, "average_precision is not resampled beyond 2^31 rows");
	rc = ranking_classes(&class_code, &out->classes, p, "average_precision", err);
	if (rc < 0)
		return rc;
	out->n = p->n;
	for (size_t c = 0; rc == 0 && c < out->classes; c++) {
		struct step *step;

		rc = ranking_make(&ranking, p, class_code[c], err);
		if (rc < 0)
			break;
		if (!out->step) /* not before: the sort has its own needs */
			out->step = mem_array(p->n, out->classes * sizeof(*out->step));
		if (!out->step) {
			ranking_release(&ranking);
			rc = error_nomem(err);
			break;
		}
		step = out->step + c * p->n;
		for (size_t g = 0, at = 0; g < ranking.groups; at = ranking.end[g++])
			steps_of_group(step + at, ranking.row + at, ranking.end[g] - at, p, class_code[c]);
		ranking_release(&ranking);
	}
	free(class_code);
	return rc;
}

#define HALF (LANES / 2) /* two vectors of eight in turn, so that one need not wait for the other */
typedef float floats __attribute__((vector_size(HALF * sizeof(float)), may_alias));
typedef unsigned char bytes __attribute__((vector_size(HALF), may_alias));

/* How far LANES draws have been walked. */
struct state {
	floats hit[2], seen[2], gained[2], sum[2];
};

static void state_init(struct state *state)
{
	const floats tiny = (floats){0} + 1e-30F; /* where nothing was drawn yet, not 0 / 0 */

	*state = (struct state){.seen = {tiny, tiny}};
}

/*
 * Walk n rows of one class whose draws lie by unit or in the order of the walk. Single precision: whole weights are summed
 * without error up to 2^24, and the terms' error is far below what 2,000 draws can tell.
 */
enum placed { BY_UNIT, IN_ORDER };
static inline __attribute__((always_inline)) void walk_rows(struct state *state, const struct step *step, size_t n,
							    const bytes *weight, enum placed placed)
{
	floats hit[2], seen[2], gained[2], sum[2];

	memcpy(hit, state->hit, sizeof(hit));
	memcpy(seen, state->seen, sizeof(seen));
	memcpy(gained, state->gained, sizeof(gained));
	memcpy(sum, state->sum, sizeof(sum));
	for (size_t i = 0; i < n; i++) {
		const bytes *drawn = weight + 2 * (placed == BY_UNIT ? (size_t)step[i].unit >> 1 : i);
		floats first = __builtin_convertvector(drawn[0], floats),
		       second = __builtin_convertvector(drawn[1], floats);

		seen[0] += first * step[i].weight;
		seen[1] += second * step[i].weight;
		gained[0] += first * step[i].hit;
		gained[1] += second * step[i].hit;
		if (!(step[i].unit & 1))
			continue;
		for (size_t h = 0; h < 2; h++) {
			hit[h] += gained[h];
			sum[h] += gained[h] * (hit[h] / seen[h]);
			gained[h] = (floats){0};
		}
	}
	memcpy(state->hit, hit, sizeof(hit));
	memcpy(state->seen, seen, sizeof(seen));
	memcpy(state->gained, gained, sizeof(gained));
	memcpy(state->sum, sum, sizeof(sum));
}

WIDE_CLONES static void walk_by_unit(struct state *state, const struct step *step, size_t n, const bytes *weight)
{
	walk_rows(state, step, n, weight, BY_UNIT);
}

WIDE_CLONES static void walk_in_order(struct state *state, const struct step *step, size_t n, const bytes *weight)
{
	walk_rows(state, step, n, weight, IN_ORDER);
}

/* Average precision of the class that was walked, in each of LANES draws: added to out. */
static void add_values(double *out, const struct state *state)
{
	for (size_t j = 0; j < LANES; j++) {
		float hits = state->hit[j / HALF][j % HALF];

		out[j] += hits > 0 ? (double)(state->sum[j / HALF][j % HALF] / hits) : 0;
	}
}

/* A block of draws of one side and one class, its weights made while it is walked. */
static void resample_streamed(double *out, const struct walk *walk, size_t draws, size_t block)
{
	_Alignas(sizeof(floats)) unsigned char weight[ROW_STREAM_ROWS * LANES];
	size_t from = block * LANES, lanes = draws - from < LANES ? draws - from : LANES;
	double value[LANES] = {0};
	struct row_stream stream;
	struct state state;

	row_stream_init(&stream, block);
	state_init(&state);
	for (size_t at = 0; at < walk->n; at += ROW_STREAM_ROWS) {
		size_t n = walk->n - at < ROW_STREAM_ROWS ? walk->n - at : ROW_STREAM_ROWS;

		row_stream_next(weight, &stream);
		walk_in_order(&state, walk->step + at, n, (const bytes *)weight);
	}
	add_values(value, &state);
	memcpy(out + from, value, lanes * sizeof(*value));
}

static void resample_block(double *const *out, const struct walk *walk, size_t sides, size_t draws, size_t block,
			   unsigned char *weight, size_t units)
{
	size_t from = block * LANES, lanes = draws - from < LANES ? draws - from : LANES;

	row_weights(weight, units, block);
	for (size_t s = 0; s < sides; s++) {
		double value[LANES] = {0};

		for (size_t c = 0; c < walk[s].classes; c++) {
			struct state state;

			state_init(&state);
			walk_by_unit(&state, walk[s].step + c * walk[s].n, walk[s].n, (const bytes *)weight);
			add_values(value, &state);
		}
		for (size_t j = 0; j < lanes; j++)
			out[s][from + j] = value[j] / (double)walk[s].classes;
	}
}

static int resample(double *const *out, const struct predictions *const *p, size_t sides, size_t draws,
		    unsigned threads, struct error *err)
{
	int workers = threads ? (int)threads : omp_get_num_procs(), rc = 0;
	size_t n = p[0]->n, units = units_count(p[0]), blocks = (draws + LANES - 1) / LANES;
	struct walk *walk = mem_zeroed(sides, sizeof(*walk));
	unsigned char *weight = NULL;
	int streamed = sides == 1 && p[0]->classes == 2 && n > STREAMED_ABOVE && !p[0]->cluster;

	if (!walk)
		rc = error_nomem(err);
	for (size_t s = 0; rc == 0 && s < sides; s++)
		rc = walk_make(&walk[s], p[s], err);
	if (rc < 0)
		goto out;
	if (streamed) {
#pragma omp parallel for num_threads(workers) schedule(dynamic)
		for (size_t b = 0; b < blocks; b++)
			resample_streamed(out[0], walk, draws, b);
		goto out;
	}
	weight = mem_aligned(units * LANES, (size_t)workers);
	if (!weight) {
		rc = error_nomem(err);
		goto out;
	}
#pragma omp parallel for num_threads(workers) schedule(dynamic)
	for (size_t b = 0; b < blocks; b++)
		resample_block(out, walk, sides, draws, b, weight + (size_t)omp_get_thread_num() * units * LANES,
			       units);
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
