/* The tree of the runs' branch: what it has, with a run more, or one less. */
#include "store/run_tree.h"
#include "base/mem.h"

/* Bytes as they are, whatever the user's settings; large files by LFS. */
static const char ATTRIBUTES[] = "* -text -filter -ident !working-tree-encoding\n"
				 "**/lfs/** filter=lfs diff=lfs merge=lfs -text\n";

int tree_entry_at(git_oid *out, git_tree *tree, const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;
	int rc = tree ? git_tree_entry_bypath(&entry, tree, path) : GIT_ENOTFOUND;

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return git_fail(err, rc, "cannot read the runs' branch at %s", path);
	*out = *git_tree_entry_id(entry);
	git_tree_entry_free(entry);
	return 1;
}

static int tree_update(git_tree **tree, struct store *store, const git_tree_update *update, size_t n, struct error *err)
{
	git_tree *next = NULL;
	git_oid id;
	int rc = git_tree_create_updated(&id, store->repo, *tree, n, update);

	if (rc >= 0)
		rc = git_tree_lookup(&next, store->repo, &id);
	if (rc < 0)
		return git_fail(err, rc, "cannot put %s into the tree of runs", update[0].path);
	git_tree_free(*tree);
	*tree = next;
	return 0;
}

int tree_add_run(git_tree **tree, struct store *store, const struct store_run *run, const git_oid *blob, int replace,
		 struct error *err)
{
	git_tree_update *update = mem_zeroed(run->files + 1, sizeof(*update));
	const git_tree_update remove = {.action = GIT_TREE_UPDATE_REMOVE, .path = run->folder};
	size_t n = 0;
	int rc = update ? 0 : error_nomem(err);

	for (; !rc && n < run->files; n++) {
		update[n] = (git_tree_update){GIT_TREE_UPDATE_UPSERT, blob[n], GIT_FILEMODE_BLOB,
					      path_join(run->folder, run->file[n].path)};
		if (!update[n].path)
			rc = error_nomem(err);
	}
	if (!rc && !*tree) {
		update[n] = (git_tree_update){GIT_TREE_UPDATE_UPSERT, {{0}}, GIT_FILEMODE_BLOB, ".gitattributes"};
		rc = git_blob_create_from_buffer(&update[n++].id, store->repo, ATTRIBUTES, sizeof(ATTRIBUTES) - 1);
		if (rc < 0)
			rc = git_fail(err, rc, "cannot begin %s", store->branch);
	}
	if (!rc && replace)
		rc = tree_update(tree, store, &remove, 1, err);
	if (!rc)
		rc = tree_update(tree, store, update, n, err);
	for (size_t j = 0; update && j < run->files; j++)
		free((char *)(size_t)update[j].path);
	free(update);
	return rc;
}

/* Whether the folder at path holds one entry: 1, 0, or a code. */
static int holds_one(struct store *store, git_tree *tree, const char *path, struct error *err)
{
	git_tree *folder = NULL;
	git_oid id;
	int rc = tree_entry_at(&id, tree, path, err), one = 0;

	if (rc != 1)
		return rc;
	rc = repo_tree(&folder, store, &id);
	one = !rc && git_tree_entrycount(folder) == 1;
	git_tree_free(folder);
	return rc < 0 ? git_fail(err, rc, "cannot read the runs' branch at %s", path) : one;
}

/* git knows no empty folders: what would be one goes too. */
int tree_remove_folder(git_tree **tree, struct store *store, const char *folder, struct error *err)
{
	char *path = mem_text(folder), *slash;
	git_oid id;
	int rc = path ? tree_entry_at(&id, *tree, folder, err) : error_nomem(err);

	if (!rc)
		rc = error_set(err, ERR_NOT_FOUND, "the branch %s has no %s", store->branch, folder);
	while (rc == 1 && (slash = strrchr(path, '/'))) {
		*slash = '\0';
		rc = holds_one(store, *tree, path, err);
		if (rc != 1)
			*slash = '/';
	}
	if (rc >= 0)
		rc = tree_update(tree, store, &(git_tree_update){.action = GIT_TREE_UPDATE_REMOVE, .path = path}, 1,
				 err);
	free(path);
	return rc;
}
