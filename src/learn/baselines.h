/* The baselines of a dataset: models at their usual settings, and for two classes the same with the cut that is best. */
#ifndef ASSAY_LEARN_BASELINES_H
#define ASSAY_LEARN_BASELINES_H

#include "learn/model.h"
#include "learn/split.h"
#include "stats/metric.h"

struct baselines_options {
	const struct metric *metric; /* the first metric: what a cut is tuned for */
	uint64_t seed;
	unsigned threads;
};

struct baseline_result {
	const char *name; /* "majority", "always_positive", "logistic", "logistic_tuned", ... */
	const struct model_type *model;
	const struct model_param *params; /* of the model; ends with a name of NULL */
	double threshold; /* on the score of the positive class: predicted positive when score >= threshold */
	const char *chosen; /* "half", "train_cv", "given"; NULL: more than two classes */
	double *probability; /* [n_test x classes] */
	int *y_pred; /* [n_test] */
	double fit_seconds; /* everything that had to be done to have this model, tuning included */
	double latency_ms, latency_low, latency_high; /* prediction of one row, median, 95 % interval */
};
void baseline_result_release(struct baseline_result *result);

struct baselines;

/*
 * Plan the baselines: majority, logistic, random_forest; for two classes and a metric that uses a cut also always_positive,
 * logistic_tuned, random_forest_tuned (the cut that is best for the metric on out-of-fold scores of the training rows, 5
 * stratified folds, as scikit-learn's TunedThresholdClassifierCV; candidates are the distinct scores' midpoints, at most
 * 1,000 by quantile). data and split are borrowed.
 * Models and out-of-fold scores are shared between a model and its tuned twin: nothing is trained twice.
 */
MUST_CHECK int baselines_new(struct baselines **out, const struct dataset *data, const struct split *split,
			     const struct baselines_options *options, struct error *err);
void baselines_free(struct baselines *baselines);
size_t baselines_count(const struct baselines *baselines);
const char *baselines_name(const struct baselines *baselines, size_t i);

/* 1 if another seed can give another result: chance is in the model, or in the folds that its cut is tuned on. */
int baselines_seeded(const struct baselines *baselines, size_t i);

/* Let go of all that was trained; plans and names stay. */
void baselines_forget(struct baselines *baselines);

/* Train number i and predict the test rows. out is the caller's to baseline_result_release(). */
MUST_CHECK int baselines_fit(struct baseline_result *out, struct baselines *baselines, size_t i,
			     struct progress *progress, struct error *err);

#endif
