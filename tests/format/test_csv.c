#include "check.h"

#include "format/csv.h"

/* All records as text: fields in <>, records with their line before them. */
static char *read_all(const char *text, char separator, struct error *err)
{
	struct buf out = BUF_INIT;
	struct csv csv;
	int rc;

	csv_init(&csv, text, strlen(text), "f.csv", separator);
	while ((rc = csv_next(&csv, err)) > 0) {
		buf_printf(&out, "%zu", csv.line);
		for (size_t i = 0; i < csv.n; i++)
			buf_printf(&out, "<%.*s%s>", (int)csv.field[i].len, csv.field[i].text,
				   csv.field[i].quoted ? "\"" : "");
		buf_putc(&out, ' ');
	}
	csv_release(&csv);
	if (rc < 0) {
		buf_release(&out);
		return NULL;
	}
	return buf_detach(&out);
}

static void check_read(const char *text, const char *want)
{
	struct error err = {0};
	char *got = read_all(text, ',', &err);

	check_ok(err.code, err);
	assert_string_equal(got, want);
	free(got);
}

static void check_refused(const char *text, const char *want)
{
	struct error err = {0};

	assert_null(read_all(text, ',', &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, want);
}

static void plain_records_are_cut_at_separators(void **state)
{
	(void)state;
	check_read("a,b\n1,\n,2\n", "1<a><b> 2<1><> 3<><2> ");
	check_read("", "");
}

static void crlf_bom_blank_lines_and_a_missing_last_newline_are_accepted(void **state)
{
	(void)state;
	check_read("\xef\xbb\xbf"
		   "a,b\r\n\r\n1,2\r\n\n3,4",
		   "1<a><b> 3<1><2> 5<3><4> ");
	check_read("a,b\r\n1,2\r", "1<a><b> 2<1><2> ");
	check_read("\n\n", "");
}

static void quotes_hold_separators_newlines_and_doubled_quotes(void **state)
{
	(void)state;
	check_read("\"a,b\",\"x\ny\"\n\"say \"\"hi\"\"\",\"\"\"\"\n1,2\n",
		   "1<a,b\"><x\ny\"> 3<say \"hi\"\"><\"\"> 4<1><2> ");
	check_read("\"\",x\n", "1<\"><x> ");
	check_read("a,\"b\"", "1<a><b\"> ");
}

static void a_quote_inside_of_a_plain_field_is_text(void **state)
{
	(void)state;
	check_read("5\" pipe,x\n", "1<5\" pipe><x> ");
}

static void an_unclosed_quote_is_refused_where_it_was_opened(void **state)
{
	(void)state;
	check_refused("a,b\n1,\"2\n3,4\n", "a quote is opened and never closed: f.csv:2, column 2");
}

static void text_after_a_closing_quote_is_refused(void **state)
{
	(void)state;
	check_refused("a,b\n\"1\n\"x,2\n", "text after a closing quote: f.csv:3, column 1");
}

static void the_separator_is_the_one_that_splits_evenly(void **state)
{
	(void)state;
	assert_int_equal(csv_sniff("a,b,c\n1,2,3\n", 12), ',');
	assert_int_equal(csv_sniff("a;b\n1,5;2,5\n1;2\n", 16), ';');
	assert_int_equal(csv_sniff("a\tb\n1\t2\n", 8), '\t');
	assert_int_equal(csv_sniff("a|b|c\n1|2|3\n", 12), '|');
	assert_int_equal(csv_sniff("a\n1\n", 4), ',');
	assert_int_equal(csv_sniff("", 0), ',');
	assert_int_equal(csv_sniff("\"x;y\",b\n\"1;2;3\",4\n", 18), ',');
	assert_int_equal(csv_sniff("a,b;c\n1;2\n3;4\n", 14), ';');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_records_are_cut_at_separators),
		cmocka_unit_test(crlf_bom_blank_lines_and_a_missing_last_newline_are_accepted),
		cmocka_unit_test(quotes_hold_separators_newlines_and_doubled_quotes),
		cmocka_unit_test(a_quote_inside_of_a_plain_field_is_text),
		cmocka_unit_test(an_unclosed_quote_is_refused_where_it_was_opened),
		cmocka_unit_test(text_after_a_closing_quote_is_refused),
		cmocka_unit_test(the_separator_is_the_one_that_splits_evenly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
