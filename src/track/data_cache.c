#include "track/data_cache.h"

#include "base/file.h"
#include "base/mem.h"

#define MOST_BYTES ((size_t)4 << 20) /* of the file: more is garbage */
#define SUM 16 /* hex digits that end a line */

enum { DEVICE, INODE, SIZE, MTIME, MTIME_NS, CTIME, CTIME_NS, KEYS };

struct entry {
	unsigned long long key[KEYS];
	int csv; /* its shape was looked for */
	struct data_content content;
};

struct data_cache {
	char *path;
	struct entry *entry;
	size_t n, cap;
	int changed;
};

static void key_of(unsigned long long key[KEYS], const struct stat *st)
{
	key[DEVICE] = st->st_dev;
	key[INODE] = st->st_ino;
	key[SIZE] = (unsigned long long)st->st_size;
	key[MTIME] = (unsigned long long)st->st_mtim.tv_sec;
	key[MTIME_NS] = (unsigned long long)st->st_mtim.tv_nsec;
	key[CTIME] = (unsigned long long)st->st_ctim.tv_sec;
	key[CTIME_NS] = (unsigned long long)st->st_ctim.tv_nsec;
}

/* FNV-1a: damage shows, that is all that is asked of it. */
static unsigned long long sum_of(const char *text, size_t len)
{
	unsigned long long sum = 0xcbf29ce484222325U;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)text[i]) * 0x100000001b3U;
	return sum;
}

/* A line without its newline, ended by NUL. 1 if it is whole. */
static int parse_line(struct entry *out, char *line, size_t len)
{
	unsigned long long flags;
	char *at = line, *end;

	if (len < SUM + 1 || line[len - SUM - 1] != ' ')
		return 0;
	if (strtoull(line + len - SUM, &end, 16) != sum_of(line, len - SUM - 1) || *end)
		return 0;
	for (size_t i = 0; i < KEYS; i++)
		out->key[i] = strtoull(at, &at, 10);
	flags = strtoull(at, &at, 10);
	out->csv = flags & 1;
	out->content.has_shape = flags >> 1 & 1;
	out->content.is_pointer = flags >> 2 & 1;
	out->content.rows = strtoull(at, &at, 10);
	out->content.columns = strtoull(at, &at, 10);
	out->content.bytes = out->key[SIZE];
	if (*at != ' ' || line + len - SUM - 1 - (at + 1) != SHA256_HEX - 1)
		return 0;
	memcpy(out->content.sha256, at + 1, SHA256_HEX - 1);
	out->content.sha256[SHA256_HEX - 1] = '\0';
	return strspn(out->content.sha256, "0123456789abcdef") == SHA256_HEX - 1;
}

static void put_line(struct buf *out, const struct entry *entry)
{
	size_t start = out->len;

	for (size_t i = 0; i < KEYS; i++)
		buf_printf(out, "%llu ", entry->key[i]);
	buf_printf(out, "%d %llu %llu %s", entry->csv | entry->content.has_shape << 1 | entry->content.is_pointer << 2,
		   entry->content.rows, entry->content.columns, entry->content.sha256);
	buf_printf(out, " %016llx\n", out->failed ? 0 : sum_of(out->text + start, out->len - start));
}

static int add(struct data_cache *cache, const struct entry *entry, struct error *err)
{
	int rc = MEM_GROW(cache->entry, cache->n, cache->cap, err);

	if (!rc)
		cache->entry[cache->n++] = *entry;
	return rc;
}

static int parse(struct data_cache *cache, struct buf *text, struct error *err)
{
	int rc = 0;

	for (char *line = text->text, *end; !rc && (end = strchr(line, '\n')); line = end + 1) {
		struct entry entry = {0};

		*end = '\0';
		if (parse_line(&entry, line, (size_t)(end - line)))
			rc = add(cache, &entry, err);
	}
	return rc;
}

int data_cache_open(struct data_cache **out, const struct store *store, struct error *err)
{
	struct data_cache *cache = mem_zeroed(1, sizeof(*cache));
	struct buf text = BUF_INIT;
	struct error none = {0};
	struct stat st;
	int rc = 0;

	if (!cache)
		return error_nomem(err);
	cache->path = path_join(store_assay_dir(store), "cache/data");
	if (!cache->path)
		rc = error_nomem(err);
	if (!rc && !stat(cache->path, &st) && S_ISREG(st.st_mode) && (size_t)st.st_size <= MOST_BYTES &&
	    !file_read(&text, cache->path, &none))
		rc = parse(cache, &text, err);
	buf_release(&text);
	if (rc < 0) {
		free(cache->path);
		free(cache->entry);
		free(cache);
		return rc;
	}
	*out = cache;
	return 0;
}

/* The newest entry of the same file in the same state whose shape, if asked for, was looked for. */
static const struct entry *find(const struct data_cache *cache, const unsigned long long key[KEYS], int csv)
{
	for (size_t i = cache->n; i-- > 0;)
		if (!memcmp(cache->entry[i].key, key, sizeof(cache->entry[i].key)) && cache->entry[i].csv >= csv)
			return &cache->entry[i];
	return NULL;
}

int data_cache_read(struct data_content *out, struct data_cache *cache, const char *path, int csv, struct error *err)
{
	struct entry entry = {.csv = csv};
	const struct entry *found = NULL;
	struct stat st;
	int settled, rc;

	if (!stat(path, &st) && S_ISREG(st.st_mode)) {
		key_of(entry.key, &st);
		found = find(cache, entry.key, csv);
	}
	if (found) {
		*out = found->content;
		return 0;
	}
	rc = data_read(out, &st, &settled, path, csv, err);
	if (rc < 0 || !settled)
		return rc;
	key_of(entry.key, &st);
	entry.content = *out;
	cache->changed = 1;
	return add(cache, &entry, err);
}

/* Put what is remembered into the file; entries of one inode but the latest, and the oldest of too many, are dropped. */
static void save(const struct data_cache *cache)
{
	char *folder = mem_text_n(cache->path, (size_t)(path_base(cache->path) - cache->path));
	struct buf text = BUF_INIT;
	struct error none = {0};

	for (size_t i = cache->n > DATA_CACHE_FILES ? cache->n - DATA_CACHE_FILES : 0; i < cache->n; i++)
		put_line(&text, &cache->entry[i]);
	if (folder && !text.failed && !dir_make(folder, &none) &&
	    file_write(cache->path, text.text, text.len, &none) < 0)
		error_clear(&none); /* derived: computed again another time */
	buf_release(&text);
	free(folder);
}

void data_cache_close(struct data_cache *cache)
{
	if (!cache)
		return;
	if (cache->changed)
		save(cache);
	free(cache->path);
	free(cache->entry);
	free(cache);
}
