/* The most frequent class, with the shares of the classes in training as scores: what knows nothing of the features. */
#include "learn/model.h"

#include "base/mem.h"

struct majority {
	int classes;
	double share[]; /* [classes] */
};

static int fit(void **out, const struct training *training, struct error *err)
{
	const struct dataset *data = training->data;
	size_t classes = (size_t)data->classes;
	struct majority *model = mem_zeroed(1, sizeof(*model) + classes * sizeof(model->share[0]));

	if (!model)
		return error_nomem(err);
	model->classes = data->classes;
	for (size_t i = 0; i < training->n; i++)
		model->share[data->y[training->row[i]]]++;
	for (size_t k = 0; k < classes; k++)
		model->share[k] /= (double)training->n;
	*out = model;
	return 0;
}

static int predict(double *probability, const void *model, const struct dataset *data, const size_t *row, size_t n,
		   unsigned threads, struct error *err)
{
	const struct majority *m = model;
	size_t classes = (size_t)m->classes;

	(void)data, (void)row, (void)threads, (void)err;
	for (size_t i = 0; i < n; i++)
		memcpy(probability + i * classes, m->share, classes * sizeof(m->share[0]));
	return 0;
}

static const struct model_param params[] = {{.name = "strategy", .text = "most_frequent"}, {.name = NULL}};

const struct model_type model_majority = {
	.name = "majority",
	.title = "majority class",
	.source = "scikit-learn's DummyClassifier",
	.params = params,
	.light = 1,
	.fit = fit,
	.predict = predict,
	.free = free,
};
