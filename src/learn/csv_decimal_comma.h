/* Numbers with a decimal comma, as spreadsheets write them where the semicolon separates. */
#ifndef ASSAY_LEARN_CSV_DECIMAL_COMMA_H
#define ASSAY_LEARN_CSV_DECIMAL_COMMA_H

#include "learn/table.h"

/*
 * Make a number column of a category column all of whose levels are numbers, some with a decimal comma, none with a
 * point. *converted says whether it was one. The column's array must have room for a double a row. ERR_NOMEM.
 */
MUST_CHECK int csv_decimal_comma(int *converted, struct column *column, size_t rows, struct error *err);

#endif
