#include "learn/csv_text.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_AHEAD ((size_t)1 << 17) /* more than fd_read() wants free, so that a file read whole is not moved */
#define HUGE_PAGE ((size_t)1 << 21)

static void put_padding(struct buf *buf)
{
	char newlines[CSV_PADDING];

	memset(newlines, '\n', sizeof(newlines));
	buf_put(buf, newlines, sizeof(newlines));
}

/* Fewer page faults; only advice, so a refusal is no failure. */
static void advise_huge_pages(const struct buf *buf)
{
	uintptr_t start = ((uintptr_t)buf->text + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	uintptr_t end = ((uintptr_t)buf->text + buf->cap) & ~(HUGE_PAGE - 1);

	if (buf->cap && end > start)
		(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

static int open_file(int *fd, size_t *size, const char *path, struct error *err)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0 && errno == ENOENT)
		return error_set(err, ERR_INPUT, "no such file: %s", path);
	if (*fd < 0)
		return error_errno(err, "cannot open %s", path);
	if (fstat(*fd, &st) < 0)
		return error_errno(err, "cannot look at %s", path);
	if (S_ISDIR(st.st_mode))
		return error_set(err, ERR_INPUT, "a folder, not a CSV file: %s", path);
	*size = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
	return 0;
}

/* Files that people take for CSV, known by their first bytes: say what they are instead of finding fault with a byte. */
static int refuse_other_formats(const struct csv_text *text, const char *name, struct error *err)
{
	static const struct {
		const char *start, *what, *hint;
	} formats[] = {
		{"\x1f\x8b", "a gzip file", "unpack it on the way: zcat FILE | assay ... --data -"},
		{"\x28\xb5\x2f\xfd", "a zstd file", "unpack it on the way: zstdcat FILE | assay ... --data -"},
		{"PK\x03\x04", "a zip file (or a spreadsheet)", "unpack it, or save the sheet as CSV"},
		{"PAR1", "a Parquet file", "write it as CSV, in pandas: df.to_csv(FILE, index=False)"},
		{"\xff\xfe", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8 FILE"},
		{"\xfe\xff", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8 FILE"},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		size_t len = strlen(formats[i].start);

		if (text->bytes < len || memcmp(text->start, formats[i].start, len) != 0)
			continue;
		error_set(err, ERR_INPUT, "%s, not CSV: %s", formats[i].what, name);
		error_hint(err, "%s", formats[i].hint);
		return ERR_INPUT;
	}
	return 0;
}

int csv_text_read(struct csv_text *text, const char *path, struct error *err)
{
	int is_stdin = !strcmp(path, "-"), fd = STDIN_FILENO, rc = 0;
	size_t size = 0;

	*text = (struct csv_text){.buf = BUF_INIT, .mended = BUF_INIT};
	if (!is_stdin)
		rc = open_file(&fd, &size, path, err);
	if (rc < 0)
		goto out;
	if (buf_reserve(&text->buf, size + 2 * CSV_PADDING + READ_AHEAD) < 0) {
		rc = error_nomem(err);
		goto out;
	}
	if (size >= HUGE_PAGE)
		advise_huge_pages(&text->buf);
	put_padding(&text->buf);
	rc = fd_read(&text->buf, fd, is_stdin ? "stdin" : path, err);
	if (rc < 0)
		goto out;
	text->bytes = text->buf.len - CSV_PADDING;
	put_padding(&text->buf);
	rc = buf_check(&text->buf, err);
	text->start = text->buf.text + CSV_PADDING;
	if (!rc)
		rc = refuse_other_formats(text, is_stdin ? "stdin" : path, err);
out:
	if (!is_stdin && fd >= 0)
		close(fd);
	return rc;
}

void csv_text_release(struct csv_text *text)
{
	buf_release(&text->buf);
	buf_release(&text->mended);
}

/* The first place at or behind `at` that is no UTF-8, or end. */
static const char *first_invalid(const char *at, const char *end)
{
	while (at < end) {
		uint64_t word;
		unsigned code;
		size_t step = 1;

		memcpy(&word, at, sizeof(word)); /* may reach into the padding, which is ASCII */
		if (!(word & 0x8080808080808080U)) {
			at += sizeof(word);
			continue;
		}
		if (*at & 0x80)
			step = utf8_next(at, (size_t)(end - at), &code);
		if (!step)
			return at;
		at += step;
	}
	return end;
}

int csv_text_mend(struct csv_text *text, size_t *replaced, size_t *line, struct error *err)
{
	const char *end = text->start + text->bytes, *at = text->start, *bad = first_invalid(at, end);

	*replaced = 0;
	*line = 0;
	if (bad == end)
		return 0;
	*line = csv_text_line(text, bad);
	put_padding(&text->mended);
	for (; bad < end; bad = first_invalid(at, end)) {
		buf_put(&text->mended, at, (size_t)(bad - at));
		buf_puts(&text->mended, "\xef\xbf\xbd");
		++*replaced;
		at = bad + 1;
	}
	buf_put(&text->mended, at, (size_t)(end - at));
	put_padding(&text->mended);
	return buf_check(&text->mended, err);
}

const char *csv_text_body(const struct csv_text *text, size_t *len)
{
	const char *body = text->mended.len ? text->mended.text + CSV_PADDING : text->start;

	*len = text->mended.len ? text->mended.len - (size_t)2 * CSV_PADDING : text->bytes;
	if (*len >= 3 && !memcmp(body, "\xef\xbb\xbf", 3)) {
		body += 3;
		*len -= 3;
	}
	return body;
}

size_t csv_text_line(const struct csv_text *text, const char *at)
{
	size_t len, line = 1;
	const char *scan = csv_text_body(text, &len);

	while ((scan = memchr(scan, '\n', (size_t)(at - scan)))) {
		line++;
		scan++;
	}
	return line;
}
