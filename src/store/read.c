/* Reading trees and blobs: what is at the tip, below a path, in an object. Shallow and partial clones read alike. */
#include "store/ref.h"
#include "store/repo.h"
#include "base/mem.h"

#include <unistd.h>

enum { LOOKS = 50, LOOKS_ALWAYS = 10, LOOK_PAUSE_US = 20000 };
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

/* Two trees side by side, from what to what; a walk of one goes from nothing. */
struct walk {
	struct store *store;
	const char *name;
	int (*fn)(void *context, const char *path, const char *blob_hex);
	void *context;
	struct buf path;
};

static int walk_trees(struct walk *walk, const git_oid *from, const git_oid *to, int depth, struct error *err);

/* The kinds that count; links and submodules are passed over. */
static int is_file(const git_tree_entry *entry)
{
	git_filemode_t mode = git_tree_entry_filemode(entry);

	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int is_folder(const git_tree_entry *entry)
{
	return git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
}

/* One name, in either tree or in both, where it differs. */
static int walk_entry(struct walk *walk, const git_tree_entry *from, const git_tree_entry *to, int depth,
		      struct error *err)
{
	const char *name = git_tree_entry_name(to ? to : from);
	const git_oid *was = from ? git_tree_entry_id(from) : NULL, *is = to ? git_tree_entry_id(to) : NULL;
	size_t len = walk->path.len;
	char hex[OID_HEX];
	int rc;

	if (len)
		buf_putc(&walk->path, '/');
	buf_puts(&walk->path, name);
	rc = buf_check(&walk->path, err);
	if (!rc && is_folder(to ? to : from) && depth < DEPTH_MOST)
		rc = walk_trees(walk, was, is, depth + 1, err);
	else if (!rc && is_file(to ? to : from) && (!walk->name || !strcmp(walk->name, name)))
		rc = walk->fn(walk->context, walk->path.text, is ? git_oid_tostr(hex, sizeof(hex), is) : NULL);
	if (!walk->path.failed) {
		walk->path.len = len;
		walk->path.text[len] = '\0';
	}
	return rc;
}

/* Which of two entries comes first, or 0 for the same name and kind: a folder sorts as if its name ended in '/'. */
static int entry_order(const git_tree_entry *a, const git_tree_entry *b)
{
	if (!a || !b)
		return a ? -1 : 1;
	return git_tree_entry_cmp(a, b);
}

/*
 * While somebody's gc goes on, what a reference names may be between two packs for a moment, or be written once more by whoever
 * moved the reference: look again, up to a second.
 */
static int look_again(struct store *store, int rc, unsigned tries)
{
	char *running;
	int again;

	if (rc != GIT_ENOTFOUND || tries >= LOOKS)
		return 0;
	running = path_join(store->common_dir, "gc.pid");
	again = running &&
		(tries < LOOKS_ALWAYS || file_exists(running)); /* between two of them there is no such file */
	free(running);
	if (!again)
		return 0;
	usleep(LOOK_PAUSE_US);
	return git_odb_refresh(store->odb) == 0;
}

int repo_tree(git_tree **out, struct store *store, const git_oid *id)
{
	unsigned tries = 0;
	int rc;

	do
		rc = git_tree_lookup(out, store->repo, id);
	while (look_again(store, rc, tries++));
	return rc;
}

int repo_commit(git_commit **out, struct store *store, const git_oid *id)
{
	unsigned tries = 0;
	int rc;

	do
		rc = git_commit_lookup(out, store->repo, id);
	while (look_again(store, rc, tries++));
	return rc;
}

static int open_tree(git_tree **out, const struct walk *walk, const git_oid *id, struct error *err)
{
	int rc = id ? repo_tree(out, walk->store, id) : 0;

	return rc < 0 ? git_fail(err, rc, "cannot read the folder %s of the runs", walk->path.text) : 0;
}

static int walk_trees(struct walk *walk, const git_oid *from, const git_oid *to, int depth, struct error *err)
{
	git_tree *was = NULL, *is = NULL;
	size_t i = 0, j = 0, n, m;
	int rc = open_tree(&was, walk, from, err);

	if (!rc)
		rc = open_tree(&is, walk, to, err);
	n = was ? git_tree_entrycount(was) : 0;
	m = is ? git_tree_entrycount(is) : 0;
	while (!rc && (i < n || j < m)) {
		const git_tree_entry *a = i < n ? git_tree_entry_byindex(was, i) : NULL;
		const git_tree_entry *b = j < m ? git_tree_entry_byindex(is, j) : NULL;
		int order = entry_order(a, b);

		i += order <= 0;
		j += order >= 0;
		if (order || !git_oid_equal(git_tree_entry_id(a), git_tree_entry_id(b)))
			rc = walk_entry(walk, order <= 0 ? a : NULL, order >= 0 ? b : NULL, depth, err);
	}
	git_tree_free(was);
	git_tree_free(is);
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
	rc = repo_commit(&found, store, &id);
	if (rc >= 0)
		rc = repo_tree(out, store, git_commit_tree_id(found));
	git_commit_free(found);
	return rc < 0 ? git_fail(err, rc, "cannot read the commit %s", commit) : 0;
}

/* The folder `path` ("": the top) of a commit ("": nothing): 1 and its tree, 0 where there is none. */
static int folder_at(git_oid *out, struct store *store, const char *commit, const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;
	git_tree *tree = NULL;
	int rc, there = 0;

	if (!*commit)
		return 0;
	rc = commit_tree(&tree, store, commit, err);
	if (rc < 0)
		return rc;
	rc = *path ? git_tree_entry_bypath(&entry, tree, path) : 0;
	if (!rc && (!entry || git_tree_entry_type(entry) == GIT_OBJECT_TREE)) {
		*out = entry ? *git_tree_entry_id(entry) : *git_tree_id(tree);
		there = 1;
	}
	git_tree_entry_free(entry);
	git_tree_free(tree);
	return rc < 0 && rc != GIT_ENOTFOUND ? git_fail(err, rc, "cannot read %s at %s", path, commit) : there;
}

int store_tree_changes(struct store *store, const char *from, const char *to, const char *path, const char *name,
		       int (*fn)(void *context, const char *path, const char *blob_hex), void *context,
		       struct error *err)
{
	struct walk walk = {.store = store, .name = name, .fn = fn, .context = context, .path = BUF_INIT};
	int had, has = 0, rc = store_repo(store, err);
	git_oid was, is;

	if (rc < 0)
		return rc;
	had = folder_at(&was, store, from, path, err);
	if (had >= 0)
		has = folder_at(&is, store, to, path, err);
	if (had < 0 || has < 0)
		return had < 0 ? had : has;
	buf_puts(&walk.path, path);
	rc = buf_check(&walk.path, err);
	if (!rc && !(had && has && git_oid_equal(&was, &is)))
		rc = walk_trees(&walk, had ? &was : NULL, has ? &is : NULL, 0, err);
	buf_release(&walk.path);
	return rc;
}

int store_walk(struct store *store, const char *commit, const char *path, const char *name,
	       int (*fn)(void *context, const char *path, const char *blob_hex), void *context, struct error *err)
{
	if (!*commit)
		return error_set(err, ERR_NOT_FOUND, "'' is no full name of an object");
	return store_tree_changes(store, "", commit, path, name, fn, context, err);
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

int store_blob_to(int fd, struct store *store, const char *commit, const char *path, struct error *err)
{
	struct buf bytes = BUF_INIT;
	int rc = store_file_at(&bytes, store, commit, path, err);

	if (!rc)
		rc = fd_write(fd, bytes.text, bytes.len, path, err);
	buf_release(&bytes);
	return rc;
}
