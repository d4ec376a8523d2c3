/*
 * The number in a CSV field, for the fields that are most: an optional minus, up to 16 digits, at most one point. One load
 * of the 16 bytes that end where the field ends, one shift to close the gap of the point, three multiply-adds (the idea:
 * Mula and Lemire 2018 on parsing series of integers with SIMD). 0 means "not so simple", not "no number".
 */
#ifndef ASSAY_LEARN_CSV_NUMBER_H
#define ASSAY_LEARN_CSV_NUMBER_H

#include "format/number.h"
#include "learn/csv_masks.h"

static inline int simple_number_plain(double *out, const char *text, size_t len)
{
	return number_parse(out, text, len) == NUMBER_OK;
}

#ifdef CSV_AVX2
/* 16 zeros, 16 ones: a load at [n] has ones in its last n bytes. */
static const unsigned char last_bytes[32] = {0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
					     0,   0,   0,   0,   0,   255, 255, 255, 255, 255, 255,
					     255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/* The value of 16 digits, given as bytes 0 to 9. */
AVX2 static inline uint64_t digits_value(__m128i digits)
{
	const __m128i ten = _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1);
	const __m128i hundred = _mm_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1);
	const __m128i ten_thousand = _mm_setr_epi16(10000, 1, 10000, 1, 10000, 1, 10000, 1);
	__m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(digits, ten), hundred);
	uint64_t eights = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(_mm_packus_epi32(fours, fours), ten_thousand));

	return (eights & 0xffffffffU) * 100000000U + (eights >> 32);
}

/*
 * The last n bytes before `end`, n <= 16, as digits with at most one point among them: 1, and their value. *places is how
 * many digits stand behind the point, 16 where there is none. Reads 16 bytes whatever n is.
 */
AVX2 static inline int last_digits(uint64_t *value, unsigned *places, const char *end, size_t n)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
	__m128i valid = _mm_loadu_si128((const __m128i *)(const void *)(last_bytes + n));
	__m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
	__m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
	unsigned other = (unsigned)_mm_movemask_epi8(_mm_andnot_si128(is_digit, valid)), point;

	digits = _mm_and_si128(digits, valid);
	*places = 16;
	if (other) {
		__m128i behind;

		point = (unsigned)__builtin_ctz(other);
		if (other & (other - 1) || end[(long)point - 16] != '.')
			return 0;
		*places = 15 - point;
		behind = _mm_loadu_si128((const __m128i *)(const void *)(last_bytes + *places));
		digits = _mm_blendv_epi8(_mm_slli_si128(digits, 1), digits, behind);
	}
	*value = digits_value(digits);
	return 1;
}

/* What stands before the last 16 bytes of a longer number: digits and a point, four bytes at most. */
AVX2 static inline int first_digits(uint64_t *value, unsigned *places, const char *text, size_t n)
{
	int point = 0;

	*value = 0;
	*places = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit > 9 && (text[i] != '.' || point))
			return 0;
		if (digit > 9) {
			point = 1;
			continue;
		}
		*value = *value * 10 + digit;
		*places += (unsigned)point;
	}
	*places = point ? *places + 16 : 0;
	return 1;
}

/* More than 16 bytes, as the 17 digits that a double may need: 0.1234567890123456. */
AVX2 static inline int long_digits(uint64_t *value, unsigned *places, const char *text, size_t n)
{
	uint64_t first, last;
	unsigned first_places;

	if (n > 20 || !first_digits(&first, &first_places, text, n - 16) || first > 999 ||
	    !last_digits(&last, places, text + n, 16) || (first_places && *places != 16))
		return 0;
	*value = first * (*places == 16 ? 10000000000000000U : 1000000000000000U) + last;
	if (*places == 16)
		*places = first_places;
	return 1;
}

AVX2 static inline int simple_number_avx2(double *out, const char *text, size_t len)
{
	uint64_t negative = *text == '-', digits, bits;
	size_t n = len - negative;
	unsigned places;
	double value;

	if (n - 2 <= 14) {
		if (!last_digits(&digits, &places, text + len, n))
			return 0;
		places &= 15;
	} else if (n == 1) {
		digits = (uint64_t)(unsigned char)text[negative] - '0';
		places = 0;
		if (digits > 9)
			return 0;
	} else if (!n || !long_digits(&digits, &places, text + negative, n)) {
		return 0;
	}
	value = digits >> 53 ? number_from_digits(digits, places) : (double)digits / number_power_of_ten[places];
	memcpy(&bits, &value, sizeof(bits));
	bits ^= negative << 63;
	memcpy(out, &bits, sizeof(bits));
	return 1;
}
#endif

#endif
