/* The output folder of a site. */
#include "site/site_output.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".assay-site"
#define MARK_HEAD "# Made by assay site, which replaces and removes the files named here.\n"

struct site_output {
	char *dir;
	struct names before; /* files of the last build */
	struct names now; /* files of this one */
	struct names folders; /* that are known to be there and no links */
};

/* "index.html", "runs/ID.html": what we write, and so the only form that is believed in a mark. */
static int is_plain(const char *path)
{
	const char *slash = strchr(path, '/');

	if (!*path || (*path == '.' && strcmp(path, ".gitignore") != 0) || strchr(path, '\\'))
		return 0;
	return !slash || (slash[1] && slash[1] != '.' && !strchr(slash + 1, '/'));
}

static int holds(const char *path, const void *bytes, size_t len)
{
	struct buf old = BUF_INIT;
	struct stat st;
	int same;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || (size_t)st.st_size != len)
		return 0;
	same = file_read(&old, path, NULL) == 0 && old.len == len && (len == 0 || !memcmp(old.text, bytes, len));
	buf_release(&old);
	return same;
}

static int write_mark(struct site_output *output, const struct names *files, struct error *err)
{
	struct buf mark = BUF_INIT;
	char *path = path_join(output->dir, MARK);
	int rc;

	if (!path)
		return error_nomem(err);
	buf_puts(&mark, MARK_HEAD);
	for (size_t i = 0; i < files->n; i++)
		buf_printf(&mark, "%s\n", files->name[i]);
	rc = buf_check(&mark, err);
	if (rc == 0 && !holds(path, mark.text, mark.len))
		rc = file_write(path, mark.text, mark.len, err);
	buf_release(&mark);
	free(path);
	return rc;
}

static int read_mark(struct site_output *output, struct error *err)
{
	struct buf text = BUF_INIT;
	char *path = path_join(output->dir, MARK), *line, *next;
	int rc;

	if (!path)
		return error_nomem(err);
	rc = file_read(&text, path, err);
	for (line = text.text; rc == 0 && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (*line != '#' && is_plain(line))
			rc = names_add(&output->before, line, err);
	}
	free(path);
	buf_release(&text);
	return rc;
}

/* A folder without the mark must be empty. */
static int check_empty(const char *dir, struct error *err)
{
	struct names names = {0};
	int rc;

	rc = dir_list(&names, dir, err);
	if (rc == 0 && names.n) {
		rc = error_set(err, ERR_INPUT, "%s is not empty and holds no site made by assay: %s is in it", dir,
			       names.name[0]);
		error_hint(err, "name another folder with -o, or empty this one");
	}
	names_free(&names);
	return rc;
}

int site_output_open(struct site_output **out, const char *dir, struct error *err)
{
	struct site_output *output = mem_zeroed(1, sizeof(*output));
	int rc;

	if (!output)
		return error_nomem(err);
	output->dir = mem_text(dir);
	rc = output->dir ? 0 : error_nomem(err);
	if (rc == 0 && (!*dir || (file_exists(dir) && !dir_exists(dir)))) {
		rc = error_set(err, ERR_INPUT, "'%s' is no folder", dir);
		error_hint(err, "name a folder for the site with -o; it is made where it is not there");
	}
	if (rc == 0)
		rc = dir_make(dir, err);
	if (rc == 0) {
		struct error mark = {0};

		rc = read_mark(output, &mark);
		if (rc == ERR_NOT_FOUND)
			rc = check_empty(dir, err);
		else if (rc < 0)
			error_set(err, rc, "%s", mark.text);
	}
	if (rc == 0)
		rc = write_mark(output, &output->before, err); /* a build that is cut short leaves a folder of ours */
	if (rc < 0)
		site_output_free(output);
	else
		*out = output;
	return rc;
}

void site_output_free(struct site_output *output)
{
	if (!output)
		return;
	names_free(&output->before);
	names_free(&output->now);
	names_free(&output->folders);
	free(output->dir);
	free(output);
}

/* The folder of `path`, made where it is missing; never through a link. */
static int need_folder(struct site_output *output, const char *path, struct error *err)
{
	const char *slash = strchr(path, '/');
	char *name = NULL, *folder = NULL;
	struct stat st;
	int rc = 0;

	if (!slash)
		return 0;
	name = mem_text_n(path, (size_t)(slash - path));
	folder = name ? path_join(output->dir, name) : NULL;
	if (!folder) {
		rc = error_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < output->folders.n; i++)
		if (!strcmp(output->folders.name[i], name))
			goto out;
	if (lstat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
		rc = error_set(err, ERR_INPUT, "%s is in the way: a folder of the site has to be there", folder);
	else
		rc = dir_make(folder, err);
	if (rc == 0)
		rc = names_add(&output->folders, name, err);
out:
	free(name);
	free(folder);
	return rc;
}

int site_output_put(struct site_output *output, const char *path, const void *bytes, size_t len, struct error *err)
{
	char *full = path_join(output->dir, path);
	int rc;

	if (!full)
		return error_nomem(err);
	rc = is_plain(path) ? need_folder(output, path, err)
			    : error_set(err, ERR_INPUT, "%s is no name for a page of the site", path);
	if (rc == 0 && !holds(full, bytes, len))
		rc = file_write(full, bytes, len, err);
	if (rc == 0)
		rc = names_add(&output->now, path, err);
	free(full);
	return rc;
}

/* The folder of a path is there and no link: what lies in it is ours. */
static int is_inside(const struct site_output *output, const char *name)
{
	const char *slash = strchr(name, '/');
	char *folder;
	struct stat st;
	int inside;

	if (!slash)
		return 1;
	folder = mem_printf("%s/%.*s", output->dir, (int)(slash - name), name);
	inside = folder && lstat(folder, &st) == 0 && S_ISDIR(st.st_mode);
	free(folder);
	return inside;
}

static int remove_stale(struct site_output *output, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < output->before.n; i++) {
		const char *name = output->before.name[i];
		char *path;

		if (names_has(&output->now, name) || !is_inside(output, name))
			continue;
		path = path_join(output->dir, name);
		if (!path)
			rc = error_nomem(err);
		else if (unlink(path) < 0 && errno != ENOENT)
			rc = error_errno(err, "%s", path);
		free(path);
	}
	return rc;
}

int site_output_finish(struct site_output *output, struct error *err)
{
	int rc;

	if (output->now.n == 0)
		return 0;
	names_sort(&output->now);
	rc = remove_stale(output, err);
	return rc < 0 ? rc : write_mark(output, &output->now, err);
}
