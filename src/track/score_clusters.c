/*
 * Clusters of predictions.csv: several rows of one unit, by the text of the column. A hash of the text stands for it, so that
 * many rows need 8 bytes each; two units in one, which no hash rules out, would only make intervals a little wider.
 */
#include "track/score_work.h"

#include "base/mem.h"
#include "stats/order.h"

#define ALONE (UINT64_C(1) << 63) /* a row without a cluster is one of its own */

void score_take_unit(struct scoring *s, size_t row)
{
	const struct csv_field *field = s->rows.unit ? &s->csv.field[s->cluster] : NULL;

	if (field)
		s->rows.unit[row] = field->len ? id_hash(field->text, field->len) & ~ALONE : ALONE | row;
}

int score_number_clusters(struct scoring *s)
{
	struct score_rows *rows = &s->rows;
	uint32_t *order;
	int rc;

	if (!rows->unit || !rows->n)
		return 0;
	order = mem_array(rows->n, sizeof(*order));
	rows->cluster = mem_array(rows->n, sizeof(*rows->cluster));
	rc = order && rows->cluster ? order_by_key(order, rows->unit, rows->n, s->err) : error_nomem(s->err);
	rows->clusters = 0;
	for (size_t i = 0; !rc && i < rows->n; i++) {
		rows->clusters += i == 0 || rows->unit[order[i]] != rows->unit[order[i - 1]];
		rows->cluster[order[i]] = rows->clusters - 1;
	}
	free(order);
	free(rows->unit);
	rows->unit = NULL;
	return rc;
}
