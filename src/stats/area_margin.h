/*
 * Whether the difference of two areas lies inside a margin. DeLong's interval is symmetric, and near an area of 1 a
 * few rows of the rarer class carry the difference: "equivalent" was claimed in 10 to 20 % of simulated trials with 40
 * of them where the truth stood at the margin, instead of 5 (tests/simulate). Of zero it is right, so that better and
 * worse stay with it.
 */
#ifndef ASSAY_STATS_AREA_MARGIN_H
#define ASSAY_STATS_AREA_MARGIN_H

#include "stats/area.h"

/*
 * The two-sided interval of a - b at level 1 - alpha from the interval of each area on the logit scale and the areas'
 * correlation (Zou and Donner 2008, Statistics in Medicine 27:1693; for areas Kottas, Kuss and Zapf 2014, BMC Medical
 * Research Methodology 14:26). The quantile is t's at the df that the differences' fourth moment leaves of the units,
 * 2 (sum d^2)^2 / sum d^4, at most a.fewest - 1.
 *
 * No interval (-HUGE_VAL to HUGE_VAL) where a.fewest x (1 - area) is below 2, the areas' mean: too few rows of the
 * rarer class stand where they should not, and no formula knows the tail of those that do.
 *
 * influence_a, influence_b [p->n] from area_measure(), p for their clusters. 0 and the bounds left alone where no
 * influence differs. ERR_NOMEM alone. O(n).
 */
MUST_CHECK int area_margin(double *low, double *high, const struct area *a, const struct area *b,
			   const double *influence_a, const double *influence_b, const struct predictions *p,
			   double alpha, struct error *err);

#endif
