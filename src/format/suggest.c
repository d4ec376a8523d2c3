#include "format/suggest.h"
#include "base/banned.h"

#define LONGEST 64 /* a longer word is compared by its first bytes: nobody mistypes beyond them */

static size_t smallest(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, change one byte, or swap two neighbours, each costs one. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
	size_t row[3][LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = smallest(above[j], now[j - 1]) + 1;
			now[j] = smallest(now[j], above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = smallest(now[j], two_above[j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

const char *suggest(const char *word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t best_distance = 0;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, words[i]), len = strnlen(word, LONGEST), other = strnlen(words[i], LONGEST);
		size_t limit = ((len > other ? len : other) + 2) / 3;

		if (d <= limit && (!best || d < best_distance)) {
			best = words[i];
			best_distance = d;
		}
	}
	return best;
}
