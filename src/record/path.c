#include "record/path.h"

/* A quoted name at *path; 1 with *path behind its closing quote. */
static int quoted(struct buf *out, const char **path, struct error *err)
{
	const char *at = *path + 1;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
		buf_putc(out, *at);
	}
	if (!*at)
		return error_set(err, ERR_INPUT, "the field %s has a quote that is not closed", *path);
	*path = at + 1;
	return buf_check(out, err) < 0 ? ERR_NOMEM : 1;
}

int path_next(struct buf *out, const char **path, struct error *err)
{
	const char *start = *path;
	size_t len;
	int rc = 1;

	buf_clear(out);
	if (!*start)
		return 0;
	if (*start == '"') {
		rc = quoted(out, path, err);
	} else {
		len = strcspn(start, ".");
		buf_put(out, start, len);
		*path += len;
		if (!len)
			rc = error_set(err, ERR_INPUT, "a part of the field's name is empty at '%s'", start);
		else if (buf_check(out, err) < 0)
			rc = ERR_NOMEM;
	}
	if (rc < 0 || !**path)
		return rc;
	if (**path != '.' || !(*path)[1])
		return error_set(err, ERR_INPUT, "a dot and a name belong behind %.*s", (int)(*path - start), start);
	++*path;
	return 1;
}

int path_rest(struct buf *out, const char **path, struct error *err)
{
	buf_clear(out);
	if (**path == '"')
		return path_next(out, path, err);
	buf_puts(out, *path);
	*path += strlen(*path);
	return buf_check(out, err) < 0 ? ERR_NOMEM : out->len > 0;
}
