/* Numbers, dates and phrases as the pages print them. */
#include "check.h"

#include "site/page/words.h"

#include <string.h>

static struct buf text;

static const char *value(const char *metric, double v)
{
	buf_clear(&text);
	words_value(&text, metric, v);
	return text.text;
}

static const char *p(double v, double floor)
{
	buf_clear(&text);
	words_p(&text, v, floor);
	return text.text;
}

static const char *shell(const char *word)
{
	buf_clear(&text);
	words_shell(&text, word);
	return text.text;
}

static const char *date(const char *when, enum words_date form)
{
	buf_clear(&text);
	words_date(&text, when, form);
	return text.text;
}

static void scores_have_three_decimals_and_a_true_minus(void **state)
{
	(void)state;
	assert_string_equal(value("f1", 0.66291), "0.663");
	assert_string_equal(value("f1", -0.5), MINUS "0.500");
	assert_string_equal(value("f1", -0.0001), "0.000");
	assert_string_equal(value("reward", 12345.678), "12,346");
	assert_string_equal(value("reward", -1234567), MINUS "1,234,567");
}

static void times_carry_their_unit_and_two_digits(void **state)
{
	(void)state;
	assert_string_equal(value("latency_ms", 1.94), "1.9" NO_BREAK "ms");
	assert_string_equal(value("latency_ms", 61.2), "61" NO_BREAK "ms");
	assert_string_equal(value("fit_seconds", 0.041), "41" NO_BREAK "ms");
	assert_string_equal(value("fit_seconds", 0.0000051), "5.1" NO_BREAK "\xc2\xb5s");
	assert_string_equal(value("fit_seconds", 0.23), "0.23" NO_BREAK "s");
	assert_string_equal(value("latency_ms", 0.00021), "0.21" NO_BREAK "\xc2\xb5s");
	assert_string_equal(value("latency_ms", 0), "0.000" NO_BREAK "ms");
}

static void a_difference_carries_its_sign_and_zero_has_none(void **state)
{
	(void)state;
	buf_clear(&text);
	words_signed(&text, "f1", 0.0722);
	assert_string_equal(text.text, "+0.072");
	buf_clear(&text);
	words_signed(&text, "f1", 0.0002);
	assert_string_equal(text.text, "0.000");
	buf_clear(&text);
	words_signed_interval(&text, "f1", -0.0132, 0.0511);
	assert_string_equal(text.text, MINUS "0.013 to +0.051");
	buf_clear(&text);
	words_interval(&text, "f1", 0.626, 0.699);
	assert_string_equal(text.text, "0.626" EN_DASH "0.699");
}

static void p_is_never_below_what_the_test_resolves(void **state)
{
	(void)state;
	assert_string_equal(p(0.23, 0), "p" NO_BREAK "0.23");
	assert_string_equal(p(0.0341, 0), "p" NO_BREAK "0.034");
	assert_string_equal(p(0.0002, 0), "p" NO_BREAK "<" NO_BREAK "0.001");
	assert_string_equal(p(0.0036, 0.0036), "p" NO_BREAK "<" NO_BREAK "0.004");
	assert_string_equal(p(4.2, 0), "p" NO_BREAK "1.00");
	assert_string_equal(p(4.2, 4.2), "p" NO_BREAK "1.00");
	assert_string_equal(p(0.0999, 0), "p" NO_BREAK "0.10");
}

static void a_rule_is_printed_with_proper_signs(void **state)
{
	(void)state;
	buf_clear(&text);
	words_rule(&text, ">= 0.60");
	assert_string_equal(text.text, "\xe2\x89\xa5" NO_BREAK "0.60");
	buf_clear(&text);
	words_rule(&text, "beats baseline by 0.01");
	assert_string_equal(text.text, "beats baseline by" NO_BREAK "0.01");
}

static void a_word_for_the_shell_cannot_end_its_quotes(void **state)
{
	(void)state;
	assert_string_equal(shell("data/churn.csv"), "data/churn.csv");
	assert_string_equal(shell(""), "''");
	assert_string_equal(shell("a b"), "'a b'");
	assert_string_equal(shell("x'; rm -rf ~; '"), "'x'\\''; rm -rf ~; '\\'''");
	assert_string_equal(shell("~/x"), "'~/x'");
}

static void a_date_that_is_none_stays_as_it_is(void **state)
{
	(void)state;
	assert_string_equal(date("2026-11-20T14:02:11Z", DATE_DAY), "20 Nov 2026");
	assert_string_equal(date("2026-11-20T14:02:11Z", DATE_SHORT), "20 Nov");
	assert_string_equal(date("2026-11-20T14:02:11Z", DATE_TIME), "20 Nov 2026, 14:02 UTC");
	assert_string_equal(date("<b>yesterday", DATE_DAY), "<b>yesterday");
	assert_string_equal(date("2026-13-20T14:02:11Z", DATE_DAY), "2026-13-20T14:02:11Z");
}

static void a_long_name_is_shortened_in_its_middle(void **state)
{
	(void)state;
	buf_clear(&text);
	words_name(&text, "0123456789012345678901234567890123456789");
	assert_string_equal(text.text, "0123456789012345678901234567890123456789");
	buf_clear(&text);
	words_name(&text, "aaaaaaaaaaaaaaaaaaaaXXXXXXXXXXXXXXXXXXXXXXbbbbbbbbbbbbbbbbbbb");
	assert_string_equal(text.text, "aaaaaaaaaaaaaaaaaaaa\xe2\x80\xa6"
				       "bbbbbbbbbbbbbbbbbbb");
}

static void a_scalar_is_printed_in_its_shortest_form(void **state)
{
	json_t *real = json_real(0.861), *large = json_integer(9007199254740993), *list = json_pack("[i,i]", 1, 2);

	(void)state;
	buf_clear(&text);
	words_scalar(&text, real);
	assert_string_equal(text.text, "0.861");
	buf_clear(&text);
	words_scalar(&text, large);
	assert_string_equal(text.text, "9007199254740993");
	buf_clear(&text);
	words_scalar(&text, list);
	assert_string_equal(text.text, "[1,2]");
	json_decref(real);
	json_decref(large);
	json_decref(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_have_three_decimals_and_a_true_minus),
		cmocka_unit_test(times_carry_their_unit_and_two_digits),
		cmocka_unit_test(a_difference_carries_its_sign_and_zero_has_none),
		cmocka_unit_test(p_is_never_below_what_the_test_resolves),
		cmocka_unit_test(a_rule_is_printed_with_proper_signs),
		cmocka_unit_test(a_word_for_the_shell_cannot_end_its_quotes),
		cmocka_unit_test(a_date_that_is_none_stays_as_it_is),
		cmocka_unit_test(a_long_name_is_shortened_in_its_middle),
		cmocka_unit_test(a_scalar_is_printed_in_its_shortest_form),
	};
	int failed;

	text = (struct buf)BUF_INIT;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_release(&text);
	return failed;
}
