/* Which columns a model can learn from, and why the others are left out. */
#include "base/mem.h"
#include "learn/dataset_maker.h"

#include <math.h>

#define NAMES_IN_NOTE 10

/* What a column is to a model. */
enum use {
	USE_UNASKED,
	USE_FEATURE,
	USE_MISSING, /* of no use: all missing */
	USE_CONSTANT,
	USE_IDENTIFIER,
};

static int mark_columns(const struct dataset_maker *maker, enum use *use)
{
	const char *const *features = maker->options->features, *const *drop = maker->options->drop;
	size_t column;
	int rc = 0;

	for (size_t c = 0; c < maker->table->columns; c++)
		use[c] = features ? USE_UNASKED : USE_FEATURE;
	if (maker->data->id_column >= 0)
		use[maker->data->id_column] = USE_UNASKED;
	for (; features && *features && !rc; features++) {
		rc = dataset_find_column(&column, maker, *features, "the features");
		if (!rc && column == maker->target)
			rc = error_set(maker->err, ERR_INPUT, "the target '%s' cannot be a feature", *features);
		if (!rc)
			use[column] = USE_FEATURE;
	}
	for (; drop && *drop && !rc; drop++) {
		rc = dataset_find_column(&column, maker, *drop, "the columns to drop");
		if (!rc)
			use[column] = USE_UNASKED;
	}
	use[maker->target] = USE_UNASKED;
	return rc;
}

/* Both look no further than they must: the first rows decide for nearly every column. */
static enum use use_of_number(const struct dataset *data, const struct column *column)
{
	int present = 0, differs = 0;
	double first = column->number[data->row[0]];

	for (size_t i = 0; i < data->n && !(present && differs); i++) {
		double value = column->number[data->row[i]];

		present |= !isnan(value);
		differs |= value != first;
	}
	if (!present)
		return USE_MISSING;
	return differs ? USE_FEATURE : USE_CONSTANT;
}

/* seen [levels] is scratch. */
static enum use use_of_text(const struct dataset *data, const struct column *column, unsigned char *seen)
{
	size_t distinct = 0, missing = 0, looked_at = 0;

	memset(seen, 0, column->levels);
	while (looked_at < data->n && (distinct < 2 || distinct == looked_at)) {
		int32_t code = column->code[data->row[looked_at++]];

		missing += code < 0;
		if (code < 0 || seen[code])
			continue;
		seen[code] = 1;
		distinct++;
	}
	if (!distinct)
		return USE_MISSING;
	if (distinct == 1 && !missing)
		return USE_CONSTANT;
	return distinct == data->n ? USE_IDENTIFIER : USE_FEATURE;
}

/* Which of the asked columns a model can learn from. */
static int judge_columns(const struct dataset_maker *maker, enum use *use)
{
	const struct table *table = maker->table;
	size_t most = 0;
	unsigned char *seen;

	for (size_t c = 0; c < table->columns; c++)
		most = table->column[c].levels > most ? table->column[c].levels : most;
	seen = mem_array(most, sizeof(*seen));
	if (!seen)
		return error_nomem(maker->err);
	for (size_t c = 0; c < table->columns; c++) {
		const struct column *column = &table->column[c];

		if (use[c] == USE_FEATURE)
			use[c] = column->kind == COLUMN_NUMBER ? use_of_number(maker->data, column)
							       : use_of_text(maker->data, column, seen);
	}
	free(seen);
	return 0;
}

/* One note for all columns that were left out for the same reason. */
static int note_left_out(struct dataset_maker *maker, const enum use *use, enum use which, const char *one,
			 const char *several)
{
	struct buf text = BUF_INIT;
	size_t n = 0;
	int rc = 0;

	for (size_t c = 0; c < maker->table->columns; c++) {
		if (use[c] != which || n++ >= NAMES_IN_NOTE)
			continue;
		buf_puts(&text, n > 1 ? ", " : "");
		buf_puts(&text, maker->table->column[c].name);
	}
	if (n > NAMES_IN_NOTE)
		buf_printf(&text, " and %zu more", n - NAMES_IN_NOTE);
	if (n)
		rc = buf_check(&text, maker->err);
	if (n && !rc)
		rc = dataset_note(maker, mem_printf("left out %s: %s", n == 1 ? one : several, text.text));
	buf_release(&text);
	return rc;
}

static int take_features(struct dataset_maker *maker, const enum use *use)
{
	struct dataset *data = maker->data;
	int rc;

	rc = note_left_out(maker, use, USE_IDENTIFIER, "as an identifier", "as identifiers");
	if (!rc)
		rc = note_left_out(maker, use, USE_MISSING, "as all missing", "as all missing");
	if (!rc)
		rc = note_left_out(maker, use, USE_CONSTANT, "as constant", "as constant");
	if (rc < 0)
		return rc;
	data->feature = mem_array(maker->table->columns, sizeof(*data->feature));
	if (!data->feature)
		return error_nomem(maker->err);
	for (size_t c = 0; c < maker->table->columns; c++)
		if (use[c] == USE_FEATURE)
			data->feature[data->features++] = c;
	if (data->features)
		return 0;
	error_set(maker->err, ERR_INPUT, "no feature is left to learn from: %s", dataset_file_name(maker));
	if (data->notes.n)
		error_hint(maker->err, "%s", data->notes.name[data->notes.n - 1]);
	return ERR_INPUT;
}

int dataset_make_features(struct dataset_maker *maker)
{
	enum use *use = mem_array(maker->table->columns, sizeof(*use));
	int rc;

	if (!use)
		return error_nomem(maker->err);
	rc = mark_columns(maker, use);
	if (!rc)
		rc = judge_columns(maker, use);
	if (!rc)
		rc = take_features(maker, use);
	free(use);
	return rc;
}
