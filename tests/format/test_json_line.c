/* Flat objects of numbers read in place agree with jansson, and words of a command line become values. */
#include "check.h"

#include "base/mem.h"
#include "base/random.h"
#include "format/json.h"
#include "format/json_line.h"
#include "format/json_word.h"

#include <string.h>

/* Members of the line, or -1 where it is of another kind. */
static int read_all(const char *text, double *last)
{
	struct json_line line;
	struct json_member member;
	enum json_line_state state;
	int n = 0;

	json_line_init(&line, text, strlen(text));
	while ((state = json_line_next(&line, &member)) == JSON_LINE_MEMBER) {
		*last = member.value;
		n++;
	}
	return state == JSON_LINE_END ? n : -1;
}

static void flat_objects_of_numbers_are_read(void **state)
{
	double value = 0;

	(void)state;
	assert_int_equal(read_all("{}", &value), 0);
	assert_int_equal(read_all(" { \"a\" : 1 , \"b\":-2.5e-3 } ", &value), 2);
	check_close(value, -0.0025, 0);
	assert_int_equal(read_all("{\"a\":NaN}", &value), 1);
	assert_true(isnan(value));
	assert_int_equal(read_all("{\"a\":-Infinity}\r", &value), 1);
	assert_true(value < 0 && isinf(value));
	assert_int_equal(read_all("{\"a\":0}", &value), 1);
	check_close(value, 0, 0);
}

static void what_is_not_json_is_never_taken_for_it(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1",
		"{\"a\":1,}",
		"{\"a\":01}",
		"{\"a\":+1}",
		"{\"a\":.5}",
		"{\"a\":1.}",
		"{\"a\":1e}",
		"{\"a\":--1}",
		"{\"a\":1}x",
		"{\"a\":1}{}",
		"{,\"a\":1}",
		"{a:1}",
		"[1]",
		"1",
		"{\"a\":NaNx}",
		"{\"a\":Infinit}",
		"{\"a\" 1}",
		"{\"a\":1 \"b\":2}",
		"{\"a\nb\":1}",
		"{\"a\":1;}",
		"{\"a\":-}",
	};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		json_t *json = NULL;

		if (read_all(bad[i], &value) != -1)
			fail_msg("taken: %s", bad[i]);
		assert_true(json_parse(&json, bad[i], strlen(bad[i]), "x", NULL) < 0 || !json_is_object(json));
		json_decref(json);
	}
}

/* Any line of these bytes: where it is taken, jansson takes it with the same members and values. */
static void lines_of_chance_agree_with_jansson(void **state)
{
	static const char *const piece[] = {"{", "}",   "\"a\"", "\"b\"", ":",   ",", "1",
					    "-", "0.5", "e3",    " ",     "NaN", "\\"};
	struct random random;
	size_t taken = 0;

	(void)state;
	random_init(&random, 7, 0);
	for (size_t i = 0; i < 200000; i++) {
		char text[64] = "{\"a\":";
		double value = 0, other = 0;
		json_t *json = NULL;
		int n;

		for (size_t k = random_below(&random, 7); k > 0; k--)
			strncat(text, piece[random_below(&random, sizeof(piece) / sizeof(*piece))], 8);
		strncat(text, "}", 2);
		n = read_all(text, &value);
		if (n < 0)
			continue;
		taken++;
		if (json_parse(&json, text, strlen(text), "x", NULL) < 0) {
			assert_true(n > 1); /* two equal names, which the caller looks for */
			continue;
		}
		assert_int_equal(json_object_size(json), n);
		if (n == 1) {
			assert_true(json_number(&other, json_object_get(json, "a")));
			assert_true(value == other || (isnan(value) && isnan(other)));
		}
		json_decref(json);
	}
	assert_true(taken > 1000);
}

static const char *word_as(const char *text)
{
	static char out[64];
	json_t *json = json_word(text);
	char *dumped = json_dumps(json, JSON_ENCODE_ANY);

	snprintf(out, sizeof(out), "%s", dumped);
	free(dumped);
	json_decref(json);
	return out;
}

static void words_are_numbers_only_in_jsons_form(void **state)
{
	(void)state;
	assert_string_equal(word_as("6"), "6");
	assert_string_equal(word_as("-0.5"), "-0.5");
	assert_string_equal(word_as("1e3"), "1000.0");
	assert_string_equal(word_as("true"), "true");
	assert_string_equal(word_as("False"), "\"False\"");
	assert_string_equal(word_as("007"), "\"007\"");
	assert_string_equal(word_as("+1"), "\"+1\"");
	assert_string_equal(word_as("1.2.3"), "\"1.2.3\"");
	assert_string_equal(word_as(""), "\"\"");
	assert_string_equal(word_as("1e999"), "\"Infinity\"");
	assert_string_equal(word_as("9223372036854775807"), "9223372036854775807");
	assert_string_equal(word_as("9223372036854775808"), "9.2233720368547758e18");
	assert_string_equal(word_as("a\xff"), "\"a\xef\xbf\xbd\"");
}

static void one_line_of_json_reads_back_the_same(void **state)
{
	static const char text[] = "{\"a\": [1, {\"b\": \"x\\n  y,\"}, []], \"c\": {}, \"d\": 0.1}";
	struct buf out = BUF_INIT;
	struct error err = {0};
	json_t *json = NULL, *again = NULL;

	(void)state;
	check_ok(json_parse(&json, text, strlen(text), "x", &err), err);
	json_write_line(&out, json);
	assert_ptr_equal(strchr(out.text, '\n'), out.text + out.len - 1);
	check_ok(json_parse(&again, out.text, out.len, "x", &err), err);
	assert_true(json_equal(json, again));
	json_decref(json);
	json_decref(again);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flat_objects_of_numbers_are_read),
		cmocka_unit_test(what_is_not_json_is_never_taken_for_it),
		cmocka_unit_test(lines_of_chance_agree_with_jansson),
		cmocka_unit_test(words_are_numbers_only_in_jsons_form),
		cmocka_unit_test(one_line_of_json_reads_back_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
