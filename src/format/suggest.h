/* "did you mean": the nearest of some words, for unknown keys, options, commands, columns. */
#ifndef ASSAY_FORMAT_SUGGEST_H
#define ASSAY_FORMAT_SUGGEST_H

#include <stddef.h>

/*
 * The word with the smallest edit distance (Damerau 1964, adjacent swaps count one), the first of equals; NULL if even
 * that is further than a third of the longer one's length (rounded up). words: n entries.
 */
const char *suggest(const char *word, const char *const *words, size_t n);

#endif
