#include "check.h"

#include "format/front_matter.h"

static struct front_matter split(const char *text)
{
	struct front_matter out = {0};
	struct error err = {0};

	check_ok(front_matter_split(&out, text, strlen(text), "e.md", &err), err);
	return out;
}

static void yaml_and_body_are_told_apart_with_their_lines(void **state)
{
	struct front_matter out = split("---\ntitle: A\nstatus: open\n---\n# Text\n---\n");

	(void)state;
	assert_int_equal(out.yaml_len, strlen("title: A\nstatus: open\n"));
	assert_memory_equal(out.yaml, "title: A\n", 9);
	assert_int_equal(out.yaml_line, 2);
	assert_memory_equal(out.body, "# Text\n---\n", 11);
	assert_int_equal(out.body_len, 11);
	assert_int_equal(out.body_line, 5);
}

static void a_bom_and_crlf_are_accepted(void **state)
{
	struct front_matter out = split("\xef\xbb\xbf---\r\na: 1\r\n---\r\nbody");

	(void)state;
	assert_int_equal(out.yaml_len, 6);
	assert_memory_equal(out.body, "body", 4);
	assert_int_equal(out.body_line, 4);
}

static void a_text_without_front_matter_is_all_body(void **state)
{
	struct front_matter out = split("# Title\n---\n");

	(void)state;
	assert_null(out.yaml);
	assert_int_equal(out.body_len, 12);
	assert_int_equal(out.body_line, 1);
	assert_int_equal(split("").body_len, 0);
	assert_null(split("----\na: 1\n----\n").yaml);
}

static void front_matter_may_be_empty_and_end_the_file(void **state)
{
	struct front_matter out = split("---\n---");

	(void)state;
	assert_non_null(out.yaml);
	assert_int_equal(out.yaml_len, 0);
	assert_int_equal(out.body_len, 0);
}

static void front_matter_that_is_never_closed_is_an_error(void **state)
{
	struct front_matter out;
	struct error err = {0};

	(void)state;
	assert_int_equal(front_matter_split(&out, "---\na: 1\n", 9, "e.md", &err), ERR_INPUT);
	assert_string_equal(err.text, "the front matter is opened and never closed: e.md:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_and_body_are_told_apart_with_their_lines),
		cmocka_unit_test(a_bom_and_crlf_are_accepted),
		cmocka_unit_test(a_text_without_front_matter_is_all_body),
		cmocka_unit_test(front_matter_may_be_empty_and_end_the_file),
		cmocka_unit_test(front_matter_that_is_never_closed_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
