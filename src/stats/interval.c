#include "stats/interval.h"

#include "base/mem.h"
#include "stats/area.h"
#include "stats/cells.h"
#include "stats/order_statistic.h"
#include "stats/proportion.h"
#include "stats/resampled.h"
#include "stats/row_weights.h"
#include "stats/rows.h"
#include "stats/share.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

static void set_interval(struct measured *m, double low, double high)
{
	m->has_interval = 1;
	m->low = fmin(low, m->value);
	m->high = fmax(high, m->value);
}

/* The value, and what has to be said of it. A metric that is not defined is no error here. */
static int measure_value(struct measured *m, const struct predictions *p, struct error *err)
{
	const char *note = NULL;
	struct error why = {0};
	int rc;

	if (m->metric->kind == METRIC_TIMING)
		return 0;
	rc = m->metric->compute(&m->value, p, &note, &why);
	if (rc < 0 && rc != ERR_INPUT)
		return error_set(err, rc, "%s", why.text);
	m->defined = rc == 0;
	snprintf(m->note, sizeof(m->note), "%.159s", rc < 0 ? why.text : note ? note : "");
	return 0;
}

/* The quantile at `level`: of t, of the normal law where df is HUGE_VAL. */
static double quantile(double level, double df)
{
	return isinf(df) ? gsl_cdf_ugaussian_Qinv((1 - level) / 2) : gsl_cdf_tdist_Qinv((1 - level) / 2, df);
}

static void set_share(struct measured *m, double hits, double rows, double level, double df)
{
	double low, high;

	wilson_interval(&low, &high, hits, rows, quantile(level, df));
	set_interval(m, low, high);
}

static int interval_share(struct measured *m, struct share share, const struct predictions *p, double level,
			  struct error *err)
{
	double df = HUGE_VAL;
	int rc = p->cluster ? share_by_cluster(&share, &df, m->metric, p, NULL, err) : 0;

	if (rc == 0)
		set_share(m, share.right_a, share.rows, level, df);
	return rc;
}

/*
 * DeLong's variance on the logit scale, which keeps the interval inside (0, 1) (Pepe 2003, The Statistical Evaluation
 * of Medical Tests, 5.2). Where all pairs are in order the variance is 0, which says nothing: then Wilson's interval of
 * as many rows as the smaller side has. Of clusters the same, with quantiles of t.
 */
static int interval_area(struct measured *m, const struct predictions *p, double level, struct error *err)
{
	double *influence = mem_array(p->n, sizeof(*influence)), variance = 0, scale, df;
	struct area area;
	int rc;

	if (!influence)
		return error_nomem(err);
	rc = area_measure(&area, influence, p, err);
	if (rc == 0)
		rc = area_variance(&variance, influence, p, err);
	free(influence);
	if (rc < 0 || area.fewest < 2)
		return rc;
	df = p->cluster ? area.fewest - 1 : HUGE_VAL;
	if (area.value <= 0 || area.value >= 1) {
		set_share(m, area.value * area.fewest, area.fewest, level, df);
		return 0;
	}
	scale = exp(quantile(level, df) * sqrt(variance) / (area.value * (1 - area.value)));
	set_interval(m, area.value / (area.value + (1 - area.value) * scale),
		     area.value / (area.value + (1 - area.value) / scale));
	return 0;
}

static int interval_rows(struct measured *m, const struct predictions *p, double level, struct error *err)
{
	double *loss = mem_array(p->n, sizeof(*loss)), half;
	struct rows_mean mean = {0};
	int rc = loss ? 0 : error_nomem(err);

	if (rc == 0) {
		m->metric->by_row(loss, p);
		rc = rows_mean_by_unit(&mean, loss, p, err);
	}
	free(loss);
	if (rc < 0 || mean.df < 1)
		return rc;
	half = gsl_cdf_tdist_Qinv((1 - level) / 2, mean.df) * mean.se;
	set_interval(m, fmax(0, mean.mean - half), mean.mean + half);
	return 0;
}

/* The level of percentiles: clusters may be few. */
static double draws_level(const struct predictions *p, double level)
{
	return p->cluster && p->clusters > 2 ? resampled_level(level, (double)p->clusters) : level;
}

static int interval_ranking(struct measured *m, const struct predictions *p, double level, unsigned threads,
			    struct error *err)
{
	size_t draws = row_draws(p->n, p->classes);
	double *value = mem_array(draws, sizeof(*value)), low, high;
	int rc;

	if (!value)
		return error_nomem(err);
	rc = m->metric->resample(&value, &p, 1, draws, threads, err);
	if (rc == 0)
		rc = resampled_interval(&low, &high, value, draws, draws_level(p, level), err);
	if (rc == 0)
		set_interval(m, low, high);
	free(value);
	return rc;
}

/* The interval of all metrics that are functions of counts, from the same draws. */
static int intervals_counts(struct measured *const *m, size_t n, const struct predictions *p, double level,
			    unsigned threads, struct error *err)
{
	const struct metric **metric = mem_array(n, sizeof(*metric));
	double *value = NULL, low, high;
	size_t draws;
	int rc = 0;

	if (!metric)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		metric[i] = m[i]->metric;
	rc = cells_bootstrap(&value, &draws, metric, n, p, NULL, threads, err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = resampled_interval(&low, &high, value + i * draws, draws, draws_level(p, level), err);
		if (rc == 0)
			set_interval(m[i], low, high);
	}
	free(value);
	free(metric);
	return rc;
}

int measure(struct measured *out, const struct metric *const *metric, size_t n, const struct predictions *p,
	    double level, unsigned threads, struct error *err)
{
	struct measured **counted = mem_array(n, sizeof(*counted));
	size_t counts = 0;
	int rc = counted ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct share share;

		out[i] = (struct measured){.metric = metric[i]};
		rc = measure_value(&out[i], p, err);
		if (rc < 0 || !out[i].defined)
			continue;
		if (metric[i]->kind == METRIC_PROPORTION && share_of(&share, metric[i], p, NULL))
			rc = interval_share(&out[i], share, p, level, err);
		else if (metric[i]->from_counts)
			counted[counts++] = &out[i];
		else if (metric[i]->kind == METRIC_AREA)
			rc = interval_area(&out[i], p, level, err);
		else if (metric[i]->kind == METRIC_ROWS)
			rc = interval_rows(&out[i], p, level, err);
		else
			rc = interval_ranking(&out[i], p, level, threads, err);
	}
	if (rc == 0 && counts)
		rc = intervals_counts(counted, counts, p, level, threads, err);
	free(counted);
	return rc;
}

void median_interval(double *median, double *low, double *high, double *values, size_t n, double level)
{
	double below = 0;
	size_t outside = 0;

	sort_values(values, n);
	*median = (values[(n - 1) / 2] + values[n / 2]) / 2;
	/* as many on each side as leave a chance of at most (1 - level) / 2 that the median lies beyond them */
	while (2 * outside + 2 < n) {
		below += gsl_ran_binomial_pdf((unsigned)outside, 0.5, (unsigned)n);
		if (below > (1 - level) / 2)
			break;
		outside++;
	}
	*low = values[outside ? outside - 1 : 0];
	*high = values[n - (outside ? outside : 1)];
}
