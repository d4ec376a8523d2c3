/* Several stored predictions on the rows that all of them have: see matched.h. */
#include "judge/matched.h"

#include "base/mem.h"
#include "judge/comparison_work.h"

#include <stdint.h>

void matched_release(struct matched *sets)
{
	for (size_t i = 0; i < sets->n; i++) {
		if (sets->view)
			predictions_view_release(&sets->view[i]);
		if (sets->row)
			free(sets->row[i]);
	}
	free(sets->stored);
	free(sets->view);
	free(sets->p);
	free(sets->row);
}

static int matched_new(struct matched *out, const struct stored_predictions *const *a, size_t n_a,
		       const struct stored_predictions *const *b, size_t n_b, struct error *err)
{
	size_t n = n_a + n_b;

	out->stored = mem_array(n, sizeof(*out->stored));
	out->view = mem_zeroed(n, sizeof(*out->view));
	out->p = mem_array(n, sizeof(*out->p));
	out->row = mem_zeroed(n, sizeof(*out->row));
	if (!out->stored || !out->view || !out->p || !out->row)
		return error_nomem(err);
	out->n = n;
	for (size_t i = 0; i < n; i++)
		out->stored[i] = i < n_a ? a[i] : b[i - n_a];
	return 0;
}

/* Where each row of the first set is in set i; SIZE_MAX: nowhere. */
static int map_rows(size_t *at, const struct matched *sets, size_t i, struct error *err)
{
	const struct stored_predictions *first = sets->stored[0];
	size_t *a_row = NULL, *b_row = NULL, n, unmatched;
	int rc = judge_same_classes(first, sets->stored[i], err);

	if (rc == 0)
		rc = predictions_pair(&a_row, &b_row, &n, &unmatched, first, sets->stored[i], err);
	for (size_t k = 0; k < first->n; k++)
		at[k] = SIZE_MAX;
	for (size_t k = 0; rc == 0 && k < n; k++)
		at[a_row[k]] = b_row[k];
	free(a_row);
	free(b_row);
	return rc;
}

/* Keep the rows of the first set that every other has. */
static int match_rows(struct matched *sets, struct error *err)
{
	size_t all = sets->stored[0]->n;
	int rc = 0;

	for (size_t i = 0; i < sets->n && rc == 0; i++) {
		sets->row[i] = mem_array(all, sizeof(**sets->row));
		rc = sets->row[i] ? map_rows(sets->row[i], sets, i, err) : error_nomem(err);
	}
	for (size_t k = 0; k < all && rc == 0; k++) {
		int everywhere = 1;

		for (size_t i = 0; i < sets->n; i++)
			everywhere &= sets->row[i][k] != SIZE_MAX;
		for (size_t i = 0; everywhere && i < sets->n; i++)
			sets->row[i][sets->rows] = sets->row[i][k];
		sets->rows += (size_t)everywhere;
	}
	if (rc == 0 && !sets->rows)
		rc = error_set(err, ERR_INPUT, "they share no test row");
	return rc;
}

/*
 * Weights and clusters are of the rows, which are the same: a set may lack them, and has those of the first that has some. Labels
 * or scores that one set does not predict are compared with nothing: none has them.
 */
static void make_alike(struct matched *sets)
{
	const struct predictions *weighted = &sets->view[0].p, *clustered = weighted;
	int labels = 1, scores = 1;

	for (size_t i = sets->n; i-- > 0;) {
		labels &= sets->view[i].p.y_pred != NULL;
		scores &= sets->view[i].p.score != NULL;
		if (sets->view[i].p.weight)
			weighted = &sets->view[i].p;
		if (sets->view[i].p.cluster)
			clustered = &sets->view[i].p;
	}
	for (size_t i = 0; i < sets->n; i++) {
		struct predictions *p = &sets->view[i].p;

		p->weight = weighted->weight;
		p->cluster = clustered->cluster;
		p->clusters = clustered->clusters;
		p->y_pred = labels ? p->y_pred : NULL;
		p->score = scores ? p->score : NULL;
	}
}

static int make_views(struct matched *sets, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < sets->n && rc == 0; i++) {
		rc = predictions_view(&sets->view[i], sets->stored[i], sets->row[i], sets->rows, err);
		sets->p[i] = &sets->view[i].p;
	}
	if (rc == 0)
		make_alike(sets);
	return rc;
}

int matched_make(struct matched *out, const struct stored_predictions *const *a, size_t n_a,
		 const struct stored_predictions *const *b, size_t n_b, struct error *err)
{
	int rc = matched_new(out, a, n_a, b, n_b, err);

	if (rc == 0)
		rc = match_rows(out, err);
	return rc ? rc : make_views(out, err);
}
