/* The further columns of predictions.csv that hold numbers, and the numbers of its clusters. */
#include "record/predictions_work.h"

#include "base/mem.h"
#include "format/number.h"

#include <math.h>

int predictions_missing(const char *text, size_t len)
{
	static const char *const words[] = {"", "NaN", "nan", "NA", "null", "None"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (len == strlen(words[i]) && !memcmp(text, words[i], len))
			return 1;
	return 0;
}

int further_add(struct further_columns *further, size_t at, const struct csv_field *name, struct error *err)
{
	struct further_column *column;

	if (!name->len || memchr(name->text, '\0', name->len))
		return 0;
	if (MEM_GROW(further->column, further->n, further->cap, err) < 0)
		return ERR_NOMEM;
	column = &further->column[further->n];
	*column = (struct further_column){.at = at, .name = mem_text_n(name->text, name->len)};
	if (!column->name)
		return error_nomem(err);
	further->n++;
	return 0;
}

int further_room(struct further_columns *further, size_t rows, struct error *err)
{
	if (!further->n)
		return 0;
	further->rows = rows;
	further->value = mem_array(rows, further->n * sizeof(*further->value));
	return further->value ? 0 : error_nomem(err);
}

void further_row(struct further_columns *further, size_t row, const struct csv_field *field)
{
	for (size_t i = 0; i < further->n; i++) {
		struct further_column *column = &further->column[i];
		const struct csv_field *here = &field[column->at];
		double *value = &further->value[i * further->rows + row];

		if (predictions_missing(here->text, here->len) ||
		    number_parse(value, here->text, here->len) != NUMBER_OK) {
			*value = NAN;
			column->texts |= !predictions_missing(here->text, here->len);
		} else {
			column->numbers = 1;
		}
	}
}

int further_take(struct stored_predictions *p, const struct further_columns *further, struct error *err)
{
	size_t taken = 0;
	int rc = 0;

	for (size_t i = 0; i < further->n; i++)
		taken += further->column[i].numbers && !further->column[i].texts;
	if (!taken)
		return 0;
	p->further_value = mem_array(p->n, taken * sizeof(*p->further_value));
	if (!p->further_value)
		return error_nomem(err);
	for (size_t i = 0; i < further->n && !rc; i++) {
		const struct further_column *column = &further->column[i];

		if (!column->numbers || column->texts)
			continue;
		memcpy(p->further_value + p->further.n * p->n, further->value + i * further->rows,
		       p->n * sizeof(*p->further_value));
		rc = names_add(&p->further, column->name, err);
	}
	return rc;
}

void further_release(struct further_columns *further)
{
	for (size_t i = 0; i < further->n; i++)
		free(further->column[i].name);
	free(further->column);
	free(further->value);
}

const double *stored_further(const struct stored_predictions *p, const char *name)
{
	for (size_t i = 0; i < p->further.n; i++)
		if (!strcmp(p->further.name[i], name))
			return p->further_value + i * p->n;
	return NULL;
}

struct named {
	const char *text;
	size_t row;
};

static int by_text(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order)
		return order;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* first [n]: the first row with the same text; rows without one are their own. */
static int first_rows(size_t *first, char *const *unit, size_t n, struct error *err)
{
	struct named *named = mem_array(n, sizeof(*named));
	size_t found = 0;

	if (!named)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		first[i] = i;
		if (unit[i])
			named[found++] = (struct named){unit[i], i};
	}
	if (found)
		qsort(named, found, sizeof(*named), by_text);
	for (size_t i = 1; i < found; i++)
		if (!strcmp(named[i].text, named[i - 1].text))
			first[named[i].row] = first[named[i - 1].row];
	free(named);
	return 0;
}

int clusters_number(struct stored_predictions *p, char *const *unit, struct error *err)
{
	size_t *first = mem_array(p->n, sizeof(*first));
	int rc = first ? first_rows(first, unit, p->n, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	p->cluster = mem_array(p->n, sizeof(*p->cluster));
	if (!p->cluster) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < p->n; i++)
		p->cluster[i] = first[i] == i ? p->clusters++ : p->cluster[first[i]];
out:
	free(first);
	return rc;
}
