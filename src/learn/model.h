/* The models, one file each in learn/model/, one line each in models.def. */
#ifndef ASSAY_LEARN_MODEL_H
#define ASSAY_LEARN_MODEL_H

#include "base/progress.h"
#include "learn/dataset.h"

struct training {
	const struct dataset *data;
	const size_t *row; /* [n] indices into the dataset */
	size_t n;
	uint64_t seed;
	unsigned threads; /* 0: one per processor; never changes the result */
	struct progress *progress; /* may be NULL */
	const void *prepared; /* what model_type.prepare gave for a superset of these rows, or NULL */
};

struct model_param { /* what the record lists under params */
	const char *name;
	const char *text; /* NULL: it is the number */
	double number;
};

struct model_type {
	const char *name; /* "majority", "logistic", "random_forest" */
	const char *title; /* "random forest" */
	const char *source;
	const struct model_param *params; /* ends with a name of NULL */
	int seeded; /* 1: chance is in it: another seed gives another model */
	int light; /* 1: several fits at once, one thread each, do better than one after the other by many */
	/* Work that several fits on subsets of the same rows can share (bins of the columns, a start); may be NULL. */
	int (*prepare)(void **out, const struct training *training, struct error *err);
	void (*prepared_free)(void *prepared);
	int (*fit)(void **model, const struct training *training, struct error *err);
	/* probability [n x classes] row-major, rows sum to 1, of dataset rows `row` */
	int (*predict)(double *probability, const void *model, const struct dataset *data, const size_t *row, size_t n,
		       unsigned threads, struct error *err);
	void (*free)(void *model);
};

extern const struct model_type *const models[]; /* ends with NULL */
const struct model_type *model_find(const char *name);

#endif
