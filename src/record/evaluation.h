/* evaluation.json and predictions.csv: what a run's predictions say, written and read back. */
#ifndef ASSAY_RECORD_EVALUATION_H
#define ASSAY_RECORD_EVALUATION_H

#include "base/buf.h"
#include "base/file.h"
#include "stats/predictions.h"

#include <jansson.h>

/* The evaluation of FORMATS as canonical JSON: class_name [classes]; without y_pred no matrix and no report. O(n log n). */
MUST_CHECK int evaluation_write(struct buf *out, const struct predictions *p, char *const *class_name,
				struct error *err);

struct stored_predictions { /* predictions.csv in memory */
	size_t n;
	int classes; /* 0 where the file has no labels, but further columns alone */
	int positive; /* -1: more than two classes, or not known */
	char **class_name;
	char **id; /* [n] */
	int *y_true; /* [n]; NULL: no labels */
	int *y_pred; /* [n] from scores where the file lacks it; NULL: no labels, or a column `score` of no probabilities */
	double *score; /* [n x classes] or NULL */
	double *weight; /* [n] or NULL */
	size_t *cluster; /* [n] 0 .. clusters-1 in the order of appearance, a row without one is its own; or NULL */
	size_t clusters;
	/* Further columns whose fields are all numbers or missing ones (groups with numbers as names are among them: what counts
	 * as a score stands in the record's `measured`). */
	struct names further; /* their names in the order of the file */
	double *further_value; /* [further.n][n], NaN: missing; NULL where there are none */
};
void stored_predictions_free(struct stored_predictions *p);

struct predictions_options {
	size_t rows; /* at most that many */
	size_t bytes; /* and at most that many bytes: 1 MiB */
	const char *const *further; /* names of further columns, NULL-terminated; NULL: none */
	/* Append the fields of the further columns of a row, each with a comma before it. */
	void (*put_further)(struct buf *out, void *context, size_t row);
	/* The unit that a row is one of several of, which stay or go together; NULL for a row that has none. NULL: the rows. */
	const char *(*unit)(void *context, size_t row, size_t *len);
	void *context; /* of these two */
};

/*
 * Write id,y_true,y_pred,score (two classes: of the positive one) or score_CLASS...; the rows with the smallest sha256 of
 * the id where there are too many; with under 5 % in the rarer class all of its rows first, up to half, with weights.
 * Scores to 7 digits. Further columns stand behind them. Without y_true in p: id and the further columns alone; without y_pred
 * no column for it.
 * id [p->n]. *kept: how many rows were written. O(n).
 */
MUST_CHECK int predictions_write(struct buf *out, size_t *kept, const struct predictions *p, char *const *class_name,
				 char *const *id, const struct predictions_options *options, struct error *err);

/* Read it back. positive: name of the positive class, or NULL. ERR_INPUT with name:line, also where nothing is to be compared:
 * neither labels nor a number for each row. */
MUST_CHECK int predictions_read(struct stored_predictions **out, const char *text, size_t len, const char *positive,
				const char *name, struct error *err);

/* 1 if a field says that there is no value: empty, or a word such as NaN. */
int predictions_missing(const char *text, size_t len);

/* The further column of this name, [p->n]; NULL if there is none. */
const double *stored_further(const struct stored_predictions *p, const char *name);

/*
 * Pair two by id: *a_row and *b_row are [*n] row numbers, in a's order, the caller's to free(). Ids in one alone are left
 * out and counted in *unmatched. ERR_INPUT if an id is doubled, or the true labels or the clusters disagree (where both have
 * them).
 */
MUST_CHECK int predictions_pair(size_t **a_row, size_t **b_row, size_t *n, size_t *unmatched,
				const struct stored_predictions *a, const struct stored_predictions *b,
				struct error *err);

/* A view for stats/ of the rows picked (NULL: all), in new arrays that view_release() frees; class codes as in p, clusters
 * numbered anew in the order of the rows. */
struct predictions_view {
	struct predictions p;
	void *memory;
};
MUST_CHECK int predictions_view(struct predictions_view *out, const struct stored_predictions *p, const size_t *row,
				size_t n, struct error *err);
void predictions_view_release(struct predictions_view *view);

#endif
