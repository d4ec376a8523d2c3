#include "track/inbox.h"
#include "track/collect_inside.h"

#include "base/file.h"
#include "base/mem.h"
#include "format/json.h"
#include "format/json_line.h"
#include "format/lines.h"
#include "format/number.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

int inbox_dir(char **out, struct error *err)
{
	const char *dir = getenv("ASSAY_RUN_DIR");
	int rc;

	if (!dir || !*dir) {
		rc = error_set(err, ERR_INPUT, "ASSAY_RUN_DIR is not set: this is not inside a run");
		error_hint(err, "start the command that logs by `assay run -- COMMAND`");
		return rc;
	}
	if (!dir_exists(dir)) {
		rc = error_set(err, ERR_INPUT, "the run's directory %s is not there: the run has ended", dir);
		error_hint(err, "what a run leaves behind can log only until the run ends");
		return rc;
	}
	*out = mem_text(dir);
	return *out ? 0 : error_nomem(err);
}

int inbox_pair(char **name, const char **value, const char *word, struct error *err)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : 0, step;

	if (!len)
		return error_set(err, ERR_INPUT, "'%s' is not of the form NAME=VALUE", word);
	for (size_t i = 0; i < len; i += step) {
		unsigned code = 0;

		step = utf8_next(word + i, len - i, &code);
		if (!step || code < 0x20 || (code >= 0x7f && code < 0xa0))
			return error_set(err, ERR_INPUT,
					 "the name in '%s' has control characters or bytes that are no UTF-8", word);
	}
	*value = equals + 1;
	*name = mem_text_n(word, len);
	return *name ? 0 : error_nomem(err);
}

int inbox_number(double *out, const char *name, const char *text, struct error *err)
{
	const char *word = text + (*text == '-' || *text == '+');

	if (number_parse(out, text, strlen(text)) != NUMBER_NONE)
		return 0;
	if (!strcasecmp(word, "nan"))
		*out = NAN;
	else if (!strcasecmp(word, "inf") || !strcasecmp(word, "infinity"))
		*out = *text == '-' ? -INFINITY : INFINITY;
	else
		return error_set(err, ERR_INPUT, "%s needs a number, not '%s'", name, text);
	return 0;
}

struct line_file { /* that whole lines are appended to */
	int fd;
	char *path;
	int broken; /* 1: its last line has no end, which the next block has to begin with */
};

/* Made where it is not there. ERR_INPUT if something stands there that is no plain file. */
static int open_lines(struct line_file *out, const char *dir, const char *file, struct error *err)
{
	struct stat st;
	char last = '\n';
	int rc = 0, odd;

	*out = (struct line_file){.fd = -1, .path = path_join(dir, file)};
	if (!out->path)
		return error_nomem(err);
	out->fd = open(out->path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
	/* what cannot be opened for writing, though it is there */
	odd = out->fd < 0 && (errno == ELOOP || errno == EISDIR || errno == ENXIO);
	if (!odd && (out->fd < 0 || fstat(out->fd, &st) < 0))
		rc = error_errno(err, "cannot open %s", out->path);
	else if (odd || !S_ISREG(st.st_mode))
		rc = error_set(err, ERR_INPUT, "%s is no plain file", out->path);
	else if (st.st_size > 0 && pread(out->fd, &last, 1, st.st_size - 1) == 1)
		out->broken = last != '\n';
	return rc;
}

/* By one write; the buffer is emptied. */
static int write_lines(struct line_file *file, struct buf *lines, struct error *err)
{
	int rc = buf_check(lines, err);

	if (!rc && file->broken) {
		struct buf begun = BUF_INIT;

		buf_putc(&begun, '\n');
		buf_put(&begun, lines->text, lines->len);
		rc = buf_check(&begun, err);
		buf_release(lines);
		*lines = begun;
		file->broken = 0;
	}
	if (!rc)
		rc = fd_write(file->fd, lines->text, lines->len, file->path, err);
	buf_clear(lines);
	return rc;
}

/* Of what has been done with the file; an error that is there stays. */
static int close_lines(struct line_file *file, int rc, struct error *err)
{
	if (file->fd >= 0 && close(file->fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", file->path);
	free(file->path);
	return rc;
}

int inbox_append(const char *dir, const char *file, const json_t *object, struct error *err)
{
	struct line_file to;
	struct buf line = BUF_INIT;
	int rc;

	rc = open_lines(&to, dir, file, err);
	if (!rc) {
		json_write_line(&line, object);
		rc = write_lines(&to, &line, err);
	}
	buf_release(&line);
	return close_lines(&to, rc, err);
}

int inbox_params(const char *dir, int fd, const char *name, struct error *err)
{
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	int rc;

	rc = fd_read(&text, fd, name, err);
	if (!rc)
		rc = collect_parse(&json, &text, name, err);
	if (!rc && !json_is_object(json))
		rc = error_set(err, ERR_INPUT, "%s holds no names and values (an object)", name);
	if (!rc)
		rc = inbox_append(dir, "params.jsonl", json, err);
	json_decref(json);
	buf_release(&text);
	return rc;
}

/* 1 if the line is an object: by a walk in place where it can be. *nomem: there was no memory to find out. */
static int is_object(const struct lines *lines, int *nomem)
{
	struct json_line line;
	struct json_member member;
	enum json_line_state state;
	json_t *json = NULL;
	int found;

	json_line_init(&line, lines->text, lines->len);
	do
		state = json_line_next(&line, &member);
	while (state == JSON_LINE_MEMBER);
	if (state == JSON_LINE_END)
		return 1;
	*nomem = json_parse_last(&json, lines->text, lines->len, lines->name, NULL) == ERR_NOMEM;
	found = json_is_object(json);
	json_decref(json);
	return found;
}

static int take_line(struct inbox_lines *out, struct buf *block, const struct lines *lines, struct error *err)
{
	int nomem = 0;

	if (lines_is_blank(lines))
		return 0;
	if (lines->too_long || !is_object(lines, &nomem)) {
		if (!out->refused++)
			out->first_refused = lines->number;
		return nomem ? error_nomem(err) : 0;
	}
	buf_put(block, lines->text, lines->len);
	buf_putc(block, '\n');
	out->appended++;
	return 0;
}

int inbox_metrics(struct inbox_lines *out, const char *dir, int fd, const char *name, struct error *err)
{
	struct buf block = BUF_INIT;
	struct line_file to;
	struct lines lines;
	int rc;

	*out = (struct inbox_lines){0};
	lines_init(&lines, fd, name, COLLECT_LINE, ULLONG_MAX);
	rc = open_lines(&to, dir, "metrics.jsonl", err);
	while (!rc && (rc = lines_next(&lines, err)) == 1) {
		rc = take_line(out, &block, &lines, err);
		/* what is here is written before more is waited for */
		if (!rc && block.len && (block.len >= BLOCK || !lines_waiting(&lines)))
			rc = write_lines(&to, &block, err);
	}
	if (!rc && block.len)
		rc = write_lines(&to, &block, err);
	lines_release(&lines);
	buf_release(&block);
	return close_lines(&to, rc, err);
}
