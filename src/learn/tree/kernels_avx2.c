/* The AVX2 side of kernels.h; compiled for every x86-64, chosen where the processor has it. */
#include "learn/tree/node.h"

#ifdef __x86_64__

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,popcnt")))

/* How many of 16 edges are below x. */
TARGET static inline size_t below(const double *edge, __m256d x)
{
	size_t mask = 0;

	for (int q = 0; q < 4; q++)
		mask |= (size_t)_mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(edge + 4 * q), x, _CMP_LT_OQ))
			<< 4 * q;
	return (size_t)__builtin_popcount((unsigned)mask);
}

/* Two steps of 16 instead of eight of 2: every 16th edge, then those between two of them. */
TARGET static void bin_values(uint8_t *byte, size_t stride, const double *edge, const double *value, size_t n)
{
	double coarse[16];

	for (size_t e = 0; e < 16; e++)
		coarse[e] = edge[16 * e + 15];
	for (size_t i = 0; i < n; i++) {
		__m256d x = _mm256_set1_pd(value[i]);
		size_t block = below(coarse, x);

		byte[i * stride] = (uint8_t)(16 * block + below(edge + 16 * block, x));
	}
}

#define SLOT_PIECES 8 /* of 16 bytes, the widest record */

/* cut_gain() of eight cuts */
TARGET static inline __m256 gains(__m256 left, __m256 positive, __m256 weight, __m256 ratio)
{
	__m256 off = _mm256_sub_ps(positive, _mm256_mul_ps(left, ratio));
	__m256 product = _mm256_mul_ps(left, _mm256_sub_ps(weight, left));
	__m256 gain = _mm256_div_ps(_mm256_mul_ps(off, off), product);

	return _mm256_blendv_ps(_mm256_set1_ps(-1), gain, _mm256_cmp_ps(product, _mm256_setzero_ps(), _CMP_GT_OQ));
}

/* Inclusive prefix sums of eight words, after `before` in every lane. */
TARGET static inline __m256i prefix(__m256i x, __m256i before)
{
	__m256i low;

	x = _mm256_add_epi32(x, _mm256_slli_si256(x, 4));
	x = _mm256_add_epi32(x, _mm256_slli_si256(x, 8));
	low = _mm256_shuffle_epi32(_mm256_permute2x128_si256(x, x, 0x08), 0xff);
	return _mm256_add_epi32(_mm256_add_epi32(x, low), before);
}

TARGET static inline float largest(__m256 x)
{
	__m128 m = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));

	m = _mm_max_ps(m, _mm_movehl_ps(m, m));
	return _mm_cvtss_f32(_mm_max_ss(m, _mm_shuffle_ps(m, m, 1)));
}

TARGET static float bin_cuts(uint32_t *bin, uint32_t *histogram, size_t bins, uint32_t weight, uint32_t positive)
{
	float total = (float)weight;
	__m256 weights = _mm256_set1_ps(total), ratio = _mm256_set1_ps((float)positive / total),
	       best = _mm256_set1_ps(-1);
	__m256i sum = _mm256_setzero_si256(), low16 = _mm256_set1_epi32(0xffff), last = _mm256_set1_epi32(7);
	__m256i place = _mm256_setzero_si256(), here = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	int at = INT32_MAX;
	float top;

	for (size_t b = 0; b < bins; b += 8) {
		__m256i x = prefix(_mm256_load_si256((const __m256i *)(histogram + b)), sum);
		__m256 gain, more;

		_mm256_store_si256((__m256i *)(histogram + b), x);
		sum = _mm256_permutevar8x32_epi32(x, last);
		gain = gains(_mm256_cvtepi32_ps(_mm256_and_si256(x, low16)),
			     _mm256_cvtepi32_ps(_mm256_srli_epi32(x, 16)), weights, ratio);
		more = _mm256_cmp_ps(gain, best, _CMP_GT_OQ);
		best = _mm256_max_ps(gain, best);
		place = _mm256_blendv_epi8(place, here, _mm256_castps_si256(more));
		here = _mm256_add_epi32(here, _mm256_set1_epi32(8));
	}
	top = largest(best);
	if (top < 0)
		return -1;
	int32_t places[8];
	int equal = _mm256_movemask_ps(_mm256_cmp_ps(best, _mm256_set1_ps(top), _CMP_EQ_OQ));

	_mm256_storeu_si256((__m256i *)places, place);
	for (; equal; equal &= equal - 1) {
		int lane = __builtin_ctz((unsigned)equal);

		at = places[lane] < at ? places[lane] : at;
	}
	*bin = (uint32_t)at;
	return top;
}

/*
 * The eight bytes that are asked for are brought together by shuffles of the record's 16-byte pieces and compared at once; the
 * sums are kept in bytes as long as they cannot overflow. Bytes 0-7 of a register stand for weights, 8-15 for positives.
 */
TARGET static void slot_sums(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
			     const uint8_t *slot, uint32_t heaviest)
{
	size_t pieces = stride / 16, batch = UINT8_MAX / heaviest;
	__m128i pick[SLOT_PIECES], wanted, total = _mm_setzero_si128(), zero = total, total_positive = total;
	/* weight at byte 12 of the last piece, positives at byte 14 */
	const __m128i spread = _mm_setr_epi8(12, 12, 12, 12, 12, 12, 12, 12, 14, 14, 14, 14, 14, 14, 14, 14);
	_Alignas(16) uint16_t weights[8], positives[8];
	uint8_t index[16], slots[16];

	for (size_t p = 0; p < pieces; p++) {
		for (size_t s = 0; s < 16; s++)
			index[s] = column[s % 8] / 16 == p ? (uint8_t)(column[s % 8] % 16) : 0x80;
		pick[p] = _mm_loadu_si128((const __m128i *)index);
	}
	for (size_t s = 0; s < 16; s++)
		slots[s] = slot[s % 8];
	wanted = _mm_loadu_si128((const __m128i *)slots);
	for (size_t begin = 0; begin < n; begin += batch) {
		size_t end = n - begin < batch ? n : begin + batch;
		__m128i bytes = zero;

		for (size_t i = begin; i < end; i++, record += stride) {
			__m128i piece = _mm_loadu_si128((const __m128i *)record),
				found = _mm_shuffle_epi8(piece, pick[0]);

			for (size_t p = 1; p < pieces; p++) {
				piece = _mm_loadu_si128((const __m128i *)(record + 16 * p));
				found = _mm_or_si128(found, _mm_shuffle_epi8(piece, pick[p]));
			}
			found = _mm_cmpeq_epi8(found, wanted);
			bytes = _mm_add_epi8(bytes, _mm_and_si128(found, _mm_shuffle_epi8(piece, spread)));
		}
		total = _mm_add_epi16(total, _mm_unpacklo_epi8(bytes, zero));
		total_positive = _mm_add_epi16(total_positive, _mm_unpackhi_epi8(bytes, zero));
	}
	_mm_store_si128((__m128i *)weights, total);
	_mm_store_si128((__m128i *)positives, total_positive);
	for (size_t s = 0; s < SLOT_BATCH; s++)
		sum[s] = weights[s] | (uint32_t)positives[s] << 16;
}

/* As slot_sums(), with a register of sums in memory for each class. */
TARGET static void class_sums(uint32_t *sum, const uint8_t *record, size_t stride, size_t n, const uint32_t *column,
			      const uint8_t *slot, size_t classes, uint32_t heaviest)
{
	size_t pieces = stride / 16, batch = UINT8_MAX / heaviest;
	__m128i pick[SLOT_PIECES], wanted = _mm_loadu_si128((const __m128i *)slot), spread = _mm_set1_epi8(12);
	_Alignas(16) uint8_t bytes[SUM_CLASSES][CLASS_SLOTS];
	uint8_t index[CLASS_SLOTS];

	memset(sum, 0, CLASS_SLOTS * classes * sizeof(*sum));
	for (size_t p = 0; p < pieces; p++) {
		for (size_t s = 0; s < CLASS_SLOTS; s++)
			index[s] = column[s] / 16 == p ? (uint8_t)(column[s] % 16) : 0x80;
		pick[p] = _mm_loadu_si128((const __m128i *)index);
	}
	for (size_t begin = 0; begin < n; begin += batch) {
		size_t end = n - begin < batch ? n : begin + batch;

		memset(bytes, 0, classes * CLASS_SLOTS);
		for (size_t i = begin; i < end; i++, record += stride) {
			__m128i piece = _mm_loadu_si128((const __m128i *)record),
				found = _mm_shuffle_epi8(piece, pick[0]);
			uint32_t high = load32(record + stride - 4) >> 16;
			__m128i *to = (__m128i *)bytes[classes == 2 ? high != 0 : high];

			for (size_t p = 1; p < pieces; p++) {
				piece = _mm_loadu_si128((const __m128i *)(record + 16 * p));
				found = _mm_or_si128(found, _mm_shuffle_epi8(piece, pick[p]));
			}
			found = _mm_and_si128(_mm_cmpeq_epi8(found, wanted), _mm_shuffle_epi8(piece, spread));
			_mm_store_si128(to, _mm_add_epi8(_mm_load_si128(to), found));
		}
		for (size_t k = 0; k < classes; k++)
			for (size_t s = 0; s < CLASS_SLOTS; s++)
				sum[s * classes + k] += bytes[k][s];
	}
}

TARGET static inline float slot_cuts(uint32_t *which, uint32_t *cuts, const uint32_t *sum, uint32_t weight,
				     uint32_t positive)
{
	float total = (float)weight, top;
	__m256i x = _mm256_loadu_si256((const __m256i *)sum);
	__m256i left = _mm256_sub_epi32(_mm256_set1_epi32((int)weight), _mm256_and_si256(x, _mm256_set1_epi32(0xffff)));
	__m256i positives = _mm256_sub_epi32(_mm256_set1_epi32((int)positive), _mm256_srli_epi32(x, 16));
	__m256 gain = gains(_mm256_cvtepi32_ps(left), _mm256_cvtepi32_ps(positives), _mm256_set1_ps(total),
			    _mm256_set1_ps((float)positive / total));

	top = largest(gain);
	*cuts = (uint32_t)__builtin_popcount(
		(unsigned)_mm256_movemask_ps(_mm256_cmp_ps(gain, _mm256_setzero_ps(), _CMP_GE_OQ)));
	*which = (uint32_t)__builtin_ctz(
		(unsigned)_mm256_movemask_ps(_mm256_cmp_ps(gain, _mm256_set1_ps(top), _CMP_EQ_OQ)));
	return top;
}

TARGET static inline __m256 eight_bytes(__m256i x, int which)
{
	__m128i half = which < 2 ? _mm256_castsi256_si128(x) : _mm256_extracti128_si256(x, 1);

	return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(which % 2 ? _mm_srli_si128(half, 8) : half));
}

TARGET static inline float row_cuts(uint32_t *row, struct small_block *block, const uint8_t *column, uint32_t mask,
				    uint32_t weight, uint32_t positive)
{
	float total = (float)weight, top;
	__m256 weights = _mm256_set1_ps(total), ratio = _mm256_set1_ps((float)positive / total), gain[4], best;
	__m256i values = _mm256_load_si256((const __m256i *)column);
	__m256i left = _mm256_setzero_si256(), positives = _mm256_setzero_si256();
	uint32_t equal = 0;

	for (; mask; mask &= mask - 1) {
		size_t r = (size_t)__builtin_ctz(mask);
		__m256i one = _mm256_set1_epi8((char)column[r]);
		__m256i take = _mm256_cmpeq_epi8(_mm256_max_epu8(values, one), values);

		left = _mm256_add_epi8(
			left, _mm256_and_si256(take, _mm256_load_si256((const __m256i *)block->spread_weight[r])));
		positives = _mm256_add_epi8(
			positives,
			_mm256_and_si256(take, _mm256_load_si256((const __m256i *)block->spread_positive[r])));
	}
	for (int q = 0; q < 4; q++)
		gain[q] = gains(eight_bytes(left, q), eight_bytes(positives, q), weights, ratio);
	best = _mm256_max_ps(_mm256_max_ps(gain[0], gain[1]), _mm256_max_ps(gain[2], gain[3]));
	top = largest(best);
	if (top < 0)
		return -1;
	_mm256_store_si256((__m256i *)block->left_weight, left);
	_mm256_store_si256((__m256i *)block->left_positive, positives);
	for (int q = 0; q < 4; q++)
		equal |= (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(gain[q], _mm256_set1_ps(top), _CMP_EQ_OQ)) << 8 * q;
	*row = (uint32_t)__builtin_ctz(equal);
	return top;
}

TARGET static inline uint32_t equal_rows(const uint8_t *column, uint8_t value)
{
	__m256i values = _mm256_load_si256((const __m256i *)column);

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(values, _mm256_set1_epi8((char)value)));
}

TARGET static inline uint32_t above_rows(const uint8_t *column, uint8_t value)
{
	__m256i values = _mm256_load_si256((const __m256i *)column), cut = _mm256_set1_epi8((char)value);

	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(values, cut), cut));
}

/* bit c: a[c] == b[c], of 16 bytes */
TARGET static inline uint32_t equal_bytes(const uint8_t *a, const uint8_t *b)
{
	__m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);

	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
}

/* node_weight and node_positive: those of the rows in mask */
TARGET static inline void select_rows(struct small_block *block, uint32_t mask)
{
	const __m256i spread = _mm256_setr_epi64x(0x0000000000000000, 0x0101010101010101, 0x0202020202020202,
						  0x0303030303030303);
	const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i bits = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32((int)mask), spread), bit);
	__m256i take = _mm256_cmpeq_epi8(bits, bit);
	__m256i weight = _mm256_load_si256((const __m256i *)block->weight);
	__m256i positive = _mm256_load_si256((const __m256i *)block->positive);

	_mm256_store_si256((__m256i *)block->node_weight, _mm256_and_si256(weight, take));
	_mm256_store_si256((__m256i *)block->node_positive, _mm256_and_si256(positive, take));
}

/* weight | positives << 16 of the node's rows whose byte is the slot */
TARGET static inline uint32_t slot_sum(const struct small_block *block, const uint8_t *column, uint8_t slot)
{
	__m256i values = _mm256_load_si256((const __m256i *)column), zero = _mm256_setzero_si256();
	__m256i take = _mm256_cmpeq_epi8(values, _mm256_set1_epi8((char)slot));
	__m256i weight = _mm256_and_si256(take, _mm256_load_si256((const __m256i *)block->node_weight));
	__m256i positive = _mm256_and_si256(take, _mm256_load_si256((const __m256i *)block->node_positive));
	__m256i sums = _mm256_or_si256(_mm256_sad_epu8(weight, zero),
				       _mm256_slli_epi64(_mm256_sad_epu8(positive, zero), 16));
	__m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));

	return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_unpackhi_epi64(sum, sum)));
}

/* 16 records x 16 bytes by four rounds of interleaving; a row beyond the last counts as zeros. */
TARGET static inline void transpose16(uint8_t *column, const uint8_t *record, size_t stride, size_t rows)
{
	__m128i a[16], b[16];

	for (size_t r = 0; r < 16; r++)
		a[r] = r < rows ? _mm_load_si128((const __m128i *)(record + r * stride)) : _mm_setzero_si128();
	for (int round = 0; round < 4; round++) {
		for (size_t r = 0; r < 8; r++) {
			b[2 * r] = _mm_unpacklo_epi8(a[r], a[r + 8]);
			b[2 * r + 1] = _mm_unpackhi_epi8(a[r], a[r + 8]);
		}
		for (size_t r = 0; r < 16; r++)
			a[r] = b[r];
	}
	for (size_t c = 0; c < 16; c++)
		_mm_store_si128((__m128i *)(column + c * SMALL_ROWS), a[c]);
}

TARGET static void transpose(uint8_t *column, const uint8_t *record, size_t stride, size_t rows, size_t columns)
{
	for (size_t c = 0; c < columns; c += 16) {
		transpose16(column + c * SMALL_ROWS, record + c, stride, rows);
		transpose16(column + c * SMALL_ROWS + 16, record + 16 * stride + c, stride, rows > 16 ? rows - 16 : 0);
	}
}

#include "learn/tree/small.h"

const struct tree_kernels kernels_avx2 = {
	.name = "avx2",
	.bin_values = bin_values,
	.bin_cuts = bin_cuts,
	.slot_sums = slot_sums,
	.class_sums = class_sums,
	.slot_cuts = slot_cuts,
	.small_grow = small_grow,
};

#endif
