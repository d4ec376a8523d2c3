/* What a command left in its run directory: see collect.h. The steps are in collect_values, _metrics and _files. */
#include "track/collect_inside.h"

#include "format/json.h"
#include "format/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void collected_release(struct collected *collected)
{
	if (!collected)
		return;
	json_decref(collected->params);
	json_decref(collected->tags);
	json_decref(collected->reported);
	json_decref(collected->series);
	names_free(&collected->notes);
	for (size_t i = 0; i < collected->n_files; i++) {
		free(collected->file[i].from);
		free(collected->file[i].path);
	}
	free(collected->file);
	for (size_t i = 0; i < collected->n_outside; i++) {
		free(collected->outside[i].path);
		free(collected->outside[i].sha256);
	}
	free(collected->outside);
	*collected = (struct collected){0};
}

static const char *kind_of(mode_t mode)
{
	return S_ISLNK(mode)    ? "a symbolic link"
	       : S_ISDIR(mode)  ? "a folder"
	       : S_ISFIFO(mode) ? "a named pipe"
	       : S_ISSOCK(mode) ? "a socket"
				: "a device";
}

int collect_open(int *fd, unsigned long long *bytes, const struct collecting *collecting, const char *name,
		 struct error *err)
{
	struct names *notes = &collecting->out->notes;
	struct stat st;

	*fd = -1;
	*bytes = 0;
	if (collecting->dir < 0)
		return 0;
	if (fstatat(collecting->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0
				       : collect_note(notes, err, "%s could not be read: %s", name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return collect_note(notes, err, "%s is %s and was not read", name, kind_of(st.st_mode));
	*fd = openat(collecting->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return collect_note(notes, err, "%s could not be read: %s", name, strerror(errno));
	if (fstat(*fd, &st) < 0 || !S_ISREG(st.st_mode)) { /* it was put there meanwhile */
		close(*fd);
		return collect_note(notes, err, "%s is %s and was not read", name, kind_of(st.st_mode));
	}
	*bytes = (unsigned long long)st.st_size;
	return 1;
}

int collect_read(struct buf *text, const struct collecting *collecting, const char *name, struct error *err)
{
	struct error reason = {0};
	unsigned long long bytes;
	int fd, rc;

	rc = collect_open(&fd, &bytes, collecting, name, err);
	if (rc < 1)
		return rc;
	if (bytes > COLLECT_FILE) {
		rc = collect_note(&collecting->out->notes, err,
				  "%s is over 1 MiB and was kept as an artifact, not read", name);
		if (!rc)
			rc = collect_keep(collecting, name, err);
	} else {
		rc = fd_read(text, fd, name, &reason);
		rc = rc < 0 ? collect_unread(&collecting->out->notes, &reason, err) : 1;
	}
	close(fd);
	return rc;
}

/* The object on a line, or an oddity. ERR_NOMEM, or what each() says. */
static int take_line(const struct lines *lines, struct oddities *odds, collect_object each, void *context,
		     struct error *err)
{
	json_t *json = NULL;
	int rc;

	if (lines->too_long) {
		odd(odds, ODD_LONG_LINE, lines->number, "", 0);
		return 0;
	}
	if (!lines->len)
		return 0;
	rc = json_parse_last(&json, lines->text, lines->len, lines->name, NULL);
	if (rc == ERR_NOMEM)
		return error_nomem(err);
	if (rc < 0 || !json_is_object(json)) {
		odd(odds, lines->unfinished ? ODD_CUT : ODD_LINE, lines->number, "", 0);
		rc = 0;
	} else {
		rc = each(context, json, lines->number, err);
	}
	json_decref(json);
	return rc;
}

int collect_lines(const struct collecting *collecting, struct oddities *odds, collect_object each, void *context,
		  struct error *err)
{
	struct error reason = {0};
	unsigned long long bytes;
	struct lines lines;
	int fd, rc;

	rc = collect_open(&fd, &bytes, collecting, odds->file, err);
	if (rc < 1)
		return rc;
	lines_init(&lines, fd, odds->file, COLLECT_ODD_LINE, bytes);
	while ((rc = lines_next(&lines, &reason)) == 1) {
		rc = take_line(&lines, odds, each, context, err);
		if (rc < 0)
			break;
	}
	if (reason.code)
		rc = collect_unread(&collecting->out->notes, &reason, err);
	lines_release(&lines);
	close(fd);
	return rc;
}

static int flatten(struct buf *name, const json_t *object, collect_member each, void *context, struct error *err)
{
	size_t len = name->len;
	const char *key;
	json_t *value;
	int rc;

	json_object_foreach((json_t *)object, key, value)
	{
		name->len = len;
		if (len)
			buf_putc(name, '.');
		buf_puts(name, key);
		rc = buf_check(name, err);
		if (!rc)
			rc = json_is_object(value) ? flatten(name, value, each, context, err)
						   : each(context, name->text, name->len, value, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int collect_flatten(const json_t *object, collect_member each, void *context, struct error *err)
{
	struct buf name = BUF_INIT;
	int rc = flatten(&name, object, each, context, err);

	buf_release(&name);
	return rc;
}

int collect(struct collected *out, const char *dir, const json_t *given, const char *history, struct error *err)
{
	struct collecting collecting = {.out = out, .dir = -1};
	int rc;

	*out = (struct collected){0};
	out->params = json_object();
	out->tags = json_object();
	out->reported = json_object();
	out->series = json_object();
	collecting.series = series_new();
	if (!out->params || !out->tags || !out->reported || !out->series || !collecting.series) {
		rc = error_nomem(err);
		goto out;
	}
	collecting.dir = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (collecting.dir < 0)
		rc = collect_note(&out->notes, err, "the run directory could not be read: %s", strerror(errno));
	else
		rc = collect_metrics(&collecting, history, err);
	if (!rc)
		rc = collect_values(&collecting, given, err);
	if (!rc && collecting.dir >= 0)
		rc = collect_files(&collecting, err);
out:
	if (collecting.dir >= 0)
		close(collecting.dir);
	series_free(collecting.series);
	return rc;
}
