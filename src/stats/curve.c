#include "stats/curve.h"

#include "base/mem.h"
#include "stats/ranking.h"

#include <math.h>

/* Weight of the class and of the rest that lies above each group of equal scores, in turn. */
struct sweep {
	const struct predictions *p;
	struct ranking ranking;
	int class_code;
	double in, rest; /* weights of all */
};

static int sweep_make(struct sweep *out, const char *curve, const struct predictions *p, int class_code,
		      struct error *err)
{
	*out = (struct sweep){.p = p, .class_code = class_code};
	if (!p->score)
		return error_set(err, ERR_INPUT, "%s needs scores", curve);
	for (size_t i = 0; i < p->n; i++)
		*(p->y_true[i] == class_code ? &out->in : &out->rest) += p->weight ? p->weight[i] : 1;
	if (out->in <= 0 || out->rest <= 0)
		return error_set(err, ERR_INPUT, "%s is not defined: all rows are of one class", curve);
	return ranking_make(&out->ranking, p, class_code, err);
}

/* Add group g's weights. Returns its score. */
static double sweep_step(const struct sweep *s, size_t g, double *in, double *rest)
{
	size_t from = g ? s->ranking.end[g - 1] : 0;

	for (size_t i = from; i < s->ranking.end[g]; i++) {
		uint32_t row = s->ranking.row[i];

		*(s->p->y_true[row] == s->class_code ? in : rest) += s->p->weight ? s->p->weight[row] : 1;
	}
	return s->p->score[s->ranking.row[from] * (size_t)s->p->classes + (size_t)s->class_code];
}

/*
 * Keep at most CURVE_POINTS of n points: the first, the last, and those that come next after equal steps of what
 * `travel` has gathered along the curve.
 */
static void thin(struct curve *out, const struct curve_point *point, const double *travel, size_t n)
{
	double length = travel[n - 1];
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		double due = (double)kept / (CURVE_POINTS - 1) * length;
		int last = i + 1 == n;

		if (n <= CURVE_POINTS || last || (kept + 1 < CURVE_POINTS && travel[i] >= due))
			out->point[kept++] = point[i];
	}
	out->n = kept;
}

/* The points of a curve before thinning, and how far along it each is. */
struct trace {
	struct curve_point *point;
	double *travel;
};

static int trace_make(struct trace *out, size_t n, struct error *err)
{
	out->point = mem_array(n, sizeof(*out->point));
	out->travel = mem_array(n, sizeof(*out->travel));
	return out->point && out->travel ? 0 : error_nomem(err);
}

static void trace_release(struct trace *trace)
{
	free(trace->point);
	free(trace->travel);
}

/* 1 if b lies on the straight line from a to c. */
static int straight(const struct curve_point *a, const struct curve_point *b, const struct curve_point *c)
{
	return (b->x - a->x) * (c->y - a->y) == (c->x - a->x) * (b->y - a->y);
}

int curve_roc(struct curve *out, const struct predictions *p, int class_code, struct error *err)
{
	struct sweep sweep = {0};
	struct trace trace = {0};
	double in = 0, rest = 0;
	size_t n = 0;
	int rc;

	rc = sweep_make(&sweep, "the ROC curve", p, class_code, err);
	if (rc < 0)
		goto out;
	rc = trace_make(&trace, sweep.ranking.groups + 1, err);
	if (rc < 0)
		goto out;
	trace.point[n++] = (struct curve_point){0, 0, HUGE_VAL};
	for (size_t g = 0; g < sweep.ranking.groups; g++) {
		double score = sweep_step(&sweep, g, &in, &rest);
		struct curve_point here = {rest / sweep.rest, in / sweep.in, score};

		if (n > 1 && straight(&trace.point[n - 2], &trace.point[n - 1], &here))
			n--;
		trace.point[n++] = here;
	}
	trace.point[n - 1].x = trace.point[n - 1].y = 1;
	for (size_t i = 0; i < n; i++)
		trace.travel[i] = trace.point[i].x + trace.point[i].y;
	thin(out, trace.point, trace.travel, n);
out:
	trace_release(&trace);
	ranking_release(&sweep.ranking);
	return rc;
}

int curve_precision_recall(struct curve *out, const struct predictions *p, int class_code, struct error *err)
{
	struct sweep sweep = {0};
	struct trace trace = {0};
	double in = 0, rest = 0, travel = 0;
	size_t n = 0;
	int rc;

	rc = sweep_make(&sweep, "the precision-recall curve", p, class_code, err);
	if (rc < 0)
		goto out;
	rc = trace_make(&trace, sweep.ranking.groups, err);
	if (rc < 0)
		goto out;
	for (size_t g = 0; g < sweep.ranking.groups; g++) {
		double score = sweep_step(&sweep, g, &in, &rest);
		struct curve_point here = {in / sweep.in, in / (in + rest), score};

		if (n && here.x == trace.point[n - 1].x && in >= sweep.in && g + 1 < sweep.ranking.groups)
			continue; /* all of the class was found already: a straight drop to the last point */
		travel += n ? here.x - trace.point[n - 1].x + fabs(here.y - trace.point[n - 1].y) : 0;
		trace.point[n] = here;
		trace.travel[n++] = travel;
	}
	thin(out, trace.point, trace.travel, n);
out:
	trace_release(&trace);
	ranking_release(&sweep.ranking);
	return rc;
}

size_t curve_calibration(struct calibration_bin out[10], const struct predictions *p, int class_code)
{
	struct calibration_bin bin[10] = {{0}};
	size_t used = 0;

	for (size_t i = 0; p->score && i < p->n; i++) {
		double score = p->score[i * (size_t)p->classes + (size_t)class_code], w = p->weight ? p->weight[i] : 1;
		struct calibration_bin *b = &bin[score >= 1 ? 9 : score > 0 ? (int)(score * 10) : 0];

		b->n += w;
		b->mean_score += w * score;
		b->rate += p->y_true[i] == class_code ? w : 0;
	}
	for (int i = 0; i < 10; i++) {
		if (bin[i].n <= 0)
			continue;
		out[used++] = (struct calibration_bin){i / 10.0, (i + 1) / 10.0, bin[i].n, bin[i].mean_score / bin[i].n,
						       bin[i].rate / bin[i].n};
	}
	return used;
}
