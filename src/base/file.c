#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int fd_read(struct buf *out, int fd, const char *name, struct error *err)
{
	for (;;) {
		ssize_t got;

		if (buf_reserve(out, 1 << 16) < 0)
			return error_nomem(err);
		got = read(fd, out->text + out->len, out->cap - out->len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "cannot read %s", name);
		if (!got)
			return 0;
		out->len += (size_t)got;
		out->text[out->len] = '\0';
	}
}

int file_read(struct buf *out, const char *path, struct error *err)
{
	struct stat st;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "cannot open %s", path);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && buf_reserve(out, (size_t)st.st_size + 1) < 0)
		rc = error_nomem(err);
	else
		rc = fd_read(out, fd, path, err);
	close(fd);
	return rc;
}

int fd_write(int fd, const void *bytes, size_t len, const char *name, struct error *err)
{
	const char *at = bytes;

	while (len) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return error_errno(err, "cannot write %s", name);
		at += done;
		len -= (size_t)done;
	}
	return 0;
}

/* The process's umask without changing it, which would race with other threads; 022 where /proc does not say. */
static mode_t file_umask(void)
{
	struct buf status = BUF_INIT;
	mode_t mask = 022;
	const char *line;

	if (file_read(&status, "/proc/self/status", NULL) == 0) {
		line = strstr(status.text, "\nUmask:");
		if (line)
			mask = (mode_t)strtoul(line + strlen("\nUmask:"), NULL, 8);
	}
	buf_release(&status);
	return mask;
}

/* Write a new file beside path; *temporary is its name, the caller's to free() and unlink(), or NULL with an error. */
static int write_beside(char **temporary, const char *path, const void *bytes, size_t len, struct error *err)
{
	int fd, rc;

	*temporary = mem_printf("%s.tmp-XXXXXX", path);
	if (!*temporary)
		return error_nomem(err);
	fd = mkostemp(*temporary, O_CLOEXEC);
	if (fd < 0) {
		rc = error_errno(err, "cannot create %s", path);
		free(*temporary);
		*temporary = NULL;
		return rc;
	}
	rc = fd_write(fd, bytes, len, path, err);
	if (!rc && fchmod(fd, 0666 & ~file_umask()) < 0)
		rc = error_errno(err, "cannot set the mode of %s", path);
	if (close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", path);
	if (rc < 0) {
		unlink(*temporary);
		free(*temporary);
		*temporary = NULL;
	}
	return rc;
}

int file_write(const char *path, const void *bytes, size_t len, struct error *err)
{
	char *temporary = NULL;
	int rc;

	rc = write_beside(&temporary, path, bytes, len, err);
	if (!temporary)
		return rc;
	if (rename(temporary, path) < 0) {
		rc = error_errno(err, "cannot rename to %s", path);
		unlink(temporary);
	}
	free(temporary);
	return rc;
}

int file_create(const char *path, const void *bytes, size_t len, struct error *err)
{
	char *temporary = NULL;
	int rc;

	if (file_exists(path))
		return error_set(err, ERR_INPUT, "%s exists already", path);
	rc = write_beside(&temporary, path, bytes, len, err);
	if (!temporary)
		return rc;
	if (link(temporary, path) < 0)
		rc = errno == EEXIST ? error_set(err, ERR_INPUT, "%s exists already", path)
				     : error_errno(err, "cannot create %s", path);
	unlink(temporary);
	free(temporary);
	return rc;
}

int file_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

int dir_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int file_is_plain(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 || S_ISREG(st.st_mode);
}

int dir_make(const char *path, struct error *err)
{
	char *copy = mem_text(path);
	int rc = 0;

	if (!copy)
		return error_nomem(err);
	for (char *at = copy + 1; !rc; at++) {
		char was = *at;

		if (was && was != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) < 0 && !(errno == EEXIST && dir_exists(copy)))
			rc = error_errno(err, "cannot create the folder %s", copy);
		*at = was;
		if (!was)
			break;
	}
	free(copy);
	return rc;
}

static int remove_at(int parent, const char *name, const char *path, struct error *err)
{
	struct dirent *entry;
	DIR *dir;
	int fd, rc = 0;

	if (!unlinkat(parent, name, 0) || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return error_errno(err, "cannot remove %s", path);
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		rc = error_errno(err, "cannot open the folder %s", path);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (!rc && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = remove_at(dirfd(dir), entry->d_name, path, err);
	closedir(dir);
	if (!rc && unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		rc = error_errno(err, "cannot remove the folder %s", path);
	return rc;
}

int dir_remove(const char *path, struct error *err)
{
	return remove_at(AT_FDCWD, path, path, err);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int names_add(struct names *names, const char *name, struct error *err)
{
	if (MEM_GROW(names->name, names->n, names->cap, err) < 0)
		return ERR_NOMEM;
	names->name[names->n] = mem_text(name);
	if (!names->name[names->n])
		return error_nomem(err);
	names->n++;
	return 0;
}

int dir_list(struct names *out, const char *path, struct error *err)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int rc = 0;

	if (!dir)
		return error_errno(err, "cannot open the folder %s", path);
	while (!rc && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = names_add(out, entry->d_name, err);
	closedir(dir);
	if (rc < 0)
		names_free(out);
	else if (out->n)
		qsort(out->name, out->n, sizeof(*out->name), by_bytes);
	return rc;
}

void names_sort(struct names *names)
{
	size_t n = 0;

	if (names->n)
		qsort(names->name, names->n, sizeof(*names->name), by_bytes);
	for (size_t i = 0; i < names->n; i++)
		if (n && !strcmp(names->name[n - 1], names->name[i]))
			free(names->name[i]);
		else
			names->name[n++] = names->name[i];
	names->n = n;
}

int names_has(const struct names *names, const char *name)
{
	return names->n && bsearch(&name, names->name, names->n, sizeof(*names->name), by_bytes);
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){0};
}

char *path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (!len || name[0] == '/')
		return mem_text(name);
	return mem_printf(dir[len - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

int path_stays(const char *path)
{
	while (1) {
		size_t len = strcspn(path, "/");

		if (!len || (len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.'))
			return 0;
		if (!path[len])
			return 1;
		path += len + 1;
	}
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
