#include "stats/row_weights.h"

#include "base/random.h"

/* 65536 x the chance that a Poisson(1) variable is at most k, rounded, for k = 0 .. 5; a uniform 16-bit number at or above
 * k of them is a weight of k. The mean is 1 to 1e-4. */
static const uint16_t at_most[] = {24109, 48219, 60273, 64292, 65296, 65497};

void row_weights(uint8_t *weight, size_t n, size_t block)
{
	struct random random;

	random_init(&random, 0, block);
	for (size_t i = 0; i < n; i++) {
		uint64_t bits[ROW_WEIGHT_LANES / 4];
		uint16_t uniform[ROW_WEIGHT_LANES];
		uint8_t *out = weight + i * ROW_WEIGHT_LANES;

		for (size_t j = 0; j < ROW_WEIGHT_LANES / 4; j++)
			bits[j] = random_u64(&random);
		memcpy(uniform, bits, sizeof(uniform));
		for (size_t j = 0; j < ROW_WEIGHT_LANES; j++) {
			uint16_t u = uniform[j], k = 0;

			for (size_t step = 0; step < sizeof(at_most) / sizeof(*at_most); step++)
				k = (uint16_t)(k + (u >= at_most[step]));
			out[j] = (uint8_t)k;
		}
	}
}
