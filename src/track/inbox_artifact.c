/* A file brought into the run directory from a shell: copied there whole before it has its name. */
#include "track/inbox.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "format/json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 17, MOST_COPIED = 100000000, MOST_NAME = 1000 };

static int check_name(const char *as, struct error *err)
{
	if (strlen(as) <= MOST_NAME && path_stays(as))
		return 0;
	return error_set(err, ERR_INPUT, "'%s' is no name for an artifact: a path below artifacts/ is", as);
}

/* 1 if `path` lies below the folder `top`, both real. */
static int is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(path, top, len) && path[len] == '/';
}

static int hash_file(char hex[SHA256_HEX], int fd, const char *name, struct error *err)
{
	struct hash *hash = hash_new();
	char *piece = mem_array(PIECE, 1);
	ssize_t got = 1;
	int rc = hash && piece ? 0 : error_nomem(err);

	while (!rc && got) {
		got = read(fd, piece, PIECE);
		if (got > 0)
			hash_add(hash, piece, (size_t)got);
		else if (got < 0 && errno != EINTR)
			rc = error_errno(err, "cannot read %s", name);
	}
	hash_end(hash, rc ? NULL : hex);
	free(piece);
	return rc;
}

static int note_outside(const char *dir, const char *real, int fd, const struct stat *st, struct error *err)
{
	json_t *object = json_object();
	char hex[SHA256_HEX];
	int rc = object ? hash_file(hex, fd, real, err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(object, "path", real, err);
	if (!rc)
		rc = json_set_text(object, "sha256", hex, err);
	if (!rc)
		rc = json_set(object, "bytes", json_integer(st->st_size), err);
	if (!rc)
		rc = inbox_append(dir, "artifacts.jsonl", object, err);
	json_decref(object);
	return rc;
}

static int copy_bytes(int to, int from, const char *name, struct error *err)
{
	char *piece = mem_array(PIECE, 1);
	ssize_t got = 1;
	int rc = piece ? 0 : error_nomem(err);

	while (!rc && got) {
		got = read(from, piece, PIECE);
		if (got > 0)
			rc = fd_write(to, piece, (size_t)got, name, err);
		else if (got < 0 && errno != EINTR)
			rc = error_errno(err, "cannot read %s", name);
	}
	free(piece);
	return rc;
}

/* Beside its place under a name that collect() passes over, then into it. */
static int copy_file(const char *dir, const char *place, int fd, const struct stat *st, const char *name,
		     struct error *err)
{
	char *making = path_join(dir, ".tmp-XXXXXX");
	int to, rc = 0;

	if (!making)
		return error_nomem(err);
	to = mkostemp(making, O_CLOEXEC);
	if (to < 0) {
		rc = error_errno(err, "cannot create a file in %s", dir);
		goto out;
	}
	if (ioctl(to, FICLONE, fd) < 0)
		rc = copy_bytes(to, fd, name, err);
	if (!rc && fchmod(to, (st->st_mode & 0777) | 0600) < 0)
		rc = error_errno(err, "cannot set the mode of the copy of %s", name);
	if (close(to) < 0 && !rc)
		rc = error_errno(err, "cannot write the copy of %s", name);
	if (!rc && rename(making, place) < 0)
		rc = error_errno(err, "cannot put %s in its place", place);
	if (rc < 0)
		unlink(making);
out:
	free(making);
	return rc;
}

/* dir/artifacts/AS with its folders made; the caller's. */
static int make_place(char **out, const char *dir, const char *as, struct error *err)
{
	char *place = mem_printf("%s/artifacts/%s", dir, as), *folder = mem_text(place);
	int rc = folder ? 0 : error_nomem(err);

	if (!rc) {
		*strrchr(folder, '/') = '\0';
		rc = dir_make(folder, err);
	}
	free(folder);
	*out = place;
	return rc;
}

static int open_plain(int *fd, struct stat *st, const char *file, struct error *err)
{
	*fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0 && errno == ENOENT)
		return error_set(err, ERR_INPUT, "%s is not there", file);
	if (*fd < 0 || fstat(*fd, st) < 0)
		return error_errno(err, "cannot open %s", file);
	if (S_ISREG(st->st_mode))
		return 0;
	error_set(err, ERR_INPUT, "%s is %s", file, S_ISDIR(st->st_mode) ? "a folder" : "no plain file");
	if (S_ISDIR(st->st_mode))
		error_hint(err, "give its files, or copy it: cp -r %s \"$ASSAY_RUN_DIR/artifacts/\"", file);
	return ERR_INPUT;
}

int inbox_artifact(const char *dir, const char *file, const char *as, struct error *err)
{
	char *real = realpath(file, NULL), *top = realpath(dir, NULL), *inside = NULL, *place = NULL;
	struct stat st = {0};
	int fd = -1, rc;

	rc = open_plain(&fd, &st, file, err);
	if (!rc)
		rc = check_name(as ? as : path_base(file), err);
	if (rc < 0)
		goto out;
	inside = top ? path_join(top, "artifacts") : NULL;
	if (!real || !inside) {
		rc = error_errno(err, "cannot find %s", real ? dir : file);
		goto out;
	}
	if (!as && is_below(real, inside))
		goto out;
	if (st.st_size > MOST_COPIED && !is_below(real, top)) {
		rc = note_outside(dir, real, fd, &st, err);
		goto out;
	}
	rc = make_place(&place, dir, as ? as : path_base(file), err);
	if (!rc)
		rc = copy_file(dir, place, fd, &st, file, err);
out:
	if (fd >= 0)
		close(fd);
	free(place);
	free(inside);
	free(real);
	free(top);
	return rc;
}
