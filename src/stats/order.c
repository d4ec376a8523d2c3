#include "stats/order.h"

#include "base/mem.h"

#define DIGIT 11
#define DIGITS (1U << DIGIT)
#define PASSES 6

struct item {
	uint64_t key;
	uint32_t row;
};

/* One stable pass from `from` to `to` by the digit at `shift`. 0 if all keys have the same digit: nothing was moved. */
static int pass(struct item *to, const struct item *from, size_t n, unsigned shift)
{
	uint32_t count[DIGITS] = {0}, start = 0;

	for (size_t i = 0; i < n; i++)
		count[from[i].key >> shift & (DIGITS - 1)]++;
	if (count[from[0].key >> shift & (DIGITS - 1)] == n)
		return 0;
	for (size_t d = 0; d < DIGITS; d++) {
		uint32_t here = count[d];

		count[d] = start;
		start += here;
	}
	for (size_t i = 0; i < n; i++)
		to[count[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
	return 1;
}

int order_by_key(uint32_t *row, const uint64_t *key, size_t n, struct error *err)
{
	struct item *memory, *from, *to;

	if (n == 0)
		return 0;
	memory = mem_array(n, 2 * sizeof(*memory));
	if (!memory)
		return error_nomem(err);
	from = memory;
	to = memory + n;
	for (size_t i = 0; i < n; i++)
		from[i] = (struct item){key[i], (uint32_t)i};
	for (unsigned i = 0; i < PASSES; i++) {
		if (pass(to, from, n, i * DIGIT)) {
			struct item *kept = from;

			from = to;
			to = kept;
		}
	}
	for (size_t i = 0; i < n; i++)
		row[i] = from[i].row;
	free(memory);
	return 0;
}
