#include "learn/csv_levels.h"
#include "base/mem.h"
#include "learn/csv_cells.h"

/* One text of one dictionary. */
struct found {
	uint64_t key; /* eight bytes behind what all texts begin with, so that most comparisons need no more */
	const char *text; /* from these bytes on */
	size_t len;
	uint32_t dictionary;
	uint32_t code;
};

static int by_bytes(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int order;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static int is_same(const struct found *a, const struct found *b)
{
	return a->key == b->key && a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* How many bytes all texts have in common at their start. */
static size_t common_start(const struct found *found, size_t n)
{
	size_t common = n ? found->len : 0;

	for (size_t i = 1; i < n && common; i++) {
		size_t same = 0;

		while (same < common && same < found[i].len && found[i].text[same] == found->text[same])
			same++;
		common = same;
	}
	return common;
}

/* Big endian, so that keys are ordered as the bytes are; behind a short text are zeros, which no text has. */
static uint64_t key_of(const struct found *found)
{
	uint64_t key = 0;

	memcpy(&key, found->text, found->len < sizeof(key) ? found->len : sizeof(key));
	return __builtin_bswap64(key);
}

static struct found *collect(size_t *n, const struct dictionary *const *dictionary, size_t dictionaries,
			     const char *const *missing)
{
	struct found *found;
	size_t all = 0;

	for (size_t d = 0; d < dictionaries; d++)
		all += dictionary[d]->n;
	found = mem_array(all, sizeof(*found));
	*n = 0;
	for (size_t d = 0; found && d < dictionaries; d++) {
		for (size_t i = 0; i < dictionary[d]->n; i++) {
			const struct dictionary_entry *entry = &dictionary[d]->entry[i];

			if (csv_is_missing(entry->text, entry->len, missing))
				continue;
			found[(*n)++] = (struct found){
				.text = entry->text,
				.len = entry->len,
				.dictionary = (uint32_t)d,
				.code = (uint32_t)i,
			};
		}
	}
	return found;
}

/* Move the start of each text behind the first `common` bytes, and sort. */
static void sort(struct found *found, size_t n, size_t common)
{
	for (size_t i = 0; i < n; i++) {
		found[i].text += common;
		found[i].len -= common;
		found[i].key = key_of(&found[i]);
	}
	qsort(found, n, sizeof(*found), by_bytes);
}

int csv_levels_make(struct column *column, const struct dictionary *const *dictionary, size_t dictionaries,
		    const char *const *missing, int32_t *const *final)
{
	size_t n, common, bytes = 0, at = 0;
	struct found *found = collect(&n, dictionary, dictionaries, missing);

	if (!found)
		return ERR_NOMEM;
	common = common_start(found, n);
	for (size_t i = 0; i < n; i++)
		bytes += found[i].len + 1;
	column->level_text = mem_array(bytes, 1);
	column->level = mem_array(n, sizeof(*column->level));
	if (!column->level_text || !column->level) {
		free(found);
		return ERR_NOMEM;
	}
	sort(found, n, common);
	for (size_t i = 0; i < n; i++) {
		if (!i || !is_same(&found[i - 1], &found[i])) {
			size_t len = found[i].len + common;

			column->level[column->levels++] = column->level_text + at;
			memcpy(column->level_text + at, found[i].text - common, len);
			at += len;
			column->level_text[at++] = '\0';
		}
		final[found[i].dictionary][found[i].code] = (int32_t)column->levels - 1;
	}
	free(found);
	return 0;
}
