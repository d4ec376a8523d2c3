/*
 * An artifact's way to its place. What is put there must be what was hashed: a file into which nobody can write any more (it has
 * one name, no process holds it open for writing, and its mode forbids it from then on) may be linked; any other is copied
 * and hashed in one pass.
 */
#include "track/artifact.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 17, LINK_FROM = 1 << 20, SAME_NAMES = 1000 };

static const char LFS_FOLDER[] = "lfs/", ARTIFACTS_FOLDER[] = "artifacts/";

static const char *const where_word[] = {"git", "lfs", "local"};

static int make_parents(const char *path, struct error *err)
{
	char *folder = mem_text(path), *slash = folder ? strrchr(folder, '/') : NULL;
	int rc = 0;

	if (!folder)
		return error_nomem(err);
	if (slash) {
		*slash = '\0';
		rc = dir_make(folder, err);
	}
	free(folder);
	return rc;
}

/* Hash what fd gives, and write it to `to` where that is not -1. */
static int hash_blocks(struct artifact *out, int fd, int to, const char *name, struct error *err)
{
	struct hash *hash = hash_new();
	char *block = mem_array(BLOCK, 1);
	int rc = hash && block ? 0 : error_nomem(err);

	out->bytes = 0;
	while (!rc) {
		ssize_t got = read(fd, block, BLOCK);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			rc = error_errno(err, "cannot read %s", name);
		if (got <= 0)
			break;
		hash_add(hash, block, (size_t)got);
		out->bytes += (unsigned long long)got;
		if (to >= 0)
			rc = fd_write(to, block, (size_t)got, name, err);
	}
	hash_end(hash, out->sha256);
	free(block);
	return rc;
}

/* Whether nobody holds the file open for writing, this process included: only then the kernel gives a lease. */
static int no_writer(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return 0;
	return fcntl(fd, F_SETLEASE, F_UNLCK) == 0;
}

/* Give the file a second name, read-only. 1 if its bytes stand from now on, 0 if it has to be copied. */
static int link_frozen(int fd, const struct stat *st, const char *from, const char *to)
{
	struct stat now;

	if (st->st_size < LINK_FROM || st->st_nlink != 1 || link(from, to) < 0)
		return 0;
	if (!lstat(to, &now) && now.st_ino == st->st_ino && now.st_dev == st->st_dev &&
	    fchmod(fd, st->st_mode & 0444) == 0) {
		if (no_writer(fd))
			return 1;
		if (fchmod(fd, st->st_mode & 07777) < 0)
			errno = 0; /* then it stays read-only: nothing of it is lost */
	}
	unlink(to);
	return 0;
}

/* Into the new file `to`, read-only; the file system shares the blocks where it can. */
static int copy_file(struct artifact *out, int fd, const char *from, const char *to, struct error *err)
{
	int copy = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0444), rc;

	if (copy < 0)
		return error_errno(err, "cannot create %s", to);
	if (ioctl(copy, FICLONE, fd) == 0)
		rc = hash_blocks(out, copy, -1, to, err);
	else
		rc = hash_blocks(out, fd, copy, from, err);
	if (close(copy) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", to);
	if (rc < 0)
		unlink(to);
	return rc;
}

/* The bytes of `from` as the new file `to`; *out: hash and size of them. */
static int take_file(struct artifact *out, const char *from, const char *to, struct error *err)
{
	int fd = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), rc;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		rc = errno == ELOOP ? error_set(err, ERR_INPUT, "%s is a link, which is not followed", from)
				    : error_errno(err, "cannot open %s", from);
	else if (!S_ISREG(st.st_mode))
		rc = error_set(err, ERR_INPUT, "%s is no plain file", from);
	else if (link_frozen(fd, &st, from, to))
		rc = hash_blocks(out, fd, -1, from, err);
	else
		rc = copy_file(out, fd, from, to, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* A name that nothing has yet, in the folder of objects: a kill leaves a file that says what it is. */
static char *temporary_name(const char *folder)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return mem_printf("%s/.tmp-%ld-%lld-%ld", folder, (long)getpid(), (long long)now.tv_sec, now.tv_nsec);
}

/* Into a store of objects named by their content, `levels` folders of two digits deep. */
static int keep_object(struct artifact *out, const char *folder, int levels, const char *from, struct error *err)
{
	char *making = temporary_name(folder), *place = NULL;
	int rc = making ? dir_make(folder, err) : error_nomem(err);

	if (!rc)
		rc = take_file(out, from, making, err);
	if (rc < 0)
		goto out;
	place = levels == 2 ? mem_printf("%s/%.2s/%.2s/%s", folder, out->sha256, out->sha256 + 2, out->sha256)
			    : mem_printf("%s/%.2s/%s", folder, out->sha256, out->sha256);
	rc = place ? make_parents(place, err) : error_nomem(err);
	/* over one that is there, too: the bytes are the same, whole again if they were damaged, and young for `prune` */
	if (!rc && rename(making, place) < 0)
		rc = error_errno(err, "cannot put %s in place", place);
	if (rc < 0 || file_exists(making))
		unlink(making);
out:
	free(making);
	free(place);
	return rc;
}

/* "lfs/..." for a path; another one where two would meet there. */
static char *lfs_path(const char *path, const char *final, struct error *err)
{
	size_t skip = strncmp(path, ARTIFACTS_FOLDER, strlen(ARTIFACTS_FOLDER)) ? 0 : strlen(ARTIFACTS_FOLDER);

	for (int i = 1; i < SAME_NAMES; i++) {
		char *place = i == 1 ? mem_printf("%s%s", LFS_FOLDER, path + skip)
				     : mem_printf("%s%d/%s", LFS_FOLDER, i, path + skip);
		char *full = place ? path_join(final, place) : NULL;
		int taken = full && file_exists(full);

		free(full);
		if (!full) {
			free(place);
			error_say_nomem(err);
			return NULL;
		}
		if (!taken)
			return place;
		free(place);
	}
	error_set(err, ERR_INPUT, "%s: too many files of this name", path);
	return NULL;
}

static int place_lfs(struct artifact *out, struct store *store, const char *from, const char *path, const char *final,
		     struct error *err)
{
	char *folder = NULL, *full = NULL, *pointer = NULL;
	int rc = store_lfs_folder(&folder, store, err);

	if (!rc)
		rc = keep_object(out, folder, 2, from, err);
	if (rc < 0)
		goto out;
	out->path = lfs_path(path, final, err);
	full = out->path ? path_join(final, out->path) : NULL;
	pointer = mem_printf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %llu\n", out->sha256,
			     out->bytes);
	if (!out->path)
		rc = err->code;
	else
		rc = full && pointer ? make_parents(full, err) : error_nomem(err);
	if (!rc)
		rc = file_write(full, pointer, strlen(pointer), err);
out:
	free(folder);
	free(full);
	free(pointer);
	return rc;
}

static int place_local(struct artifact *out, struct store *store, const char *from, const char *path, struct error *err)
{
	const char *spool;
	char *folder = NULL;
	int rc = store_spool(&spool, store, err);

	if (!rc) {
		folder = path_join(spool, "objects");
		out->path = mem_text(path);
		rc = folder && out->path ? keep_object(out, folder, 1, from, err) : error_nomem(err);
	}
	free(folder);
	return rc;
}

static int place_git(struct artifact *out, const char *from, const char *path, const char *final, struct error *err)
{
	char *full = path_join(final, path);
	int rc = full ? make_parents(full, err) : error_nomem(err);

	if (!rc) {
		out->path = mem_text(path);
		rc = out->path ? take_file(out, from, full, err) : error_nomem(err);
	}
	free(full);
	return rc;
}

int artifact_place(struct artifact *out, struct store *store, const struct project *project, const char *from,
		   const char *path, const char *final, struct error *err)
{
	struct artifact made = {.where = ARTIFACT_GIT};
	struct error said = {0};
	struct stat st;
	int rc;

	if (!path_stays(path))
		return error_set(err, ERR_INPUT, "'%s' is no path in a run's folder", path);
	if (lstat(from, &st) < 0)
		return error_errno(err, "cannot open %s", from);
	if (S_ISREG(st.st_mode) && (unsigned long long)st.st_size > project->git.artifact_limit) {
		rc = store_uses_lfs(store, project->git.lfs, &said);
		if (rc < 0)
			return error_set(err, rc, "%s", said.text);
		made.where = rc ? ARTIFACT_LFS : ARTIFACT_LOCAL;
	}
	if (made.where == ARTIFACT_GIT)
		rc = place_git(&made, from, path, final, &said);
	else if (made.where == ARTIFACT_LFS)
		rc = place_lfs(&made, store, from, path, final, &said);
	else
		rc = place_local(&made, store, from, path, &said);
	if (rc < 0) {
		free(made.path);
		return error_set(err, rc, "%s", said.text);
	}
	*out = made;
	return 0;
}

int artifact_record(json_t *artifacts, const struct artifact *artifact, struct error *err)
{
	json_t *entry = json_pack("{s:s, s:s, s:I, s:s}", "path", artifact->path, "sha256", artifact->sha256, "bytes",
				  (json_int_t)artifact->bytes, "where", where_word[artifact->where]);

	if (!entry || json_array_append_new(artifacts, entry) < 0)
		return error_nomem(err);
	return 0;
}

/* "2.1 GB": decimal, as people read sizes of files. */
static void put_size(struct buf *out, unsigned long long bytes)
{
	static const char *const unit[] = {"bytes", "KB", "MB", "GB", "TB"};
	double value = (double)bytes;
	size_t i = 0;

	for (; value >= 999.5 && i + 1 < sizeof(unit) / sizeof(*unit); i++)
		value /= 1000;
	buf_printf(out, i && value < 99.95 ? "%.1f %s" : "%.0f %s", value, unit[i]);
}

int artifact_warning(char **warning, char **note, struct store *store, const struct artifact *artifact, size_t n,
		     struct error *err)
{
	struct buf text = BUF_INIT, said = BUF_INIT;
	unsigned long long bytes = 0;
	const char *first = NULL, *spool;
	size_t local = 0;
	int rc;

	*warning = *note = NULL;
	for (size_t i = 0; i < n; i++) {
		if (artifact[i].where != ARTIFACT_LOCAL)
			continue;
		first = first ? first : artifact[i].path;
		bytes += artifact[i].bytes;
		local++;
	}
	if (!local)
		return 0;
	rc = store_spool(&spool, store, err);
	if (rc < 0)
		return rc;
	buf_terminal(&text, first, strlen(first));
	if (local > 1)
		buf_printf(&text, " and %zu more", local - 1);
	buf_puts(&text, " (");
	put_size(&text, bytes);
	buf_printf(&text, ") %s kept on this machine alone", local > 1 ? "are" : "is");
	buf_puts(&said, text.text);
	buf_printf(&said,
		   ", in %s/objects: into git with Git LFS (`git: {lfs: true}` in assay.yaml) or a higher "
		   "`git: {artifact_limit: SIZE}`",
		   spool);
	rc = buf_check(&text, err);
	if (!rc)
		rc = buf_check(&said, err);
	if (rc < 0) {
		buf_release(&text);
		buf_release(&said);
		return rc;
	}
	*note = buf_detach(&text);
	*warning = buf_detach(&said);
	return 0;
}

/* The first of the places that has the file objects/ab/SHA. */
static char *find_local(struct store *store, const char *sha256, struct error *err)
{
	struct names places = {0};
	char *found = NULL;
	int rc = store_spools(&places, store, err);

	for (size_t i = 0; !rc && !found && i < places.n; i++) {
		found = mem_printf("%s/objects/%.2s/%s", places.name[i], sha256, sha256);
		if (!found)
			rc = error_nomem(err);
		else if (!file_exists(found)) {
			free(found);
			found = NULL;
		}
	}
	names_free(&places);
	return found;
}

static char *find_lfs(struct store *store, const char *sha256, struct error *err)
{
	char *folder = NULL, *found = NULL;

	if (store_lfs_folder(&folder, store, err) < 0)
		return NULL;
	found = mem_printf("%s/%.2s/%.2s/%s", folder, sha256, sha256 + 2, sha256);
	if (!found)
		error_say_nomem(err);
	else if (!file_exists(found)) {
		free(found);
		found = NULL;
	}
	free(folder);
	return found;
}

char *artifact_file(struct store *store, enum artifact_where where, const char *sha256, struct error *err)
{
	struct error said = {0};
	char *found = NULL;

	if (strlen(sha256) == SHA256_HEX - 1 && strspn(sha256, "0123456789abcdef") == SHA256_HEX - 1)
		found = where == ARTIFACT_LFS ? find_lfs(store, sha256, &said) : find_local(store, sha256, &said);
	if (!found && said.code)
		error_set(err, said.code, "%s", said.text);
	else if (!found)
		error_set(err, ERR_NOT_FOUND, "no file with the sha256 %.64s is on this machine", sha256);
	return found;
}
