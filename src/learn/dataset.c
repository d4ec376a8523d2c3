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

/* One id and where it is. */
struct row_id {
	const char *text;
	double number;
	size_t row;
};

static int by_id(const void *a, const void *b)
{
	const struct row_id *x = a, *y = b;
	int order = x->text ? strcmp(x->text, y->text) : (x->number > y->number) - (x->number < y->number);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int check_ids(struct dataset_maker *maker)
{
	const struct dataset *data = maker->data;
	const struct column *column = &maker->table->column[data->id_column];
	struct row_id *id = mem_array(data->n, sizeof(*id));
	char where[512], first[512];
	int rc = 0;

	if (!id)
		return error_nomem(maker->err);
	for (size_t i = 0; i < data->n && !rc; i++) {
		size_t row = data->row[i];
		int is_text = column->kind == COLUMN_CATEGORY;

		table_where(where, sizeof(where), maker->table, row);
		if (is_text ? column->code[row] < 0 : isnan(column->number[row]))
			rc = error_set(maker->err, ERR_INPUT, "the id '%s' is missing: %s", column->name, where);
		else
			id[i] = (struct row_id){
				.text = is_text ? column->level[column->code[row]] : NULL,
				.number = is_text ? 0 : column->number[row],
				.row = row,
			};
	}
	if (!rc)
		qsort(id, data->n, sizeof(*id), by_id);
	for (size_t i = 1; i < data->n && !rc; i++) {
		char scratch[NUMBER_TEXT];

		if (id[i - 1].text ? strcmp(id[i - 1].text, id[i].text) != 0 : id[i - 1].number != id[i].number)
			continue;
		table_where(first, sizeof(first), maker->table, id[i - 1].row);
		table_where(where, sizeof(where), maker->table, id[i].row);
		rc = error_set(maker->err, ERR_INPUT, "the id '%s' is there twice in '%s': %s and %s",
			       table_cell(maker->table, id[i].row, (size_t)data->id_column, scratch), column->name,
			       first, where);
	}
	free(id);
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
	if (!rc)
		rc = dataset_make_features(&maker);
	if (rc < 0)
		dataset_free(maker.data);
	else
		*out = maker.data;
	return rc;
}
