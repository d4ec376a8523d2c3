#include "check.h"

#include "base/random.h"
#include "format/number.h"

static void check_text(double value, const char *want)
{
	char text[NUMBER_TEXT];

	number_text(text, value);
	assert_string_equal(text, want);
}

static void numbers_are_written_in_the_shortest_form_that_reads_back(void **state)
{
	(void)state;
	check_text(0.861, "0.861");
	check_text(0.1 + 0.2, "0.30000000000000004");
	check_text(1.0 / 3, "0.3333333333333333");
	check_text(5e-324, "4.94065645841247e-324");
	check_text(1.7976931348623157e308, "1.7976931348623157e+308");
}

static void integers_have_neither_point_nor_exponent(void **state)
{
	(void)state;
	check_text(0, "0");
	check_text(-0.0, "0");
	check_text(-12, "-12");
	check_text(1e15, "1000000000000000");
	check_text(0x1p53 - 1, "9007199254740991");
	check_text(1e22, "1e+22");
}

static void what_json_has_no_number_for_is_a_word(void **state)
{
	(void)state;
	check_text(NAN, "NaN");
	check_text(INFINITY, "Infinity");
	check_text(-INFINITY, "-Infinity");
}

static void every_double_reads_back_as_the_same_bits(void **state)
{
	struct random random;
	char text[NUMBER_TEXT];

	(void)state;
	random_init(&random, 7, 0);
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = random_u64(&random);
		double value, back = 0;

		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value) || value == 0)
			continue;
		number_text(text, value);
		assert_int_equal(number_parse(&back, text, strlen(text)), NUMBER_OK);
		assert_memory_equal(&back, &value, sizeof(value));
	}
}

static double parsed(const char *text)
{
	double value = NAN;

	if (number_parse(&value, text, strlen(text)) != NUMBER_OK)
		fail_msg("'%s' is not read as a number", text);
	return value;
}

/* Random texts of every shape against strtod: digits, point and exponent anywhere. */
static void parsing_agrees_with_strtod_to_the_last_bit(void **state)
{
	struct random random;
	char text[64];

	(void)state;
	random_init(&random, 8, 0);
	for (int i = 0; i < 300000; i++) {
		size_t digits = 1 + random_below(&random, 22), point = random_below(&random, digits + 4), len = 0;
		double want, got;

		if (random_below(&random, 2))
			text[len++] = '-';
		for (size_t d = 0; d < digits; d++) {
			if (d == point)
				text[len++] = '.';
			text[len++] = (char)('0' + random_below(&random, 10));
		}
		text[len] = '\0';
		if (random_below(&random, 3) == 0)
			snprintf(text + len, sizeof(text) - len, "e%d", (int)random_below(&random, 580) - 300);
		want = strtod(text, NULL);
		got = parsed(text);
		if (memcmp(&got, &want, sizeof(want)) != 0)
			fail_msg("%s is read as %.17g, not %.17g", text, got, want);
	}
}

static void numbers_halfway_between_two_doubles_go_to_the_even_one(void **state)
{
	(void)state;
	check_close(number_from_digits(9007199254740993U, 0), 9007199254740992.0, 0);
	check_close(number_from_digits(9007199254740995U, 0), 9007199254740996.0, 0);
	check_close(number_from_digits(90071992547409930U, 1), 9007199254740992.0, 0);
	check_close(number_from_digits(90071992547409931U, 1), 9007199254740994.0, 0);
	check_close(number_from_digits(9999999999999999999U, 19), 1, 0);
	check_close(number_from_digits(18446744073709551615U, 0), 0x1p64, 0);
}

static void forms_of_numbers_are_accepted(void **state)
{
	(void)state;
	check_close(parsed("1"), 1, 0);
	check_close(parsed("+.5"), 0.5, 0);
	check_close(parsed("5."), 5, 0);
	check_close(parsed(" 1e3\t"), 1000, 0);
	check_close(parsed("-0012.50E-1"), -1.25, 0);
	check_close(parsed("1e-400"), 0, 0);
	check_close(parsed("0e99999999999"), 0, 0);
	check_close(parsed("123456789012345678901234567890"), 123456789012345678901234567890.0, 0);
	check_close(parsed("9007199254740993"), 9007199254740992.0, 0);
}

static void other_texts_are_no_numbers(void **state)
{
	static const char *const texts[] = {"",         " ",   ".",     "-",     "+",   "e5",  "1e",   "1e+",
					    "1.2.3",    "1 2", "0x1",   "1f",    "inf", "nan", "NaN",  "--1",
					    "Infinity", "1,5", "1_000", "1e5.0", "１",  "5%",  "\xff", "1e 5"};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (number_parse(&value, texts[i], strlen(texts[i])) != NUMBER_NONE)
			fail_msg("'%s' is read as a number", texts[i]);
	assert_int_equal(number_parse(&value,
				      "1\0"
				      "2",
				      3),
			 NUMBER_NONE);
}

static void a_number_too_large_for_a_double_is_told_apart(void **state)
{
	double value = 0;

	(void)state;
	assert_int_equal(number_parse(&value, "1e999", 5), NUMBER_OVERFLOW);
	assert_true(value > 0 && isinf(value));
	assert_int_equal(number_parse(&value, "-1e309", 6), NUMBER_OVERFLOW);
	assert_true(value < 0 && isinf(value));
}

static void a_number_ends_where_its_length_says(void **state)
{
	double value = 0;

	(void)state;
	assert_int_equal(number_parse(&value, "1234.5678", 4), NUMBER_OK);
	check_close(value, 1234, 0);
	assert_int_equal(number_parse(&value, "12345678901234567890123", 21), NUMBER_OK);
	check_close(value, 123456789012345678901.0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_in_the_shortest_form_that_reads_back),
		cmocka_unit_test(integers_have_neither_point_nor_exponent),
		cmocka_unit_test(what_json_has_no_number_for_is_a_word),
		cmocka_unit_test(every_double_reads_back_as_the_same_bits),
		cmocka_unit_test(parsing_agrees_with_strtod_to_the_last_bit),
		cmocka_unit_test(numbers_halfway_between_two_doubles_go_to_the_even_one),
		cmocka_unit_test(forms_of_numbers_are_accepted),
		cmocka_unit_test(other_texts_are_no_numbers),
		cmocka_unit_test(a_number_too_large_for_a_double_is_told_apart),
		cmocka_unit_test(a_number_ends_where_its_length_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
