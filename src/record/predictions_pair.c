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

/* Rows that are of one cluster in a are of one in b, and the other way round. */
static int same_clusters(const struct stored_predictions *a, const struct stored_predictions *b, const size_t *left,
			 const size_t *right, size_t n, struct error *err)
{
	size_t *of_a = mem_zeroed(a->clusters, sizeof(*of_a)), *of_b = mem_zeroed(b->clusters, sizeof(*of_b));
	int rc = of_a && of_b ? 0 : error_nomem(err);

	for (size_t i = 0; !rc && i < n; i++) { /* each cluster's counterpart + 1; 0: not met yet */
		size_t *in_b = &of_a[a->cluster[left[i]]], *in_a = &of_b[b->cluster[right[i]]];

		if (!*in_a && !*in_b) {
			*in_b = b->cluster[right[i]] + 1;
			*in_a = a->cluster[left[i]] + 1;
		} else if (*in_b != b->cluster[right[i]] + 1 || *in_a != a->cluster[left[i]] + 1) {
			rc = error_set(err, ERR_INPUT, "the clusters disagree at id '%s'", a->id[left[i]]);
		}
	}
	free(of_a);
	free(of_b);
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
		if (a->y_true && b->y_true && strcmp(a->class_name[a->y_true[i]], b->class_name[b->y_true[j]]) != 0)
			rc = error_set(err, ERR_INPUT, "the true labels disagree at id '%s': '%s' and '%s'", a->id[i],
				       a->class_name[a->y_true[i]], b->class_name[b->y_true[j]]);
		left[pairs] = i;
		right[pairs++] = j;
	}
	if (!rc && a->cluster && b->cluster)
		rc = same_clusters(a, b, left, right, pairs, err);
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

/* The clusters of the rows picked, numbered anew in their order. */
static int view_clusters(size_t *out, size_t *clusters, const struct stored_predictions *p, const size_t *row,
			 size_t rows, struct error *err)
{
	size_t *code = mem_zeroed(p->clusters, sizeof(*code)); /* + 1; 0: not met yet */

	if (!code)
		return error_nomem(err);
	*clusters = 0;
	for (size_t i = 0; i < rows; i++) {
		size_t from = p->cluster[row ? row[i] : i];

		if (!code[from])
			code[from] = ++*clusters;
		out[i] = code[from] - 1;
	}
	free(code);
	return 0;
}

_Static_assert(sizeof(size_t) <= sizeof(double), "a cluster's number in the room of a weight");

/* The arrays of a view in one piece of memory, the widest first. */
struct view_arrays {
	double *score, *weight;
	size_t *cluster;
	int *y_true, *y_pred;
};

static void view_rows(const struct view_arrays *to, const struct stored_predictions *p, const size_t *row, size_t rows)
{
	size_t classes = (size_t)p->classes;

	for (size_t i = 0; i < rows; i++) {
		size_t from = row ? row[i] : i;

		if (p->y_true)
			to->y_true[i] = p->y_true[from];
		if (p->y_pred)
			to->y_pred[i] = p->y_pred[from];
		if (p->weight)
			to->weight[i] = p->weight[from];
		if (p->score)
			memcpy(to->score + i * classes, p->score + from * classes, classes * sizeof(*to->score));
	}
}

int predictions_view(struct predictions_view *out, const struct stored_predictions *p, const size_t *row, size_t n,
		     struct error *err)
{
	size_t rows = row ? n : p->n, scores = p->score ? rows * (size_t)p->classes : 0;
	size_t weights = p->weight ? rows : 0, units = p->cluster ? rows : 0, clusters = 0;
	/* two ints in the room of one double */
	double *memory = mem_array(scores + weights + units + rows, sizeof(*memory));
	struct view_arrays to;

	if (!memory)
		return error_nomem(err);
	to.score = memory;
	to.weight = to.score + scores;
	to.cluster = (void *)(to.weight + weights);
	to.y_true = (void *)(to.cluster + units);
	to.y_pred = to.y_true + rows;
	if (p->cluster && view_clusters(to.cluster, &clusters, p, row, rows, err) < 0) {
		free(memory);
		return ERR_NOMEM;
	}
	view_rows(&to, p, row, rows);
	out->memory = memory;
	out->p = (struct predictions){
		.n = rows,
		.classes = p->classes,
		.positive = p->positive,
		.y_true = p->y_true ? to.y_true : NULL,
		.y_pred = p->y_pred ? to.y_pred : NULL,
		.score = p->score ? to.score : NULL,
		.weight = p->weight ? to.weight : NULL,
		.cluster = p->cluster ? to.cluster : NULL,
		.clusters = clusters,
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
