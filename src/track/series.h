/*
 * The steps of a run's metrics, thinned while they come: the points of a metric lie in stretches of equally many, each of
 * which keeps its least, its greatest and its first NaN; where there are too many stretches, neighbours become one. So memory
 * grows neither with the steps nor, beyond a fixed total that all metrics share, with the metrics: some 150 bytes each.
 */
#ifndef ASSAY_TRACK_SERIES_H
#define ASSAY_TRACK_SERIES_H

#include "base/buf.h"

#include <jansson.h>

enum { SERIES_MOST_METRICS = 10000, SERIES_MOST_POINTS = 2000, SERIES_MOST_BYTES = 1 << 20 };

struct series; /* all metrics of one run */
struct series *series_new(void) MUST_CHECK; /* NULL without memory */
void series_free(struct series *series);

/* The number of a metric; SIZE_MAX where the name is new and there are SERIES_MOST_METRICS. name: UTF-8, any but empty. */
MUST_CHECK int series_metric(size_t *out, struct series *series, const char *name, size_t len, struct error *err);

/* The number of a metric that is there; SIZE_MAX if it is not. guess: looked at first. */
size_t series_find(const struct series *series, const char *name, size_t len, size_t guess);

/* The next point of a metric. step: any number, kept as it is; time: NaN if there is none. */
MUST_CHECK int series_add(struct series *series, size_t metric, double step, double time, double value,
			  struct error *err);

/* 1 the first time that it is asked for this metric with this stamp (not 0), then 0: is a name twice on a line? */
int series_first_on(struct series *series, size_t metric, size_t stamp);

/*
 * The record's `series` into one object, {count, last, best, best_step} by name, and the last values into the other
 * where it has no such name yet. What is best: the least of metrics whose direction is lower (series_is_lower), else
 * the greatest; absent where all are NaN. Metrics without a point are left out of both.
 */
MUST_CHECK int series_record(json_t *series_object, json_t *reported, const struct series *series, struct error *err);

/*
 * Append history.csv: metrics sorted by bytes, the points of each as they came. At most SERIES_MOST_POINTS a metric and
 * SERIES_MOST_BYTES in all, so that with many metrics each has fewer points, down to its first and last; metrics that do not
 * fit even so are left out. *thinned: points that are not in it; *absent: metrics that are not.
 */
MUST_CHECK int series_history(struct buf *out, unsigned long long *thinned, size_t *absent, const struct series *series,
			      struct error *err);

/*
 * 1 if less is better: as the table of metrics has it for the name, or for what follows a separator in it
 * ("test_f1"); a name that is in no table: if it holds "loss" or "error", in any case, or ends in mse, rmse, mae and the
 * like ("val/rmse").
 */
int series_is_lower(const char *name);

#endif
