/*
 * How often the verdicts are wrong, as measured by simulation: rates.def, which `make simulate` writes
 * (tests/simulate/README.md), as a table.
 */
#ifndef ASSAY_SITE_PAGE_RATES_H
#define ASSAY_SITE_PAGE_RATES_H

#include <stddef.h>

/* The metrics of a line of rates.def, in its order. */
#define RATE_METRICS 8
#define RATE_METRIC_NAMES \
	"accuracy", "recall", "precision", "f1", "roc_auc", "average_precision", "brier_score_loss", "log_loss"

struct rate { /* one line: so many wrong (or, for power, right) words in so many trials, metric by metric */
	const char *scope; /* "model", "recipe", "change" */
	/* which word is counted: "winner" (better or worse), "equivalent", "not_worse"; "power": better where it is so by
	 * the detectable difference, "power_estimated" where the spread is known from few seeds alone; "unclaimed": better or
	 * worse in a world that the scope does not speak of */
	const char *claim;
	const char *null; /* what is true in these trials, in words for the page */
	size_t rows; /* of the test */
	size_t rarer; /* of them of the rarer class */
	size_t units; /* seeds or splits a side; 1: one run a side */
	size_t family; /* comparisons that share the error: the limit of a wrong word is 0.05 / family */
	struct {
		size_t hits, trials; /* 0 trials: not measured */
	} of[RATE_METRICS];
};

extern const struct rate rates[]; /* in the order of the simulation; ends with a scope of NULL */

/* 0: "power_estimated" and "unclaimed", which are shown for information. */
int rate_has_limit(const char *claim);

/*
 * 1 if so many hits are off by more than chance: above 0.05 / family, or for power more than 3 points from 0.8, by what
 * three standard errors are to a normal number (a binomial tail below 0.00135).
 */
int rate_is_off(const char *claim, size_t family, size_t hits, size_t trials);

#endif
