/*
 * The files that a command brought. Folders are opened one below the other without following a link, so that nothing
 * outside of the run directory is reached, and each in the order of its names, so that the same files give the same list.
 */
#include "track/collect_inside.h"

#include "base/hash.h"
#include "base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DEPTH = 64 };

static const char artifacts[] = "artifacts", outside_lines[] = "artifacts.jsonl";

/* What the other steps read; and names of `assay log` for what is half copied. */
static int is_protocol(const char *name)
{
	static const char *const known[] = {"params.json",   "params.yaml",     "params.jsonl", "metrics.json",
					    "metrics.jsonl", "predictions.csv", "tags.jsonl",   outside_lines};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(name, known[i]))
			return 1;
	return !strncmp(name, ".tmp-", 5);
}

struct walk {
	struct collected *out;
	struct buf from; /* the folder looked at, relative to the run directory, with a slash behind it */
	size_t special, deep, closed; /* links and the like; folders too deep; folders that cannot be read */
	char first_special[200], first_closed[200];
	int full; /* there were more than COLLECT_MOST */
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int collect_list(struct names *out, int *more, int fd, struct error *err)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int rc = 0;

	if (!dir) {
		close(fd);
		return error_nomem(err);
	}
	while (!rc && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		rc = names_add(out, entry->d_name, err);
		if (rc || out->n < 2 * (size_t)COLLECT_MOST)
			continue;
		qsort(out->name, out->n, sizeof(*out->name), by_bytes);
		while (out->n > COLLECT_MOST)
			free(out->name[--out->n]);
		*more = 1;
	}
	closedir(dir);
	if (out->n)
		qsort(out->name, out->n, sizeof(*out->name), by_bytes);
	return rc;
}

/* Marks that some file systems pass over when they compare names, so that ".g<U+200C>it" is ".git" there. */
static int is_passed_over(unsigned code)
{
	return (code >= 0x200c && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x206a && code <= 0x206f) || code == 0xfeff;
}

/* 1 for names that git refuses or gives a meaning: .git, .gitattributes, and their short forms on Windows: git~1. */
static int is_git_name(const char *name, size_t len)
{
	const char *tilde = memchr(name, '~', len);

	if (len >= 4 && !strncasecmp(name, ".git", 4))
		return 1;
	return len >= 2 && !strncasecmp(name, "gi", 2) && tilde && tilde + 1 < name + len &&
	       isdigit((unsigned char)tilde[1]);
}

/* One part of a path, as git and the record can hold it. */
static void put_part(struct buf *out, const char *name, size_t len)
{
	size_t i = 0, step;

	if (is_git_name(name, len))
		buf_printf(out, "%%%02X", (unsigned char)name[i++]);
	for (; i < len; i += step ? step : 1) {
		unsigned code = 0;

		step = utf8_next(name + i, len - i, &code);
		if (step && code >= 0x20 && code != 0x7f && code != '\\' && !is_passed_over(code))
			buf_put(out, name + i, step);
		else
			for (size_t k = 0; k < (step ? step : 1); k++)
				buf_printf(out, "%%%02X", (unsigned char)name[i + k]);
	}
}

static int add_file(struct collected *out, const char *from, struct error *err)
{
	size_t inside = strncmp(from, "artifacts/", sizeof(artifacts)) ? 0 : sizeof(artifacts);
	struct collected_file file = {.from = mem_text(from)};
	struct buf path = BUF_INIT;
	const char *part = from + inside;
	int rc;

	buf_puts(&path, artifacts);
	while (*part) {
		size_t len = strcspn(part, "/");

		buf_putc(&path, '/');
		put_part(&path, part, len);
		part += len + (part[len] == '/');
	}
	file.path = buf_detach(&path);
	buf_release(&path);
	rc = file.from && file.path ? MEM_GROW(out->file, out->n_files, out->cap_files, err) : error_nomem(err);
	if (rc < 0) {
		free(file.from);
		free(file.path);
		return rc;
	}
	out->file[out->n_files++] = file;
	return 0;
}

int collect_keep(const struct collecting *collecting, const char *name, struct error *err)
{
	struct collected *out = collecting->out;

	if (collecting->elsewhere)
		return 0;
	for (size_t i = 0; i < out->n_files; i++)
		if (!strcmp(out->file[i].from, name))
			return 0;
	return add_file(out, name, err);
}

static void remember(char out[200], const char *path)
{
	snprintf(out, 200, "%s", path);
}

static int walk_folder(struct walk *walk, int fd, size_t depth, struct error *err);

/* One name in the folder at walk->from. */
static int walk_name(struct walk *walk, int parent, const char *name, size_t depth, struct error *err)
{
	size_t len = walk->from.len;
	struct stat st;
	int rc = 0, fd;

	buf_puts(&walk->from, name);
	rc = buf_check(&walk->from, err);
	if (rc < 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		goto out;
	if (S_ISREG(st.st_mode)) {
		walk->full |= walk->out->n_files >= COLLECT_MOST;
		rc = walk->full ? 0 : add_file(walk->out, walk->from.text, err);
	} else if (!S_ISDIR(st.st_mode)) {
		if (!walk->special++)
			remember(walk->first_special, walk->from.text);
	} else if (depth >= MOST_DEPTH) {
		walk->deep++;
	} else {
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && !walk->closed++)
			remember(walk->first_closed, walk->from.text);
		buf_putc(&walk->from, '/');
		rc = fd < 0 ? 0 : walk_folder(walk, fd, depth + 1, err);
	}
out:
	walk->from.len = len;
	return rc;
}

/* Takes the descriptor. */
static int walk_folder(struct walk *walk, int fd, size_t depth, struct error *err)
{
	struct names names = {0};
	int kept, more = 0, rc;

	rc = buf_check(&walk->from, err);
	kept = rc ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0); /* listing takes the other */
	if (kept < 0) {
		close(fd);
		return rc ? rc : error_errno(err, "cannot read the run directory");
	}
	rc = collect_list(&names, &more, fd, err);
	walk->full |= more;
	for (size_t i = 0; i < names.n && !rc; i++)
		if (depth || !is_protocol(names.name[i]))
			rc = walk_name(walk, kept, names.name[i], depth, err);
	names_free(&names);
	close(kept);
	return rc;
}

static int walk_notes(const struct walk *walk, struct error *err)
{
	struct names *notes = &walk->out->notes;
	int rc = 0;

	if (walk->special)
		rc = collect_note(notes, err, "%s is no plain file (a link, a socket, a device) and was not taken%s",
				  walk->first_special, walk->special > 1 ? ", nor were others" : "");
	if (!rc && walk->closed)
		rc = collect_note(notes, err, "%s: the folder could not be read and was not taken%s",
				  walk->first_closed, walk->closed > 1 ? ", nor were others" : "");
	if (!rc && walk->deep)
		rc = collect_note(notes, err, "folders more than %d deep were not taken", MOST_DEPTH);
	if (!rc && walk->full)
		rc = collect_note(notes, err, "more than %d artifacts: only the first by name were taken",
				  COLLECT_MOST);
	return rc;
}

static int by_path(const void *a, const void *b)
{
	const struct collected_file *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : strcmp(x->from, y->from);
}

struct beginning { /* of a path */
	const char *path;
	size_t len;
};

/* For bsearch(): is the beginning the whole of the file's path? */
static int by_beginning(const void *a, const void *b)
{
	const struct beginning *key = a;
	const struct collected_file *file = b;
	int order = strncmp(key->path, file->path, key->len);

	return order ? order : file->path[key->len] ? -1 : 0;
}

static void sort_files(struct collected *out)
{
	if (out->n_files)
		qsort(out->file, out->n_files, sizeof(*out->file), by_path);
}

/* 1 if the path is one of a file or of a folder. */
static int is_taken(const struct collected *out, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < out->n_files; i++)
		if (!strncmp(out->file[i].path, path, len) && strchr("/", out->file[i].path[len]))
			return 1;
	return 0;
}

/* Another path for a file whose own is taken: with the first number behind it that makes a new one. */
static int move_aside(struct collected *out, size_t number, struct error *err)
{
	for (unsigned n = 2;; n++) {
		char *path = mem_printf("%s~%u", out->file[number].path, n);

		if (!path)
			return error_nomem(err);
		if (!is_taken(out, path)) {
			free(out->file[number].path);
			out->file[number].path = path;
			return 0;
		}
		free(path);
	}
}

/* Mark the file whose path is the first `len` bytes of another's: a folder there. */
static void mark_file_at(char *marked, const struct collected *out, const char *path, size_t len)
{
	struct beginning key = {path, len};
	const struct collected_file *found = bsearch(&key, out->file, out->n_files, sizeof(*out->file), by_beginning);

	if (found)
		marked[found - out->file] = 1;
}

/*
 * Two files may want one path, or one a path that is a folder of the other, where names were changed or files stand beside
 * artifacts/: the later one, or the one that is no folder, moves aside. Most lists have neither.
 */
static int make_distinct(struct collected *out, struct error *err)
{
	char *marked = mem_zeroed(out->n_files, 1);
	int rc = marked ? 0 : error_nomem(err);

	sort_files(out);
	for (size_t i = 0; i < out->n_files && !rc; i++) {
		const char *path = out->file[i].path;

		if (i + 1 < out->n_files && !strcmp(path, out->file[i + 1].path))
			marked[i + 1] = 1;
		for (size_t at = sizeof(artifacts); path[at]; at++)
			if (path[at] == '/')
				mark_file_at(marked, out, path, at);
	}
	for (size_t i = 0; i < out->n_files && !rc; i++)
		if (marked[i])
			rc = move_aside(out, i, err);
	free(marked);
	sort_files(out);
	return rc;
}

static int is_sha256(const char *text)
{
	return text && strlen(text) == SHA256_HEX - 1 && strspn(text, "0123456789abcdef") == SHA256_HEX - 1;
}

struct outsiders {
	struct collected *out;
	struct oddities odds;
};

/* {"path": "/data/model.bin", "sha256": ..., "bytes": ...} */
static int take_outside(void *context, const json_t *object, size_t line, struct error *err)
{
	struct outsiders *outsiders = context;
	struct collected *out = outsiders->out;
	const char *path = json_string_value(json_object_get(object, "path"));
	const char *digest = json_string_value(json_object_get(object, "sha256"));
	json_int_t bytes = json_integer_value(json_object_get(object, "bytes"));
	struct outside_file file;
	int rc;

	if (!path || *path != '/' || strlen(path) > COLLECT_TEXT || !is_sha256(digest) || bytes < 0) {
		odd(&outsiders->odds, ODD_LINE, line, "", 0);
		return 0;
	}
	if (out->n_outside >= COLLECT_MOST) {
		odd(&outsiders->odds, ODD_MANY, line, path, strlen(path));
		return 0;
	}
	rc = MEM_GROW(out->outside, out->n_outside, out->cap_outside, err);
	if (rc < 0)
		return rc;
	file = (struct outside_file){mem_text(path), mem_text(digest), (unsigned long long)bytes};
	out->outside[out->n_outside++] = file;
	return file.path && file.sha256 ? 0 : error_nomem(err);
}

static int read_outside(struct collecting *collecting, struct error *err)
{
	struct outsiders outsiders = {.out = collecting->out, .odds = {.file = outside_lines}};
	int rc = collect_lines(collecting, &outsiders.odds, take_outside, &outsiders, err);

	return rc ? rc : odd_notes(&collecting->out->notes, &outsiders.odds, err);
}

int collect_files(struct collecting *collecting, struct error *err)
{
	struct walk walk = {.out = collecting->out, .from = BUF_INIT};
	unsigned long long bytes;
	int fd, rc;

	rc = collect_open(&fd, &bytes, collecting, "predictions.csv", err);
	if (rc == 1) {
		collecting->out->has_predictions = 1;
		close(fd);
		rc = 0;
	}
	if (!rc)
		rc = read_outside(collecting, err);
	fd = rc ? -1 : fcntl(collecting->dir, F_DUPFD_CLOEXEC, 0);
	if (!rc)
		rc = fd < 0 ? error_errno(err, "cannot read the run directory") : walk_folder(&walk, fd, 0, err);
	if (!rc)
		rc = walk_notes(&walk, err);
	if (!rc)
		rc = make_distinct(collecting->out, err);
	buf_release(&walk.from);
	return rc;
}
