/* A random forest of 100 trees at scikit-learn's usual settings, on columns binned to a byte. */
#include "learn/model.h"

#include "learn/tree/forest.h"
#include "base/mem.h"

#define TREES 100

/* Bins and bytes of all rows that may train; fits on subsets of them only pick rows. */
struct prepared {
	struct bins *bins;
	uint8_t *byte; /* [n x columns] */
	uint32_t *place; /* [dataset rows] which of the n, or NOWHERE */
};
#define NOWHERE UINT32_MAX

struct random_forest {
	struct forest *forest;
	struct bins *bins;
};

static void prepared_free(void *prepared)
{
	struct prepared *p = prepared;

	if (!p)
		return;
	bins_free(p->bins);
	free(p->byte);
	free(p->place);
	free(p);
}

static int prepare_rows(struct prepared **out, const struct training *training, struct error *err)
{
	const struct dataset *data = training->data;
	struct prepared *p = mem_zeroed(1, sizeof(*p));
	int rc;

	if (!p) {
		rc = error_nomem(err);
		goto out;
	}
	if (data->features > UINT16_MAX || training->n >= NOWHERE / 2) {
		rc = ERR_INPUT;
		error_set(err, rc, "a forest takes at most %d columns and %u rows", UINT16_MAX, NOWHERE / 2);
		goto out;
	}
	rc = bins_make(&p->bins, data, training->row, training->n, err);
	if (rc < 0)
		goto out;
	p->byte = mem_array(training->n, p->bins->columns);
	p->place = mem_array(data->n, sizeof(*p->place));
	if (!p->byte || !p->place) {
		rc = error_nomem(err);
		goto out;
	}
	bins_apply(p->byte, p->bins->columns, p->bins, data, training->row, training->n);
	for (size_t i = 0; i < data->n; i++)
		p->place[i] = NOWHERE;
	for (size_t i = 0; i < training->n; i++)
		p->place[training->row[i]] = (uint32_t)i;
	*out = p;
	p = NULL;
out:
	prepared_free(p);
	return rc;
}

static int prepare(void **out, const struct training *training, struct error *err)
{
	struct prepared *p = NULL;
	int rc = prepare_rows(&p, training, err);

	if (rc == 0)
		*out = p;
	return rc;
}

static void random_forest_free(void *model)
{
	struct random_forest *m = model;

	if (!m)
		return;
	forest_free(m->forest);
	bins_free(m->bins);
	free(m);
}

/* The rows of this training laid out for growing. */
static int lay_out(struct grow_rows **out, const struct prepared *p, const struct training *training, struct error *err)
{
	const struct dataset *data = training->data;
	uint32_t *pick = mem_array(training->n, sizeof(*pick));
	uint16_t *label = mem_array(training->n, sizeof(*label));
	int rc;

	if (!pick || !label) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < training->n; i++) {
		pick[i] = p->place[training->row[i]];
		label[i] = (uint16_t)data->y[training->row[i]];
	}
	rc = grow_rows_make(out, p->bins, p->byte, pick, label, training->n, data->classes, err);
out:
	free(pick);
	free(label);
	return rc;
}

static int fit(void **out, const struct training *training, struct error *err)
{
	struct forest_options options = {
		.trees = TREES, .seed = training->seed, .threads = training->threads, .progress = training->progress};
	const struct prepared *p = training->prepared;
	struct random_forest *m = mem_zeroed(1, sizeof(*m));
	struct prepared *own = NULL;
	struct grow_rows *rows = NULL;
	int rc;

	if (!m) {
		rc = error_nomem(err);
		goto out;
	}
	if (!p) {
		rc = prepare_rows(&own, training, err);
		if (rc < 0)
			goto out;
		p = own;
	}
	rc = lay_out(&rows, p, training, err);
	if (rc < 0)
		goto out;
	rc = forest_fit(&m->forest, rows, &options, err);
	if (rc < 0)
		goto out;
	m->bins = bins_hold(p->bins);
	*out = m;
	m = NULL;
out:
	grow_rows_free(rows);
	prepared_free(own);
	random_forest_free(m);
	return rc;
}

static int predict(double *probability, const void *model, const struct dataset *data, const size_t *row, size_t n,
		   unsigned threads, struct error *err)
{
	const struct random_forest *m = model;
	size_t stride = m->bins->columns;
	uint8_t *byte = mem_array(n, stride);
	int rc;

	if (!byte)
		return error_nomem(err);
	bins_apply(byte, stride, m->bins, data, row, n);
	rc = forest_predict(probability, m->forest, byte, stride, n, threads, err);
	free(byte);
	return rc;
}

static const struct model_param params[] = {
	{.name = "n_estimators", .number = TREES}, {.name = "criterion", .text = "gini"},
	{.name = "max_features", .text = "sqrt"},  {.name = "bootstrap", .text = "yes"},
	{.name = "max_bins", .number = BINS},      {.name = NULL}};

const struct model_type model_random_forest = {
	.name = "random_forest",
	.seeded = 1,
	.title = "random forest",
	.source = "Breiman 2001, Machine Learning 45(1):5-32",
	.params = params,
	.prepare = prepare,
	.prepared_free = prepared_free,
	.fit = fit,
	.predict = predict,
	.free = random_forest_free,
};
