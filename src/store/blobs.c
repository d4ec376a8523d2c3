/*
 * Many blobs at once, by `git cat-file --batch`: it resolves the deltas of a pack with a cache that libgit2 does not have
 * (10,000 records of 7 kB in a pack that git made: 0.4 s, not 3), and fetches what a partial clone lacks.
 */
#include "store/repo.h"

/* "HEX blob SIZE" or "HEX missing" at *at: the size, and *at behind the line. */
static int take_head(size_t *len, char **at, const char *end, const char *hex, struct error *err)
{
	char *line = *at, *stop = memchr(line, '\n', (size_t)(end - line));
	unsigned long long size;
	size_t name = strlen(hex);

	if (!stop)
		return error_set(err, ERR_MACHINE, "git cat-file ended early");
	*stop = '\0';
	if (strncmp(line, hex, name) != 0 || sscanf(line + name, " blob %llu", &size) != 1)
		return error_set(err, ERR_NOT_FOUND, "there is no file %s in this repository", hex);
	if (size >= (unsigned long long)(end - stop))
		return error_set(err, ERR_MACHINE, "git cat-file ended early");
	*len = (size_t)size;
	*at = stop + 1;
	return 0;
}

int store_blobs(struct store *store, const char *const *blob_hex, size_t n,
		int (*fn)(void *context, size_t i, const char *bytes, size_t len), void *context, struct error *err)
{
	static const char *const argv[] = {"cat-file", "--batch", NULL};
	struct buf names = BUF_INIT, text = BUF_INIT;
	char *at, *end;
	int rc;

	for (size_t i = 0; i < n; i++)
		buf_printf(&names, "%s\n", blob_hex[i]);
	rc = buf_check(&names, err);
	if (!rc)
		rc = git_run(
			store,
			&(struct git_call){.argv = argv, .input = names.text, .input_len = names.len, .out = &text},
			err);
	at = text.text;
	end = text.text + text.len;
	for (size_t i = 0; i < n && !rc; i++) {
		size_t len = 0;

		rc = take_head(&len, &at, end, blob_hex[i], err);
		if (!rc)
			rc = fn(context, i, at, len);
		at += len + 1;
	}
	buf_release(&names);
	buf_release(&text);
	return rc;
}
