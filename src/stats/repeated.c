#include "stats/repeated.h"

#include "base/mem.h"
#include "stats/area_margin.h"
#include "stats/bounds.h"
#include "stats/few.h"
#include "stats/influence.h"
#include "stats/power.h"
#include "stats/units.h"

#include <assert.h>
#include <math.h>

#define ROUNDING 1e-12 /* of figures: differences below that are none */
#define HALF_ROWS 2 /* as many rows as the halves of stats/cells.h are in all, two classes given */

/* What the metrics of one comparison share. */
struct recipes {
	const struct repeated_side *a, *b;
	const struct paired_options *options;
	struct few few;
	int spread_a, spread_b; /* the seed changes something */
	size_t units; /* clusters, or rows */
	double *one; /* [rows] the influences of one set */
	double *unit; /* [units] the same by cluster; `one` itself where there are none */
	double *mean[2]; /* [units] means over a side's sets */
};

static const struct predictions *first(const struct repeated_side *side)
{
	return side->set[0];
}

static void check_rows(const struct repeated_side *side, const struct predictions *p)
{
	for (size_t i = 0; i < side->n; i++) {
		const struct predictions *q = side->set[i];

		assert(p->n == q->n && p->classes == q->classes && p->positive == q->positive &&
		       !p->weight == !q->weight && !p->cluster == !q->cluster && !p->y_pred == !q->y_pred &&
		       !p->score == !q->score);
		assert(memcmp(p->y_true, q->y_true, p->n * sizeof(*p->y_true)) == 0);
		(void)q;
	}
}

static int same_predictions(const struct predictions *p, const struct predictions *q)
{
	size_t scores = p->n * (size_t)p->classes;

	return (!p->y_pred || memcmp(p->y_pred, q->y_pred, p->n * sizeof(*p->y_pred)) == 0) &&
	       (!p->score || memcmp(p->score, q->score, scores * sizeof(*p->score)) == 0);
}

static int varies(const struct repeated_side *side)
{
	for (size_t i = 1; i < side->n; i++)
		if (!same_predictions(side->set[0], side->set[i]))
			return 1;
	return 0;
}

static int check_seeds(const struct repeated_side *a, const struct repeated_side *b, struct error *err)
{
	const struct repeated_side *side = !a->deterministic && a->n < REPEATED_SEEDS ? a : b;

	assert(a->n >= 1 && b->n >= 1);
	if (side->deterministic || side->n >= REPEATED_SEEDS)
		return 0;
	return error_set(err, ERR_INPUT, "%zu seed%s on one side: a recipe takes %d", side->n, side->n == 1 ? "" : "s",
			 REPEATED_SEEDS);
}

/* Rows right in a and wrong in b, and the other way round, as the mean over all pairs of seeds. */
static void count_rows(struct paired_rows *rows, const struct recipes *r)
{
	const struct predictions *p = first(r->a);
	double weight = 0;

	for (size_t i = 0; p->y_pred && i < p->n; i++) {
		double right = 0, other = 0, w = p->weight ? p->weight[i] : 1;

		for (size_t j = 0; j < r->a->n; j++)
			right += r->a->set[j]->y_pred[i] == p->y_true[i];
		for (size_t j = 0; j < r->b->n; j++)
			other += r->b->set[j]->y_pred[i] == p->y_true[i];
		right /= (double)r->a->n;
		other /= (double)r->b->n;
		weight += w;
		rows->fixed += w * right * (1 - other);
		rows->broken += w * other * (1 - right);
	}
	if (p->weight && weight > 0) {
		rows->fixed *= (double)p->n / weight;
		rows->broken *= (double)p->n / weight;
	}
	rows->rarer = r->few.rarer;
}

/* What one side gives for a metric. */
struct measured_side {
	double *value; /* [sets] */
	double within; /* variance of one set's value that its rows' own changes from seed to seed account for */
};

static int measure_side(struct measured_side *out, double *mean, struct recipes *r, const struct repeated_side *side,
			const struct metric *metric, struct error *err)
{
	double all = 0, common = 0, sets = (double)side->n;
	int rc = 0;

	memset(mean, 0, r->units * sizeof(*mean));
	for (size_t j = 0; rc == 0 && j < side->n; j++) {
		rc = metric_influence(r->one, &out->value[j], metric, side->set[j], err);
		if (rc == 0 && r->unit != r->one)
			units_sum(r->unit, r->one, side->set[j]);
		for (size_t i = 0; rc == 0 && i < r->units; i++) {
			mean[i] += r->unit[i] / sets;
			all += r->unit[i] * r->unit[i];
		}
	}
	for (size_t i = 0; i < r->units; i++)
		common += mean[i] * mean[i];
	out->within = side->n > 1 ? fmax(0, all - sets * common) / (sets - 1) : 0;
	return rc;
}

static double mean_of(const double *value, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += value[i];
	return sum / (double)n;
}

static double variance_of(const double *value, size_t n)
{
	double mean = mean_of(value, n), squares = 0;

	for (size_t i = 0; i < n; i++)
		squares += (value[i] - mean) * (value[i] - mean);
	return n > 1 ? squares / ((double)n - 1) : 0;
}

/*
 * The test rows' part: the sum of squares over units of the differences of means, less what the rows' changes from
 * seed to seed put into these: the spread of the values over seeds has it already. Where it rests on labels, of which
 * a handful may have changed and all one way, HALF_ROWS more of the mean kind of those that carry it: fourth over
 * second moments.
 */
static struct bounds_part rows_part(const struct recipes *r, const struct metric *metric, double within)
{
	double squares = 0, fourth = 0, known = (double)r->few.rarest;
	struct bounds_part part;

	for (size_t i = 0; i < r->units; i++) {
		double square = (r->mean[0][i] - r->mean[1][i]) * (r->mean[0][i] - r->mean[1][i]);

		squares += square;
		fourth += square * square;
	}
	part.variance = fmax(0, squares - within);
	if (metric->from_counts && squares > 0)
		part.variance += HALF_ROWS * fourth / squares;
	if (first(r->a)->cluster)
		part.variance *= (double)r->units / (double)(r->units - 1);
	/* what is a mean over all rows is known by all of them, what is one over classes as well as the rarest is */
	if (metric->kind == METRIC_ROWS || (metric->kind == METRIC_PROPORTION && !metric->of_positive))
		known = (double)r->units;
	part.df = known - 1;
	return part;
}

/* Welch's df of the two sides' spreads; a side whose seed changes nothing has none. */
static struct bounds_part seeds_part(const double *a, size_t n_a, const double *b, size_t n_b)
{
	double of_a = variance_of(a, n_a) / (double)n_a, of_b = variance_of(b, n_b) / (double)n_b, squares = 0;

	if (of_a > 0)
		squares += of_a * of_a / (double)(n_a - 1);
	if (of_b > 0)
		squares += of_b * of_b / (double)(n_b - 1);
	if (squares <= 0)
		return (struct bounds_part){0, HUGE_VAL};
	return (struct bounds_part){of_a + of_b, (of_a + of_b) * (of_a + of_b) / squares};
}

static void set_results(struct paired *out, const struct bounds_part part[2], size_t rows)
{
	const struct power_design design = {.rows_variance = part[0].variance,
					    .rows_df = part[0].df,
					    .repeats_variance = part[1].variance,
					    .repeats_df = part[1].df,
					    .rows = rows,
					    .repeats = REPEATED_SEEDS,
					    .family = (double)out->family};
	struct bounds bounds;

	bounds_by_parts(&bounds, &out->p, out->difference, part, 2, (double)out->family);
	out->low = bounds.low[BOUND_PLAIN];
	out->high = bounds.high[BOUND_PLAIN];
	out->corrected_low = bounds.low[BOUND_CORRECTED];
	out->corrected_high = bounds.high[BOUND_CORRECTED];
	out->tost_low = bounds.low[BOUND_TOST];
	out->tost_high = bounds.high[BOUND_TOST];
	out->se = sqrt(part[0].variance + part[1].variance);
	out->df = part[1].df;
	out->se_rows = sqrt(part[0].variance);
	out->df_rows = part[0].df;
	out->detectable = power_detectable(&design);
}

/* 1 if some unit contributes more to one side than to the other. */
static int any_differs(const struct recipes *r)
{
	for (size_t i = 0; i < r->units; i++)
		if (r->mean[0][i] != r->mean[1][i])
			return 1;
	return 0;
}

/* Birnbaum and Klose 1957, Annals of Mathematical Statistics 28:933, of each of two areas. */
static double largest_variance(double a, double b, const struct few *few)
{
	return (a * (1 - a) + b * (1 - b)) / fmax(1, (double)few->rarest);
}

/* The difference and the parts of its variance; 0 in out->defined with the reason where they are not defined. */
static int measure_parts(struct paired *out, struct bounds_part part[2], struct recipes *r, double *value,
			 struct error *err)
{
	size_t n_a = r->a->n, n_b = r->b->n;
	struct measured_side a = {.value = value}, b = {.value = value + n_a};
	struct error why = {0};
	int rc;

	rc = measure_side(&a, r->mean[0], r, r->a, out->metric, &why);
	if (rc == 0)
		rc = measure_side(&b, r->mean[1], r, r->b, out->metric, &why);
	if (rc == ERR_INPUT) {
		snprintf(out->note, sizeof(out->note), "%.159s", why.text);
		return 0;
	}
	if (rc < 0)
		return error_set(err, rc, "%s", why.text);
	part[0] = rows_part(r, out->metric, a.within / (double)n_a + b.within / (double)n_b);
	part[1] = seeds_part(a.value, n_a, b.value, n_b);
	out->difference = mean_of(a.value, n_a) - mean_of(b.value, n_b);
	/* all pairs in order on one side, all tied on the other: no variance is seen, so the largest there can be */
	if (out->metric->kind == METRIC_AREA && out->difference != 0 && !any_differs(r))
		part[0].variance = largest_variance(mean_of(a.value, n_a), mean_of(b.value, n_b), &r->few);
	out->defined = isfinite(out->difference) && isfinite(part[0].variance + part[1].variance) && part[0].df >= 1;
	if (out->defined)
		return 0;
	snprintf(out->note, sizeof(out->note), "%s", part[0].df < 1 ? "one row has no spread" : "a score is no number");
	out->difference = 0;
	return 0;
}

/*
 * Areas near 1 are known worse upwards than downwards: whether their difference lies within a margin is asked as of
 * two models, by stats/area_margin.h, the seeds' part beside it. value: of a's sets, then of b's.
 */
static int widen_areas(struct paired *out, const struct recipes *r, const double *value,
		       const struct bounds_part *seeds, struct error *err)
{
	const struct predictions units = {.n = r->units}; /* sums by cluster they are already */
	const struct area a = {mean_of(value, r->a->n), (double)r->few.rarest};
	const struct area b = {mean_of(value + r->a->n, r->b->n), (double)r->few.rarest};
	double alpha = 0.1 / (double)out->family, half = bounds_half(seeds, 1, alpha), low, high;
	int rc;

	low = high = out->difference;
	rc = area_margin(&low, &high, &a, &b, r->mean[0], r->mean[1], &units, alpha, err);
	low = out->difference - hypot(out->difference - low, half);
	high = out->difference + hypot(high - out->difference, half);
	out->tost_low = fmin(out->tost_low, low);
	out->tost_high = fmax(out->tost_high, high);
	return rc;
}

/* One metric; a metric that is not defined here is no error. */
static int compare(struct paired *out, struct recipes *r, double *value, struct error *err)
{
	struct bounds_part part[2] = {{0, 0}, {0, 0}};
	int rc;

	out->p = 1;
	if (out->metric->kind == METRIC_TIMING)
		return 0;
	if (out->metric == &metric_log_loss && !r->options->judge_log_loss) {
		snprintf(out->note, sizeof(out->note), "%s", PAIRED_FOREST_LOG_LOSS);
		return 0;
	}
	rc = measure_parts(out, part, r, value, err);
	if (rc < 0 || !out->defined)
		return rc;
	few_judge(out, &r->few);
	out->test = "recipe_t";
	set_results(out, part, first(r->a)->n);
	return out->metric->kind == METRIC_AREA ? widen_areas(out, r, value, &part[1], err) : 0;
}

/* No seed changes anything: two models, and the tests of two models. */
static int compare_models(struct paired *out, struct repeated *info, const struct metric *const *metric, size_t n,
			  const struct recipes *r, struct error *err)
{
	return paired_compare(out, &info->rows, metric, n, first(r->a), first(r->b), r->options, err);
}

static int compare_recipes(struct paired *out, struct repeated *info, const struct metric *const *metric, size_t n,
			   struct recipes *r, struct error *err)
{
	const struct predictions *p = first(r->a);
	double *value = mem_array(r->a->n + r->b->n, sizeof(*value));
	int rc;

	r->units = units_count(p);
	r->one = mem_array(p->n, sizeof(*r->one));
	r->unit = p->cluster ? mem_array(r->units, sizeof(*r->unit)) : r->one;
	r->mean[0] = mem_array(r->units, sizeof(**r->mean));
	r->mean[1] = mem_array(r->units, sizeof(**r->mean));
	rc = value && r->one && r->unit && r->mean[0] && r->mean[1] ? few_count(&r->few, p, err) : error_nomem(err);
	if (rc == 0)
		count_rows(&info->rows, r);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		out[i] = (struct paired){.metric = metric[i],
					 .test = "",
					 .df = HUGE_VAL,
					 .df_rows = HUGE_VAL,
					 .midp = NAN,
					 .family = r->options->families ? r->options->families[i] : r->options->family};
		assert(out[i].family >= 1);
		rc = compare(&out[i], r, value, err);
	}
	free(value);
	free(r->mean[0]);
	free(r->mean[1]);
	if (r->unit != r->one)
		free(r->unit);
	free(r->one);
	return rc;
}

int repeated_compare(struct paired *out, struct repeated *info, const struct metric *const *metric, size_t n,
		     const struct repeated_side *a, const struct repeated_side *b, const struct paired_options *options,
		     struct error *err)
{
	struct recipes r = {.a = a, .b = b, .options = options};
	int rc;

	rc = check_seeds(a, b, err);
	if (rc < 0)
		return rc;
	check_rows(a, first(a));
	check_rows(b, first(a));
	r.spread_a = varies(a);
	r.spread_b = varies(b);
	*info = (struct repeated){.unchanged_a = a->n > 1 && !r.spread_a && !a->deterministic,
				  .unchanged_b = b->n > 1 && !r.spread_b && !b->deterministic};
	if (!r.spread_a && !r.spread_b)
		return compare_models(out, info, metric, n, &r, err);
	return compare_recipes(out, info, metric, n, &r, err);
}

/* The variance of a - b, 0 where they differ by rounding alone; *mean of them. */
static double variance_of_differences(double *mean, const double *a, const double *b, size_t n)
{
	double sum = 0, squares = 0, size = 0, variance;

	for (size_t j = 0; j < n; j++) {
		sum += a[j] - b[j];
		size = fmax(size, fmax(fabs(a[j]), fabs(b[j])));
	}
	*mean = sum / (double)n;
	for (size_t j = 0; j < n; j++)
		squares += (a[j] - b[j] - *mean) * (a[j] - b[j] - *mean);
	variance = squares / ((double)n - 1);
	return sqrt(variance) > ROUNDING * size ? variance : 0;
}

static int check_splits(const double *a, const double *b, const struct repeated_splits *splits, struct error *err)
{
	if (splits->n < REPEATED_SPLITS)
		return error_set(err, ERR_INPUT, "%zu split%s: a change takes %d", splits->n, splits->n == 1 ? "" : "s",
				 REPEATED_SPLITS);
	for (size_t j = 0; j < splits->n; j++)
		if (!isfinite(a[j]) || !isfinite(b[j]))
			return error_set(err, ERR_INPUT, "split %zu has no value", j + 1);
	return 0;
}

int repeated_splits_compare(struct paired *out, const struct metric *metric, const double *a, const double *b,
			    const struct repeated_splits *splits, struct error *err)
{
	const struct few few = {.rarest = splits->rarer, .rarer = splits->rarer, .classes = 2, .of = ""};
	double variance;
	struct bounds_part part[2];
	int rc;

	rc = check_splits(a, b, splits, err);
	if (rc < 0)
		return rc;
	*out = (struct paired){
		.metric = metric, .defined = 1, .midp = NAN, .family = splits->family, .test = "resampled_t"};
	variance = variance_of_differences(&out->difference, a, b, splits->n);
	/* what more splits leave as it is, and what they make smaller; one is known as well as the other */
	part[0] = (struct bounds_part){variance * splits->test_to_train, (double)splits->n - 1};
	if (splits->training)
		part[0].variance += training_missing(splits->training, variance, splits->test_to_train);
	part[1] = (struct bounds_part){variance / (double)splits->n, (double)splits->n - 1};
	few_judge(out, &few);
	set_results(out, part, 0);
	out->same = variance <= 0 && out->difference == 0;
	if (splits->training && isnan(splits->training->spread) && metric->uses_cut && !out->too_few) {
		out->too_few = 1;
		snprintf(out->note, sizeof(out->note),
			 "no two splits share test rows: what training rows do to it is not known");
	}
	if (variance <= 0 && !out->same) {
		out->too_few = 1;
		out->p = 1;
		snprintf(out->note, sizeof(out->note),
			 "the same difference in all %zu splits: no spread to judge it by", splits->n);
	}
	return 0;
}
