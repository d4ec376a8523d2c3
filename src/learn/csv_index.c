#include "learn/csv_index.h"
#include "base/mem.h"
#include "learn/csv_masks.h"

#define FIRST_CHUNK ((size_t)1 << 16)
#define CHUNK ((size_t)1 << 19)

/* What the scan remembers from one block of 64 bytes to the next. */
struct scan {
	struct csv_index *index;
	char separator;
	size_t rows;
	const char *next_cut; /* a chunk may start at the first record from here on */
	const char *open_quote; /* inside of quotes: where they were opened */
	const char *doubled; /* the second of two quotes, looked at already */
	uint64_t after_newline; /* 1 if the byte before this block is a newline */
	uint64_t after_blank_cr; /* 1 if it is a CR that follows a newline */
	struct error *err;
};

static int add_chunk(struct scan *scan, const char *start)
{
	struct csv_index *index = scan->index;

	if (MEM_GROW(index->chunk, index->chunks, index->cap, scan->err) < 0)
		return ERR_NOMEM;
	index->chunk[index->chunks++] = (struct csv_chunk){start, scan->rows};
	scan->next_cut = start + (index->chunks == 1 ? FIRST_CHUNK : CHUNK);
	return 0;
}

/* Newlines that end a line with nothing on it: LF after LF, or after a CR that follows a LF. */
static uint64_t blank_lines(struct scan *scan, const struct csv_masks *masks)
{
	uint64_t after = masks->newline << 1 | scan->after_newline, cr = masks->cr & after;
	uint64_t blank = masks->newline & (after | cr << 1 | scan->after_blank_cr);

	scan->after_newline = masks->newline >> 63;
	scan->after_blank_cr = cr >> 63;
	return blank;
}

/* A quote at `at`: opens where a field starts, closes unless it is doubled, else is text. */
static void pass_quote(struct scan *scan, const char *at)
{
	if (at == scan->doubled)
		return;
	if (!scan->open_quote) {
		if (at[-1] == scan->separator || at[-1] == '\n')
			scan->open_quote = at;
	} else if (at[1] == '"') {
		scan->doubled = at + 1;
	} else {
		scan->open_quote = NULL;
	}
}

/* A block that has quotes: its quotes and newlines one after the other. */
static int pass_quoted_block(struct scan *scan, const char *at, const struct csv_masks *masks, uint64_t blank)
{
	for (uint64_t left = masks->quote | masks->newline; left; left &= left - 1) {
		int bit = __builtin_ctzll(left);

		if (masks->quote >> bit & 1) {
			pass_quote(scan, at + bit);
			continue;
		}
		if (scan->open_quote)
			continue;
		scan->rows += !(blank >> bit & 1);
		if (at + bit + 1 >= scan->next_cut && add_chunk(scan, at + bit + 1) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

static int pass_block(struct scan *scan, const char *at, const struct csv_masks *masks)
{
	uint64_t blank = blank_lines(scan, masks);

	scan->index->special |= masks->special;
	scan->index->lines += (size_t)__builtin_popcountll(masks->newline);
	if (masks->quote)
		return pass_quoted_block(scan, at, masks, blank);
	if (scan->open_quote)
		return 0;
	scan->rows += (size_t)__builtin_popcountll(masks->newline & ~blank);
	if (masks->newline && at + 64 > scan->next_cut) {
		const char *start = at + (64 - __builtin_clzll(masks->newline));

		if (start >= scan->next_cut)
			return add_chunk(scan, start);
	}
	return 0;
}

static int scan_plain(struct scan *scan, const char *at, const char *end)
{
	for (; at < end; at += 64) {
		struct csv_masks masks = masks_plain(at);

		if (pass_block(scan, at, &masks) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

#ifdef CSV_AVX2
AVX2 static int scan_avx2(struct scan *scan, const char *at, const char *end)
{
	for (; at < end; at += 64) {
		struct csv_masks masks = masks_avx2(at);

		if (pass_block(scan, at, &masks) < 0)
			return ERR_NOMEM;
	}
	return 0;
}
#endif

int csv_index_make(struct csv_index *index, const char *text, size_t len, char separator, struct error *err)
{
	struct scan scan = {.index = index, .separator = separator, .after_newline = 1, .err = err};
	const char *end = text + len;
	size_t padding = 64 - len % 64; /* newlines behind the text, in its last block */
	int rc;

	*index = (struct csv_index){0};
	rc = add_chunk(&scan, text);
	if (rc < 0)
		return rc;
		/* One byte further than the text: the padding's newline ends a last line without one. */
#ifdef CSV_AVX2
	if (__builtin_cpu_supports("avx2"))
		rc = scan_avx2(&scan, text, end + 1);
	else
#endif
		rc = scan_plain(&scan, text, end + 1);
	if (rc < 0)
		return rc;
	index->open_quote = scan.open_quote;
	index->lines -= padding - (len && end[-1] != '\n');
	while (index->chunks > 1 && index->chunk[index->chunks - 1].start >= end)
		index->chunks--;
	rc = add_chunk(&scan, end + 1);
	index->chunks -= !rc;
	return rc;
}

void csv_index_release(struct csv_index *index)
{
	free(index->chunk);
	*index = (struct csv_index){0};
}
