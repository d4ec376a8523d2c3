/* The option parser. */
#include "check.h"

#include "command/options.h"

#include <string.h>

struct sample {
	const char *data;
	struct names drop;
	double test;
	long long seed;
	int json;
};

static const struct option table[] = {
	{"data", 0, OPTION_TEXT, "FILE", "", offsetof(struct sample, data)},
	{"drop", 'd', OPTION_LIST, "A,B", "", offsetof(struct sample, drop)},
	{"test", 0, OPTION_NUMBER, "SHARE", "", offsetof(struct sample, test)},
	{"seed", 's', OPTION_COUNT, "N", "", offsetof(struct sample, seed)},
	{"json", 0, OPTION_FLAG, NULL, "", offsetof(struct sample, json)},
	{0},
};

/* Parse the words (the first is the command); argument[0 .. 3] are copied out. */
static int parse(struct sample *out, const char *argument[4], struct error *err, int argc, const char *const *words)
{
	struct parsed parsed;
	int rc = options_parse(&parsed, out, table, "sample", 0, argc, (char **)(size_t)words, err);

	for (int i = 0; i < 4; i++)
		argument[i] = i < parsed.arguments ? parsed.argument[i] : NULL;
	free(parsed.argument);
	return rc;
}

#define PARSE(out, argument, err, ...)                                                                 \
	parse((out), (argument), (err), (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), \
	      (const char *const[]){__VA_ARGS__, NULL})

static void values_come_after_a_blank_or_an_equals_sign(void **state)
{
	struct sample got = {0};
	struct error err = {0};
	const char *argument[4];

	(void)state;
	check_ok(PARSE(&got, argument, &err, "sample", "--data", "a.csv", "--test=0.3", "-s7", "--json"), err);
	assert_string_equal(got.data, "a.csv");
	check_close(got.test, 0.3, 0);
	assert_int_equal(got.seed, 7);
	assert_int_equal(got.json, 1);
	check_ok(PARSE(&got, argument, &err, "sample", "--data=--odd", "-s", "8"), err);
	assert_string_equal(got.data, "--odd");
	assert_int_equal(got.seed, 8);
}

static void lists_split_at_commas_and_add_up(void **state)
{
	struct sample got = {0};
	struct error err = {0};
	const char *argument[4];

	(void)state;
	check_ok(PARSE(&got, argument, &err, "sample", "--drop", "a,b", "-d", "\"c,d\",e"), err);
	assert_int_equal(got.drop.n, 4);
	assert_string_equal(got.drop.name[2], "c,d");
	assert_string_equal(got.drop.name[3], "e");
	options_release(&got, table);
	assert_int_equal(got.drop.n, 0);
}

static void arguments_may_stand_anywhere_and_two_dashes_end_the_options(void **state)
{
	struct sample got = {0};
	struct error err = {0};
	const char *argument[4];

	(void)state;
	check_ok(PARSE(&got, argument, &err, "sample", "one", "--json", "-", "--", "--data", "-s"), err);
	assert_int_equal(got.json, 1);
	assert_null(got.data);
	assert_string_equal(argument[0], "one");
	assert_string_equal(argument[1], "-");
	assert_string_equal(argument[2], "--data");
	assert_string_equal(argument[3], "-s");
}

static void an_unknown_option_names_the_nearest(void **state)
{
	struct sample got = {0};
	struct error err = {0};
	const char *argument[4];

	(void)state;
	assert_int_equal(PARSE(&got, argument, &err, "sample", "--dtaa=x"), ERR_INPUT);
	assert_string_equal(err.text, "sample has no option --dtaa");
	assert_non_null(strstr(err.hint, "did you mean --data?"));
	error_clear(&err);
	assert_int_equal(PARSE(&got, argument, &err, "sample", "-x"), ERR_INPUT);
	assert_non_null(strstr(err.hint, "assay sample --help"));
}

static void values_of_the_wrong_form_are_refused(void **state)
{
	static const char *const wrong[][3] = {
		{"sample", "--seed=-1", NULL},  {"sample", "--seed=1.5", NULL}, {"sample", "--seed=x", NULL},
		{"sample", "--test=", NULL},    {"sample", "--json=1", NULL},   {"sample", "--data", NULL},
		{"sample", "--data", "--json"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct sample got = {0};
		struct error err = {0};
		const char *argument[4];

		assert_int_equal(parse(&got, argument, &err, wrong[i][2] ? 3 : 2, wrong[i]), ERR_INPUT);
		assert_int_equal(err.code, ERR_INPUT);
		assert_int_not_equal(strlen(err.text), 0);
	}
}

static void help_is_seen_before_a_wrong_option(void **state)
{
	const char *const words[] = {"sample", "--nonsense", "--help", NULL}, *const plain[] = {"sample", "--",
												"--help", NULL};
	struct sample got = {0};
	struct error err = {0};
	struct parsed parsed;

	(void)state;
	check_ok(options_parse(&parsed, &got, table, "sample", 0, 3, (char **)(size_t)words, &err), err);
	assert_int_equal(parsed.help, 1);
	free(parsed.argument);
	check_ok(options_parse(&parsed, &got, table, "sample", 0, 3, (char **)(size_t)plain, &err), err);
	assert_int_equal(parsed.help, 0);
	assert_int_equal(parsed.arguments, 1);
	free(parsed.argument);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_after_a_blank_or_an_equals_sign),
		cmocka_unit_test(lists_split_at_commas_and_add_up),
		cmocka_unit_test(arguments_may_stand_anywhere_and_two_dashes_end_the_options),
		cmocka_unit_test(an_unknown_option_names_the_nearest),
		cmocka_unit_test(values_of_the_wrong_form_are_refused),
		cmocka_unit_test(help_is_seen_before_a_wrong_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
