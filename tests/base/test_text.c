/* Text and its escapes, errors, memory. */
#include "check.h"

#include "base/buf.h"
#include "base/mem.h"

static void error_keeps_the_first_report(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(error_set(&err, ERR_INPUT, "first %d", 1), ERR_INPUT);
	assert_int_equal(error_set(&err, ERR_MACHINE, "second"), ERR_MACHINE);
	error_hint(&err, "do this");
	error_hint(&err, "do that");
	error_prefix(&err, "file.csv:%d", 7);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, "file.csv:7: first 1");
	assert_string_equal(err.hint, "do this");
	assert_int_equal(error_exit(err.code), 2);
	assert_int_equal(error_exit(ERR_MACHINE), 3);
}

static void error_prefix_survives_long_texts(void **state)
{
	struct error err = {0};
	char long_text[4000];

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	error_set(&err, ERR_INPUT, "%s", long_text);
	error_prefix(&err, "%s", long_text);
	assert_true(strlen(err.text) < sizeof(err.text));
}

#define ESCAPED(escape, given, want) escaped((escape), (given), sizeof(given) - 1, (want))
static void escaped(void (*escape)(struct buf *, const char *, size_t), const char *given, size_t len, const char *want)
{
	struct buf buf = BUF_INIT;

	escape(&buf, given, len);
	assert_string_equal(buf.text, want);
	buf_release(&buf);
}

static void html_escape_leaves_no_markup(void **state)
{
	(void)state;
	ESCAPED(buf_html, "<a href='x'>&\"", "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
	ESCAPED(buf_html, "caf\xc3\xa9 \xff!", "caf\xc3\xa9 \xef\xbf\xbd!");
	ESCAPED(buf_html,
		"a\xe2\x80\xae"
		"b\x1b[1m",
		"a&lt;U+202E&gt;b&lt;U+001B&gt;[1m");
	ESCAPED(buf_html, "a\0b", "a&lt;U+0000&gt;b");
}

static void assert_code(const char *text, const char *expected)
{
	struct buf buf = BUF_INIT;

	buf_markdown_code(&buf, text, strlen(text));
	assert_string_equal(buf.text, expected);
	buf_release(&buf);
}

static void a_code_span_of_markdown_holds_any_text(void **state)
{
	(void)state;
	assert_code("forest_2", "`forest_2`");
	assert_code("a|b", "`a\\|b`");
	assert_code("|", "`\\|`");
	assert_code("`", "`` ` ``");
	assert_code("a``b", "```a``b```");
	assert_code("", "`  `");
	assert_code("x\ny", "`x<U+000A>y`");
	assert_code("@team [a](b)", "`@team [a](b)`");
}

static void terminal_escape_lets_no_control_through(void **state)
{
	(void)state;
	ESCAPED(buf_terminal, "\x1b]0;title\x07 ok", "<U+001B>]0;title<U+0007> ok");
	ESCAPED(buf_terminal, "a\nb\rc", "a<U+000A>b<U+000D>c");
	ESCAPED(buf_terminal,
		"\xc2\x9b"
		"31m",
		"<U+009B>31m");
}

static void csv_quotes_only_where_needed(void **state)
{
	(void)state;
	ESCAPED(buf_csv, "plain", "plain");
	ESCAPED(buf_csv, "a,b", "\"a,b\"");
	ESCAPED(buf_csv, "say \"x\"\n", "\"say \"\"x\"\"\n\"");
	ESCAPED(buf_csv, " x", "\" x\"");
}

static void json_text_escapes_only_what_json_asks_for(void **state)
{
	(void)state;
	ESCAPED(buf_json_text, "a\"\\\n\x01/\xc3\xa9", "\"a\\\"\\\\\\n\\u0001/\xc3\xa9\"");
}

static void malformed_utf8_is_seen(void **state)
{
	unsigned code;

	(void)state;
	assert_int_equal(utf8_next("\xc0\x80", 2, &code), 0); /* overlong NUL */
	assert_int_equal(utf8_next("\xed\xa0\x80", 3, &code), 0); /* a surrogate */
	assert_int_equal(utf8_next("\xf4\x90\x80\x80", 4, &code), 0); /* beyond U+10FFFF */
	assert_int_equal(utf8_next("\xe2\x82", 2, &code), 0); /* cut off */
	assert_int_equal(utf8_next("\xe2\x82\xac", 3, &code), 3);
	assert_int_equal(code, 0x20ac);
}

static void width_counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(utf8_width("caf\xc3\xa9"), 4);
	assert_int_equal(utf8_width("e\xcc\x81"), 1);
	assert_int_equal(utf8_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
}

static void buffer_grows_and_is_detached(void **state)
{
	struct buf buf = BUF_INIT;
	struct error err = {0};
	char *text;

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_printf(&buf, "%d,", i);
	check_ok(buf_check(&buf, &err), err);
	assert_int_equal(buf.len, 48890);
	text = buf_detach(&buf);
	assert_non_null(text);
	assert_int_equal(strlen(text), 48890);
	assert_int_equal(buf.len, 0);
	free(text);
}

static void sizes_that_overflow_are_refused(void **state)
{
	(void)state;
	assert_null(mem_array(SIZE_MAX / 4, 8));
	assert_null(mem_zeroed(SIZE_MAX / 4, 8));
	assert_null(mem_aligned(SIZE_MAX / 4, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_keeps_the_first_report),
		cmocka_unit_test(error_prefix_survives_long_texts),
		cmocka_unit_test(html_escape_leaves_no_markup),
		cmocka_unit_test(a_code_span_of_markdown_holds_any_text),
		cmocka_unit_test(terminal_escape_lets_no_control_through),
		cmocka_unit_test(csv_quotes_only_where_needed),
		cmocka_unit_test(json_text_escapes_only_what_json_asks_for),
		cmocka_unit_test(malformed_utf8_is_seen),
		cmocka_unit_test(width_counts_columns_not_bytes),
		cmocka_unit_test(buffer_grows_and_is_detached),
		cmocka_unit_test(sizes_that_overflow_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
