#include "track/data_read.h"

#include "base/clock.h"
#include "base/mem.h"
#include "format/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK ((size_t)1 << 18)

/* Where the counting of records is, by the rules of learn/csv_index.h. */
struct counting {
	char separator;
	enum { FIELD_START, FIELD, QUOTED, QUOTE_IN_QUOTED } place;
	enum { LINE_EMPTY, LINE_CR, LINE_FILLED } line; /* what stands on the line so far */
	unsigned long long records, separators; /* separators: of the first record */
	int nul;
};

static void end_line(struct counting *c)
{
	c->records += c->line == LINE_FILLED;
	c->line = LINE_EMPTY;
	c->place = FIELD_START;
}

static void count_byte(struct counting *c, char byte)
{
	if (c->place == QUOTE_IN_QUOTED)
		c->place = byte == '"' ? QUOTED : FIELD;
	else if (c->place == QUOTED && byte == '"')
		c->place = QUOTE_IN_QUOTED;
	else if (c->place == FIELD_START && byte == '"')
		c->place = QUOTED;
	else if (c->place == FIELD_START)
		c->place = FIELD;
	if (c->place == FIELD && byte == '\n') {
		end_line(c);
		return;
	}
	c->line = byte == '\r' && c->line == LINE_EMPTY ? LINE_CR : LINE_FILLED;
	if (c->place == FIELD && byte == c->separator) {
		c->place = FIELD_START;
		c->separators += !c->records;
	}
}

static void count_block(struct counting *c, const char *at, const char *end)
{
	c->nul |= memchr(at, '\0', (size_t)(end - at)) != NULL;
	while (at < end) {
		const char *stop = NULL;

		/* Behind the header only quotes and line ends matter: over the rest of a field in one step. */
		if (c->records && c->place == FIELD && c->line == LINE_FILLED)
			stop = memchr(at, '\n', (size_t)(end - at));
		if (stop && !memchr(at, '"', (size_t)(stop - at)))
			at = stop;
		count_byte(c, *at++);
	}
}

/* Fill the block as far as the file goes. */
static int read_block(size_t *got, int fd, char *block, const char *path, struct error *err)
{
	*got = 0;
	while (*got < BLOCK) {
		ssize_t n = read(fd, block + *got, BLOCK - *got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "cannot read %s", path);
		if (!n)
			break;
		*got += (size_t)n;
	}
	return 0;
}

static void count_start(struct counting *c, const char **at, const char *end)
{
	if (end - *at >= 3 && !memcmp(*at, "\xef\xbb\xbf", 3))
		*at += 3;
	*c = (struct counting){.separator = csv_sniff(*at, (size_t)(end - *at))};
}

static void count_end(struct data_content *out, struct counting *c)
{
	if (c->place == QUOTED)
		return;
	end_line(c);
	if (c->nul || c->records < 2)
		return;
	out->has_shape = 1;
	out->rows = c->records - 1;
	out->columns = c->separators + 1;
}

static int is_lfs_pointer(const char *text, size_t len)
{
	static const char start[] = "version https://git-lfs.github.com/spec/";

	return len < 1024 && len > sizeof(start) && !memcmp(text, start, sizeof(start) - 1);
}

static int read_all(struct data_content *out, int fd, struct hash *hash, char *block, const char *path, int csv,
		    struct error *err)
{
	struct counting counting;
	size_t got = BLOCK;
	int rc = 0;

	for (int first = 1; !rc && got == BLOCK; first = 0) {
		const char *at = block;

		rc = read_block(&got, fd, block, path, err);
		if (rc < 0)
			break;
		hash_add(hash, block, got);
		out->bytes += got;
		if (first && is_lfs_pointer(block, got))
			out->is_pointer = 1;
		if (first)
			count_start(&counting, &at, block + got);
		if (csv && !out->is_pointer)
			count_block(&counting, at, block + got);
	}
	if (!rc && csv && !out->is_pointer)
		count_end(out, &counting);
	return rc;
}

static int same_state(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int data_read(struct data_content *out, struct stat *st, int *settled, const char *path, int csv, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK),
	    rc = 0; /* a pipe that nobody writes is not waited for */
	char *block = NULL;
	struct hash *hash = NULL;
	time_t start = clock_now();
	struct stat after;

	*out = (struct data_content){0};
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_set(err, ERR_INPUT, "no such file: %s", path);
	if (fd < 0)
		return error_errno(err, "cannot open %s", path);
	if (fstat(fd, st) < 0)
		rc = error_errno(err, "cannot look at %s", path);
	else if (!S_ISREG(st->st_mode))
		rc = error_set(err, ERR_INPUT, "neither a plain file nor a folder: %s", path);
	if (rc < 0)
		goto out;
	block = mem_array(BLOCK, 1);
	hash = hash_new();
	rc = block && hash ? read_all(out, fd, hash, block, path, csv, err) : error_nomem(err);
	if (rc < 0)
		goto out;
	hash_end(hash, out->sha256);
	hash = NULL;
	*settled = !fstat(fd, &after) && same_state(st, &after) && st->st_mtim.tv_sec < start &&
		   st->st_ctim.tv_sec < start;
out:
	hash_end(hash, NULL);
	free(block);
	close(fd);
	return rc;
}
