/* Reading trees and blobs: what is at the tip, below a path, in an object. Shallow and partial clones read alike. */
#include "store/ref.h"
#include "store/repo.h"
#include "base/mem.h"

enum { DEPTH_MOST = 64 }; /* of folders: ours has 6 and what is in artifacts/ */

/* branch.NAME.KEY of the configuration; NULL if it is not set. */
static int branch_setting(char **out, struct store *store, git_config *config, const char *key, struct error *err)
{
	char *name = mem_printf("branch.%s.%s", store->branch, key);
	git_buf value = {0};
	int rc = name ? git_config_get_string_buf(&value, config, name) : GIT_ERROR;

	*out = rc == 0 ? mem_text(value.ptr) : NULL;
	git_buf_dispose(&value);
	if (!name || (rc == 0 && !*out))
		rc = error_nomem(err);
	else
		rc = rc < 0 && rc != GIT_ENOTFOUND ? git_fail(err, rc, "cannot read %s", name) : 0;
	free(name);
	return rc;
}

/*
 * The commit that the branch's upstream names, as a remote's references are usually kept here. Not by
 * git_branch_upstream_name(): libgit2 1.5 loses memory over the expressions with which it reads a remote's settings.
 */
static int upstream_tip(git_oid *out, int *there, struct store *store, struct error *err)
{
	char *remote = NULL, *merge = NULL, *ref = NULL;
	git_config *config = NULL;
	int rc = git_repository_config_snapshot(&config, store->repo);

	*there = 0;
	if (rc < 0)
		return git_fail(err, rc, "cannot read the configuration");
	rc = branch_setting(&remote, store, config, "remote", err);
	if (!rc)
		rc = branch_setting(&merge, store, config, "merge", err);
	if (!rc && remote && merge && !strncmp(merge, "refs/heads/", 11)) {
		ref = strcmp(remote, ".") ? mem_printf("refs/remotes/%s/%s", remote, merge + 11) : mem_text(merge);
		rc = ref ? ref_read(out, there, store, ref, err) : error_nomem(err);
	}
	git_config_free(config);
	free(remote);
	free(merge);
	free(ref);
	return rc;
}

int store_tip(char hex[OID_HEX], struct store *store, struct error *err)
{
	char *remote = NULL;
	int there = 0, rc;
	git_oid id;

	hex[0] = '\0';
	rc = store_repo(store, err);
	if (rc < 0)
		return rc;
	rc = ref_read(&id, &there, store, store->branch_ref, err);
	if (!rc && !there)
		rc = upstream_tip(&id, &there, store, err);
	if (!rc && !there) {
		remote = mem_printf("refs/remotes/origin/%s", store->branch);
		rc = remote ? ref_read(&id, &there, store, remote, err) : error_nomem(err);
	}
	free(remote);
	if (!rc && there)
		git_oid_tostr(hex, OID_HEX, &id);
	return rc;
}

struct walk {
	struct store *store;
	const char *name;
	int (*fn)(void *context, const char *path, const char *blob_hex);
	void *context;
	struct buf path;
};

/* Tree order: git sorts a folder as if its name ended in '/'. Links and submodules are passed over. */
static int walk_tree(struct walk *walk, const git_oid *id, int depth, struct error *err)
{
	size_t len = walk->path.len;
	git_tree *tree = NULL;
	int rc = git_tree_lookup(&tree, walk->store->repo, id);

	if (rc < 0)
		return git_fail(err, rc, "cannot read the folder %s of the runs", walk->path.text);
	for (size_t i = 0; !rc && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		git_filemode_t mode = git_tree_entry_filemode(entry);
		const char *name = git_tree_entry_name(entry);
		char hex[OID_HEX];

		if (len)
			buf_putc(&walk->path, '/');
		buf_puts(&walk->path, name);
		rc = buf_check(&walk->path, err);
		if (!rc && mode == GIT_FILEMODE_TREE && depth < DEPTH_MOST)
			rc = walk_tree(walk, git_tree_entry_id(entry), depth + 1, err);
		else if (!rc && (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) &&
			 (!walk->name || !strcmp(walk->name, name)))
			rc = walk->fn(walk->context, walk->path.text,
				      git_oid_tostr(hex, sizeof(hex), git_tree_entry_id(entry)));
		if (!walk->path.failed) {
			walk->path.len = len;
			walk->path.text[len] = '\0';
		}
	}
	git_tree_free(tree);
	return rc;
}

/* The tree of a commit, named by hex. */
static int commit_tree(git_tree **out, struct store *store, const char *commit, struct error *err)
{
	git_commit *found = NULL;
	git_oid id;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, commit, err);
	if (rc < 0)
		return rc;
	rc = git_commit_lookup(&found, store->repo, &id);
	if (rc >= 0)
		rc = git_commit_tree(out, found);
	git_commit_free(found);
	return rc < 0 ? git_fail(err, rc, "cannot read the commit %s", commit) : 0;
}

int store_walk(struct store *store, const char *commit, const char *path, const char *name,
	       int (*fn)(void *context, const char *path, const char *blob_hex), void *context, struct error *err)
{
	struct walk walk = {.store = store, .name = name, .fn = fn, .context = context, .path = BUF_INIT};
	git_tree_entry *entry = NULL;
	git_tree *tree = NULL;
	int rc = commit_tree(&tree, store, commit, err);

	if (rc < 0)
		return rc;
	if (!*path) {
		rc = walk_tree(&walk, git_tree_id(tree), 0, err);
		goto out;
	}
	rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc == GIT_ENOTFOUND || (!rc && git_tree_entry_type(entry) != GIT_OBJECT_TREE)) {
		rc = 0; /* a branch without runs */
	} else if (rc < 0) {
		rc = git_fail(err, rc, "cannot read %s at %s", path, commit);
	} else {
		buf_puts(&walk.path, path);
		rc = buf_check(&walk.path, err);
		if (!rc)
			rc = walk_tree(&walk, git_tree_entry_id(entry), 0, err);
	}
out:
	git_tree_entry_free(entry);
	git_tree_free(tree);
	buf_release(&walk.path);
	return rc;
}

/* A partial clone lacks blobs that git fetches when it is asked for them; libgit2 does not. */
static int blob_by_git(struct buf *out, const struct store *store, const git_oid *id, struct error *err)
{
	char hex[OID_HEX];
	const char *argv[] = {"cat-file", "blob", git_oid_tostr(hex, sizeof(hex), id), NULL};
	struct error said = {0};
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = out}, &said);

	return rc < 0 ? error_set(err, ERR_NOT_FOUND, "there is no file %s in this repository: %s", hex, said.text) : 0;
}

static int blob_read(struct buf *out, struct store *store, const git_oid *id, struct error *err)
{
	git_odb_object *object = NULL;
	int rc = git_odb_read(&object, store->odb, id);

	if (rc == GIT_ENOTFOUND)
		return blob_by_git(out, store, id, err);
	if (rc < 0)
		return git_fail(err, rc, "cannot read an object");
	if (git_odb_object_type(object) == GIT_OBJECT_BLOB) {
		buf_put(out, git_odb_object_data(object), git_odb_object_size(object));
		rc = buf_check(out, err);
	} else {
		rc = error_set(err, ERR_NOT_FOUND, "%s is no file", git_oid_tostr_s(id));
	}
	git_odb_object_free(object);
	return rc;
}

int store_blob(struct buf *out, struct store *store, const char *blob_hex, struct error *err)
{
	git_oid id;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, blob_hex, err);
	return rc < 0 ? rc : blob_read(out, store, &id, err);
}

int store_file_at(struct buf *out, struct store *store, const char *commit, const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;
	git_tree *tree = NULL;
	int rc = commit_tree(&tree, store, commit, err);

	if (rc < 0)
		return rc;
	rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc < 0)
		rc = git_fail(err, rc, "cannot read %s at %s", path, commit);
	else
		rc = blob_read(out, store, git_tree_entry_id(entry), err);
	git_tree_entry_free(entry);
	git_tree_free(tree);
	return rc;
}
