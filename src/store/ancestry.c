/*
 * See ancestry.h. By libgit2 where the history is whole, by git where it is cut off. Neither heeds refs/replace: a claim about
 * order is about the commits as they were made.
 */
#include "store/ancestry.h"
#include "store/audit.h"
#include "store/repo.h"

static const char *const as_made[] = {"GIT_NO_REPLACE_OBJECTS=1", NULL};

static int not_here(struct store *store, const char *hex, struct error *err)
{
	int has = store_has_commit(store, hex, err);

	if (has < 0)
		return has;
	return has ? 0 : error_set(err, ERR_NOT_FOUND, "commit %.10s is not in this clone", hex);
}

/* Beyond the edge of a shallow clone everything is possible: what git does not find is not known. */
static int reaches_shallow(struct store *store, const char *commit, const char *ancestor, struct error *err)
{
	char without[OID_HEX + 1];
	const char *argv[] = {"rev-list", "-1", ancestor, without, "--", NULL};
	struct buf text = BUF_INIT;
	int rc;

	snprintf(without, sizeof(without), "^%s", commit);
	rc = git_run(store, &(struct git_call){.argv = argv, .environment = as_made, .out = &text}, err);
	if (!rc && text.len)
		rc = error_set(err, ERR_NOT_FOUND, "this clone is shallow: what came before %.10s is not all here",
			       commit);
	buf_release(&text);
	return rc < 0 ? rc : 1;
}

int store_reaches(struct store *store, const char *commit, const char *ancestor, struct error *err)
{
	git_oid id, of;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, commit, err);
	if (!rc)
		rc = oid_parse(&of, ancestor, err);
	if (!rc)
		rc = not_here(store, ancestor, err);
	if (!rc)
		rc = not_here(store, commit, err);
	if (rc < 0 || git_oid_equal(&id, &of))
		return rc < 0 ? rc : 1;
	if (git_repository_is_shallow(store->repo) != 0)
		return reaches_shallow(store, commit, ancestor, err);
	rc = git_graph_descendant_of(store->repo, &id, &of);
	if (rc < 0)
		return error_set(err, ERR_NOT_FOUND, "the history of commit %.10s is not all here", commit);
	return rc;
}

/* The object at a path of a commit, which has to be of that type. */
static int object_at(char hex[OID_HEX], struct store *store, const char *commit, const char *path, git_object_t type,
		     struct error *err)
{
	git_tree_entry *entry = NULL;
	git_commit *found = NULL;
	git_tree *tree = NULL;
	git_oid id;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, commit, err);
	if (!rc)
		rc = not_here(store, commit, err);
	if (rc < 0)
		return rc;
	rc = git_commit_lookup(&found, store->repo, &id);
	if (!rc)
		rc = git_commit_tree(&tree, found);
	if (!rc)
		rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc < 0)
		rc = git_fail(err, rc, "cannot read %s at %.10s", path, commit);
	else if (git_tree_entry_type(entry) != type)
		rc = error_set(err, ERR_NOT_FOUND, "%s is no %s at %.10s", path,
			       type == GIT_OBJECT_BLOB ? "file" : "folder", commit);
	else
		git_oid_tostr(hex, OID_HEX, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	git_tree_free(tree);
	git_commit_free(found);
	return rc;
}

int store_blob_at(char hex[OID_HEX], struct store *store, const char *commit, const char *path, struct error *err)
{
	return object_at(hex, store, commit, path, GIT_OBJECT_BLOB, err);
}

int store_tree_at(char hex[OID_HEX], struct store *store, const char *commit, const char *path, struct error *err)
{
	return object_at(hex, store, commit, path, GIT_OBJECT_TREE, err);
}

enum { COMMIT, PARENTS, ID, REMOVED, EXPERIMENT, PARTS };

/* The parts of one commit, tabs between; of several ids the first. */
static int take_line(char *text, int (*fn)(void *context, const struct store_line *line), void *context)
{
	char *part[PARTS] = {text};

	for (int i = 1; i < PARTS; i++) {
		part[i] = strchr(part[i - 1], '\t');
		if (!part[i])
			return 0;
		*part[i]++ = '\0';
	}
	for (int i = ID; i < PARTS; i++)
		part[i][strcspn(part[i], " \r")] = '\0';
	return fn(context,
		  &(struct store_line){part[COMMIT], part[PARENTS], part[ID], part[REMOVED], part[EXPERIMENT]});
}

#define TRAILER(key) "%x09%(trailers:key=" key ",valueonly,separator=%x20)"

int store_lines(struct store *store, int (*fn)(void *context, const struct store_line *line), void *context,
		struct error *err)
{
	char tip[OID_HEX];
	const char *argv[] = {
		"-c",
		"log.showSignature=false",
		"log",
		"--no-color",
		"--no-notes",
		"--topo-order",
		"--reverse",
		"--format=%H%x09%P" TRAILER("Assay-Run") TRAILER("Assay-Removed") TRAILER("Assay-Experiment"),
		tip,
		"--",
		NULL};
	struct buf text = BUF_INIT;
	int rc = store_tip(tip, store, err);

	if (rc < 0 || !tip[0])
		return rc;
	rc = git_run(store, &(struct git_call){.argv = argv, .environment = as_made, .out = &text}, err);
	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = strcspn(at, "\n");

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		rc = take_line(at, fn, context);
	}
	buf_release(&text);
	return rc;
}
