/*
 * Random numbers that a seed fixes: xoshiro256** (Blackman and Vigna 2021, ACM TOMS 47:36), seeded by splitmix64.
 * A stream is named by (seed, stream): different names give unrelated sequences, so that work can be cut into pieces
 * whose order does not matter.
 */
#ifndef ASSAY_BASE_RANDOM_H
#define ASSAY_BASE_RANDOM_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state[4];
};

static inline uint64_t splitmix64(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static inline void random_init(struct random *random, uint64_t seed, uint64_t stream)
{
	uint64_t x = seed, y = stream ^ 0xd1b54a32d192ed03U;

	for (int i = 0; i < 4; i++)
		random->state[i] = splitmix64(&x) ^ splitmix64(&y);
}

static inline uint64_t random_u64(struct random *random)
{
	uint64_t *s = random->state, x = s[1] * 5, result = (x << 7 | x >> 57) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = s[3] << 45 | s[3] >> 19;
	return result;
}

/* Uniform on 0 .. n-1, n > 0, by Lemire's multiplication (2019, ACM TOMACS 29:3) with rejection: no bias. */
static inline uint64_t random_below(struct random *random, uint64_t n)
{
	__extension__ typedef unsigned __int128 wide;
	wide m = (wide)random_u64(random) * n;

	if ((uint64_t)m < n) {
		uint64_t least = (0 - n) % n;

		while ((uint64_t)m < least)
			m = (wide)random_u64(random) * n;
	}
	return (uint64_t)(m >> 64);
}

/* Uniform on [0, 1), 53 bits. */
static inline double random_unit(struct random *random)
{
	return (double)(random_u64(random) >> 11) * 0x1p-53;
}

/* Fisher-Yates on n size_t. */
void random_shuffle(struct random *random, size_t *items, size_t n);

/* Bytes from the kernel, for the handle of a run and for nothing that a result depends on. */
MUST_CHECK int random_bytes(void *out, size_t len, struct error *err);

#endif
