#include "stats/row_weights.h"

#include "base/random.h"
#include "stats/wide.h"

/*
 * Signed compares are what every vector unit has: a uniform number from -32768 to 32767 at or above k of these is a
 * weight of k. They are 65536 x the chance that a Poisson(1) variable is at most 0 .. 5, less 32768. The mean is 1 to
 * 1e-4.
 */
static const int16_t at_most[] = {24109 - 32768, 48219 - 32768, 60273 - 32768,
				  64292 - 32768, 65296 - 32768, 65497 - 32768};

#define CHUNK              \
	(ROW_STREAM_ROWS * \
	 ROW_WEIGHT_LANES) /* uniform numbers made at a time: a vector load right after the scalar stores would wait for them */

#define STREAMS 4
typedef uint64_t words __attribute__((vector_size(STREAMS * sizeof(uint64_t)), may_alias));

/* Four generators of base/random.h side by side. */
void row_stream_init(struct row_stream *stream, size_t block)
{
	for (size_t i = 0; i < STREAMS; i++) {
		struct random random;

		random_init(&random, 0, block * STREAMS + i);
		for (size_t j = 0; j < 4; j++)
			stream->state[j][i] = random.state[j];
	}
}

/* CHUNK / 4 words, as random_u64() gives them to each stream in turn. */
WIDE_CLONES static void fill(words *bits, struct row_stream *stream)
{
	words a, b, c, d;

	memcpy(&a, stream->state[0], sizeof(a));
	memcpy(&b, stream->state[1], sizeof(b));
	memcpy(&c, stream->state[2], sizeof(c));
	memcpy(&d, stream->state[3], sizeof(d));

	for (size_t i = 0; i < CHUNK / 4 / STREAMS; i++) {
		words x = (b << 2) + b, y = x << 7 | x >> 57, t = b << 17;

		bits[i] = (y << 3) + y;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = d << 45 | d >> 19;
	}
	memcpy(stream->state[0], &a, sizeof(a));
	memcpy(stream->state[1], &b, sizeof(b));
	memcpy(stream->state[2], &c, sizeof(c));
	memcpy(stream->state[3], &d, sizeof(d));
}

WIDE_CLONES static void weights_of(unsigned char *restrict weight, const int16_t *restrict uniform)
{
	for (size_t i = 0; i < CHUNK; i++) {
		int16_t k = 0;

		for (size_t step = 0; step < sizeof(at_most) / sizeof(*at_most); step++)
			k = (int16_t)(k + (uniform[i] >= at_most[step]));
		weight[i] = (unsigned char)k;
	}
}

size_t row_draws(size_t n, int classes)
{
	double draws = 2e8 / ((double)n * (classes > 2 ? classes : 1));

	return draws > 2000 ? 2000 : draws < 500 ? 500 : (size_t)draws;
}

void row_stream_next(unsigned char *weight, struct row_stream *stream)
{
	_Alignas(sizeof(words)) int16_t uniform[CHUNK];

	fill((words *)uniform, stream);
	weights_of(weight, uniform);
}

void row_weights(unsigned char *weight, size_t n, size_t block)
{
	unsigned char made[CHUNK];
	struct row_stream stream;

	row_stream_init(&stream, block);
	for (size_t done = 0, all = n * ROW_WEIGHT_LANES; done < all; done += CHUNK) {
		row_stream_next(made, &stream);
		memcpy(weight + done, made, all - done < CHUNK ? all - done : CHUNK);
	}
}
