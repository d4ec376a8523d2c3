/* Texts numbered in the order in which they are first seen: the levels of a category column while it is read. */
#ifndef ASSAY_LEARN_DICTIONARY_H
#define ASSAY_LEARN_DICTIONARY_H

#include <stddef.h>
#include <stdint.h>

#define DICTIONARY_SLACK 8 /* bytes behind a text that dictionary_code() may read, whatever they are */

struct dictionary_entry {
	const char *text;
	size_t len;
	uint64_t head, tail; /* equal for equal texts; all of a text of up to 16 bytes */
};

struct dictionary {
	struct dictionary_entry *entry;
	size_t n, cap;
	uint32_t *slot; /* [slots] entry + 1, 0: free */
	size_t slots; /* a power of two, or 0 */
	char **owned; /* copies of texts that would not have lasted */
	size_t owned_n, owned_cap;
};

/*
 * The number of a text, -1 without memory. A zeroed dictionary is an empty one. lasting: the text outlives the dictionary;
 * else it is copied when it is new.
 */
int32_t dictionary_code(struct dictionary *dictionary, const char *text, size_t len, int lasting);
void dictionary_release(struct dictionary *dictionary);

#endif
