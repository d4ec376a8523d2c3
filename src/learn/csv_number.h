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

/* By the place of the point from the left in 16 bytes; [16]: there is none. */
static const double point_divisor[17] = {1e15, 1e14, 1e13, 1e12, 1e11, 1e10, 1e9, 1e8, 1e7,
					 1e6,  1e5,  1e4,  1e3,  1e2,  1e1,  1e0, 1e0};

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

AVX2 static inline int simple_number_avx2(double *out, const char *text, size_t len)
{
	uint64_t negative = *text == '-', mantissa, bits;
	size_t n = len - negative;
	unsigned other, point;
	__m128i bytes, digits, valid;
	double value;

	if (n - 1 > 15)
		return 0;
	bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + len - 16));
	valid = _mm_loadu_si128((const __m128i *)(const void *)(last_bytes + n));
	digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
	other = (unsigned)_mm_movemask_epi8(
		_mm_andnot_si128(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits), valid));
	digits = _mm_and_si128(digits, valid);
	point = 16;
	if (other) {
		__m128i behind;

		point = (unsigned)__builtin_ctz(other);
		if (other & (other - 1) || text[len - 16 + point] != '.' || n == 1)
			return 0;
		behind = _mm_loadu_si128((const __m128i *)(const void *)(last_bytes + (15 - point)));
		digits = _mm_blendv_epi8(_mm_slli_si128(digits, 1), digits, behind);
	}
	mantissa = digits_value(digits);
	if (mantissa >> 53)
		return 0;
	value = (double)mantissa / point_divisor[point];
	memcpy(&bits, &value, sizeof(bits));
	bits ^= negative << 63;
	memcpy(out, &bits, sizeof(bits));
	return 1;
}
#endif

#endif
