/* What differs between the code of two commits, by their trees alone: equal folders are never opened, no blob is read. */
#include "store/ref.h"
#include "store/repo.h"

static int tree_of(git_tree **out, struct store *store, const char *hex, struct error *err)
{
	git_commit *commit = NULL;
	git_oid id;
	int rc = oid_parse(&id, hex, err);

	if (rc < 0)
		return rc;
	rc = git_commit_lookup(&commit, store->repo, &id);
	if (!rc)
		rc = git_commit_tree(out, commit);
	git_commit_free(commit);
	return rc < 0 ? git_fail(err, rc, "cannot read the code of %s", hex) : 0;
}

/* Hex of one side of a difference; NULL where the file is not there. */
static const char *blob_of(char hex[OID_HEX], const git_diff_file *file)
{
	return file->mode == GIT_FILEMODE_UNREADABLE ? NULL : git_oid_tostr(hex, OID_HEX, &file->id);
}

int store_code_changes(struct store *store, const char *from, const char *to,
		       int (*fn)(void *context, const char *path, const char *from_blob, const char *to_blob),
		       void *context, struct error *err)
{
	git_diff_options options;
	git_tree *was = NULL, *is = NULL;
	git_diff *diff = NULL;
	int rc = store_repo(store, err);

	if (!rc)
		rc = tree_of(&was, store, from, err);
	if (!rc)
		rc = tree_of(&is, store, to, err);
	if (rc)
		goto out;
	rc = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_INCLUDE_TYPECHANGE;
	if (!rc)
		rc = git_diff_tree_to_tree(&diff, store->repo, was, is, &options);
	if (rc < 0) {
		rc = git_fail(err, rc, "cannot compare the code of %s and %s", from, to);
		goto out;
	}
	for (size_t i = 0; i < git_diff_num_deltas(diff) && !rc; i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		char old_hex[OID_HEX], new_hex[OID_HEX];
		const char *before = blob_of(old_hex, &delta->old_file), *after = blob_of(new_hex, &delta->new_file);

		if (before && after && !strcmp(before, after)) /* a mode alone */
			continue;
		rc = fn(context, delta->new_file.path, before, after);
	}
out:
	git_diff_free(diff);
	git_tree_free(was);
	git_tree_free(is);
	return rc;
}
