/* A score with its interval. */
#ifndef ASSAY_STATS_INTERVAL_H
#define ASSAY_STATS_INTERVAL_H

#include "stats/metric.h"

struct measured {
	const struct metric *metric;
	int defined; /* 0: value means nothing, note says why */
	double value;
	int has_interval;
	double low, high; /* at the level asked for */
	char note[160]; /* "" or one sentence for the reader */
};

/*
 * Measure every given metric (METRIC_TIMING ones are left undefined without a note) with an interval at `level` (0.95):
 * proportions by Wilson's score interval (1927), areas by DeLong on the logit scale, mean losses by t, functions of
 * counts by a multinomial bootstrap (10,000 draws, seed 0), average_precision by bootstrap over rows (2,000 draws).
 * Where rows are of clusters, by what varies between clusters, as stats/paired.h has it for differences.
 * out [n]. The same input gives the same bits for any number of threads.
 */
MUST_CHECK int measure(struct measured *out, const struct metric *const *metric, size_t n, const struct predictions *p,
		       double level, unsigned threads, struct error *err);

/* Interval of the median of n values by order statistics (binomial), for latency. values are sorted in place. */
void median_interval(double *median, double *low, double *high, double *values, size_t n, double level);

#endif
