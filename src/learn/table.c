#include "learn/table.h"
#include "base/mem.h"
#include "format/csv.h"
#include "format/number.h"
#include "learn/csv_columns.h"
#include "learn/csv_decimal_comma.h"

/* A table on its way: what is needed for messages beside it. */
struct reader {
	struct table *table;
	const char *name; /* for messages */
	struct csv_text text;
	struct csv_index index;
	const char *body; /* the records behind the header */
	size_t body_len;
	struct error *err;
};

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t c = 0; c < table->columns; c++) {
		free(table->column[c].name);
		free(table->column[c].level);
		free(table->column[c].level_text);
	}
	free(table->column);
	free(table->cells);
	free(table->path);
	names_free(&table->notes);
	free(table);
}

long table_column(const struct table *table, const char *name)
{
	for (size_t c = 0; c < table->columns; c++)
		if (!strcmp(table->column[c].name, name))
			return (long)c;
	return -1;
}

const char *table_cell(const struct table *table, size_t row, size_t column, char scratch[NUMBER_TEXT])
{
	const struct column *c = &table->column[column];

	if (c->kind == COLUMN_CATEGORY)
		return c->code[row] < 0 ? "" : c->level[c->code[row]];
	if (c->number[row] != c->number[row])
		return "";
	number_text(scratch, c->number[row]);
	return scratch;
}

void table_where(char *out, size_t size, const struct table *table, size_t row)
{
	const char *name = strcmp(table->path, "-") ? table->path : "stdin";

	if (table->first_line)
		snprintf(out, size, "%s:%zu", name, table->first_line + row);
	else
		snprintf(out, size, "%s, record %zu", name, row + 1);
}

static int add_note(struct reader *reader, char *note)
{
	int rc = note ? names_add(&reader->table->notes, note, reader->err) : error_nomem(reader->err);

	free(note);
	return rc;
}

/* Number of the field, from 1, that the byte at `at` belongs to, counted on its physical line. */
static size_t field_number(const struct reader *reader, const char *at)
{
	size_t len, number = 1;
	const char *start = csv_text_body(&reader->text, &len), *scan = at;
	int inside = 0;

	while (scan > start && scan[-1] != '\n')
		scan--;
	for (; scan < at; scan++) {
		inside ^= *scan == '"';
		number += !inside && *scan == reader->table->separator;
	}
	return number;
}

/* Read again from where the bad record is near, by the simple reader, for its message. */
static int report_by_reading(struct reader *reader, const char *from)
{
	struct csv csv;
	int rc = 1;

	csv_init(&csv, from, (size_t)(reader->body + reader->body_len - from), reader->name, reader->table->separator);
	csv.next_line = csv_text_line(&reader->text, from);
	while (rc > 0)
		rc = csv_next(&csv, reader->err);
	csv_release(&csv);
	return rc;
}

static int report_fields(struct reader *reader, const struct csv_problem *problem)
{
	const struct table *table = reader->table;
	size_t line = csv_text_line(&reader->text, problem->at);
	char more[64] = "";

	if (problem->more)
		snprintf(more, sizeof(more), "; %zu more such row%s", problem->more, problem->more == 1 ? "" : "s");
	if (problem->fields < table->columns)
		error_set(reader->err, ERR_INPUT,
			  "a row with too few fields (%zu, the header has %zu): %s:%zu, column %zu ('%s') is missing%s",
			  problem->fields, table->columns, reader->name, line, problem->fields + 1,
			  table->column[problem->fields].name, more);
	else
		error_set(reader->err, ERR_INPUT,
			  "a row with too many fields (%zu, the header has %zu): %s:%zu, column %zu has no name%s",
			  problem->fields, table->columns, reader->name, line, table->columns + 1, more);
	error_hint(reader->err, "a field that holds the separator '%c' or a newline must be in quotes",
		   table->separator);
	return ERR_INPUT;
}

static int report_nul(struct reader *reader, const char *at)
{
	error_set(reader->err, ERR_INPUT, "a NUL byte: %s:%zu, column %zu", reader->name,
		  csv_text_line(&reader->text, at), field_number(reader, at));
	error_hint(reader->err, "is it text? UTF-16 can be converted: iconv -f UTF-16 -t UTF-8 FILE");
	return ERR_INPUT;
}

static int read_names(struct reader *reader, const struct csv *csv)
{
	struct table *table = reader->table;

	table->column = mem_zeroed(csv->n, sizeof(*table->column));
	if (!table->column)
		return error_nomem(reader->err);
	for (size_t c = 0; c < csv->n; c++) {
		const struct csv_field *field = &csv->field[c];

		if (csv_is_missing(field->text, field->len, NULL)) {
			error_set(reader->err, ERR_INPUT, "a column without a name: %s:%zu, column %zu of %zu",
				  reader->name, csv->line, c + 1, csv->n);
			error_hint(reader->err, c ? "give it a name in the header"
						  : "give it a name in the header; pandas leaves the index unnamed "
						    "(to_csv(index=False) leaves it out)");
			return ERR_INPUT;
		}
		table->column[c].name = mem_text_n(field->text, field->len);
		if (!table->column[c].name)
			return error_nomem(reader->err);
		table->columns++;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct column *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order ? order : (*x > *y) - (*x < *y);
}

static int check_names_differ(struct reader *reader, size_t line)
{
	const struct table *table = reader->table;
	const struct column **sorted = mem_array(table->columns, sizeof(*sorted));
	size_t doubled = 0;
	const struct column *first = NULL, *second = NULL;

	if (!sorted)
		return error_nomem(reader->err);
	for (size_t c = 0; c < table->columns; c++)
		sorted[c] = &table->column[c];
	qsort(sorted, table->columns, sizeof(const struct column *), by_name);
	for (size_t c = 1; c < table->columns; c++) {
		if (strcmp(sorted[c - 1]->name, sorted[c]->name) != 0)
			continue;
		doubled++;
		if (!second || sorted[c] < second) {
			first = sorted[c - 1];
			second = sorted[c];
		}
	}
	free(sorted);
	if (!doubled)
		return 0;
	error_set(reader->err, ERR_INPUT, "the column name '%s' is there twice: %s:%zu, columns %td and %td%s",
		  first->name, reader->name, line, first - table->column + 1, second - table->column + 1,
		  doubled > 1 ? "; others too" : "");
	error_hint(reader->err, "give every column a name of its own in the header");
	return ERR_INPUT;
}

/* The header, and where the records begin. */
static int read_header(struct reader *reader)
{
	struct table *table = reader->table;
	struct csv csv;
	size_t len;
	const char *text = csv_text_body(&reader->text, &len), *nul;
	int rc;

	csv_init(&csv, text, len, reader->name, 0);
	table->separator = csv.separator;
	rc = csv_next(&csv, reader->err);
	reader->body = csv.at;
	reader->body_len = (size_t)(text + len - csv.at);
	if (rc == 0)
		rc = error_set(reader->err, ERR_INPUT, "the file is empty: %s", reader->name);
	nul = rc > 0 ? memchr(text, '\0', (size_t)(csv.at - text)) : NULL;
	if (nul)
		rc = report_nul(reader, nul);
	if (rc > 0)
		rc = read_names(reader, &csv);
	if (!rc)
		rc = check_names_differ(reader, csv.line);
	csv_release(&csv);
	return rc;
}

static int note_separator(struct reader *reader)
{
	char separator = reader->table->separator;

	if (separator == ',')
		return 0;
	return add_note(reader, mem_printf("the fields of %s are separated by %s", reader->name,
					   separator == ';'    ? "semicolons"
					   : separator == '\t' ? "tabs"
							       : "vertical bars"));
}

static int mend_utf8(struct reader *reader)
{
	size_t replaced, line;
	int rc;

	rc = csv_text_mend(&reader->text, &replaced, &line, reader->err);
	if (rc < 0 || !replaced)
		return rc;
	return add_note(reader, mem_printf("%zu byte%s that %s not UTF-8 became U+FFFD, the first in %s:%zu", replaced,
					   replaced == 1 ? "" : "s", replaced == 1 ? "is" : "are", reader->name, line));
}

static int check_records(struct reader *reader)
{
	const char *nul = reader->index.special ? memchr(reader->body, '\0', reader->body_len) : NULL;

	if (nul)
		return report_nul(reader, nul);
	if (reader->index.open_quote)
		return report_by_reading(reader, reader->body); /* a quote before it may be the cause */
	if (reader->index.chunk[reader->index.chunks].row)
		return 0;
	error_set(reader->err, ERR_INPUT, "a header and no rows: %s", reader->name);
	if (memchr(reader->body - 1, '\r', reader->body_len + 1) || strchr(reader->table->column[0].name, '\r'))
		error_hint(reader->err, "its lines end in CR alone; convert them, for instance with: tr '\\r' '\\n'");
	return ERR_INPUT;
}

static int note_overflows(struct reader *reader, const char *const *overflow, size_t overflows)
{
	size_t first = 0;

	if (!overflows)
		return 0;
	for (size_t c = 0; c < reader->table->columns; c++)
		if (overflow[c] && (!overflow[first] || overflow[c] < overflow[first]))
			first = c;
	return add_note(reader,
			mem_printf("%zu number%s too large for a double became missing, the first in %s:%zu, column "
				   "%zu ('%s')",
				   overflows, overflows == 1 ? "" : "s", reader->name,
				   csv_text_line(&reader->text, overflow[first]), first + 1,
				   reader->table->column[first].name));
}

/* Where the semicolon separates, the comma is a decimal one. */
static int read_decimal_commas(struct reader *reader, const struct table_options *options)
{
	struct table *table = reader->table;
	size_t n = 0, first = 0;
	int converted, rc = 0;

	for (size_t c = 0; c < table->columns && table->separator == ';' && !rc; c++) {
		struct column *column = &table->column[c];

		if (column->kind != COLUMN_CATEGORY || csv_asked_as_text(options, column->name))
			continue;
		rc = csv_decimal_comma(&converted, column, table->rows, reader->err);
		first = n ? first : c;
		n += !rc && converted;
	}
	if (rc < 0 || !n)
		return rc;
	return add_note(reader, n == 1 ? mem_printf("the column '%s' has numbers with a decimal comma",
						    table->column[first].name)
				       : mem_printf("%zu columns have numbers with a decimal comma, the first is '%s'",
						    n, table->column[first].name));
}

static int read_records(struct reader *reader, const struct table_options *options)
{
	const struct csv_source source = {
		.text = &reader->text,
		.index = &reader->index,
		.bytes = reader->body_len,
		.options = options,
	};
	const char **overflow = mem_zeroed(reader->table->columns, sizeof(*overflow));
	struct csv_problem problem = {0};
	size_t overflows;
	int rc;

	if (!overflow)
		return error_nomem(reader->err);
	rc = csv_columns_read(reader->table, &source, overflow, &overflows, &problem, reader->err);
	if (!rc && problem.kind == CSV_FIELDS)
		rc = report_fields(reader, &problem);
	else if (!rc && problem.kind == CSV_QUOTE)
		rc = report_by_reading(reader, problem.at);
	else if (!rc)
		rc = note_overflows(reader, overflow, overflows);
	if (!rc)
		rc = read_decimal_commas(reader, options);
	if (reader->index.lines == reader->table->rows)
		reader->table->first_line = csv_text_line(&reader->text, reader->body);
	free(overflow);
	return rc;
}

static int read_table(struct reader *reader, const char *path, const struct table_options *options)
{
	int rc;

	reader->table->path = mem_text(path);
	if (!reader->table->path)
		return error_nomem(reader->err);
	rc = csv_text_read(&reader->text, path, reader->err);
	if (rc < 0)
		return rc;
	reader->table->bytes = reader->text.bytes;
	rc = mend_utf8(reader);
	if (!rc)
		rc = read_header(reader);
	if (!rc)
		rc = note_separator(reader);
	if (!rc)
		rc = csv_index_make(&reader->index, reader->body, reader->body_len, reader->table->separator,
				    reader->err);
	if (!rc)
		rc = check_records(reader);
	return rc < 0 ? rc : read_records(reader, options);
}

int table_read(struct table **out, const char *path, const struct table_options *options, struct error *err)
{
	static const struct table_options defaults = {0};
	struct reader reader = {
		.name = strcmp(path, "-") ? path : "stdin",
		.text = {.buf = BUF_INIT, .mended = BUF_INIT},
		.err = err,
	};
	int rc;

	reader.table = mem_zeroed(1, sizeof(*reader.table));
	if (!reader.table)
		return error_nomem(err);
	rc = read_table(&reader, path, options ? options : &defaults);
	csv_index_release(&reader.index);
	csv_text_release(&reader.text);
	if (rc < 0)
		table_free(reader.table);
	else
		*out = reader.table;
	return rc;
}
