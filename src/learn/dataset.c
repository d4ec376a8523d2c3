#include "learn/dataset.h"
#include "base/mem.h"
#include "format/number.h"
#include "format/suggest.h"
#include "learn/dataset_maker.h"

#include <math.h>

void dataset_free(struct dataset *dataset)
{
	if (!dataset)
		return;
	for (int k = 0; dataset->class_name && k < dataset->classes; k++)
		free(dataset->class_name[k]);
	free(dataset->class_name);
	free(dataset->row);
	free(dataset->y);
	free(dataset->feature);
	names_free(&dataset->notes);
	free(dataset);
}

const char *dataset_id(const struct dataset *dataset, size_t i, char scratch[NUMBER_TEXT])
{
	if (dataset->id_column >= 0)
		return table_cell(dataset->table, dataset->row[i], (size_t)dataset->id_column, scratch);
	snprintf(scratch, NUMBER_TEXT, "%zu", dataset->row[i] + 1);
	return scratch;
}

int dataset_note(struct dataset_maker *maker, char *note)
{
	int rc = note ? names_add(&maker->data->notes, note, maker->err) : error_nomem(maker->err);

	free(note);
	return rc;
}

const char *dataset_file_name(const struct dataset_maker *maker)
{
	return strcmp(maker->table->path, "-") ? maker->table->path : "stdin";
}

int dataset_find_column(size_t *out, const struct dataset_maker *maker, const char *name, const char *what)
{
	const struct table *table = maker->table;
	long found = table_column(table, name);
	const char **names, *near;

	if (found >= 0) {
		*out = (size_t)found;
		return 0;
	}
	error_set(maker->err, ERR_INPUT, "no column '%s' for %s: %s:1", name, what, dataset_file_name(maker));
	names = mem_array(table->columns, sizeof(*names));
	if (!names)
		return ERR_INPUT; /* only the hint is lost */
	for (size_t c = 0; c < table->columns; c++)
		names[c] = table->column[c].name;
	near = suggest(name, names, table->columns);
	if (near)
		error_hint(maker->err, "did you mean '%s'?", near);
	else
		error_hint(maker->err, "the header names %zu columns, from '%s' to '%s'", table->columns, names[0],
			   names[table->columns - 1]);
	free(names);
	return ERR_INPUT;
}

/* One id, as its number or the code of its text, and where it is. */
struct row_id {
	double id;
	size_t row;
};

static int by_id(const void *a, const void *b)
{
	const struct row_id *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int refuse_missing_id(const struct dataset_maker *maker, const char *name, size_t row)
{
	char where[512];

	table_where(where, sizeof(where), maker->table, row);
	return error_set(maker->err, ERR_INPUT, "the id '%s' is missing: %s", name, where);
}

static int refuse_doubled_id(const struct dataset_maker *maker, const char *name, size_t first, size_t second)
{
	char where_first[512], where_second[512], scratch[NUMBER_TEXT];

	table_where(where_first, sizeof(where_first), maker->table, first);
	table_where(where_second, sizeof(where_second), maker->table, second);
	return error_set(maker->err, ERR_INPUT, "the id '%s' is there twice in '%s': %s and %s",
			 table_cell(maker->table, second, (size_t)maker->data->id_column, scratch), name, where_first,
			 where_second);
}

static int check_ids(const struct dataset_maker *maker)
{
	const struct dataset *data = maker->data;
	const struct column *column = &maker->table->column[data->id_column];
	struct row_id *ids = mem_array(data->n, sizeof(*ids));
	int rc = 0;

	if (!ids)
		return error_nomem(maker->err);
	for (size_t i = 0; i < data->n && !rc; i++) {
		size_t row = data->row[i];

		ids[i] = (struct row_id){.row = row};
		if (column->kind == COLUMN_CATEGORY)
			ids[i].id = column->code[row] < 0 ? NAN : column->code[row];
		else
			ids[i].id = column->number[row];
		if (isnan(ids[i].id))
			rc = refuse_missing_id(maker, column->name, row);
	}
	if (!rc)
		qsort(ids, data->n, sizeof(*ids), by_id);
	for (size_t i = 1; i < data->n && !rc; i++)
		if (ids[i - 1].id == ids[i].id)
			rc = refuse_doubled_id(maker, column->name, ids[i - 1].row, ids[i].row);
	free(ids);
	return rc;
}

static int find_id(struct dataset_maker *maker)
{
	size_t column;
	int rc;

	maker->data->id_column = -1;
	if (!maker->options->id)
		return 0;
	rc = dataset_find_column(&column, maker, maker->options->id, "the id");
	if (rc < 0)
		return rc;
	maker->data->id_column = (long)column;
	return check_ids(maker);
}

int dataset_make(struct dataset **out, const struct table *table, const struct dataset_options *options,
		 struct error *err)
{
	struct dataset_maker maker = {.table = table, .options = options, .err = err};
	int rc;

	maker.data = mem_zeroed(1, sizeof(*maker.data));
	if (!maker.data)
		return error_nomem(err);
	maker.data->table = table;
	rc = dataset_find_column(&maker.target, &maker, options->target, "the target");
	if (!rc)
		rc = dataset_make_classes(&maker);
	if (!rc)
		rc = find_id(&maker);
	if (!rc && !options->rows_only)
		rc = dataset_make_features(&maker);
	if (rc < 0)
		dataset_free(maker.data);
	else
		*out = maker.data;
	return rc;
}
