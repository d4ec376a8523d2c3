/*
 * Where large things lie: the git directory, or a folder below ASSAY_SPOOL, which every process that looks for runs in
 * flight must find without that variable: assay_dir/spools lists the places, one a line. A place has a random name, so that
 * two clones never share one, and says whose it is, so that a copy of a repository does not take the runs of the first.
 */
#include "store/repo.h"
#include "base/mem.h"
#include "base/random.h"

#include <fcntl.h>
#include <unistd.h>

enum { NAME_BYTES = 5 };

/* Whether a place is this repository's: there, and its file `repository` names this git directory or one that is gone. */
static int is_ours(const struct store *store, const char *place)
{
	char *path = path_join(place, "repository");
	struct buf text = BUF_INIT;
	int ours = path && file_read(&text, path, NULL) == 0;

	if (ours && text.len && text.text[text.len - 1] == '\n')
		text.text[--text.len] = '\0';
	ours = ours && (!strcmp(text.text, store->common_dir) || !dir_exists(text.text));
	buf_release(&text);
	free(path);
	return ours;
}

/* The places on record that are there and ours, in the order in which they were first used. */
static int read_places(struct names *out, const struct store *store, struct error *err)
{
	char *path = path_join(store->assay_dir, "spools");
	struct buf text = BUF_INIT;
	int rc = path ? file_read(&text, path, err) : error_nomem(err);

	if (rc == ERR_NOT_FOUND) {
		if (err)
			error_clear(err);
		rc = 0;
	}
	for (char *at = text.text, *end; !rc && (end = strchr(at, '\n')); at = end + 1) {
		int known = 0;

		*end = '\0';
		for (size_t i = 0; i < out->n; i++)
			known |= !strcmp(out->name[i], at);
		if (*at == '/' && !known && is_ours(store, at))
			rc = names_add(out, at, err);
	}
	buf_release(&text);
	free(path);
	return rc;
}

int store_spools(struct names *out, const struct store *store, struct error *err)
{
	int rc;

	*out = (struct names){0};
	rc = names_add(out, store->assay_dir, err);
	if (!rc)
		rc = read_places(out, store, err);
	if (rc < 0)
		names_free(out);
	return rc;
}

/* A new place below `spool`, on record before anything lies there. */
static int make_place(char **out, const struct store *store, const char *spool, struct error *err)
{
	const char *top = path_base(store->worktree ? store->worktree : store->common_dir);
	char *list = path_join(store->assay_dir, "spools"), *place, *mark = NULL, *text = NULL;
	unsigned char random[NAME_BYTES];
	int fd = -1, rc = list ? random_bytes(random, sizeof(random), err) : error_nomem(err);

	place = rc ? NULL
		   : mem_printf("%s/%s-%02x%02x%02x%02x%02x", spool, top, random[0], random[1], random[2], random[3],
				random[4]);
	mark = place ? path_join(place, "repository") : NULL;
	text = place ? mem_printf("%s\n%s\n", store->common_dir, place) : NULL;
	if (!rc && (!place || !mark || !text))
		rc = error_nomem(err);
	if (!rc)
		rc = dir_make(place, err);
	if (!rc)
		rc = file_write(mark, text, strlen(store->common_dir) + 1, err);
	if (!rc)
		rc = dir_make(store->assay_dir, err);
	if (rc)
		goto out;
	fd = open(list, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	rc = fd < 0 ? error_errno(err, "cannot open %s", list)
		    : fd_write(fd, text + strlen(store->common_dir) + 1, strlen(place) + 1, list, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", list);
out:
	if (rc) {
		free(place);
		place = NULL;
	}
	*out = place;
	free(list);
	free(mark);
	free(text);
	return rc;
}

/* The place below `spool`: the first on record, else a new one. */
static int find_place(char **out, const struct store *store, const char *spool, struct error *err)
{
	struct names places = {0};
	size_t len = strlen(spool);
	int rc = read_places(&places, store, err);

	for (size_t i = 0; !rc && !*out && i < places.n; i++) {
		const char *at = places.name[i];

		if (strncmp(at, spool, len) != 0 || at[len] != '/' || strchr(at + len + 1, '/'))
			continue;
		*out = mem_text(at);
		if (!*out)
			rc = error_nomem(err);
	}
	names_free(&places);
	return !rc && !*out ? make_place(out, store, spool, err) : rc;
}

int store_spool(const char **out, struct store *store, struct error *err)
{
	const char *given = getenv("ASSAY_SPOOL");
	char *spool = NULL;
	int rc = 0;

	if (store->spool || !given || !*given) {
		*out = store->spool ? store->spool : store->assay_dir;
		return 0;
	}
	if (strchr(given, '\n'))
		return error_set(err, ERR_INPUT, "ASSAY_SPOOL has a line end in it");
	rc = dir_make(given, err);
	if (rc < 0) {
		error_hint(err, "ASSAY_SPOOL names the folder for runs in flight and large artifacts");
		return rc;
	}
	spool = realpath(given, NULL);
	rc = spool ? find_place(&store->spool, store, spool, err)
		   : error_errno(err, "cannot use ASSAY_SPOOL=%s", given);
	free(spool);
	if (!rc)
		*out = store->spool;
	return rc;
}
