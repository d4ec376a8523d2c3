#include "check.h"

#include "format/json.h"

static json_t *parse(const char *text)
{
	struct error err = {0};
	json_t *json = NULL;

	check_ok(json_parse(&json, text, strlen(text), "r.json", &err), err);
	return json;
}

static void check_rewritten(const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	json_t *json = parse(text);

	json_write(&out, json);
	assert_string_equal(out.text, want);
	buf_release(&out);
	json_decref(json);
}

static void check_refused(const char *text, const char *want)
{
	struct error err = {0};
	json_t *json = NULL;

	assert_int_equal(json_parse(&json, text, strlen(text), "r.json", &err), ERR_INPUT);
	assert_null(json);
	if (!strstr(err.text, want))
		fail_msg("'%s' does not say '%s'", err.text, want);
}

static void output_is_canonical(void **state)
{
	(void)state;
	check_rewritten("{\"b\":[1,2.50,\"x\"],\"a\":{},\"c\":[],\"d\":{\"e\":null,\"f\":[[1,0.861],[true,false]]}}",
			"{\n  \"b\": [1, 2.5, \"x\"],\n  \"a\": {},\n  \"c\": [],\n  \"d\": {\n    \"e\": null,\n"
			"    \"f\": [\n      [1, 0.861],\n      [true, false]\n    ]\n  }\n}\n");
	check_rewritten("3", "3\n");
}

static void output_reads_back_as_the_same_bytes(void **state)
{
	static const char text[] =
		"{\n  \"a\": 0.30000000000000004,\n  \"b\": \"\\u0001\\n\\\"/\xc3\xa9</\",\n  \"c\": -12\n}\n";

	(void)state;
	check_rewritten(text, text);
}

static void nan_and_infinities_become_strings(void **state)
{
	(void)state;
	check_rewritten("[NaN, Infinity, -Infinity, \"NaN, \\\"NaN\"]",
			"[\"NaN\", \"Infinity\", \"-Infinity\", \"NaN, \\\"NaN\"]\n");
	check_rewritten("NaN", "\"NaN\"\n");
	check_refused("{NaN: 1}", "r.json:1");
	check_refused("[NaNs]", "r.json:1");
}

static void integers_beyond_64_bits_become_reals_and_others_stay_exact(void **state)
{
	(void)state;
	check_rewritten("[18446744073709551616, 9007199254740993, -9223372036854775808]",
			"[1.8446744073709552e+19, 9007199254740993, -9223372036854775808]\n");
}

static void numbers_beyond_a_doubles_range_are_infinite(void **state)
{
	(void)state;
	check_rewritten("[1e400, -1E+999, 1e308, 1e-400]", "[\"Infinity\", \"-Infinity\", 1e+308, 0]\n");
	check_refused("{1e400: 1}", "r.json:1");
	check_refused("[01e400]", "r.json:1");
	check_refused("[1e400, NaN, 18446744073709551616, x]", "r.json:1:36");
	check_refused("[1e400 x]", "r.json:1:8");
}

static void of_two_equal_keys_the_last_counts_where_that_is_asked_for(void **state)
{
	static const char text[] = "{\"a\": 1, \"a\": NaN}";
	struct error err = {0};
	json_t *json = NULL;

	(void)state;
	check_ok(json_parse_last(&json, text, strlen(text), "r.json", &err), err);
	assert_string_equal(json_string_value(json_object_get(json, "a")), "NaN");
	json_decref(json);
}

static void bad_texts_are_refused_with_their_place(void **state)
{
	char deep[2000];

	(void)state;
	check_refused("{\"a\": 1,\n \"b\": }", "r.json:2:7");
	check_refused("[NaN, NaN, x]", "r.json:1:12");
	check_refused("{\"a\": 1, \"a\": 2}", "duplicate");
	check_refused("{} {}", "end of file expected");
	check_refused("\"\xff\"", "unable to decode byte 0xff");
	check_refused("", "r.json:1");
	memset(deep, '[', 513);
	memset(deep + 513, ']', 513);
	deep[1026] = '\0';
	check_refused(deep, "more than 512 deep");
	memmove(deep, deep + 1, 1026);
	deep[1024] = '\0';
	json_decref(parse(deep));
}

static void numbers_are_set_and_read_with_nan_as_a_string(void **state)
{
	struct error err = {0};
	struct buf out = BUF_INIT;
	json_t *object = json_object();
	double got = 0;

	(void)state;
	check_ok(json_set_number(object, "a", 3, &err), err);
	check_ok(json_set_number(object, "b", 0.5, &err), err);
	check_ok(json_set_number(object, "c", NAN, &err), err);
	check_ok(json_set_number(object, "d", -INFINITY, &err), err);
	check_ok(json_set_text(object, "e",
			       "a\xff"
			       "b",
			       &err),
		 err);
	json_write(&out, object);
	assert_string_equal(out.text, "{\n  \"a\": 3,\n  \"b\": 0.5,\n  \"c\": \"NaN\",\n  \"d\": \"-Infinity\",\n"
				      "  \"e\": \"a\xef\xbf\xbd"
				      "b\"\n}\n");
	assert_true(json_number(&got, json_object_get(object, "a")) && got == 3);
	assert_true(json_number(&got, json_object_get(object, "c")) && isnan(got));
	assert_true(json_number(&got, json_object_get(object, "d")) && got == -INFINITY);
	assert_false(json_number(&got, json_object_get(object, "e")));
	assert_false(json_number(&got, NULL));
	assert_int_equal(json_set(object, "f", NULL, &err), ERR_NOMEM);
	buf_release(&out);
	json_decref(object);
}

static void sorting_orders_keys_by_bytes(void **state)
{
	struct buf out = BUF_INIT;
	json_t *json = parse("{\"b\": 1, \"\xc3\xa9\": 2, \"B\": 3, \"a\": {\"z\": 1, \"y\": 2}}");
	json_t *sorted = json_sorted(json);

	(void)state;
	json_write(&out, sorted);
	assert_string_equal(out.text, "{\n  \"B\": 3,\n  \"a\": {\n    \"z\": 1,\n    \"y\": 2\n  },\n  \"b\": 1,\n"
				      "  \"\xc3\xa9\": 2\n}\n");
	buf_release(&out);
	json_decref(sorted);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_canonical),
		cmocka_unit_test(output_reads_back_as_the_same_bytes),
		cmocka_unit_test(nan_and_infinities_become_strings),
		cmocka_unit_test(integers_beyond_64_bits_become_reals_and_others_stay_exact),
		cmocka_unit_test(numbers_beyond_a_doubles_range_are_infinite),
		cmocka_unit_test(of_two_equal_keys_the_last_counts_where_that_is_asked_for),
		cmocka_unit_test(bad_texts_are_refused_with_their_place),
		cmocka_unit_test(numbers_are_set_and_read_with_nan_as_a_string),
		cmocka_unit_test(sorting_orders_keys_by_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
