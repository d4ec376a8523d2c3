#include "track/id_table.h"

#include "base/mem.h"

uint64_t id_hash(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

int id_table_make(struct id_table *out, size_t rows, struct error *err)
{
	size_t slots = 16;

	if (rows >= UINT32_MAX)
		return error_set(err, ERR_INPUT, "more rows than can be joined");
	while (slots < rows + rows / 2)
		slots *= 2;
	out->slot = mem_zeroed(slots, sizeof(*out->slot));
	out->mask = slots - 1;
	return out->slot ? 0 : error_nomem(err);
}

void id_table_release(struct id_table *table)
{
	free(table->slot);
	*table = (struct id_table){0};
}

long long id_table_find(const struct id_table *table, char *const *id, const char *text, size_t len, long long row)
{
	size_t at = id_hash(text, len) & table->mask;

	for (; table->slot[at]; at = (at + 1) & table->mask) {
		const char *other = id[table->slot[at] - 1];

		if (!strncmp(other, text, len) && !other[len])
			return table->slot[at] - 1;
	}
	if (row >= 0)
		table->slot[at] = (uint32_t)row + 1;
	return -1;
}
