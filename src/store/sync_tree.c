/*
 * The tree of two tips of the runs' branch. A run has a folder of its own and never changes, so nearly always one side
 * has it or both have the same. A run that one side lacks is left out only where a commit of that side says that it
 * removed it; what somebody dropped otherwise comes back. Where both sides have other bytes at one path, that of a
 * common ancestor is kept, being the one that was not altered; without one, ours. Whole folders that are equal are
 * never opened.
 */
#include "store/sync_work.h"
#include "base/mem.h"

enum { RUN_DEPTH = 5, BASES_MOST = 8 }; /* runs/EXPERIMENT/MONTH/DAY/HH/ID: the folders above ID */

struct join {
	struct sync *sync;
	struct names removed[2]; /* by us, by them; sorted */
	git_tree *base[BASES_MOST]; /* of the common ancestors */
	size_t bases;
	struct buf path;
	struct error *err;
};

/* The ids in Assay-Removed: trailers of what `side` has and `other` has not. */
static int removed_ids(struct names *out, const struct store *store, const git_oid *side, const git_oid *other,
		       struct error *err)
{
	char with[OID_HEX], without[OID_HEX + 1] = "^";
	const char *argv[] = {"-c",
			      "log.showSignature=false",
			      "log",
			      "--no-color",
			      "--no-notes",
			      "--format=%(trailers:key=Assay-Removed,valueonly)",
			      git_oid_tostr(with, sizeof(with), side),
			      without,
			      "--",
			      NULL};
	struct buf text = BUF_INIT;
	int rc;

	git_oid_tostr(without + 1, OID_HEX, other);
	rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = first_line(at);

		next = at + len + (at[len] != '\0');
		at[len] = '\0';
		if (len)
			rc = names_add(out, at, err);
	}
	names_sort(out);
	buf_release(&text);
	return rc;
}

static int tell(struct join *join, const char *what)
{
	char *line = mem_printf("%s: %s", join->path.text, what);
	int rc = line ? names_add(&join->sync->report->problems, line, join->err) : error_nomem(join->err);

	free(line);
	return rc;
}

/* Whether a common ancestor has this very entry at the path where we are. */
static int in_base(const struct join *join, const git_tree_entry *entry)
{
	int yes = 0;

	for (size_t i = 0; i < join->bases && !yes; i++) {
		git_tree_entry *found = NULL;

		if (git_tree_entry_bypath(&found, join->base[i], join->path.text) == 0)
			yes = git_oid_equal(git_tree_entry_id(found), git_tree_entry_id(entry));
		git_tree_entry_free(found);
	}
	return yes;
}

static int is_tree(const git_tree_entry *entry)
{
	return entry && git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
}

/* A hostile name that git would not write is left out and said. */
static int put(struct join *join, git_treebuilder *out, const git_tree_entry *as, const git_oid *id)
{
	if (git_treebuilder_insert(NULL, out, git_tree_entry_name(as), id, git_tree_entry_filemode(as)) < 0)
		return tell(join, "left out: no file of git's can be called so");
	return 0;
}

static int join_folders(git_oid *out, int *empty, struct join *join, const git_oid *ours, const git_oid *theirs,
			int depth);

/* One name; ours or theirs may be NULL. */
static int join_entry(git_treebuilder *out, struct join *join, const git_tree_entry *ours, const git_tree_entry *theirs,
		      int depth)
{
	const git_tree_entry *one = ours ? ours : theirs;
	const struct names *removed = &join->removed[ours ? 1 : 0]; /* by the side that lacks it */
	git_oid id = *git_tree_entry_id(one);
	int empty = 0, rc = 0;

	if (ours && theirs && git_oid_equal(&id, git_tree_entry_id(theirs)))
		return put(join, out, one, &id);
	if (is_tree(ours) && is_tree(theirs)) {
		rc = join_folders(&id, &empty, join, &id, git_tree_entry_id(theirs), depth + 1);
	} else if (ours && theirs) {
		if (in_base(join, theirs) && !in_base(join, ours))
			one = theirs;
		id = *git_tree_entry_id(one);
		rc = tell(join, one == ours ? "both sides have it, with other bytes: ours is kept"
					    : "both sides have it, with other bytes: theirs is kept, as it was before");
	} else if (depth == RUN_DEPTH && names_has(removed, git_tree_entry_name(one))) {
		return 0;
	} else if (is_tree(one) && depth < RUN_DEPTH && removed->n) {
		rc = join_folders(&id, &empty, join, ours ? &id : NULL, ours ? NULL : &id, depth + 1);
	}
	return rc < 0 || empty ? rc : put(join, out, one, &id);
}

static int open_tree(git_tree **out, struct join *join, const git_oid *id)
{
	int rc = id ? repo_tree(out, join->sync->store, id) : 0;

	return rc < 0 ? git_fail(join->err, rc, "cannot read the folder '%s' of the runs", join->path.text) : 0;
}

static int join_named(git_treebuilder *out, struct join *join, const git_tree_entry *ours, const git_tree_entry *theirs,
		      int depth)
{
	size_t len = join->path.len;
	int rc;

	if (len)
		buf_putc(&join->path, '/');
	buf_puts(&join->path, git_tree_entry_name(ours ? ours : theirs));
	rc = buf_check(&join->path, join->err);
	if (!rc)
		rc = join_entry(out, join, ours, theirs, depth);
	if (!join->path.failed) {
		join->path.len = len;
		join->path.text[len] = '\0';
	}
	return rc;
}

static int join_folders(git_oid *out, int *empty, struct join *join, const git_oid *ours, const git_oid *theirs,
			int depth)
{
	git_treebuilder *builder = NULL;
	git_tree *a = NULL, *b = NULL;
	int rc = open_tree(&a, join, ours);

	if (!rc)
		rc = open_tree(&b, join, theirs);
	if (!rc && git_treebuilder_new(&builder, join->sync->store->repo, NULL) < 0)
		rc = error_nomem(join->err);
	for (size_t i = 0; !rc && a && i < git_tree_entrycount(a); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(a, i);

		rc = join_named(builder, join, entry, b ? git_tree_entry_byname(b, git_tree_entry_name(entry)) : NULL,
				depth);
	}
	for (size_t i = 0; !rc && b && i < git_tree_entrycount(b); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(b, i);

		if (!a || !git_tree_entry_byname(a, git_tree_entry_name(entry)))
			rc = join_named(builder, join, NULL, entry, depth);
	}
	if (!rc) {
		*empty = git_treebuilder_entrycount(builder) == 0;
		rc = git_treebuilder_write(out, builder);
		if (rc < 0)
			rc = git_fail(join->err, rc, "cannot write the folder '%s' of the runs", join->path.text);
	}
	git_treebuilder_free(builder);
	git_tree_free(a);
	git_tree_free(b);
	return rc;
}

static int tree_of(git_tree **out, struct store *store, const git_oid *commit, struct error *err)
{
	git_commit *found = NULL;
	int rc = repo_commit(&found, store, commit);

	if (rc >= 0)
		rc = repo_tree(out, store, git_commit_tree_id(found));
	git_commit_free(found);
	return rc < 0 ? git_fail(err, rc, "cannot read the commit %s", git_oid_tostr_s(commit)) : 0;
}

/*
 * Common ancestors, by git: libgit2 fails in shallow clones. Two branches that began apart have none, which git calls
 * a failure.
 */
static int find_bases(struct join *join, const git_oid *ours, const git_oid *theirs)
{
	struct store *store = join->sync->store;
	char a[OID_HEX], b[OID_HEX];
	const char *argv[] = {"merge-base", "--all", git_oid_tostr(a, sizeof(a), ours),
			      git_oid_tostr(b, sizeof(b), theirs), NULL};
	struct buf text = BUF_INIT;
	struct error none = {0};
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, &none);

	if (rc == ERR_NOMEM)
		error_say_nomem(join->err);
	else
		rc = 0;
	for (const char *at = text.text; !rc && first_line(at) == OID_HEX - 1 && join->bases < BASES_MOST;
	     at += OID_HEX) {
		git_oid id;

		if (git_oid_fromstr(&id, at) == 0)
			rc = tree_of(&join->base[join->bases], store, &id, join->err);
		if (!rc)
			join->bases++;
		if (!at[OID_HEX - 1])
			break;
	}
	buf_release(&text);
	return rc;
}

int sync_join_trees(git_oid *tree, struct sync *sync, const git_oid *ours, const git_oid *theirs, struct error *err)
{
	struct join join = {.sync = sync, .path = BUF_INIT, .err = err};
	git_tree *a = NULL, *b = NULL;
	int empty, rc = removed_ids(&join.removed[0], sync->store, ours, theirs, err);

	names_free(&sync->report->problems); /* of an attempt on other tips */
	sync->report->problems = (struct names){0};
	if (!rc)
		rc = removed_ids(&join.removed[1], sync->store, theirs, ours, err);
	if (!rc)
		rc = find_bases(&join, ours, theirs);
	if (!rc)
		rc = tree_of(&a, sync->store, ours, err);
	if (!rc)
		rc = tree_of(&b, sync->store, theirs, err);
	if (!rc)
		rc = join_folders(tree, &empty, &join, git_tree_id(a), git_tree_id(b), 0);
	for (size_t i = 0; i < join.bases; i++)
		git_tree_free(join.base[i]);
	git_tree_free(a);
	git_tree_free(b);
	names_free(&join.removed[0]);
	names_free(&join.removed[1]);
	buf_release(&join.path);
	return rc;
}
