/* What reading predictions.csv knows beside labels and scores: further columns and clusters. Private to record/predictions_*. */
#ifndef ASSAY_RECORD_PREDICTIONS_WORK_H
#define ASSAY_RECORD_PREDICTIONS_WORK_H

#include "format/csv.h"
#include "record/evaluation.h"

struct further_column {
	size_t at; /* its place in the file */
	char *name;
	int numbers, texts; /* 1: there are some */
};

struct further_columns {
	struct further_column *column;
	size_t n, cap;
	double *value; /* [n][rows] */
	size_t rows;
};

/* A column that the header names; one without a usable name is left out. further_release() ends all, also after an error. */
MUST_CHECK int further_add(struct further_columns *further, size_t at, const struct csv_field *name, struct error *err);
MUST_CHECK int further_room(struct further_columns *further, size_t rows, struct error *err);
void further_row(struct further_columns *further, size_t row, const struct csv_field *field);
/* Hand those that hold numbers to p. */
MUST_CHECK int further_take(struct stored_predictions *p, const struct further_columns *further, struct error *err);
void further_release(struct further_columns *further);

/* Number the clusters by their texts, unit [p->n]; NULL: the row is one of its own. */
MUST_CHECK int clusters_number(struct stored_predictions *p, char *const *unit, struct error *err);

#endif
