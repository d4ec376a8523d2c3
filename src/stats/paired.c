#include "stats/paired_work.h"

#include "base/mem.h"
#include "stats/area.h"
#include "stats/area_margin.h"
#include "stats/bounds.h"
#include "stats/cells.h"
#include "stats/few.h"
#include "stats/mcnemar.h"
#include "stats/proportion.h"
#include "stats/ranking.h"
#include "stats/resampled.h"
#include "stats/row_weights.h"
#include "stats/rows.h"
#include "stats/share.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#define POWER 0.8

/* What all metrics of one comparison share. */
struct pair {
	const struct predictions *a, *b;
	const struct paired_options *options;
	int same_labels, same_scores, same_ranking;
	struct few few;
};

/* 1 if the scores of the positive class (of every class where there are more than two) rank the rows alike. */
static int same_ranking(int *same, const struct predictions *a, const struct predictions *b, struct error *err)
{
	int from = a->classes == 2 ? (a->positive >= 0 ? a->positive : 1) : 0,
	    to = a->classes == 2 ? from + 1 : a->classes;
	int rc = 0;

	*same = a->score && b->score;
	for (int c = from; rc == 0 && *same && c < to; c++) {
		struct ranking of_a = {0};

		rc = ranking_make(&of_a, a, c, err);
		if (rc == 0)
			*same = ranking_agrees(&of_a, b, c);
		ranking_release(&of_a);
	}
	return rc;
}

static int pair_make(struct pair *out, const struct predictions *a, const struct predictions *b,
		     const struct paired_options *options, struct error *err)
{
	size_t scores = a->n * (size_t)a->classes;
	int rc;

	*out = (struct pair){.a = a, .b = b, .options = options};
	out->same_labels = a->y_pred && b->y_pred && memcmp(a->y_pred, b->y_pred, a->n * sizeof(*a->y_pred)) == 0;
	out->same_scores = a->score && b->score && memcmp(a->score, b->score, scores * sizeof(*a->score)) == 0;
	rc = same_ranking(&out->same_ranking, a, b, err);
	if (rc == 0)
		rc = few_count(&out->few, a, err);
	return rc;
}

static void count_rows(struct paired_rows *rows, const struct pair *pair)
{
	const struct predictions *a = pair->a, *b = pair->b;
	double weight = 0;

	*rows = (struct paired_rows){.same_ranking = pair->same_ranking, .rarer = pair->few.rarer};
	for (size_t i = 0; a->y_pred && b->y_pred && i < a->n; i++) {
		int right = a->y_pred[i] == a->y_true[i], other = b->y_pred[i] == b->y_true[i];
		double w = a->weight ? a->weight[i] : 1;

		weight += w;
		rows->fixed += right && !other ? w : 0;
		rows->broken += other && !right ? w : 0;
	}
	if (a->weight) {
		rows->fixed *= (double)a->n / weight;
		rows->broken *= (double)a->n / weight;
	}
}

void paired_set_bounds(struct paired *out, const struct bounds *bounds)
{
	out->low = bounds->low[BOUND_PLAIN];
	out->high = bounds->high[BOUND_PLAIN];
	out->corrected_low = bounds->low[BOUND_CORRECTED];
	out->corrected_high = bounds->high[BOUND_CORRECTED];
	out->tost_low = bounds->low[BOUND_TOST];
	out->tost_high = bounds->high[BOUND_TOST];
}

void paired_by_quantiles(struct paired *out, double df)
{
	struct bounds bounds;

	bounds_by_quantiles(&bounds, &out->p, out->difference, out->se, df, (double)out->family);
	paired_set_bounds(out, &bounds);
	out->df = df;
}

void paired_confine(struct paired *out, double most)
{
	out->low = fmax(out->low, -most);
	out->high = fmin(out->high, most);
	out->corrected_low = fmax(out->corrected_low, -most);
	out->corrected_high = fmin(out->corrected_high, most);
	out->tost_low = fmax(out->tost_low, -most);
	out->tost_high = fmin(out->tost_high, most);
}

void paired_by_mean(struct paired *out, const struct rows_mean *mean)
{
	out->test = "t";
	out->difference = mean->mean;
	out->se = mean->se;
	if (mean->df >= 1) {
		paired_by_quantiles(out, mean->df);
		if (mean->se <= 0 && mean->mean != 0) /* all units say the same: no t, but all of so many signs */
			out->p = exp2(-mean->df);
		return;
	}
	out->defined = 0;
	snprintf(out->note, sizeof(out->note), "one row (or cluster) has no spread");
}

void paired_finish(struct paired *out)
{
	out->se_rows = out->se;
	out->df_rows = out->df;
	out->detectable = (gsl_cdf_ugaussian_Qinv(0.025 / (double)out->family) + gsl_cdf_ugaussian_Pinv(POWER)) *
			  out->se;
}

/* The quantile that leaves alpha / 2 above it: of t, of the normal law where df is HUGE_VAL. */
static double upper_quantile(double alpha, double df)
{
	return isinf(df) ? gsl_cdf_ugaussian_Qinv(alpha / 2) : gsl_cdf_tdist_Qinv(alpha / 2, df);
}

static int compare_shares(struct paired *out, const struct pair *pair, struct share share, struct error *err)
{
	double alpha[BOUNDS], changed, net, t;
	struct bounds bounds;
	int rc = 0;

	out->test = "tango";
	out->difference = (share.fixed - share.broken) / share.rows;
	out->midp = pair->a->cluster ? NAN : mcnemar_midp(share.fixed, share.broken);
	if (pair->a->cluster) {
		out->test = "clustered_tango";
		rc = share_by_cluster(&share, &out->df, out->metric, pair->a, pair->b, err);
	}
	if (rc < 0)
		return rc;
	changed = share.fixed + share.broken;
	net = share.fixed - share.broken;
	out->se = sqrt(fmax(0, changed - net * net / share.rows)) / share.rows;
	bounds_levels(alpha, (double)out->family);
	for (int i = 0; i < BOUNDS; i++)
		tango_interval(&bounds.low[i], &bounds.high[i], share.fixed, share.broken, share.rows,
			       upper_quantile(alpha[i], out->df));
	paired_set_bounds(out, &bounds);
	t = net == 0 ? 0 : fabs(net) / sqrt(changed);
	out->p = net == 0 ? 1 : 2 * (isinf(out->df) ? gsl_cdf_ugaussian_Q(t) : gsl_cdf_tdist_Q(t, out->df));
	return 0;
}

static int compare_areas(struct paired *out, const struct pair *pair, struct error *err)
{
	size_t n = pair->a->n;
	double *of_a = mem_array(n, sizeof(*of_a)), *of_b = mem_array(n, sizeof(*of_b)), variance = 0;
	double low = NAN, high = NAN;
	struct area a = {0}, b = {0};
	int rc = of_a && of_b ? 0 : error_nomem(err);

	if (rc == 0)
		rc = area_measure(&a, of_a, pair->a, err);
	if (rc == 0)
		rc = area_measure(&b, of_b, pair->b, err);
	if (rc == 0)
		rc = area_margin(&low, &high, &a, &b, of_a, of_b, pair->a, 0.1 / (double)out->family, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		of_a[i] -= of_b[i];
	if (rc == 0)
		rc = area_variance(&variance, of_a, pair->a, err);
	free(of_a);
	free(of_b);
	if (rc < 0)
		return rc;
	out->test = pair->a->cluster ? "clustered_delong" : "delong";
	out->difference = a.value - b.value;
	/* Two that order all pairs alike but one the right way: no variance is seen, so the largest there can be
	 * (Birnbaum and Klose 1957, Annals of Mathematical Statistics 28:933). */
	if (variance <= 0 && out->difference != 0)
		variance = (a.value * (1 - a.value) + b.value * (1 - b.value)) / a.fewest;
	out->se = sqrt(variance);
	paired_by_quantiles(out, pair->a->cluster ? fmax(1, a.fewest - 1) : HUGE_VAL);
	if (!isnan(low)) {
		out->tost_low = low;
		out->tost_high = high;
	}
	paired_confine(out, 1);
	return 0;
}

static int compare_rows(struct paired *out, const struct pair *pair, struct error *err)
{
	size_t n = pair->a->n;
	double *of_a = mem_array(n, sizeof(*of_a)), *of_b = mem_array(n, sizeof(*of_b));
	struct rows_mean mean;
	int rc = of_a && of_b ? 0 : error_nomem(err);

	if (rc < 0)
		goto out;
	out->metric->by_row(of_a, pair->a);
	out->metric->by_row(of_b, pair->b);
	for (size_t i = 0; i < n; i++)
		of_a[i] -= of_b[i];
	rc = rows_mean_by_unit(&mean, of_a, pair->a, err);
	if (rc == 0)
		paired_by_mean(out, &mean);
out:
	free(of_a);
	free(of_b);
	return rc;
}

/* How many units percentiles are widened for; HUGE_VAL: they need not be. */
static double units_at_stake(const struct paired *out, const struct pair *pair)
{
	/* a ranking is known as well as its rarest class is; counts of rows have their half rows against narrowness */
	if ((out->metric->kind != METRIC_RANKING && !pair->a->cluster) || pair->few.rarest <= 2)
		return HUGE_VAL;
	return (double)pair->few.rarest;
}

static int by_draws(struct paired *out, const struct pair *pair, const double *value, size_t draws, struct error *err)
{
	struct resampled r;
	int rc;

	rc = resampled_difference(&r, out->difference, value, draws, units_at_stake(out, pair), (double)out->family,
				  err);
	if (rc < 0)
		return rc;
	out->se = r.se;
	paired_set_bounds(out, &r.bounds);
	out->p = r.p;
	out->p_floor = r.p_floor;
	if (r.beyond) {
		paired_confine(out, out->metric == &metric_matthews_corrcoef ? 2 : 1);
		out->test = "bootstrap_normal";
		snprintf(out->note, sizeof(out->note),
			 "%zu draws cannot resolve a family of %zu: difference and quantiles of its standard error",
			 draws, out->family);
	}
	return 0;
}

static int compare_ranking(struct paired *out, const struct pair *pair, struct error *err)
{
	const struct predictions *sides[] = {pair->a, pair->b};
	size_t draws = row_draws(pair->a->n, pair->a->classes);
	double *value[] = {mem_array(draws, sizeof(double)), mem_array(draws, sizeof(double))};
	int rc = value[0] && value[1] ? 0 : error_nomem(err);

	if (rc == 0)
		rc = out->metric->resample(value, sides, 2, draws, pair->options->threads, err);
	for (size_t i = 0; rc == 0 && i < draws; i++)
		value[0][i] -= value[1][i];
	if (rc == 0)
		rc = by_draws(out, pair, value[0], draws, err);
	free(value[0]);
	free(value[1]);
	return rc;
}

/* All metrics that are functions of counts, from the same draws. */
static int compare_counts(struct paired *const *out, size_t n, const struct pair *pair, struct error *err)
{
	const struct metric **metric = mem_array(n, sizeof(*metric));
	double *value = NULL;
	size_t draws;
	int rc;

	if (!metric)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		metric[i] = out[i]->metric;
	rc = cells_bootstrap(&value, &draws, metric, n, pair->a, pair->b, pair->options->threads, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = by_draws(out[i], pair, value + i * draws, draws, err);
	free(value);
	free(metric);
	return rc;
}

/* A metric that has no value for these predictions is no error, but its reason is kept. */
static int not_defined(struct paired *out, int rc, const struct error *why, struct error *err)
{
	if (rc != ERR_INPUT)
		return error_set(err, rc, "%s", why->text);
	out->defined = 0;
	snprintf(out->note, sizeof(out->note), "%.159s", why->text);
	return 0;
}

/* Whether the metric can be compared at all, its two values' difference, and whether nothing differs. */
static int prepare(struct paired *out, const struct pair *pair, struct error *err)
{
	const struct metric *metric = out->metric;
	struct error why = {0};
	double a = 0, b = 0;
	int rc = 0;

	out->p = 1;
	if (metric->kind == METRIC_TIMING)
		return 0;
	if (metric == &metric_log_loss && !pair->options->judge_log_loss) {
		snprintf(out->note, sizeof(out->note), "%s", PAIRED_FOREST_LOG_LOSS);
		return 0;
	}
	if (metric->kind != METRIC_AREA) /* whose test finds its value itself: no sort is made twice */
		rc = metric->compute(&a, pair->a, NULL, &why);
	if (rc == 0 && metric->kind != METRIC_AREA)
		rc = metric->compute(&b, pair->b, NULL, &why);
	if (rc < 0)
		return not_defined(out, rc, &why, err);
	out->defined = 1;
	out->difference = a - b;
	out->same = metric->needs == NEEDS_LABELS ? pair->same_labels
		    : metric->kind == METRIC_ROWS ? pair->same_scores
						  : pair->same_ranking;
	out->test = "bootstrap";
	few_judge(out, &pair->few);
	return 0;
}

/* One metric, but for those whose draws are shared: *shared says that it is one. */
static int compare(struct paired *out, int *shared, const struct pair *pair, struct error *err)
{
	const struct metric *metric = out->metric;
	struct error why = {0};
	struct share share;
	int rc = 0;

	*shared = 0;
	if (metric->kind == METRIC_PROPORTION && share_of(&share, metric, pair->a, pair->b))
		rc = compare_shares(out, pair, share, err);
	else if (metric->from_counts)
		*shared = !out->same;
	else if (metric->kind == METRIC_AREA)
		rc = compare_areas(out, pair, &why);
	else if (metric->kind == METRIC_ROWS)
		rc = compare_rows(out, pair, err);
	else if (!out->same)
		rc = compare_ranking(out, pair, err);
	return why.code ? not_defined(out, rc, &why, err) : rc;
}

static void check_alike(const struct predictions *a, const struct predictions *b)
{
	assert(a->n == b->n && a->classes == b->classes && a->positive == b->positive && !a->weight == !b->weight);
	assert(memcmp(a->y_true, b->y_true, a->n * sizeof(*a->y_true)) == 0);
	assert(!a->weight || memcmp(a->weight, b->weight, a->n * sizeof(*a->weight)) == 0);
	assert(!a->cluster == !b->cluster && a->clusters == b->clusters);
	assert(!a->cluster || memcmp(a->cluster, b->cluster, a->n * sizeof(*a->cluster)) == 0);
}

int paired_compare(struct paired *out, struct paired_rows *rows, const struct metric *const *metric, size_t n,
		   const struct predictions *a, const struct predictions *b, const struct paired_options *options,
		   struct error *err)
{
	struct paired **counted = mem_array(n, sizeof(*counted));
	struct pair pair;
	size_t counts = 0;
	int rc = counted ? 0 : error_nomem(err), shared;

	check_alike(a, b);
	if (rc == 0)
		rc = pair_make(&pair, a, b, options, err);
	if (rc == 0)
		count_rows(rows, &pair);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		out[i] = (struct paired){
			.metric = metric[i], .test = "", .df = HUGE_VAL, .midp = NAN, .family = options->family};
		if (options->families)
			out[i].family = options->families[i];
		assert(out[i].family >= 1);
		rc = prepare(&out[i], &pair, err);
		if (rc < 0 || !out[i].defined)
			continue;
		rc = compare(&out[i], &shared, &pair, err);
		if (shared)
			counted[counts++] = &out[i];
	}
	if (rc == 0 && counts)
		rc = compare_counts(counted, counts, &pair, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		paired_finish(&out[i]);
	free(counted);
	return rc;
}
