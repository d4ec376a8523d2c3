/* The metrics, one file each in stats/metric/, one line each in metrics.def; names and definitions of scikit-learn. */
#ifndef ASSAY_STATS_METRIC_H
#define ASSAY_STATS_METRIC_H

#include "base/error.h"
#include "stats/predictions.h"

enum metric_better { BETTER_HIGHER, BETTER_LOWER };
enum metric_needs { NEEDS_LABELS, NEEDS_SCORES };

/* How an interval or a paired test is made for it (FORMATS, Verdicts). */
enum metric_kind {
	METRIC_PROPORTION, /* a share of rows (accuracy) or of the rows of one class (recall, two classes): Tango */
	METRIC_COUNTS, /* a function of the confusion matrix: multinomial bootstrap over its cells */
	METRIC_AREA, /* roc_auc: DeLong */
	METRIC_RANKING, /* average_precision: bootstrap over rows */
	METRIC_ROWS, /* a mean of one loss per row (brier, log_loss), never negative: t */
	METRIC_TIMING, /* fit_seconds, latency_ms: not computed from predictions */
};

struct metric {
	const char *name;
	const char *title; /* as prose has it: "F1", "ROC AUC", "latency" */
	const char *unit; /* "", "s", "ms" */
	enum metric_better better;
	enum metric_needs needs;
	enum metric_kind kind;
	int uses_cut; /* 1: depends on where scores are cut (f1, accuracy, recall, ...) */
	int of_positive; /* METRIC_PROPORTION: with two classes a share of the positive rows, with more no proportion */
	const char *source; /* where the definition is from */
	/*
	 * ERR_INPUT with the reason in err if the metric is not defined for these predictions (one class in y_true, no
	 * scores, not two classes): the caller leaves it out and keeps the reason as a note.
	 * note: set to a static sentence, or left alone, where the value is defined by convention ("precision is 0:
	 * nothing was predicted positive"); may be NULL. NULL compute: METRIC_TIMING.
	 */
	int (*compute)(double *out, const struct predictions *p, const char **note, struct error *err);
	/* METRIC_COUNTS and METRIC_PROPORTION: from a confusion matrix of (possibly fractional) counts, [classes x classes]
	 * row-major, rows true. Never fails: 0 where undefined. */
	double (*from_counts)(const double *matrix, int classes, int positive);
	/* METRIC_ROWS: the loss of each row, out [n]. */
	void (*by_row)(double *out, const struct predictions *p);
	/*
	 * METRIC_RANKING: the value in each of `draws` resamplings of the rows, the same for all `sides`, which have
	 * the same n and y_true. out [sides][draws]. The same bits for any number of threads (0: one per processor).
	 */
	int (*resample)(double *const *out, const struct predictions *const *p, size_t sides, size_t draws,
			unsigned threads, struct error *err);
};

#define METRIC(name) extern const struct metric metric_##name;
#include "stats/metrics.def"
#undef METRIC

extern const struct metric *const metrics[]; /* in the order of metrics.def; ends with NULL */

const struct metric *metric_find(const char *name); /* NULL if there is none */
size_t metric_count(void);

/* [classes x classes] row-major, rows true, weighted. */
void confusion_matrix(double *matrix, const struct predictions *p);

#endif
