/* The data sets that the project carries, and what scikit-learn scores on them (tests/reference/record_sklearn.py). */
#ifndef ASSAY_TESTS_LEARN_REFERENCE_H
#define ASSAY_TESTS_LEARN_REFERENCE_H

#include "check.h"

#include "base/mem.h"
#include "format/json.h"
#include "learn/model.h"
#include "stats/metric.h"

#include <stdlib.h>

static const char *const scored[] = {"accuracy", "f1_macro", "log_loss", "roc_auc"};
#define SCORED 4

/* A path of the source tree; tests/run.sh says where that is. */
static inline char *source_path(const char *name)
{
	const char *top = getenv("top");
	char *path = path_join(top ? top : ".", name);

	assert_non_null(path);
	return path;
}

/* The recorded sets, to be json_decref()ed. */
static inline json_t *reference_read(void)
{
	struct buf text = BUF_INIT;
	struct error err = {0};
	json_t *document = NULL, *sets;
	char *path = source_path("tests/reference/sklearn_baselines.json");

	check_ok(file_read(&text, path, &err), err);
	check_ok(json_parse(&document, text.text, text.len, path, &err), err);
	sets = json_incref(json_object_get(document, "sets"));
	json_decref(document);
	buf_release(&text);
	free(path);
	return sets;
}

static inline void reference_data(struct table **table, struct dataset **data, const char *file, const char *target)
{
	struct error err = {0};
	char *path = source_path(file);

	check_ok(table_read(table, path, &(struct table_options){.threads = 1}, &err), err);
	check_ok(dataset_make(data, *table, &(struct dataset_options){.target = target}, &err), err);
	free(path);
}

/* Fit on the rows of train, score the rows of test: score [SCORED]. */
static inline void fit_and_score(double *score, const struct model_type *type, const struct dataset *data,
				 const size_t *train, size_t n_train, const size_t *test, size_t n_test, uint64_t seed)
{
	struct training training = {.data = data, .row = train, .n = n_train, .seed = seed, .threads = 1};
	size_t classes = (size_t)data->classes;
	double *probability = mem_array(n_test * classes, sizeof(*probability));
	int *y_true = mem_array(n_test, sizeof(*y_true)), *y_pred = mem_array(n_test, sizeof(*y_pred));
	struct error err = {0};
	void *model = NULL;

	assert_true(probability && y_true && y_pred);
	check_ok(type->fit(&model, &training, &err), err);
	check_ok(type->predict(probability, model, data, test, n_test, 1, &err), err);
	for (size_t i = 0; i < n_test; i++) {
		y_true[i] = data->y[test[i]];
		y_pred[i] = 0;
		for (int k = 1; k < data->classes; k++)
			if (probability[i * classes + (size_t)k] > probability[i * classes + (size_t)y_pred[i]])
				y_pred[i] = k;
	}
	struct predictions p = {.n = n_test,
				.classes = data->classes,
				.positive = data->positive,
				.y_true = y_true,
				.y_pred = y_pred,
				.score = probability};

	for (size_t m = 0; m < SCORED; m++)
		check_ok(metric_find(scored[m])->compute(&score[m], &p, NULL, &err), err);
	type->free(model);
	free(probability);
	free(y_true);
	free(y_pred);
}

/* The split that needs no random numbers: rows 5, 10, 15, ... are tested. Returns how many train; the rest test. */
static inline size_t every_fifth_row(size_t *train, size_t *test, size_t n)
{
	size_t trains = 0, tests = 0;

	for (size_t i = 0; i < n; i++)
		if (i % 5 == 4)
			test[tests++] = i;
		else
			train[trains++] = i;
	return trains;
}

#endif
