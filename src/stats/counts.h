/* What the metrics of a confusion matrix share: the counts of one class, and the mean over classes. */
#ifndef ASSAY_STATS_COUNTS_H
#define ASSAY_STATS_COUNTS_H

#include "stats/metric.h"

struct class_counts { /* weighted rows */
	double hit; /* of the class and predicted so */
	double truth; /* of the class */
	double predicted; /* predicted so */
};

struct class_counts class_counts(const double *matrix, int classes, int class_code);

/* 0 where there is nothing to divide by, as scikit-learn's zero_division=0. */
double class_precision(struct class_counts counts);
double class_recall(struct class_counts counts);
double class_f1(struct class_counts counts);

/* Unweighted mean over the classes that occur among the labels or the predictions (average="macro"). */
double counts_macro(const double *matrix, int classes, double (*score)(struct class_counts));

/* Of the positive class of two, else the mean over classes. */
double counts_positive(const double *matrix, int classes, int positive, double (*score)(struct class_counts));

/* The metric's compute(): the confusion matrix of p through from_counts. ERR_NOMEM alone. */
MUST_CHECK int counts_compute(double *out, const struct predictions *p,
			      double (*from_counts)(const double *matrix, int classes, int positive),
			      struct error *err);

/* 1 if class_code is among codes [n]. */
int counts_any(const int *codes, size_t n, int class_code);

#endif
