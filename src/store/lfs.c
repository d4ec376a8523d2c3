/* Git LFS: whether this repository uses it, and where its objects lie on this machine. */
#include "store/repo.h"
#include "base/mem.h"

/* Whether a line of HEAD's .gitattributes gives files to LFS; in whatever line ends it was written. */
static int attributes_name_lfs(struct store *store, struct error *err)
{
	git_object *blob = NULL;
	int rc = git_revparse_single(&blob, store->repo, "HEAD:.gitattributes"), yes = 0;
	struct buf text = BUF_INIT;

	if (rc < 0 || git_object_type(blob) != GIT_OBJECT_BLOB)
		goto out;
	buf_put(&text, git_blob_rawcontent((const git_blob *)blob), (size_t)git_blob_rawsize((const git_blob *)blob));
	if (buf_check(&text, err) < 0) {
		yes = ERR_NOMEM;
		goto out;
	}
	for (const char *at = text.text; !yes && *at; at += first_line(at), at += strspn(at, "\r\n")) {
		const char *end = at + first_line(at), *found = strstr(at, "filter=lfs");

		yes = at[strspn(at, " \t")] != '#' && found && found < end && found > at && strchr(" \t", found[-1]) &&
		      strchr(" \t\r\n", found[strlen("filter=lfs")]);
	}
out:
	buf_release(&text);
	git_object_free(blob);
	return yes;
}

int store_uses_lfs(struct store *store, int force, struct error *err)
{
	const char *argv[] = {"lfs", "version", NULL};
	struct error said = {0};
	int rc;

	if (!store->uses_lfs || (force && store->uses_lfs < 0)) {
		rc = store_repo(store, err);
		if (!rc && !force)
			rc = attributes_name_lfs(store, err);
		if (rc < 0)
			return rc;
		store->uses_lfs = (force || rc) && git_run(store, &(struct git_call){.argv = argv}, &said) == 0 ? 1
														: -1;
	}
	return store->uses_lfs > 0;
}

int store_lfs_folder(char **out, struct store *store, struct error *err)
{
	const char *argv[] = {"lfs", "env", NULL};
	static const char KEY[] = "LocalMediaDir=";
	struct buf text = BUF_INIT;
	const char *at;
	int rc = 0;

	*out = NULL;
	if (!store->lfs) {
		rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
		at = rc ? NULL : strstr(text.text, KEY);
		if (at && at[strlen(KEY)] == '/')
			store->lfs = mem_text_n(at + strlen(KEY), first_line(at + strlen(KEY)));
		else if (!rc)
			rc = error_set(err, ERR_MACHINE, "git lfs env does not say where its objects are");
	}
	if (!rc)
		*out = mem_text(store->lfs);
	if (!rc && !*out)
		rc = error_nomem(err);
	buf_release(&text);
	return rc;
}
