#include "stats/ranking.h"

#include "base/mem.h"
#include "stats/order.h"

/* A key that rises as the score falls. -0 and 0 are one score. */
static uint64_t falling_key(double score)
{
	uint64_t bits;

	score += 0.0;
	memcpy(&bits, &score, sizeof(bits));
	return bits >> 63 ? bits : ~(bits | UINT64_C(1) << 63);
}

int ranking_make(struct ranking *out, const struct predictions *p, int class_code, struct error *err)
{
	uint64_t *key = mem_array(p->n, sizeof(*key));
	struct ranking made = {.n = p->n};
	int rc = 0;

	made.row = mem_array(p->n, sizeof(*made.row));
	if (!key || !made.row) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < p->n; i++)
		key[i] = falling_key(p->score[i * (size_t)p->classes + (size_t)class_code]);
	rc = order_by_key(made.row, key, p->n, err);
	if (rc < 0)
		goto out;
	made.end = mem_array(p->n, sizeof(*made.end)); /* not before: the sort has its own needs */
	if (!made.end) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < p->n; i++)
		if (i + 1 == p->n || key[made.row[i]] != key[made.row[i + 1]])
			made.end[made.groups++] = (uint32_t)i + 1;
	*out = made;
	made = (struct ranking){0};
out:
	ranking_release(&made);
	free(key);
	return rc;
}

void ranking_release(struct ranking *ranking)
{
	if (!ranking)
		return;
	free(ranking->row);
	free(ranking->end);
	*ranking = (struct ranking){0};
}

int ranking_agrees(const struct ranking *r, const struct predictions *p, int class_code)
{
	const double *score = p->score + class_code;
	size_t classes = (size_t)p->classes;

	for (size_t g = 0, at = 0; g < r->groups; at = r->end[g++]) {
		double here = score[r->row[at] * classes];

		if (at > 0 && !(here < score[r->row[at - 1] * classes]))
			return 0;
		for (size_t i = at + 1; i < r->end[g]; i++)
			if (score[r->row[i] * classes] != here)
				return 0;
	}
	return 1;
}

int ranking_classes(int **class_code, size_t *n, const struct predictions *p, const char *metric, struct error *err)
{
	size_t *rows = mem_zeroed((size_t)p->classes, sizeof(*rows)), found = 0;
	int *code = mem_array((size_t)p->classes, sizeof(*code)), rc = 0;

	if (!rows || !code) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < p->n; i++)
		rows[p->y_true[i]]++;
	for (int c = 0; c < p->classes; c++)
		if (p->classes == 2 ? c == (p->positive >= 0 ? p->positive : 1) : rows[c] > 0)
			code[found++] = c;
	if (!p->score)
		rc = error_set(err, ERR_INPUT, "%s needs scores", metric);
	else if (found == 0 || rows[code[0]] == 0 || rows[code[0]] == p->n)
		rc = error_set(err, ERR_INPUT, "%s is not defined: all rows are of one class", metric);
	if (rc < 0)
		goto out;
	*class_code = code;
	*n = found;
	code = NULL;
out:
	free(rows);
	free(code);
	return rc;
}
