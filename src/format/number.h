/*
 * format: text forms of data: numbers, JSON, CSV, YAML, front matter. Knows base/ only; nothing of what the data mean.
 *
 * This file: numbers as text, in the shortest form that reads back the same, and back again.
 */
#ifndef ASSAY_FORMAT_NUMBER_H
#define ASSAY_FORMAT_NUMBER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT 32

/*
 * The first of %.15g, %.16g, %.17g that reads back the same double; an integer below 2^53 without exponent or point;
 * -0 is 0. "NaN", "Infinity", "-Infinity" for what JSON has no number for.
 */
void number_text(char out[NUMBER_TEXT], double value);

enum number_kind {
	NUMBER_NONE, /* not a decimal number */
	NUMBER_OK,
	NUMBER_OVERFLOW, /* a number in form, beyond what a double holds: 1e999. *out is then +-HUGE_VAL */
};

/*
 * Read a whole field as a decimal number ([+-]digits[.digits][e[+-]digits], blanks around allowed). Correctly rounded;
 * no locale, no hexadecimal, no inf or nan. An underflow (1e-400) is 0 and NUMBER_OK. text need not end in NUL.
 */
enum number_kind number_parse(double *out, const char *text, size_t len);

extern const double number_power_of_ten[23]; /* 1e0 to 1e22, those that a double holds exactly */

/* digits / 10^places, correctly rounded, for a number that was taken apart already: 123.45 is 12345 and 2. places <= 19. */
double number_from_digits(uint64_t digits, unsigned places);

#endif
