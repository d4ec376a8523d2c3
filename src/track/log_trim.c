/* A log's size in the record: its first and its last part. See launch.h. */
#include "base/file.h"
#include "base/mem.h"
#include "track/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	WHOLE = 1 << 20, /* up to here it stays as it is */
	HEAD = 256 << 10,
	TAIL = 768 << 10,
	NEAR = 8 << 10, /* a line's end is looked for within so many bytes */
	ROOM = 256, /* for the line that says what is missing */
};

static int read_at(char *bytes, size_t len, int fd, size_t offset, const char *name, struct error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(fd, bytes + done, len - done, (off_t)(offset + done));

		if (n <= 0) {
			error_set(err, ERR_MACHINE, "cannot read %s: %s", name, n ? strerror(errno) : "it got shorter");
			return ERR_MACHINE;
		}
		done += (size_t)n;
	}
	return 0;
}

/* The first `len` bytes or a little less: to the end of a line. */
static size_t head_length(const char *text, size_t len)
{
	const char *end = memrchr(text + len - NEAR, '\n', NEAR);

	return end ? (size_t)(end + 1 - text) : len;
}

/* Where in `text` the last part begins: behind the end of a line. */
static size_t tail_start(const char *text)
{
	const char *end = memchr(text, '\n', NEAR);

	return end ? (size_t)(end + 1 - text) : 0;
}

static int trim(struct buf *out, int fd, size_t len, const char *name, struct error *err)
{
	char *head = mem_array(HEAD, 1), *tail = mem_array(TAIL, 1);
	size_t first, last, skip;
	int rc = head && tail ? 0 : error_nomem(err);

	if (!rc)
		rc = read_at(head, HEAD, fd, 0, name, err);
	if (!rc)
		rc = read_at(tail, TAIL - ROOM, fd, len - (TAIL - ROOM), name, err);
	if (!rc) {
		first = head_length(head, HEAD);
		skip = tail_start(tail);
		last = TAIL - ROOM - skip;
		buf_put(out, head, first);
		buf_printf(out, "%s[assay: %zu of %zu bytes are left out here]\n", head[first - 1] == '\n' ? "" : "\n",
			   len - first - last, len);
		buf_put(out, tail + skip, last);
		rc = buf_check(out, err);
	}
	free(head);
	free(tail);
	return rc;
}

int log_trim(const char *from, const char *to, struct error *err)
{
	struct buf text = BUF_INIT;
	int fd = open(from, O_RDONLY | O_CLOEXEC), rc;
	off_t len;

	if (fd < 0)
		return error_errno(err, "cannot read %s", from);
	len = lseek(fd, 0, SEEK_END);
	if (len < 0) {
		rc = error_errno(err, "cannot read %s", from);
	} else if (len > WHOLE) {
		rc = trim(&text, fd, (size_t)len, from, err);
	} else {
		rc = lseek(fd, 0, SEEK_SET) < 0 ? error_errno(err, "cannot read %s", from)
						: fd_read(&text, fd, from, err);
	}
	if (!rc)
		rc = file_write(to, text.text, text.len, err);
	buf_release(&text);
	close(fd);
	return rc < 0 ? rc : len > WHOLE;
}
