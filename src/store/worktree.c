/*
 * A further work tree of the repository. git's own `worktree add` would let a child write into the index that GIT_INDEX_FILE
 * names: so it makes the folder alone, and a second call fills it with the index that belongs to it.
 */
#include "store/repo.h"
#include "base/mem.h"

/* The folder that git keeps for the work tree at dir: what its file .git names, if that is below common_dir/worktrees. */
static int private_folder(char **out, const struct store *store, const char *dir, struct error *err)
{
	char *path = path_join(dir, ".git"), *all = path_join(store->common_dir, "worktrees/");
	struct buf text = BUF_INIT;
	const char *at;
	int rc = path && all ? file_read(&text, path, err) : error_nomem(err);

	*out = NULL;
	if (rc < 0)
		goto out;
	text.text[first_line(text.text)] = '\0';
	at = strncmp(text.text, "gitdir: ", 8) ? text.text : text.text + 8;
	if (strncmp(at, all, strlen(all)) != 0 || !at[strlen(all)] || strchr(at + strlen(all), '/') ||
	    at[strlen(all)] == '.')
		rc = error_set(err, ERR_INPUT, "%s is no further work tree of %s", dir, store->common_dir);
	else if (!(*out = mem_text(at)))
		rc = error_nomem(err);
out:
	buf_release(&text);
	free(path);
	free(all);
	return rc;
}

/* Its files, all of them: a sparse checkout of the user's is not that of the code. */
static int fill(const struct store *store, const char *folder, const char *dir, struct error *err)
{
	const char *argv[] = {"-c",      "core.sparseCheckout=false", "-c", "core.bare=false", "reset", "--hard",
			      "--quiet", "--no-recurse-submodules",   NULL};
	char *git_dir = mem_printf("GIT_DIR=%s", folder), *worktree = mem_printf("GIT_WORK_TREE=%s", dir);
	char *index = path_join(folder, "index");
	struct store there = {.git_dir = (char *)(size_t)folder,
			      .common_dir = store->common_dir,
			      .worktree = (char *)(size_t)dir,
			      .env_git_dir = git_dir,
			      .env_worktree = worktree};
	int rc = git_dir && worktree && index ? git_run(&there, &(struct git_call){.argv = argv, .index = index}, err)
					      : error_nomem(err);

	free(git_dir);
	free(worktree);
	free(index);
	return rc;
}

int store_worktree_add(struct store *store, const char *commit, const char *dir, struct error *err)
{
	const char *argv[] = {"worktree", "add", "--quiet", "--detach", "--no-checkout", "--force", dir, commit, NULL};
	char *folder = NULL, *index = path_join(store->assay_dir, "index-none");
	int made = 0, rc = index ? store_repo(store, err) : error_nomem(err);
	git_oid id;

	if (!rc)
		rc = oid_parse(&id, commit, err);
	if (!rc && (dir[0] != '/' || file_exists(dir)))
		rc = error_set(err, ERR_INPUT, dir[0] == '/' ? "%s is there already" : "%s is no absolute path", dir);
	if (!rc) {
		rc = git_run(store, &(struct git_call){.argv = argv, .index = index}, err);
		made = !rc;
	}
	if (!rc)
		rc = private_folder(&folder, store, dir, err);
	if (!rc)
		rc = fill(store, folder, dir, err);
	if (rc < 0 && made && store_worktree_remove(store, dir, NULL) < 0)
		error_hint(err, "`git worktree remove --force %s` takes away what was begun", dir);
	free(index);
	free(folder);
	return rc;
}

/* By hand: `git worktree remove` refuses submodules, and `prune` takes away work trees of the user that are not mounted. */
int store_worktree_remove(struct store *store, const char *dir, struct error *err)
{
	char *folder = NULL;
	int rc = private_folder(&folder, store, dir, err);

	if (!rc)
		rc = dir_remove(dir, err);
	if (!rc)
		rc = dir_remove(folder, err);
	free(folder);
	return rc;
}
