/*
 * Writing below a folder by descriptors: each part of a path is opened where the one before it led, never through a
 * link, so that neither a record's path nor what lies in the folder leads out of it. A file appears under its name
 * when it is whole.
 */
#include "track/get_write.h"
#include "base/mem.h"
#include "track/artifact.h"
#include "track/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

int get_open_folder(int *fd, const char *into, struct error *err)
{
	int rc = dir_make(into, err);

	if (rc < 0)
		return rc;
	*fd = open(into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? error_errno(err, "cannot open %s", into) : 0;
}

void get_close_folder(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int problem(struct get_report *report, const struct get_file *file, const char *why, struct error *err)
{
	char *line = mem_printf("%s: %s", file->path, why);
	int rc = line ? names_add(&report->problems, line, err) : error_nomem(err);

	free(line);
	return rc;
}

/* Parts that name something, none of them the folder above, and no git directory, whose hooks are programs. */
static int is_safe(const char *path)
{
	if (!*path)
		return 0;
	for (const char *at = path;; at++) {
		size_t len = strcspn(at, "/");

		if (!len || (len == 1 && at[0] == '.') || (len == 2 && at[0] == '.' && at[1] == '.') ||
		    (len == 4 && !strncasecmp(at, ".git", 4)))
			return 0;
		at += len;
		if (!*at)
			return 1;
	}
}

/* The folder of path's last part, made where it is not there; 0, or errno. *fd is the caller's. */
static int open_parent(int *fd, const char **name, int folder, const char *path)
{
	int at = dup(folder), next;

	while (at >= 0 && strchr(path, '/')) {
		char part[256];
		size_t len = strcspn(path, "/");

		if (len >= sizeof(part)) {
			close(at);
			return ENAMETOOLONG;
		}
		memcpy(part, path, len);
		part[len] = '\0';
		path += len + 1;
		next = mkdirat(at, part, 0777) < 0 && errno != EEXIST
			       ? -1
			       : openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0) {
			int why = errno;

			close(at);
			return why;
		}
		close(at);
		at = next;
	}
	*fd = at;
	*name = path;
	return at < 0 ? errno : 0;
}

/* sha256 and size of what was written. */
static int hash_written(char hex[SHA256_HEX], unsigned long long *bytes, int fd, struct error *err)
{
	struct hash *hash = hash_new();
	char block[1 << 16];
	ssize_t got;
	off_t at = 0;

	if (!hash)
		return error_nomem(err);
	while ((got = pread(fd, block, sizeof(block), at)) > 0) {
		hash_add(hash, block, (size_t)got);
		at += got;
	}
	hash_end(hash, hex);
	*bytes = (unsigned long long)at;
	return got < 0 ? error_errno(err, "cannot read back what was written") : 0;
}

static int fill(int fd, struct store *store, const char *tip, const struct get_file *file, struct error *err)
{
	char *path;
	int rc;

	if (file->from == GET_GIT)
		return store_blob_to(fd, store, tip, file->in_git, err);
	path = artifact_file(store, file->from == GET_LFS ? ARTIFACT_LFS : ARTIFACT_LOCAL, file->sha256, err);
	if (!path)
		return err->code ? err->code : error_nomem(err);
	rc = file_copy_to(fd, path, err);
	free(path);
	return rc;
}

/* Why its bytes cannot be had here. */
static const char *absence(const struct get_file *file)
{
	if (file->from == GET_LFS)
		return "its bytes are in Git LFS and not here: `git lfs fetch REMOTE assay/runs` brings them";
	return "it is kept on another machine alone, or was pruned";
}

/* The temporary file `from` under its name. */
static int put_in_place(int dir, const char *from, const char *name, int force)
{
	struct stat st;

	if (!force)
		return linkat(dir, from, dir, name, 0) < 0 ? errno : 0;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return EISDIR;
	return renameat(dir, from, dir, name) < 0 ? errno : 0;
}

static int write_file(struct get_report *report, int dir, const char *name, struct store *store, const char *tip,
		      const struct get_file *file, int force, struct error *err)
{
	char temporary[64], hex[SHA256_HEX];
	unsigned long long bytes = 0;
	struct error said = {0};
	int fd, why, rc;

	snprintf(temporary, sizeof(temporary), ".assay-get-%ld", (long)getpid());
	fd = openat(dir, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_errno(err, "cannot write %s", file->path);
	rc = fill(fd, store, tip, file, &said);
	if (!rc && file->sha256[0])
		rc = hash_written(hex, &bytes, fd, &said);
	if (close(fd) < 0 && !rc)
		rc = error_errno(&said, "cannot write %s", file->path);
	if (rc == ERR_NOT_FOUND) {
		rc = problem(report, file, file->from == GET_GIT ? said.text : absence(file), err);
	} else if (rc < 0) {
		rc = error_set(err, rc, "%s", said.text);
	} else if (file->sha256[0] && strcmp(hex, file->sha256) != 0) {
		rc = problem(report, file, "it is not the file that the record names (`assay verify` says more)", err);
	} else if ((why = put_in_place(dir, temporary, name, force))) {
		rc = why == EEXIST ? problem(report, file, "it is there already: --force writes over it", err)
				   : problem(report, file, strerror(why), err);
	} else {
		report->files++;
		report->bytes += bytes;
	}
	unlinkat(dir, temporary, 0);
	return rc;
}

int get_write(struct get_report *report, int folder, struct store *store, const char *tip, const struct get_file *file,
	      int force, struct error *err)
{
	const char *name = file->path;
	struct stat st;
	int dir = -1, why, rc;

	if (file->from == GET_OUTSIDE)
		return problem(report, file, "it was recorded where it lay, outside of the run's folder, and not taken",
			       err);
	if (!is_safe(file->path))
		return problem(report, file, "a file cannot be called so", err);
	why = open_parent(&dir, &name, folder, file->path);
	if (why == ELOOP || why == ENOTDIR)
		return problem(report, file, "a link or a file is where its folder would be", err);
	if (why)
		return problem(report, file, strerror(why), err);
	if (!force && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		rc = problem(report, file, "it is there already: --force writes over it", err);
	else
		rc = write_file(report, dir, name, store, tip, file, force, err);
	close(dir);
	return rc;
}
