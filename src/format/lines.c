#include "format/lines.h"

#include <errno.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

void lines_init(struct lines *lines, int fd, const char *name, size_t limit, unsigned long long most)
{
	*lines = (struct lines){.name = name, .fd = fd, .limit = limit, .left = most, .buf = BUF_INIT};
}

void lines_release(struct lines *lines)
{
	if (lines)
		buf_release(&lines->buf);
}

int lines_waiting(const struct lines *lines)
{
	return memchr(lines->buf.text + lines->at, '\n', lines->buf.len - lines->at) != NULL;
}

int lines_is_blank(const struct lines *lines)
{
	for (size_t i = 0; i < lines->len; i++)
		if (lines->text[i] != ' ' && lines->text[i] != '\t')
			return 0;
	return 1;
}

/* Forget what was given out, and read a piece: 1, 0 at the end. */
static int read_more(struct lines *lines, struct error *err)
{
	struct buf *buf = &lines->buf;
	ssize_t got;

	if (lines->at) {
		memmove(buf->text, buf->text + lines->at, buf->len - lines->at);
		buf->len -= lines->at;
		lines->at = 0;
	}
	if (!lines->left)
		return 0;
	if (buf_reserve(buf, PIECE) < 0)
		return error_nomem(err);
	do
		got = read(lines->fd, buf->text + buf->len, lines->left < PIECE ? (size_t)lines->left : PIECE);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, "cannot read %s", lines->name);
	if (!got)
		return 0;
	lines->left -= (unsigned long long)got;
	buf->len += (size_t)got;
	buf->text[buf->len] = '\0';
	if (!lines->started && buf->len >= 3) {
		lines->started = 1;
		lines->at = memcmp(buf->text, "\xef\xbb\xbf", 3) ? 0 : 3;
	}
	return 1;
}

static int give(struct lines *lines, size_t len, size_t step)
{
	lines->text = lines->buf.text + lines->at;
	lines->len = len;
	lines->number++;
	if (lines->len && lines->text[lines->len - 1] == '\r')
		lines->len--;
	lines->too_long = lines->len > lines->limit;
	lines->at += step;
	return 1;
}

/* Pass over the rest of a line that is too long, keeping its beginning. */
static int pass_over(struct lines *lines, struct error *err)
{
	struct buf *buf = &lines->buf;
	size_t keep = lines->limit + 2; /* more than the limit, also when its last byte is a CR */
	const char *end = NULL;
	int rc = 1;

	while (!end && rc == 1) {
		buf->len = keep;
		rc = read_more(lines, err);
		if (rc == 1)
			end = memchr(buf->text + keep, '\n', buf->len - keep);
	}
	if (rc < 0)
		return rc;
	lines->unfinished = !end;
	return give(lines, keep, end ? (size_t)(end - buf->text) + 1 : buf->len);
}

int lines_next(struct lines *lines, struct error *err)
{
	struct buf *buf = &lines->buf;
	size_t seen = 0; /* bytes of the line that were searched */

	lines->unfinished = 0;
	for (;;) {
		const char *start = buf->text + lines->at;
		const char *end = memchr(start + seen, '\n', buf->len - lines->at - seen);
		int rc;

		if (end)
			return give(lines, (size_t)(end - start), (size_t)(end - start) + 1);
		seen = buf->len - lines->at;
		rc = read_more(lines, err);
		if (rc < 0)
			return rc;
		if (lines->at) /* a BOM */
			seen = 0;
		if (!rc) {
			lines->unfinished = buf->len > lines->at;
			return lines->unfinished ? give(lines, buf->len - lines->at, buf->len - lines->at) : 0;
		}
		if (buf->len - lines->at > lines->limit + 2 &&
		    !memchr(buf->text + lines->at + seen, '\n', buf->len - lines->at - seen)) {
			if (lines->at) {
				buf->len -= lines->at;
				memmove(buf->text, buf->text + lines->at, buf->len);
				lines->at = 0;
			}
			return pass_over(lines, err);
		}
	}
}
