/* Curves of a scored classification, thinned to what a chart can show. */
#ifndef ASSAY_STATS_CURVE_H
#define ASSAY_STATS_CURVE_H

#include "base/error.h"
#include "stats/predictions.h"

#define CURVE_POINTS 200

struct curve_point {
	double x, y, threshold;
};

struct curve {
	struct curve_point point[CURVE_POINTS];
	size_t n;
};

/* False against true positive rate of `class` against the rest (Fawcett 2006), from (0,0) to (1,1); the threshold of
 * (0,0) is infinite: HUGE_VAL. ERR_INPUT if one side has no rows or there are no scores. */
MUST_CHECK int curve_roc(struct curve *out, const struct predictions *p, int class_code, struct error *err);

/* Recall against precision, by rising recall. */
MUST_CHECK int curve_precision_recall(struct curve *out, const struct predictions *p, int class_code,
				      struct error *err);

struct calibration_bin {
	double from, to, n, mean_score, rate;
};

/* Ten equal bins of the score of `class`; empty bins are left out. Returns how many were written. */
size_t curve_calibration(struct calibration_bin out[10], const struct predictions *p, int class_code);

#endif
