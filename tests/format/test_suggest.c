#include "check.h"

#include "format/suggest.h"

#include <string.h>

static const char *const commands[] = {"init", "baseline", "ls", "show", "site", "help"};

static const char *nearest(const char *word)
{
	return suggest(word, commands, sizeof(commands) / sizeof(*commands));
}

static void the_nearest_word_is_suggested(void **state)
{
	(void)state;
	assert_string_equal(nearest("baselin"), "baseline");
	assert_string_equal(nearest("shwo"), "show");
	assert_string_equal(nearest("initt"), "init");
	assert_string_equal(nearest("sl"), "ls");
}

static void of_equally_near_words_the_first_is_suggested(void **state)
{
	static const char *const words[] = {"cat", "bat", "rat"};

	(void)state;
	assert_string_equal(suggest("hat", words, 3), "cat");
}

static void a_word_far_from_all_gets_no_suggestion(void **state)
{
	(void)state;
	assert_null(nearest("xyzzy"));
	assert_null(nearest("train"));
	assert_null(suggest("a", NULL, 0));
}

static void very_long_words_are_compared_safely(void **state)
{
	char word[500];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest(word));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_word_is_suggested),
		cmocka_unit_test(of_equally_near_words_the_first_is_suggested),
		cmocka_unit_test(a_word_far_from_all_gets_no_suggestion),
		cmocka_unit_test(very_long_words_are_compared_safely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
