/* Writing the pre-push hook: see hook.h. */
#include "command/hook.h"
#include "command/message.h"

#include "base/mem.h"
#include "base/process.h"

#include <assert.h>
#include <sys/stat.h>

#define HOOK_LINE "assay sync --hook \"$1\""

static const char script[] = "#!/bin/sh\n"
			     "# Written by `assay init`: a push takes the runs along, never code that was not pushed.\n"
			     "# `git push --no-verify` leaves them at home; without this file nothing goes along.\n"
			     "command -v assay >/dev/null 2>&1 || exit 0\n" HOOK_LINE " || :\n";

/* Where git looks for it; the caller's. */
static int hook_path(char **out, struct error *err)
{
	static const char *const argv[] = {"git",        "rev-parse",      "--path-format=absolute",
					   "--git-path", "hooks/pre-push", NULL};
	struct buf text = BUF_INIT, said = BUF_INIT;
	struct process_result result;
	int rc = process_run(&result, &(struct process_options){.argv = argv, .out = &text, .errors = &said}, err);
	size_t len = strcspn(text.text, "\n");

	if (!rc && (result.exit || !len))
		rc = error_set(err, ERR_MACHINE, "git does not say where its hooks are: %.*s",
			       (int)strcspn(said.text, "\n"), said.text);
	if (!rc && !(*out = mem_text_n(text.text, len)))
		rc = error_nomem(err);
	buf_release(&text);
	buf_release(&said);
	return rc;
}

static int below(const char *path, const char *folder, size_t len)
{
	return folder && !strncmp(path, folder, len) && path[len] == '/';
}

/* Of this repository alone: in its git directory or its work tree. */
static int is_ours(const char *path, const struct store *store)
{
	const char *assay = store_assay_dir(store), *worktree = store_worktree(store);

	return below(path, assay, strlen(assay) - strlen("/assay")) ||
	       below(path, worktree, worktree ? strlen(worktree) : 0);
}

static int has_line(const char *path, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc = file_read(&text, path, err);

	if (!rc)
		rc = strstr(text.text, HOOK_LINE) != NULL;
	buf_release(&text);
	return rc;
}

static int make(const char *path, struct error *err)
{
	char *folder = mem_text_n(path, (size_t)(path_base(path) - path - 1));
	int rc = folder ? dir_make(folder, err) : error_nomem(err);

	if (!rc)
		rc = file_create(path, script, sizeof(script) - 1, err);
	if (!rc && chmod(path, 0755) < 0)
		rc = error_errno(err, "cannot make %s a program", path);
	if (!rc)
		message_print("wrote the pre-push hook: a `git push` takes the runs along\n",
			      strlen("wrote the pre-push hook: a `git push` takes the runs along\n"));
	free(folder);
	return rc;
}

int hook_write(const struct store *store, struct error *err)
{
	char *path = NULL;
	int rc = hook_path(&path, err);

	if (rc < 0)
		return rc;
	assert(path);
	if (file_exists(path)) {
		rc = file_is_plain(path) ? has_line(path, err) : 0;
		if (!rc)
			message_note("there is a pre-push hook already: with the line `" HOOK_LINE
				     " || :` in %s a push takes the runs along",
				     path);
	} else if (!is_ours(path, store)) {
		message_note("hooks are kept outside of this repository: with the line `" HOOK_LINE
			     " || :` in %s a push takes the runs along",
			     path);
	} else {
		rc = make(path, err);
	}
	free(path);
	return rc < 0 ? rc : 0;
}
