/*
 * refs/assay/keep: one reference whose chain of commits makes the code of every run and the run's own commit reachable,
 * so that no rebase, reset, branch deletion or gc loses them.
 */
#include "store/commit.h"
#include "store/ref.h"
#include "base/mem.h"

enum { LOOK_BACK = 1000 };

static int listed(const git_oid *list, size_t n, const git_oid *id)
{
	for (size_t i = 0; i < n; i++)
		if (git_oid_equal(&list[i], id))
			return 1;
	return 0;
}

/* Whether id names a commit that is here; a missing parent would break the repository. */
static int is_commit(struct store *store, const git_oid *id)
{
	git_object_t type;
	size_t len;

	return git_odb_read_header(&len, &type, store->odb, id) == 0 && type == GIT_OBJECT_COMMIT;
}

int keep_make(git_oid *out, struct store *store, const git_oid *old, const struct store_run *run, size_t n,
	      struct error *err)
{
	git_oid *parent = mem_array(2 * n + 1, sizeof(*parent)), tree, id;
	char message[64];
	size_t parents = 0;
	int rc;

	if (!parent)
		return error_nomem(err);
	if (old)
		parent[parents++] = *old;
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			const char *hex = pass ? run[i].commit : run[i].code;

			if (hex && *hex && git_oid_fromstr(&id, hex) == 0 && !listed(parent, parents, &id) &&
			    is_commit(store, &id))
				parent[parents++] = id;
		}
	}
	snprintf(message, sizeof(message), KEEP_SUBJECT "%zu run%s and what %s made from\n", n, n == 1 ? "" : "s",
		 n == 1 ? "it was" : "they were");
	rc = git_odb_write(&tree, store->odb, "", 0, GIT_OBJECT_TREE);
	if (rc < 0)
		rc = git_fail(err, rc, "cannot make an empty tree");
	else
		rc = commit_make(
			out, store,
			&(struct commit_plan){.tree = &tree, .parent = parent, .parents = parents, .message = message},
			err);
	free(parent);
	return rc;
}

/* 1 if the commit has `id` among its parents; the first one goes to *next, *more says whether there is one. */
static int parents_have(git_commit *commit, const git_oid *id, git_oid *next, int *more)
{
	unsigned count = git_commit_parentcount(commit);

	*more = count > 0;
	if (count)
		*next = *git_commit_parent_id(commit, 0);
	for (unsigned i = 0; i < count; i++)
		if (git_oid_equal(git_commit_parent_id(commit, i), id))
			return 1;
	return 0;
}

int keep_has(struct store *store, const git_oid *commit, struct error *err)
{
	git_commit *link = NULL;
	int there, has = 0;
	git_oid at;
	int rc = ref_read(&at, &there, store, KEEP_REF, err);

	for (int steps = 0; !rc && there && !has && steps < LOOK_BACK; steps++) {
		if (git_commit_lookup(&link, store->repo, &at) < 0)
			break; /* a shallow clone ends here */
		has = parents_have(link, commit, &at, &there);
		git_commit_free(link);
		link = NULL;
	}
	return rc < 0 ? rc : has;
}
