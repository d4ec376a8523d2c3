/* Commands side by side: which differences values explain, and the commands between. */
#include "check.h"

#include "base/mem.h"
#include "judge/command_words.h"

#include <string.h>
#include <time.h>

static json_t *parse(const char *text)
{
	char *mended = mem_text(text);
	json_t *json;

	for (char *c = mended; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json = json_loads(mended, JSON_DECODE_ANY, NULL);
	assert_non_null(json);
	free(mended);
	return json;
}

/* values: [[name, from, to], ...]; the command with the first value as it was and the others as they are; "-": not aligned. */
static char *between(const char *values_text, const char *from_text, const char *to_text)
{
	json_t *list = parse(values_text), *from = parse(from_text), *to = parse(to_text);
	enum command_side side[8] = {SIDE_FROM, SIDE_TO, SIDE_TO, SIDE_TO, SIDE_TO, SIDE_TO, SIDE_TO, SIDE_TO};
	struct command_values values = {0};
	struct command_words words;
	struct buf text = BUF_INIT;
	struct error err = {0};
	int rc;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i), *a = json_array_get(one, 1), *b = json_array_get(one, 2);

		check_ok(command_value_add(&values, json_string_value(json_array_get(one, 0)),
					   json_is_null(a) ? NULL : a, json_is_null(b) ? NULL : b, &err),
			 err);
	}
	rc = command_align(&words, from, to, &values, &err);
	assert_true(rc == 0 || rc == 1);
	if (rc)
		command_put(&text, &words, &values, side);
	else
		buf_puts(&text, "-");
	command_words_release(&words);
	command_values_release(&values);
	json_decref(list);
	json_decref(from);
	json_decref(to);
	return buf_detach(&text);
}

static void check_between(const char *values, const char *from, const char *to, const char *want)
{
	char *got = between(values, from, to);

	assert_string_equal(got, want);
	free(got);
}

static void a_value_is_put_back_where_it_stood(void **state)
{
	(void)state;
	check_between("[['lr', 0.1, 0.2]]", "['t', '--lr', '0.1']", "['t', '--lr', '0.2']", "t --lr 0.1");
	check_between("[['lr', 0.1, 0.15]]", "['t', '--lr=0.1']", "['t', '--lr=0.15']", "t --lr=0.1");
	check_between("[['lr', 0.1, 0.2], ['d', 4, 6]]", "['t', 'lr=0.1,d=4']", "['t', 'lr=0.2,d=6']", "t lr=0.1,d=6");
	check_between("[['lr', 0.1, 0.2]]", "['t', '--lr=1e-1']", "['t', '--lr=2e-1']", "t --lr=0.1");
	check_between("[['name', 'a b', 'c']]", "['t', 'a b']", "['t', 'c']", "t 'a b'");
	check_between("[['name', 'it\\u0027s', 'c']]", "['t', 'it\\u0027s']", "['t', 'c']", "t 'it'\\''s'");
	check_between("[]", "['t', '']", "['t', '']", "t ''");
}

static void of_two_values_that_changed_alike_the_one_that_the_flag_names_is_meant(void **state)
{
	(void)state;
	check_between("[['momentum', 0.1, 0.2], ['lr', 0.1, 0.2]]", "['t', '--lr', '0.1', '--momentum', '0.1']",
		      "['t', '--lr', '0.2', '--momentum', '0.2']", "t --lr 0.2 --momentum 0.1");
	check_between("[['opt.lr', 1, 2], ['m', 1, 2]]", "['t', '--m=1', '--lr=1']", "['t', '--m=2', '--lr=2']",
		      "t --m=2 --lr=1");
}

static void a_flag_may_be_there_on_one_side_alone(void **state)
{
	(void)state;
	check_between("[['learning_rate', null, 0.2]]", "['t', 'x']", "['t', '--learning-rate', '0.2', 'x']", "t x");
	check_between("[['lr', 0.1, 0.2]]", "['t', '--lr=0.1']", "['t']", "t --lr=0.1");
	check_between("[['on', false, true]]", "['t']", "['t', '--on']", "t");
	check_between("[['on', false, true]]", "['t', '--no-on']", "['t', '--on']", "t --no-on");
	check_between("[['lr', 0.1, 0.2]]", "['t']", "['t', '--lr', '0.3']", "-");
	check_between("[['lr', 0.1, 0.2]]", "['t']", "['t', '--rate', '0.2']", "-");
}

static void another_difference_is_not_explained(void **state)
{
	(void)state;
	check_between("[['lr', 0.1, 0.2]]", "['t', 'a']", "['t', 'b']", "-");
	check_between("[['lr', 0.1, 0.2]]", "['t', '0.1a']", "['t', '0.2b']", "-");
	check_between("[['empty', '', 'x']]", "['t', 'a']", "['t', 'xa']", "-");
	check_between("[]", "['python3', 'a']", "['/opt/bin/python', 'a']", "/opt/bin/python a");
	check_between("[]", "['python3', 'a']", "['ruby', 'a']", "-");
}

/* Values that overlap in ever so many ways. */
static void words_that_are_made_to_be_slow_are_given_up(void **state)
{
	enum { LENGTH = 4000 };
	char *from = mem_zeroed(LENGTH + 1, 1), *to = mem_zeroed(LENGTH + 2, 1), *from_json, *to_json, *got;
	clock_t begin = clock();

	(void)state;
	assert_true(from && to);
	memset(from, 'a', LENGTH);
	memset(to, 'a', LENGTH + 1);
	from[LENGTH - 1] = 'b';
	to[LENGTH] = 'c';
	from_json = mem_printf("['t', '%s']", from);
	to_json = mem_printf("['t', '%s']", to);
	got = between("[['p', 'a', 'aa'], ['q', 'aa', 'a'], ['r', 'aaa', 'aa'], ['s', 'aa', 'aaa']]", from_json,
		      to_json);
	assert_string_equal(got, "-");
	assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 2);
	free(got);
	free(from_json);
	free(to_json);
	free(from);
	free(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_put_back_where_it_stood),
		cmocka_unit_test(of_two_values_that_changed_alike_the_one_that_the_flag_names_is_meant),
		cmocka_unit_test(a_flag_may_be_there_on_one_side_alone),
		cmocka_unit_test(another_difference_is_not_explained),
		cmocka_unit_test(words_that_are_made_to_be_slow_are_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
