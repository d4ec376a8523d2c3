/*
 * Numbers as text. Reading takes the short way of Clinger 1990 (How to Read Floating Point Numbers Accurately, PLDI):
 * digits whose value is below 2^53, times or divided by a power of ten that a double holds exactly, is one correctly
 * rounded operation. Up to 19 digits, as all 17-digit forms of doubles have, with up to 19 of them behind the point are
 * one integer division of 128 by 64 bits, whose remainder says which way to round. The rest goes to strtod, which is in
 * the C locale because setlocale is never called.
 */
#include "format/number.h"
#include "base/mem.h"

#include <math.h>
#include <stdint.h>

const double number_power_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
					1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t integer_power_of_ten[] = {
	1U,
	10U,
	100U,
	1000U,
	10000U,
	100000U,
	1000000U,
	10000000U,
	100000000U,
	1000000000U,
	10000000000U,
	100000000000U,
	1000000000000U,
	10000000000000U,
	100000000000000U,
	1000000000000000U,
	10000000000000000U,
	100000000000000000U,
	1000000000000000000U,
	10000000000000000000U,
};

#define EXACT_POWER 22
#define EXACT_DIGITS 19
#define MOST_PLACES 19
#define EXPONENT_LIMIT 100000 /* beyond it every number is 0 or infinite; keeps the sum of exponents in range */

/* A number taken apart: +-mantissa * 10^exponent, exact while digits <= EXACT_DIGITS. */
struct decimal {
	uint64_t mantissa;
	size_t digits; /* without leading zeros */
	long exponent;
	int negative;
	int nonzero;
};

void number_text(char out[NUMBER_TEXT], double value)
{
	if (isnan(value)) {
		snprintf(out, NUMBER_TEXT, "NaN");
		return;
	}
	if (isinf(value)) {
		snprintf(out, NUMBER_TEXT, value < 0 ? "-Infinity" : "Infinity");
		return;
	}
	if (fabs(value) < 0x1p53 && value == floor(value)) {
		snprintf(out, NUMBER_TEXT, "%lld", (long long)value);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			return;
	}
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *take_digits(struct decimal *number, const char *at, const char *end)
{
	for (; at < end && is_digit(*at); at++) {
		unsigned digit = (unsigned)(*at - '0');

		if (number->digits || digit)
			number->digits++;
		if (number->digits <= EXACT_DIGITS)
			number->mantissa = number->mantissa * 10 + digit;
	}
	return at;
}

/* The exponent after e or E; NULL if no digit follows. */
static const char *take_exponent(struct decimal *number, const char *at, const char *end)
{
	int negative = 0;
	long value = 0;

	if (at < end && (*at == '+' || *at == '-'))
		negative = *at++ == '-';
	if (at == end || !is_digit(*at))
		return NULL;
	for (; at < end && is_digit(*at); at++)
		if (value < EXPONENT_LIMIT)
			value = value * 10 + (*at - '0');
	number->exponent += negative ? -value : value;
	return at;
}

/* 1 if the text from at to end is a number and nothing else. */
static int take_apart(struct decimal *number, const char *at, const char *end)
{
	const char *start, *point;
	size_t digits;

	if (at < end && (*at == '+' || *at == '-'))
		number->negative = *at++ == '-';
	start = at;
	at = take_digits(number, at, end);
	digits = (size_t)(at - start);
	if (at < end && *at == '.') {
		point = ++at;
		at = take_digits(number, at, end);
		digits += (size_t)(at - point);
		number->exponent = -(long)(at - point);
	}
	if (!digits)
		return 0;
	number->nonzero = number->digits != 0;
	if (at < end && (*at == 'e' || *at == 'E'))
		at = take_exponent(number, at + 1, end);
	return at == end;
}

/* value * 2^exponent, exact: value has 54 bits at most and the result is far from both ends of a double's range. */
static double scaled(uint64_t value, int exponent)
{
	uint64_t bits = (uint64_t)(1023 + exponent) << 52;
	double power;

	memcpy(&power, &bits, sizeof(power));
	return (double)value * power;
}

double number_from_digits(uint64_t digits, unsigned places)
{
	__extension__ typedef unsigned __int128 wide;
	int shift_digits, shift_power, at_least_one;
	uint64_t high, low, power, quotient, dropped, kept;

	if (digits >> 53 == 0)
		return (double)digits / number_power_of_ten[places];
	/* Both with their highest bit set, the quotient has exactly 64 bits: 53, a half bit, ten more. */
	power = integer_power_of_ten[places];
	shift_digits = __builtin_clzll(digits);
	shift_power = __builtin_clzll(power);
	digits <<= shift_digits;
	power <<= shift_power;
	at_least_one = digits >= power;
	high = digits >> at_least_one;
	low = at_least_one ? digits << 63 : 0;
	quotient = (uint64_t)(((wide)high << 64 | low) / power);
	kept = quotient >> 11;
	dropped = quotient & 0x7ff;
	if (dropped == 0x400 && low == quotient * power) /* no remainder: halfway, to the even one */
		kept += kept & 1;
	else
		kept += dropped >> 10;
	return scaled(kept, shift_power - shift_digits - 64 + at_least_one + 11);
}

/* By the C library. No memory for a very long number counts as not a number: it cannot be told apart from one here. */
static enum number_kind long_way(double *out, const char *text, size_t len)
{
	char small[128], *copy = small;
	enum number_kind kind;

	if (len >= sizeof(small)) {
		copy = mem_array(len + 1, 1);
		if (!copy)
			return NUMBER_NONE;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	*out = strtod(copy, NULL);
	kind = isinf(*out) ? NUMBER_OVERFLOW : NUMBER_OK;
	if (copy != small)
		free(copy);
	return kind;
}

enum number_kind number_parse(double *out, const char *text, size_t len)
{
	struct decimal number = {0};
	const char *end = text + len;
	double value;

	while (text < end && is_blank(*text))
		text++;
	while (text < end && is_blank(end[-1]))
		end--;
	if (!take_apart(&number, text, end))
		return NUMBER_NONE;
	if (!number.nonzero)
		value = 0;
	else if (number.digits <= EXACT_DIGITS && number.exponent <= 0 && number.exponent >= -MOST_PLACES)
		value = number_from_digits(number.mantissa, (unsigned)-number.exponent);
	else if (number.digits <= EXACT_DIGITS && number.mantissa >> 53 == 0 && number.exponent > 0 &&
		 number.exponent <= EXACT_POWER)
		value = (double)number.mantissa * number_power_of_ten[number.exponent];
	else if (number.digits <= EXACT_DIGITS && number.mantissa >> 53 == 0 && number.exponent < 0 &&
		 number.exponent >= -EXACT_POWER)
		value = (double)number.mantissa / number_power_of_ten[-number.exponent];
	else
		return long_way(out, text, (size_t)(end - text));
	*out = number.negative ? -value : value;
	return NUMBER_OK;
}
