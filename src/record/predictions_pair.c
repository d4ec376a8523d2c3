/* Two runs' predictions row by row: paired by id through one sorted index. */
#include "record/evaluation.h"
#include "base/mem.h"

struct indexed {
	const char *id;
	size_t row;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct indexed *)a)->id, ((const struct indexed *)b)->id);
}

/* Rows sorted by id. ERR_INPUT if one stands there twice. */
static int index_rows(struct indexed **out, const struct stored_predictions *p, struct error *err)
{
	struct indexed *index = mem_array(p->n, sizeof(*index));

	if (!index)
		return error_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		index[i] = (struct indexed){.id = p->id[i], .row = i};
	if (p->n)
		qsort(index, p->n, sizeof(*index), by_id);
	for (size_t i = 1; i < p->n; i++)
		if (!strcmp(index[i].id, index[i - 1].id)) {
			error_set(err, ERR_INPUT, "the predictions have the id '%s' twice", index[i].id);
			free(index);
			return ERR_INPUT;
		}
	*out = index;
	return 0;
}

/* The rows of b for the rows of a: NONE is marked by b->n. */
static int match(size_t *b_of, const struct stored_predictions *a, const struct stored_predictions *b,
		 struct error *err)
{
	struct indexed *ia = NULL, *ib = NULL;
	size_t j = 0;
	int rc = index_rows(&ia, a, err);

	if (!rc)
		rc = index_rows(&ib, b, err);
	for (size_t i = 0; !rc && i < a->n; i++) {
		while (j < b->n && strcmp(ib[j].id, ia[i].id) < 0)
			j++;
		b_of[ia[i].row] = j < b->n && !strcmp(ib[j].id, ia[i].id) ? ib[j].row : b->n;
	}
	free(ia);
	free(ib);
	return rc;
}

int predictions_pair(size_t **a_row, size_t **b_row, size_t *n, size_t *unmatched, const struct stored_predictions *a,
		     const struct stored_predictions *b, struct error *err)
{
	size_t *left = mem_array(a->n, sizeof(*left)), *right = mem_array(a->n, sizeof(*right)), pairs = 0;
	int rc = left && right ? match(right, a, b, err) : error_nomem(err);

	for (size_t i = 0; !rc && i < a->n; i++) {
		size_t j = right[i];

		if (j == b->n)
			continue;
		if (strcmp(a->class_name[a->y_true[i]], b->class_name[b->y_true[j]]) != 0)
			rc = error_set(err, ERR_INPUT, "the true labels disagree at id '%s': '%s' and '%s'", a->id[i],
				       a->class_name[a->y_true[i]], b->class_name[b->y_true[j]]);
		left[pairs] = i;
		right[pairs++] = j;
	}
	if (rc < 0) {
		free(left);
		free(right);
		return rc;
	}
	*a_row = left;
	*b_row = right;
	*n = pairs;
	*unmatched = a->n + b->n - 2 * pairs;
	return 0;
}

int predictions_view(struct predictions_view *out, const struct stored_predictions *p, const size_t *row, size_t n,
		     struct error *err)
{
	size_t rows = row ? n : p->n, classes = (size_t)p->classes, scores = p->score ? rows * classes : 0;
	size_t weights = p->weight ? rows : 0;
	double *score = mem_array(scores + weights + rows, sizeof(*score)), *weight;
	int *y_true, *y_pred;

	if (!score)
		return error_nomem(err);
	weight = score + scores;
	y_true = (void *)(weight + weights); /* two ints in the room of one double */
	y_pred = y_true + rows;
	for (size_t i = 0; i < rows; i++) {
		size_t from = row ? row[i] : i;

		y_true[i] = p->y_true[from];
		y_pred[i] = p->y_pred[from];
		if (weights)
			weight[i] = p->weight[from];
		if (scores)
			memcpy(score + i * classes, p->score + from * classes, classes * sizeof(*score));
	}
	out->memory = score;
	out->p = (struct predictions){
		.n = rows,
		.classes = p->classes,
		.positive = p->positive,
		.y_true = y_true,
		.y_pred = y_pred,
		.score = p->score ? score : NULL,
		.weight = p->weight ? weight : NULL,
	};
	return 0;
}

void predictions_view_release(struct predictions_view *view)
{
	if (!view)
		return;
	free(view->memory);
	*view = (struct predictions_view){0};
}
