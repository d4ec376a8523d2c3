#include "learn/dictionary.h"
#include "base/mem.h"

#define FEWEST_SLOTS 64

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b << 29 | b >> 35)) * 0x9e3779b97f4a7c15U;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93U;
	return x ^ x >> 32;
}

static uint64_t word_at(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return word;
}

/* Two words that tell texts apart: together they are the whole text up to 16 bytes, else the tail is a hash. */
static void fingerprint(struct dictionary_entry *entry)
{
	const char *text = entry->text;
	size_t len = entry->len;

	if (len < 8) {
		entry->head = len ? word_at(text) & (~(uint64_t)0 >> (64 - 8 * len)) : 0;
		entry->tail = 0;
		return;
	}
	entry->head = word_at(text);
	entry->tail = word_at(text + len - 8);
	for (size_t i = 8; len > 16 && i < len - 8; i += 8)
		entry->tail = mix(entry->tail, word_at(text + i));
}

static size_t first_slot(const struct dictionary *dictionary, const struct dictionary_entry *entry)
{
	return mix(entry->head + entry->len, entry->tail) & (dictionary->slots - 1);
}

static int is_same(const struct dictionary_entry *a, const struct dictionary_entry *b)
{
	return a->head == b->head && a->tail == b->tail && a->len == b->len &&
	       (a->len <= 16 || !memcmp(a->text, b->text, a->len));
}

/* At most half of the slots are taken. */
static int grow_slots(struct dictionary *dictionary)
{
	size_t slots = dictionary->slots ? dictionary->slots * 2 : FEWEST_SLOTS;
	uint32_t *slot = mem_zeroed(slots, sizeof(*slot));

	if (!slot)
		return ERR_NOMEM;
	free(dictionary->slot);
	dictionary->slot = slot;
	dictionary->slots = slots;
	for (size_t i = 0; i < dictionary->n; i++) {
		size_t at = first_slot(dictionary, &dictionary->entry[i]);

		while (slot[at])
			at = (at + 1) & (slots - 1);
		slot[at] = (uint32_t)i + 1;
	}
	return 0;
}

static int keep_copy(struct dictionary *dictionary, struct dictionary_entry *entry)
{
	char *copy;

	if (MEM_GROW(dictionary->owned, dictionary->owned_n, dictionary->owned_cap, NULL) < 0)
		return ERR_NOMEM;
	copy = mem_text_n(entry->text, entry->len);
	if (!copy)
		return ERR_NOMEM;
	dictionary->owned[dictionary->owned_n++] = copy;
	entry->text = copy;
	return 0;
}

static int32_t add(struct dictionary *dictionary, struct dictionary_entry *entry, size_t slot, int lasting)
{
	if (dictionary->n >= INT32_MAX || MEM_GROW(dictionary->entry, dictionary->n, dictionary->cap, NULL) < 0)
		return -1;
	if (!lasting && keep_copy(dictionary, entry) < 0)
		return -1;
	dictionary->entry[dictionary->n++] = *entry;
	dictionary->slot[slot] = (uint32_t)dictionary->n;
	return (int32_t)dictionary->n - 1;
}

int32_t dictionary_code(struct dictionary *dictionary, const char *text, size_t len, int lasting)
{
	struct dictionary_entry entry = {.text = text, .len = len};
	size_t at;

	if (dictionary->n * 2 >= dictionary->slots && grow_slots(dictionary) < 0)
		return -1;
	fingerprint(&entry);
	for (at = first_slot(dictionary, &entry); dictionary->slot[at]; at = (at + 1) & (dictionary->slots - 1)) {
		uint32_t code = dictionary->slot[at] - 1;

		if (is_same(&dictionary->entry[code], &entry))
			return (int32_t)code;
	}
	return add(dictionary, &entry, at, lasting);
}

void dictionary_release(struct dictionary *dictionary)
{
	for (size_t i = 0; i < dictionary->owned_n; i++)
		free(dictionary->owned[i]);
	free(dictionary->owned);
	free(dictionary->entry);
	free(dictionary->slot);
	*dictionary = (struct dictionary){0};
}
