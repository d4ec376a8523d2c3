/* Datasets made in memory, without a file: numbers, categories and classes from a seed. */
#ifndef ASSAY_TESTS_LEARN_MADE_H
#define ASSAY_TESTS_LEARN_MADE_H

#include "check.h"

#include "base/mem.h"
#include "base/random.h"
#include "learn/dataset.h"

#include <stdlib.h>
#include <string.h>

struct made {
	struct table table;
	struct dataset data;
	size_t *all; /* [n] every row */
};

struct made_options {
	size_t n, numbers, categories, levels;
	int classes;
	double noise; /* share of rows whose class is drawn */
	double missing; /* share of cells */
	size_t distinct; /* of each number; 0: as many as rows */
	uint64_t seed;
};

static inline void made_column(struct made *made, size_t c, const struct made_options *o, struct random *random)
{
	struct column *column = &made->table.column[c];

	column->kind = c < o->numbers ? COLUMN_NUMBER : COLUMN_CATEGORY;
	if (c < o->numbers)
		column->number = mem_array(o->n, sizeof(*column->number));
	else
		column->code = mem_array(o->n, sizeof(*column->code));
	column->levels = c < o->numbers ? 0 : o->levels;
	assert_true(column->number || column->code);
	for (size_t i = 0; i < o->n; i++) {
		int lost = random_unit(random) < o->missing;
		double value = random_unit(random);

		column->missing += (size_t)lost;
		if (column->number)
			column->number[i] = lost          ? NAN
					    : o->distinct ? floor(value * (double)o->distinct)
							  : value * 1000 - 300;
		else
			column->code[i] = lost ? -1 : (int32_t)(value * (double)o->levels);
	}
}

/* The class follows from the sum of the first number's and the first category's share of their range, as far as noise lets. */
static inline struct made *made_new(struct made_options o)
{
	struct made *made = mem_zeroed(1, sizeof(*made));
	struct random random;

	random_init(&random, o.seed, 1);
	assert_non_null(made);
	made->table.rows = o.n;
	made->table.columns = o.numbers + o.categories;
	made->table.column = mem_zeroed(made->table.columns, sizeof(struct column));
	made->data = (struct dataset){.table = &made->table,
				      .n = o.n,
				      .classes = o.classes,
				      .positive = o.classes == 2 ? 1 : -1,
				      .features = made->table.columns,
				      .id_column = -1};
	made->data.row = mem_array(o.n, sizeof(size_t));
	made->data.y = mem_array(o.n, sizeof(int));
	made->data.feature = mem_array(made->table.columns, sizeof(size_t));
	made->all = mem_array(o.n, sizeof(size_t));
	assert_true(made->table.column && made->data.row && made->data.y && made->data.feature && made->all);
	for (size_t c = 0; c < made->table.columns; c++) {
		made->data.feature[c] = c;
		made_column(made, c, &o, &random);
	}
	for (size_t i = 0; i < o.n; i++) {
		double signal = 0, drawn = random_unit(&random);

		if (o.numbers && !isnan(made->table.column[0].number[i]))
			signal += o.distinct ? made->table.column[0].number[i] / (double)o.distinct
					     : (made->table.column[0].number[i] + 300) / 1000;
		if (o.categories && made->table.column[o.numbers].code[i] >= 0)
			signal += made->table.column[o.numbers].code[i] / (double)o.levels;
		signal = fmod(signal, 1);
		made->data.row[i] = made->all[i] = i;
		made->data.y[i] = (int)((random_unit(&random) < o.noise ? drawn : signal) * o.classes);
	}
	return made;
}

static inline void made_free(struct made *made)
{
	for (size_t c = 0; c < made->table.columns; c++) {
		free(made->table.column[c].number);
		free(made->table.column[c].code);
	}
	free(made->table.column);
	free(made->data.row);
	free(made->data.y);
	free(made->data.feature);
	free(made->all);
	free(made);
}

#endif
