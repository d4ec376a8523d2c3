/*
 * Where some bytes are among 64: bit i of a mask says that byte i is one. An AVX2 form and one that any processor with
 * little-endian words runs; both give the same masks. (The idea: Langdale and Lemire 2019, VLDB Journal 28:941-960.)
 */
#ifndef ASSAY_LEARN_CSV_MASKS_H
#define ASSAY_LEARN_CSV_MASKS_H

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define CSV_AVX2 1
#endif

/* Eight bytes at a time: the high bit of each byte that equals c, gathered by a multiplication. */
static inline uint64_t mask_of_plain(const char *at, char c)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7fU, ones = 0x0101010101010101U, gather = 0x0102040810204080U;
	uint64_t mask = 0, word, other;

	for (int i = 0; i < 8; i++) {
		memcpy(&word, at + (size_t)8 * (unsigned)i, sizeof(word));
		word ^= ones * (unsigned char)c;
		other = ((word & low) + low) | word | low;
		mask |= ((~other >> 7) * gather >> 56) << 8 * i;
	}
	return mask;
}

/* Bytes that end a field outside of quotes: the separator and the newline. */
static inline uint64_t delimiters_plain(const char *at, char separator)
{
	return mask_of_plain(at, separator) | mask_of_plain(at, '\n');
}

struct csv_masks {
	uint64_t newline, cr, quote;
	int special; /* a byte that is NUL or not ASCII is among them */
};

static inline struct csv_masks masks_plain(const char *at)
{
	uint64_t word, high = 0;

	for (int i = 0; i < 8; i++) {
		memcpy(&word, at + (size_t)8 * (unsigned)i, sizeof(word));
		high |= word;
	}
	return (struct csv_masks){
		.newline = mask_of_plain(at, '\n'),
		.cr = mask_of_plain(at, '\r'),
		.quote = mask_of_plain(at, '"'),
		.special = (high & 0x8080808080808080U) || mask_of_plain(at, '\0'),
	};
}

#ifdef CSV_AVX2
#define AVX2 __attribute__((target("avx2,bmi")))

AVX2 static inline uint64_t mask_of_avx2(__m256i low, __m256i high, char c)
{
	__m256i all = _mm256_set1_epi8(c);
	uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all));
	uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all));

	return a | (uint64_t)b << 32;
}

AVX2 static inline uint64_t delimiters_avx2(const char *at, char separator)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
	__m256i a = _mm256_set1_epi8(separator), b = _mm256_set1_epi8('\n');
	__m256i in_low = _mm256_or_si256(_mm256_cmpeq_epi8(low, a), _mm256_cmpeq_epi8(low, b));
	__m256i in_high = _mm256_or_si256(_mm256_cmpeq_epi8(high, a), _mm256_cmpeq_epi8(high, b));

	return (uint32_t)_mm256_movemask_epi8(in_low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(in_high) << 32;
}

AVX2 static inline struct csv_masks masks_avx2(const char *at)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
	/* as signed bytes, NUL and what is not ASCII are those below 1 */
	__m256i plain = _mm256_cmpgt_epi8(_mm256_min_epi8(low, high), _mm256_setzero_si256());

	return (struct csv_masks){
		.newline = mask_of_avx2(low, high, '\n'),
		.cr = mask_of_avx2(low, high, '\r'),
		.quote = mask_of_avx2(low, high, '"'),
		.special = _mm256_movemask_epi8(plain) != -1,
	};
}
#endif

#endif
