#include "stats/order.h"

#include "base/mem.h"

#define DIGIT 11
#define DIGITS (1U << DIGIT)
#define PASSES 6

/* One stable pass of row numbers from `from` to `to` by the digit at `shift`; start [DIGITS]: where each digit goes. */
static void pass(uint32_t *to, const uint32_t *from, const uint64_t *key, size_t n, unsigned shift, uint32_t *start)
{
	for (size_t i = 0; i < n; i++)
		to[start[key[from[i]] >> shift & (DIGITS - 1)]++] = from[i];
}

/* How many keys have each digit of each pass: the order of the keys does not matter to that. */
static void count_digits(uint32_t count[PASSES][DIGITS], const uint64_t *key, size_t n)
{
	memset(count, 0, PASSES * sizeof(*count));
	for (size_t i = 0; i < n; i++)
		for (unsigned p = 0; p < PASSES; p++)
			count[p][key[i] >> p * DIGIT & (DIGITS - 1)]++;
}

/* Counts become the places where each digit starts. 0 if all keys have the same digit: nothing is to be moved. */
static int places(uint32_t *count, uint64_t first_key, unsigned shift, size_t n)
{
	uint32_t start = 0;

	if (count[first_key >> shift & (DIGITS - 1)] == n)
		return 0;
	for (size_t d = 0; d < DIGITS; d++) {
		uint32_t here = count[d];

		count[d] = start;
		start += here;
	}
	return 1;
}

/* Only row numbers are moved, the keys stay: 4 bytes a row beside the result. */
int order_by_key(uint32_t *row, const uint64_t *key, size_t n, struct error *err)
{
	uint32_t count[PASSES][DIGITS], *memory, *from = row, *to;

	if (n == 0)
		return 0;
	memory = mem_array(n, sizeof(*memory));
	if (!memory)
		return error_nomem(err);
	to = memory;
	count_digits(count, key, n);
	for (size_t i = 0; i < n; i++)
		from[i] = (uint32_t)i;
	for (unsigned i = 0; i < PASSES; i++) {
		uint32_t *kept = from;

		if (!places(count[i], key[0], i * DIGIT, n))
			continue;
		pass(to, from, key, n, i * DIGIT, count[i]);
		from = to;
		to = kept;
	}
	if (from != row)
		memcpy(row, from, n * sizeof(*row));
	free(memory);
	return 0;
}
