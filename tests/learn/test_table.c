#include "files.h"

#include "base/random.h"
#include "format/csv.h"
#include "format/number.h"
#include "learn/table.h"

static struct table *read_with(const char *text, const struct table_options *options)
{
	struct error err = {0};
	struct table *table = NULL;

	check_ok(table_read(&table, file_with(text, strlen(text)), options, &err), err);
	return table;
}

static struct table *read_text(const char *text)
{
	return read_with(text, NULL);
}

static void check_cells(const struct table *table, size_t row, const char *want)
{
	struct buf got = BUF_INIT;
	char scratch[NUMBER_TEXT];

	for (size_t c = 0; c < table->columns; c++)
		buf_printf(&got, "<%s>", table_cell(table, row, c, scratch));
	assert_string_equal(got.text, want);
	buf_release(&got);
}

static void check_refused_bytes(const char *bytes, size_t len, const char *want)
{
	struct error err = {0};
	struct table *table = NULL;

	assert_int_equal(table_read(&table, file_with(bytes, len), NULL, &err), ERR_INPUT);
	assert_null(table);
	assert_string_equal(err.text, want);
}

static void check_refused(const char *text, const char *want)
{
	check_refused_bytes(text, strlen(text), want);
}

static int has_note(const struct table *table, const char *want)
{
	for (size_t i = 0; i < table->notes.n; i++)
		if (!strcmp(table->notes.name[i], want))
			return 1;
	return 0;
}

static void columns_of_numbers_and_of_categories_are_told_apart(void **state)
{
	struct table *table = read_text("age,city,income\n31,Bern,1.5e3\n-4,Aarau,.25\n7,Bern,2\n");

	(void)state;
	assert_int_equal(table->rows, 3);
	assert_int_equal(table->columns, 3);
	assert_int_equal(table->column[0].kind, COLUMN_NUMBER);
	assert_int_equal(table->column[1].kind, COLUMN_CATEGORY);
	check_close(table->column[0].number[1], -4, 0);
	check_close(table->column[2].number[0], 1500, 0);
	assert_int_equal(table->column[1].levels, 2);
	assert_string_equal(table->column[1].level[0], "Aarau");
	assert_string_equal(table->column[1].level[1], "Bern");
	assert_int_equal(table->column[1].code[0], 1);
	check_cells(table, 1, "<-4><Aarau><0.25>");
	assert_int_equal(table_column(table, "income"), 2);
	assert_int_equal(table_column(table, "nothing"), -1);
	assert_int_equal(table->notes.n, 0);
	assert_int_equal(table->separator, ',');
	table_free(table);
}

static void the_hash_is_of_the_bytes_of_the_file(void **state)
{
	struct table *table = read_text("a,b\n1,2\n");

	(void)state;
	assert_int_equal(table->bytes, 8);
	/* printf 'a,b\n1,2\n' | sha256sum */
	assert_string_equal(table->sha256, "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
	table_free(table);
}

static void missing_words_count_only_where_the_other_values_are_numbers(void **state)
{
	struct table *table = read_text("n,t,m\n1,NA,\n NA ,x,?\n,,NaN\nnull,None, \n2,?,None\nNaN,NA,\n");
	const struct column *n = &table->column[0], *t = &table->column[1], *m = &table->column[2];

	(void)state;
	assert_int_equal(n->kind, COLUMN_NUMBER);
	assert_int_equal(n->missing, 4);
	assert_int_equal(t->kind, COLUMN_CATEGORY);
	assert_int_equal(t->missing, 1);
	assert_int_equal(t->levels, 4);
	assert_string_equal(t->level[0], "?");
	assert_int_equal(t->code[2], -1);
	assert_int_equal(m->kind, COLUMN_NUMBER);
	assert_int_equal(m->missing, 6);
	check_cells(table, 2, "<><><>");
	table_free(table);
}

static void words_that_were_given_mean_missing_everywhere(void **state)
{
	const char *const words[] = {"unknown", "-999", NULL};
	struct table *table = read_with("n,t\n1,a\n-999,unknown\nunknown,b\n-999.0, unknown\n",
					&(struct table_options){.missing = words});

	(void)state;
	assert_int_equal(table->column[0].kind, COLUMN_NUMBER);
	assert_int_equal(table->column[0].missing, 3);
	assert_int_equal(table->column[1].levels, 2);
	assert_int_equal(table->column[1].missing, 2);
	table_free(table);
}

static void columns_asked_as_text_keep_their_bytes(void **state)
{
	const char *const text[] = {"id", NULL};
	struct table *table = read_with("id,x\n007,1\n12345678901234567890,2\n7,3\n",
					&(struct table_options){.text = text});

	(void)state;
	assert_int_equal(table->column[0].kind, COLUMN_CATEGORY);
	assert_int_equal(table->column[0].levels, 3);
	check_cells(table, 0, "<007><1>");
	check_cells(table, 1, "<12345678901234567890><2>");
	table_free(table);
}

static void quotes_do_not_make_a_number_a_text(void **state)
{
	struct table *table = read_text(
		"\"a\",\"b \"\"x\"\"\"\n\"12\",\"1,5\"\n\"-3.5\",\"say \"\"no\"\"\"\n\"\",\"two\nlines\"\n");

	(void)state;
	assert_int_equal(table->column[0].kind, COLUMN_NUMBER);
	assert_int_equal(table->column[0].missing, 1);
	assert_string_equal(table->column[1].name, "b \"x\"");
	check_cells(table, 0, "<12><1,5>");
	check_cells(table, 1, "<-3.5><say \"no\">");
	check_cells(table, 2, "<><two\nlines>");
	table_free(table);
}

static void line_ends_boms_and_blank_lines_make_no_difference(void **state)
{
	static const char *const texts[] = {
		"a,b\n1,x\n,y\n",           "a,b\r\n1,x\r\n,y\r\n",
		"\357\273\277a,b\n1,x\n,y", "\n\na,b\r\n\r\n1,x\n\n\r\n,y\r",
		"a,b\n1,x\n\"\",\"y\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct table *table = read_text(texts[i]);

		assert_int_equal(table->rows, 2);
		assert_string_equal(table->column[0].name, "a");
		check_cells(table, 0, "<1><x>");
		check_cells(table, 1, "<><y>");
		table_free(table);
	}
}

static void a_separator_that_is_not_the_comma_is_said(void **state)
{
	struct table *table = read_text("a;b\n1,5;2\n3;x\n");

	(void)state;
	assert_int_equal(table->separator, ';');
	assert_true(has_note(table, "the fields of t.csv are separated by semicolons"));
	check_cells(table, 1, "<3><x>");
	table_free(table);
	table = read_text("a\tb\n1\t2\n");
	assert_true(has_note(table, "the fields of t.csv are separated by tabs"));
	table_free(table);
	table = read_text("a|b\n1|2\n");
	assert_true(has_note(table, "the fields of t.csv are separated by vertical bars"));
	table_free(table);
}

static void decimal_commas_are_read_where_the_semicolon_separates(void **state)
{
	struct table *table = read_text("a;b;c;d\n1,5;2;1,5;1,5\n-3;x,y;;2,5,0\nNA;x,y;,5;1\n");

	(void)state;
	assert_int_equal(table->column[0].kind, COLUMN_NUMBER);
	assert_int_equal(table->column[0].levels, 0);
	assert_int_equal(table->column[0].missing, 1);
	assert_int_equal(table->column[1].kind, COLUMN_CATEGORY);
	assert_int_equal(table->column[2].missing, 1);
	assert_int_equal(table->column[3].kind, COLUMN_CATEGORY);
	check_cells(table, 0, "<1.5><2><1.5><1,5>");
	check_cells(table, 1, "<-3><x,y><><2,5,0>");
	check_cells(table, 2, "<><x,y><0.5><1>");
	assert_true(has_note(table, "2 columns have numbers with a decimal comma, the first is 'a'"));
	table_free(table);
	table = read_text("a,b\n\"1,5\",2\n3,4\n");
	assert_int_equal(table->column[0].kind, COLUMN_CATEGORY);
	table_free(table);
}

static void a_row_with_another_number_of_fields_is_refused_with_its_line_and_column(void **state)
{
	(void)state;
	check_refused("a,b,c\n1,2,3\n\n1,2\n1\n1,2,3,4\n",
		      "a row with too few fields (2, the header has 3): t.csv:4, column 3 ('c') "
		      "is missing; 2 more such rows");
	check_refused("a,b\n\"x\ny\",2\n1,2,3\n",
		      "a row with too many fields (3, the header has 2): t.csv:4, column 3 has no name");
	check_refused(
		"a,b\n1\n2,3,4",
		"a row with too few fields (1, the header has 2): t.csv:2, column 2 ('b') is missing; 1 more such row");
}

static void quotes_that_do_not_fit_are_refused_where_they_are(void **state)
{
	(void)state;
	check_refused("a,b\n1,2\n3,\"4\n5,6\n", "a quote is opened and never closed: t.csv:3, column 2");
	check_refused("a,b\n1,2\n\"3\"x,4\n", "text after a closing quote: t.csv:3, column 1");
	check_refused("a,\"b\n1,2\n", "a quote is opened and never closed: t.csv:1, column 2");
}

static void column_names_must_be_there_and_differ(void **state)
{
	(void)state;
	check_refused("a,b,a,b\n1,2,3,4\n", "the column name 'a' is there twice: t.csv:1, columns 1 and 3; others too");
	check_refused("a,,c\n1,2,3\n", "a column without a name: t.csv:1, column 2 of 3");
	check_refused("\n,a\n1,2\n", "a column without a name: t.csv:2, column 1 of 2");
}

static void files_without_rows_are_refused(void **state)
{
	(void)state;
	check_refused("", "the file is empty: t.csv");
	check_refused("\n\n", "the file is empty: t.csv");
	check_refused("\xef\xbb\xbf", "the file is empty: t.csv");
	check_refused("a,b\n", "a header and no rows: t.csv");
	check_refused("a,b", "a header and no rows: t.csv");
	check_refused("a,b\n\n\r\n", "a header and no rows: t.csv");
	check_refused("a,b\r1,2\r", "a header and no rows: t.csv");
}

static void nul_bytes_are_refused_with_their_place(void **state)
{
	(void)state;
	check_refused_bytes("a,b\n1,2\n3,\0\n", 12, "a NUL byte: t.csv:3, column 2");
	check_refused_bytes("a,\0b\n1,2\n", 9, "a NUL byte: t.csv:1, column 2");
}

static void other_formats_are_called_by_their_name(void **state)
{
	(void)state;
	check_refused("\x1f\x8b\x08", "a gzip file, not CSV: t.csv");
	check_refused("PK\x03\x04", "a zip file (or a spreadsheet), not CSV: t.csv");
	check_refused("PAR1", "a Parquet file, not CSV: t.csv");
	check_refused_bytes("\xff\xfe"
			    "a\0,\0b\0\n\0",
			    10, "UTF-16 text, not CSV: t.csv");
}

static void files_that_are_not_there_or_are_folders_are_refused(void **state)
{
	struct error err = {0};
	struct table *table = NULL;

	(void)state;
	assert_int_equal(table_read(&table, "/nonexistent/x.csv", NULL, &err), ERR_INPUT);
	assert_string_equal(err.text, "no such file: /nonexistent/x.csv");
	error_clear(&err);
	assert_int_equal(table_read(&table, "/", NULL, &err), ERR_INPUT);
	assert_string_equal(err.text, "a folder, not a CSV file: /");
	assert_null(table);
}

static void bytes_that_are_not_utf8_are_replaced_and_said(void **state)
{
	struct table *table = read_text("a,b\xff\n1,x\n2,\xc3\n3,\xc3\xa9\n4,\xff\n");

	(void)state;
	assert_string_equal(table->column[1].name, "b\xef\xbf\xbd");
	assert_int_equal(table->column[1].levels, 3);
	check_cells(table, 1, "<2><\xef\xbf\xbd>");
	check_cells(table, 2, "<3><\xc3\xa9>");
	check_cells(table, 3, "<4><\xef\xbf\xbd>");
	assert_true(has_note(table, "3 bytes that are not UTF-8 became U+FFFD, the first in t.csv:1"));
	assert_int_equal(table->bytes, 22);
	table_free(table);
}

static void a_number_too_large_becomes_missing_and_is_said(void **state)
{
	struct table *table = read_text("a,b\n1,2\n3,1e999\n-1e999,4\n");

	(void)state;
	assert_int_equal(table->column[1].kind, COLUMN_NUMBER);
	assert_true(isnan(table->column[1].number[1]));
	assert_int_equal(table->column[1].missing, 1);
	assert_true(has_note(table,
			     "2 numbers too large for a double became missing, the first in t.csv:3, column 2 ('b')"));
	table_free(table);
}

static void ten_thousand_columns_and_two_rows_are_read(void **state)
{
	struct buf text = BUF_INIT;
	struct table *table;

	(void)state;
	for (int row = -1; row < 2; row++)
		for (int c = 0; c < 10000; c++)
			buf_printf(&text, row < 0 ? "c%d%c" : "%d%c", c + (row > 0), c < 9999 ? ',' : '\n');
	table = read_text(text.text);
	assert_int_equal(table->columns, 10000);
	assert_int_equal(table->rows, 2);
	check_close(table->column[9999].number[1], 10000, 0);
	table_free(table);
	buf_release(&text);
}

static void many_short_rows_under_a_wide_header_are_refused_without_reserving_them(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	for (int c = 0; c < 10000; c++)
		buf_printf(&text, "c%d%c", c, c < 9999 ? ',' : '\n');
	for (int row = 0; row < 200000; row++)
		buf_puts(&text, "1\n");
	check_refused(text.text,
		      "a row with too few fields (1, the header has 10000): t.csv:2, column 2 ('c1') is missing; "
		      "199999 more such rows");
	buf_release(&text);
}

static void stdin_is_read_under_its_name(void **state)
{
	struct error err = {0};
	struct table *table = NULL;
	int saved = dup(STDIN_FILENO), ends[2];
	static const char text[] = "a,b\n1,x\n2,y\n", bad[] = "a,b\n1\n";

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	check_ok(table_read(&table, "-", NULL, &err), err);
	assert_string_equal(table->path, "-");
	assert_int_equal(table->rows, 2);
	table_free(table);
	table = NULL;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bad, strlen(bad)), strlen(bad));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(table_read(&table, "-", NULL, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "stdin:2"));
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void rows_know_their_line_while_records_are_lines(void **state)
{
	struct table *table = read_text("a\n1\n2\n3");
	char where[64];

	(void)state;
	table_where(where, sizeof(where), table, 2);
	assert_string_equal(where, "t.csv:4");
	table_free(table);
	table = read_text("a,b\n1,\"x\ny\"\n2,z\n");
	table_where(where, sizeof(where), table, 1);
	assert_string_equal(where, "t.csv, record 2");
	table_free(table);
}

/* A text of many pieces: types that show late, quotes over the cuts, long texts, many levels, blank lines, CRLF. */
static void write_large(struct buf *text, uint64_t seed)
{
	static const char *const ends[] = {"\n", "\n", "\n", "\r\n", "\n\n", "\r\n\r\n"};
	struct random random;

	random_init(&random, seed, 0);
	buf_puts(text, "number,late,few,many,quoted,long\n");
	for (size_t row = 0; row < 40000; row++) {
		unsigned r = (unsigned)random_below(&random, 1000);

		buf_printf(text, random_below(&random, 9) ? "%s%u.%06u," : "%s%ue%d,", r % 3 ? "" : "-", r,
			   (unsigned)random_below(&random, 20));
		buf_printf(text, row == 39000 ? "x%u," : "%u,", r);
		buf_printf(text, r ? "level %u," : ",", r % 7);
		buf_printf(text, "id%08x,", (unsigned)random_below(&random, 1U << 20));
		if (r % 5 == 0)
			buf_puts(text, "\"one,\ntwo\"\"three\"\"\",");
		else if (r % 5 == 1)
			buf_puts(text, "\"\"\"\",");
		else
			buf_printf(text, r % 5 == 2 ? "\"%u\"," : "5\" pipe %u,", r);
		for (size_t i = random_below(&random, 30); i; i--)
			buf_puts(text, "word ");
		buf_printf(text, "e%s", ends[random_below(&random, 6)]);
	}
}

/* The fast reader against the simple one, cell by cell, for several thread counts. */
static void large_tables_are_what_the_simple_reader_reads(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct buf text = BUF_INIT;
		struct table *table;
		struct error err = {0};
		struct csv csv;
		size_t row = 0;

		write_large(&text, 1 + threads / 3);
		table = read_with(text.text, &(struct table_options){.threads = threads});
		csv_init(&csv, text.text, text.len, "t.csv", ',');
		assert_int_equal(csv_next(&csv, &err), 1);
		assert_int_equal(table->column[0].kind, COLUMN_NUMBER);
		assert_int_equal(table->column[1].kind, COLUMN_CATEGORY);
		for (; csv_next(&csv, &err) > 0; row++) {
			for (size_t c = 0; c < csv.n; c++) {
				char scratch[NUMBER_TEXT];
				double want = 0;

				if (table->column[c].kind == COLUMN_NUMBER) {
					assert_int_equal(number_parse(&want, csv.field[c].text, csv.field[c].len),
							 NUMBER_OK);
					assert_memory_equal(&table->column[c].number[row], &want, sizeof(want));
					continue;
				}
				assert_int_equal(strlen(table_cell(table, row, c, scratch)), csv.field[c].len);
				assert_memory_equal(table_cell(table, row, c, scratch), csv.field[c].text,
						    csv.field[c].len);
			}
		}
		assert_int_equal(row, table->rows);
		for (size_t c = 1; c < table->columns; c++)
			for (size_t i = 1; i < table->column[c].levels; i++)
				assert_true(strcmp(table->column[c].level[i - 1], table->column[c].level[i]) < 0);
		csv_release(&csv);
		table_free(table);
		buf_release(&text);
	}
}

/* Fields of every length and shape, so that the vector code meets each place of sign and point. */
static void numbers_are_read_to_the_last_bit(void **state)
{
	struct buf text = BUF_INIT;
	struct random random;
	struct table *table;
	size_t rows = 60000, at;

	(void)state;
	random_init(&random, 9, 0);
	buf_puts(&text, "x\n");
	for (size_t row = 0; row < rows; row++) {
		size_t digits = 1 + random_below(&random, 19), point = random_below(&random, digits + 3);

		if (random_below(&random, 2))
			buf_putc(&text, '-');
		for (size_t d = 0; d < digits; d++) {
			if (d == point)
				buf_putc(&text, '.');
			buf_putc(&text, (char)('0' + random_below(&random, 10)));
		}
		buf_puts(&text, point == digits ? ".\n" : "\n");
	}
	table = read_text(text.text);
	assert_int_equal(table->rows, rows);
	at = 2;
	for (size_t row = 0; row < rows; row++) {
		double want = strtod(text.text + at, NULL);

		if (memcmp(&table->column[0].number[row], &want, sizeof(want)) != 0)
			fail_msg("%.25s is read as %.17g", text.text + at, table->column[0].number[row]);
		at += strcspn(text.text + at, "\n") + 1;
	}
	table_free(table);
	buf_release(&text);
}

static void texts_that_are_almost_numbers_make_a_category(void **state)
{
	static const char *const texts[] = {"1.2.3", "-",  ".", "-.", "1-2", "1 2", "--1", "1e", "12345678901234567x",
					    "0x10",  "inf"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char text[64];
		struct table *table;

		snprintf(text, sizeof(text), "a\n1\n%s\n", texts[i]);
		table = read_text(text);
		if (table->column[0].kind != COLUMN_CATEGORY)
			fail_msg("'%s' is read as a number", texts[i]);
		table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_of_numbers_and_of_categories_are_told_apart),
		cmocka_unit_test(the_hash_is_of_the_bytes_of_the_file),
		cmocka_unit_test(missing_words_count_only_where_the_other_values_are_numbers),
		cmocka_unit_test(words_that_were_given_mean_missing_everywhere),
		cmocka_unit_test(columns_asked_as_text_keep_their_bytes),
		cmocka_unit_test(quotes_do_not_make_a_number_a_text),
		cmocka_unit_test(line_ends_boms_and_blank_lines_make_no_difference),
		cmocka_unit_test(a_separator_that_is_not_the_comma_is_said),
		cmocka_unit_test(decimal_commas_are_read_where_the_semicolon_separates),
		cmocka_unit_test(a_row_with_another_number_of_fields_is_refused_with_its_line_and_column),
		cmocka_unit_test(quotes_that_do_not_fit_are_refused_where_they_are),
		cmocka_unit_test(column_names_must_be_there_and_differ),
		cmocka_unit_test(files_without_rows_are_refused),
		cmocka_unit_test(nul_bytes_are_refused_with_their_place),
		cmocka_unit_test(other_formats_are_called_by_their_name),
		cmocka_unit_test(files_that_are_not_there_or_are_folders_are_refused),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced_and_said),
		cmocka_unit_test(a_number_too_large_becomes_missing_and_is_said),
		cmocka_unit_test(ten_thousand_columns_and_two_rows_are_read),
		cmocka_unit_test(many_short_rows_under_a_wide_header_are_refused_without_reserving_them),
		cmocka_unit_test(stdin_is_read_under_its_name),
		cmocka_unit_test(rows_know_their_line_while_records_are_lines),
		cmocka_unit_test(large_tables_are_what_the_simple_reader_reads),
		cmocka_unit_test(numbers_are_read_to_the_last_bit),
		cmocka_unit_test(texts_that_are_almost_numbers_make_a_category),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
