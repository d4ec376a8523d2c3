#include "learn/csv_decimal_comma.h"
#include "base/mem.h"
#include "format/number.h"
#include "learn/csv_cells.h"

#include <math.h>

#define LONGEST 64

/* The value of a level, NaN where it is a word for missing; *comma is set where it has one. 0 if it is no number. */
static int level_value(double *value, const char *text, int *comma)
{
	char copy[LONGEST];
	size_t len = strlen(text);
	char *at;

	*value = NAN;
	if (csv_is_missing(text, len, csv_number_missing))
		return 1;
	if (len >= sizeof(copy) || strchr(text, '.'))
		return 0;
	memcpy(copy, text, len + 1);
	at = strchr(copy, ',');
	if (at) {
		*at = '.';
		*comma = 1;
	}
	return number_parse(value, copy, len) == NUMBER_OK;
}

/* values [levels]; 0 if some level is no number or none has a comma. */
static int level_values(double *values, const struct column *column)
{
	int comma = 0;

	for (size_t i = 0; i < column->levels; i++)
		if (!level_value(&values[i], column->level[i], &comma))
			return 0;
	return comma;
}

int csv_decimal_comma(int *converted, struct column *column, size_t rows, struct error *err)
{
	double *values = mem_array(column->levels, sizeof(*values));
	int32_t *code = NULL;
	int rc = 0;

	*converted = values && level_values(values, column);
	if (!values)
		rc = error_nomem(err);
	if (!*converted)
		goto out;
	code = mem_array(rows, sizeof(*code)); /* the numbers go where the codes are */
	if (!code) {
		rc = error_nomem(err);
		goto out;
	}
	memcpy(code, column->code, rows * sizeof(*code));
	column->number = (double *)(void *)column->code;
	column->code = NULL;
	column->kind = COLUMN_NUMBER;
	column->missing = 0;
	for (size_t row = 0; row < rows; row++) {
		column->number[row] = code[row] < 0 ? NAN : values[code[row]];
		column->missing += isnan(column->number[row]) != 0;
	}
	free(column->level);
	free(column->level_text);
	column->level = NULL;
	column->level_text = NULL;
	column->levels = 0;
out:
	free(code);
	free(values);
	return rc;
}
