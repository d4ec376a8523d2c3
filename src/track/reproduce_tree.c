/*
 * Code and data as they were, in a folder of their own. Data are copied and not linked: the command may write into
 * them. Every path of the record is a stranger's, and none leads out of the work tree.
 */
#include "track/reproduce_work.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/audit.h"
#include "track/data_file.h"
#include "track/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A relative path without "..". */
static int stays_below(const char *path)
{
	if (*path == '/')
		return 0;
	for (size_t len; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (len == 2 && path[0] == '.' && path[1] == '.')
			return 0;
	}
	return 1;
}

static const char *code_of(const struct run *run)
{
	const char *snapshot = run_text(run, "code.snapshot");

	return *snapshot ? snapshot : run_text(run, "code.commit");
}

static int check_code(struct reproduction *work, struct error *err)
{
	const char *code = code_of(work->run);
	int rc = *code ? store_has_commit(work->store, code, err) : 0;

	if (rc)
		return rc < 0 ? rc : 0;
	if (!*code)
		return error_set(err, ERR_INPUT, "%s has no code state: there was no commit and no snapshot",
				 run_id(work->run));
	error_set(err, ERR_INPUT, "the code of %s, %.10s, is not in this clone", run_id(work->run), code);
	error_hint(err, "`assay sync` brings it where the other side has it");
	return ERR_INPUT;
}

/* TMPDIR/assay-reproduce-XXXXXX/tree */
static int make_folder(struct reproduction *work, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *folder = mem_printf("%s/assay-reproduce-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp"), *real;

	if (!folder)
		return error_nomem(err);
	if (!mkdtemp(folder)) {
		free(folder);
		return error_errno(err, "cannot make a temporary folder");
	}
	real = realpath(folder, NULL);
	work->folder = real ? real : folder;
	if (real)
		free(folder);
	work->tree = path_join(work->folder, "tree");
	return work->tree ? 0 : error_nomem(err);
}

/* The folders of root and command in the work tree; the second is made where git has nothing in it. */
static int name_folders(struct reproduction *work, struct error *err)
{
	const char *root = run_text(work->run, "root"), *cwd = run_text(work->run, "cwd");

	if (!stays_below(root) || !stays_below(cwd))
		return error_set(err, ERR_INPUT, "%s: its folder is not below the work tree", run_id(work->run));
	work->root = *root ? path_join(work->tree, root) : mem_text(work->tree);
	work->cwd = work->root && *cwd ? path_join(work->root, cwd) : mem_text(work->root);
	if (!work->root || !work->cwd)
		return error_nomem(err);
	return dir_make(work->cwd, err);
}

/* The sha256 of a file or folder as records have it; "" where it is not there. */
static int hash_of(char sha256[SHA256_HEX], const struct reproduction *work, const char *path, struct error *err)
{
	struct run scratch = {0};
	struct error said = {0};
	int rc;

	sha256[0] = '\0';
	if (!file_exists(path))
		return 0;
	rc = run_new(&scratch, err);
	if (!rc)
		rc = data_file_record(&scratch, work->store, work->project, path, &said);
	if (!rc)
		snprintf(sha256, SHA256_HEX, "%s", run_text(&scratch, "data.files.0.sha256"));
	else if (rc == ERR_NOMEM)
		error_say_nomem(err);
	else
		rc = 0; /* not readable: as good as not there */
	run_release(&scratch);
	return rc;
}

static int copy_plain(const char *from, const char *to, mode_t mode, struct error *err)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return error_errno(err, "cannot write %s", to);
	rc = file_copy_to(fd, from, err);
	if (!rc && fchmod(fd, (mode & 0777) | 0200) < 0)
		rc = error_errno(err, "cannot write %s", to);
	if (close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", to);
	return rc;
}

/*
 * A file, or a folder with all that is in it. Links are followed at the top alone: what counts is the hash afterwards.
 */
static int copy_data(const char *from, const char *to, int depth, struct error *err)
{
	enum { DEPTH_MOST = 64 };
	struct names names = {0};
	struct stat st;
	int rc = 0;

	if ((depth ? lstat(from, &st) : stat(from, &st)) < 0)
		return error_errno(err, "cannot read %s", from);
	if (S_ISREG(st.st_mode)) {
		char *real = realpath(from, NULL);

		rc = real ? copy_plain(real, to, st.st_mode, err) : error_errno(err, "cannot read %s", from);
		free(real);
		return rc;
	}
	if (!S_ISDIR(st.st_mode) || depth > DEPTH_MOST)
		return 0;
	rc = dir_make(to, err);
	if (!rc)
		rc = dir_list(&names, from, err);
	for (size_t i = 0; !rc && i < names.n; i++) {
		char *a = path_join(from, names.name[i]), *b = path_join(to, names.name[i]);

		rc = a && b ? copy_data(a, b, depth + 1, err) : error_nomem(err);
		free(a);
		free(b);
	}
	names_free(&names);
	return rc;
}

static int make_parent(const char *path, struct error *err)
{
	char *folder = mem_text_n(path, (size_t)(path_base(path) - path - 1));
	int rc = folder ? dir_make(folder, err) : error_nomem(err);

	free(folder);
	return rc;
}

/* From the user's own work tree, where it is what the run saw. */
static int bring(struct reproduction *work, const char *path, const char *sha256, const char *to, struct error *err)
{
	char *from = path_join(work->project->root, path), hex[SHA256_HEX];
	int rc = from ? hash_of(hex, work, from, err) : error_nomem(err);

	if (!rc && strcmp(hex, sha256) != 0) {
		rc = error_set(err, ERR_INPUT, "%s is %s: %s saw %.12s", path,
			       *hex ? "not what the run saw" : "neither in its code nor here", run_id(work->run),
			       sha256);
		error_hint(err, "put the file with that sha256 at %s and try again", path);
	}
	if (!rc && file_exists(to))
		rc = dir_remove(to, err);
	if (!rc)
		rc = make_parent(to, err);
	if (!rc)
		rc = copy_data(from, to, 0, err);
	if (!rc)
		rc = hash_of(hex, work, to, err);
	if (!rc && strcmp(hex, sha256) != 0)
		rc = error_set(err, ERR_INPUT, "%s changed while it was copied", path);
	free(from);
	return rc;
}

/* Data outside of the project are known by their base name: a word of the command that ends in it says where. */
static int find_outside(struct reproduction *work, const char *name, const char *sha256, struct error *err)
{
	char hex[SHA256_HEX] = "";
	const json_t *word;
	size_t i;
	int rc = 0;

	json_array_foreach(run_field(work->run, "command"), i, word)
	{
		const char *text = json_string_value(word);

		if (!text || *text != '/' || strcmp(path_base(text), name) != 0)
			continue;
		rc = hash_of(hex, work, text, err);
		if (!rc && !strcmp(hex, sha256))
			return names_add(&work->data, text, err);
		if (rc < 0)
			return rc;
	}
	error_set(err, ERR_INPUT,
		  "%s lies outside of the project, and the command names no file of that name that is what %s saw",
		  name, run_id(work->run));
	return ERR_INPUT;
}

static int bring_file(struct reproduction *work, const json_t *file, struct error *err)
{
	const char *path = json_string_value(json_object_get(file, "path")),
		   *sha256 = json_string_value(json_object_get(file, "sha256"));
	char *to = NULL, hex[SHA256_HEX];
	int rc;

	if (!path || !sha256)
		return error_set(err, ERR_INPUT, "%s: its record does not say what its data are", run_id(work->run));
	if (!strcmp(path, "-"))
		return error_set(err, ERR_INPUT,
				 "%s read its data from standard input: they are not there to be read again",
				 run_id(work->run));
	if (json_is_true(json_object_get(file, "outside")))
		return find_outside(work, path, sha256, err);
	if (!stays_below(path) || !*path)
		return error_set(err, ERR_INPUT, "%s: its data lie outside of the project", run_id(work->run));
	to = path_join(work->root, path);
	rc = to ? hash_of(hex, work, to, err) : error_nomem(err);
	if (!rc && strcmp(hex, sha256) != 0)
		rc = bring(work, path, sha256, to, err);
	if (!rc)
		rc = names_add(&work->data, to, err);
	free(to);
	return rc;
}

/* Labels outside of the project are where assay.yaml says, seen from the user's own root. */
static int find_labels(struct reproduction *work, const char *sha256, struct error *err)
{
	char **named = &work->then->evaluation.labels, hex[SHA256_HEX];
	char *path = *named ? path_join(work->project->root, *named) : NULL;
	int rc = 0;

	if (*named && !path)
		return error_nomem(err);
	if (path) {
		free(*named);
		*named = path;
		rc = hash_of(hex, work, path, err);
	}
	if (!rc && (!path || strcmp(hex, sha256) != 0))
		rc = error_set(err, ERR_INPUT, "%s is not what %s was scored by: %.12s",
			       path ? path : "the file of labels", run_id(work->run), sha256);
	return rc;
}

/* The labels that the run was scored by: those of its code, else of the user's work tree if they are still the same. */
static int bring_labels(struct reproduction *work, struct error *err)
{
	const char *path = run_text(work->run, "evaluation.labels"), *sha256 = run_text(work->run, "evaluation.sha256");
	char *to, hex[SHA256_HEX];
	int rc;

	if (!*path || !*sha256)
		return 0;
	if (json_is_true(run_field(work->run, "evaluation.outside")))
		return find_labels(work, sha256, err);
	if (!stays_below(path))
		return error_set(err, ERR_INPUT, "%s: its labels lie outside of the project", run_id(work->run));
	to = path_join(work->root, path);
	rc = to ? hash_of(hex, work, to, err) : error_nomem(err);
	if (!rc && strcmp(hex, sha256) != 0)
		rc = bring(work, path, sha256, to, err);
	free(to);
	return rc;
}

int reproduce_tree(struct reproduction *work, struct error *err)
{
	const json_t *file;
	size_t i;
	int rc = check_code(work, err);

	if (!rc)
		rc = make_folder(work, err);
	if (!rc)
		rc = store_worktree_add(work->store, code_of(work->run), work->tree, err);
	if (!rc)
		rc = name_folders(work, err);
	json_array_foreach(run_field(work->run, "data.files"), i, file) if (!rc) rc = bring_file(work, file, err);
	if (!rc)
		rc = project_load(&work->then, work->root, work->tree, err);
	return rc ? rc : bring_labels(work, err);
}

int reproduce_tree_remove(struct reproduction *work, struct error *err)
{
	int rc = 0;

	if (work->tree && dir_exists(work->tree))
		rc = store_worktree_remove(work->store, work->tree, err);
	if (!rc && work->folder)
		rc = dir_remove(work->folder, err);
	return rc;
}
