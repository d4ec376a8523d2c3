/* The classes of a target, and which of two is the positive one. */
#include "base/mem.h"
#include "format/number.h"
#include "learn/dataset_maker.h"

#include <math.h>
#include <strings.h>

#define REGRESSION_ABOVE 20 /* distinct numbers of a target */
#define MOST_CLASSES 1000

/* Rows that have a target, in order; the others are left out with a note. */
static int take_rows(struct dataset_maker *maker)
{
	const struct column *target = &maker->table->column[maker->target];
	struct dataset *data = maker->data;
	size_t rows = maker->table->rows;

	if (target->missing == rows)
		return error_set(maker->err, ERR_INPUT, "the target '%s' is missing in every row: %s", target->name,
				 dataset_file_name(maker));
	data->row = mem_array(rows - target->missing, sizeof(*data->row));
	data->y = mem_array(rows - target->missing, sizeof(*data->y));
	if (!data->row || !data->y)
		return error_nomem(maker->err);
	for (size_t row = 0; row < rows; row++)
		if (target->kind == COLUMN_NUMBER ? !isnan(target->number[row]) : target->code[row] >= 0)
			data->row[data->n++] = row;
	if (!target->missing)
		return 0;
	return dataset_note(maker, mem_printf("%zu row%s without a value of '%s' left out", target->missing,
					      target->missing == 1 ? "" : "s", target->name));
}

/* Where value is, or would be, in the ascending values. */
static size_t place_of(const double *values, size_t n, double value)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (values[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The distinct numbers of the target, ascending, MOST_CLASSES + 1 at most. */
static size_t distinct_numbers(double values[MOST_CLASSES + 1], const struct dataset_maker *maker)
{
	const double *number = maker->table->column[maker->target].number;
	size_t n = 0;

	for (size_t i = 0; i < maker->data->n && n <= MOST_CLASSES; i++) {
		double value = number[maker->data->row[i]];
		size_t at = place_of(values, n, value);

		if (at < n && values[at] == value)
			continue;
		memmove(values + at + 1, values + at, (n - at) * sizeof(*values));
		values[at] = value;
		n++;
	}
	return n;
}

static int refuse_regression(const struct dataset_maker *maker, const char *why)
{
	error_set(maker->err, ERR_INPUT, "the target '%s' %s, and this version does classification only",
		  maker->table->column[maker->target].name, why);
	error_hint(maker->err, "if its values are classes, say: --task classification");
	return ERR_INPUT;
}

static int refuse_many_classes(const struct dataset_maker *maker)
{
	error_set(maker->err, ERR_INPUT, "the target '%s' has more than %d classes: %s",
		  maker->table->column[maker->target].name, MOST_CLASSES, dataset_file_name(maker));
	error_hint(maker->err, "is it the target? An identifier or a free text is not one");
	return ERR_INPUT;
}

static int number_classes(struct dataset_maker *maker)
{
	const struct column *target = &maker->table->column[maker->target];
	struct dataset *data = maker->data;
	double values[MOST_CLASSES + 1];
	size_t n = distinct_numbers(values, maker);
	char name[NUMBER_TEXT];

	if (n > REGRESSION_ABOVE && !maker->options->task)
		return refuse_regression(maker, "has more than 20 distinct numbers: that is a regression");
	if (n > MOST_CLASSES)
		return refuse_many_classes(maker);
	data->class_name = mem_zeroed(n, sizeof(*data->class_name));
	if (!data->class_name)
		return error_nomem(maker->err);
	data->classes = (int)n;
	for (size_t k = 0; k < n; k++) {
		number_text(name, values[k]);
		data->class_name[k] = mem_text(name);
		if (!data->class_name[k])
			return error_nomem(maker->err);
	}
	for (size_t i = 0; i < data->n; i++)
		data->y[i] = (int)place_of(values, n, target->number[data->row[i]]);
	return dataset_note(maker, mem_printf("the numbers of '%s' are taken as %zu classes", target->name, n));
}

static int text_classes(struct dataset_maker *maker)
{
	const struct column *target = &maker->table->column[maker->target];
	struct dataset *data = maker->data;

	if (target->levels > MOST_CLASSES)
		return refuse_many_classes(maker);
	data->class_name = mem_zeroed(target->levels, sizeof(*data->class_name));
	if (!data->class_name)
		return error_nomem(maker->err);
	data->classes = (int)target->levels;
	for (int k = 0; k < data->classes; k++) {
		data->class_name[k] = mem_text(target->level[k]);
		if (!data->class_name[k])
			return error_nomem(maker->err);
	}
	for (size_t i = 0; i < data->n; i++)
		data->y[i] = target->code[data->row[i]];
	return 0;
}

static int check_classes(const struct dataset_maker *maker)
{
	const struct dataset *data = maker->data;
	const char *target = maker->table->column[maker->target].name;
	size_t rows[MOST_CLASSES] = {0};
	char where[512];

	if (data->classes == 1)
		return error_set(maker->err, ERR_INPUT, "the target '%s' has one class only, '%s': %s", target,
				 data->class_name[0], dataset_file_name(maker));
	for (size_t i = 0; i < data->n; i++)
		rows[data->y[i]]++;
	for (size_t i = 0; i < data->n; i++) {
		if (rows[data->y[i]] != 1)
			continue;
		table_where(where, sizeof(where), maker->table, data->row[i]);
		error_set(maker->err, ERR_INPUT,
			  "the class '%s' of '%s' has one row only, it cannot be both trained and "
			  "tested: %s",
			  data->class_name[data->y[i]], target, where);
		error_hint(maker->err, "leave that row out, or join the class with another");
		return ERR_INPUT;
	}
	return 0;
}

static int make_classes(struct dataset_maker *maker)
{
	const char *task = maker->options->task;
	int rc;

	if (task && !strcmp(task, "regression"))
		return refuse_regression(maker, "is to be predicted as a number");
	if (task && strcmp(task, "classification") != 0)
		return error_set(maker->err, ERR_INPUT, "no task '%s': it is classification or regression", task);
	if (maker->table->column[maker->target].kind == COLUMN_NUMBER)
		rc = number_classes(maker);
	else
		rc = text_classes(maker);
	return rc < 0 ? rc : check_classes(maker);
}

/* The class that a text names: by its bytes, numbers by value too; -1 if there is none. */
static int class_named(const struct dataset_maker *maker, const char *text)
{
	const struct dataset *data = maker->data;
	double value, of_class;

	for (int k = 0; k < data->classes; k++)
		if (!strcmp(data->class_name[k], text))
			return k;
	if (maker->table->column[maker->target].kind != COLUMN_NUMBER ||
	    number_parse(&value, text, strlen(text)) != NUMBER_OK)
		return -1;
	for (int k = 0; k < data->classes; k++)
		if (number_parse(&of_class, data->class_name[k], strlen(data->class_name[k])) == NUMBER_OK &&
		    of_class == value)
			return k;
	return -1;
}

/* yes, true, 1: the last of equals, which two spellings of yes would be; else the rarer class, the second of equals. */
static int usual_positive(const struct dataset *data, const char **why)
{
	size_t second = 0;

	for (int k = 1; k >= 0; k--) {
		if (strcasecmp(data->class_name[k], "yes") != 0 && strcasecmp(data->class_name[k], "true") != 0 &&
		    strcmp(data->class_name[k], "1") != 0)
			continue;
		*why = "";
		return k;
	}
	for (size_t i = 0; i < data->n; i++)
		second += data->y[i] == 1;
	*why = second * 2 == data->n ? " (both are equally frequent)" : " (the rarer)";
	return second * 2 <= data->n;
}

static int choose_positive(struct dataset_maker *maker)
{
	struct dataset *data = maker->data;
	const char *asked = maker->options->positive, *why = "";

	data->positive = -1;
	if (asked && class_named(maker, asked) < 0) {
		error_set(maker->err, ERR_INPUT, "the positive class '%s' is no value of '%s': %s", asked,
			  maker->table->column[maker->target].name, dataset_file_name(maker));
		error_hint(maker->err, "its values are '%s', '%s'%s", data->class_name[0], data->class_name[1],
			   data->classes > 2 ? " and others" : "");
		return ERR_INPUT;
	}
	if (data->classes > 2)
		return asked ? dataset_note(maker,
					    mem_printf("a positive class is for two classes: '%s' is not used", asked))
			     : 0;
	data->positive = asked ? class_named(maker, asked) : usual_positive(data, &why);
	return dataset_note(maker, mem_printf("positive class: %s%s", data->class_name[data->positive], why));
}

int dataset_make_classes(struct dataset_maker *maker)
{
	int rc;

	rc = take_rows(maker);
	if (!rc)
		rc = make_classes(maker);
	return rc < 0 ? rc : choose_positive(maker);
}
