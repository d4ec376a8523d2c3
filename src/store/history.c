/*
 * Reading history: by git where commits are walked, since libgit2 fails at the edge of a shallow clone; by libgit2 for
 * one commit by its name.
 */
#include "store/commit.h"
#include "store/ref.h"
#include "store/repo.h"
#include "base/mem.h"

static void copy_line(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%.*s", (int)(text ? first_line(text) : 0), text ? text : "");
}

int store_commit_info(struct store_commit_info *out, struct store *store, const char *hex, struct error *err)
{
	git_commit *commit = NULL;
	git_oid id;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, hex, err);
	if (rc < 0)
		return rc;
	rc = git_commit_lookup(&commit, store->repo, &id);
	if (rc < 0)
		return git_fail(err, rc, "cannot read the commit %s", hex);
	*out = (struct store_commit_info){.when = (time_t)git_commit_author(commit)->when.time};
	git_oid_tostr(out->hex, sizeof(out->hex), &id);
	copy_line(out->author, sizeof(out->author), git_commit_author(commit)->name);
	copy_line(out->subject, sizeof(out->subject), git_commit_summary(commit));
	git_commit_free(commit);
	return 0;
}

/* Whether HEAD's tree has exactly this blob at path. */
static int head_has(struct store *store, const char *path, const char *blob, struct error *err)
{
	git_tree_entry *entry = NULL;
	git_object *tree = NULL;
	char hex[OID_HEX];
	int rc = git_revparse_single(&tree, store->repo, "HEAD^{tree}"), has = 0;

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc >= 0)
		rc = git_tree_entry_bypath(&entry, (const git_tree *)tree, path);
	if (!rc)
		has = !strcmp(git_oid_tostr(hex, sizeof(hex), git_tree_entry_id(entry)), blob);
	git_tree_entry_free(entry);
	git_object_free(tree);
	return rc < 0 && rc != GIT_ENOTFOUND ? git_fail(err, rc, "cannot read %s in HEAD", path) : has;
}

int store_path_commit(char hex[OID_HEX], struct store *store, const char *path, const char *blob, struct error *err)
{
	const char *argv[] = {"rev-list", "-1", "HEAD", "--", path, NULL};
	struct buf text = BUF_INIT;
	int rc = store_repo(store, err);

	hex[0] = '\0';
	if (!rc)
		rc = head_has(store, path, blob, err);
	if (rc <= 0)
		return rc;
	rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	if (!rc)
		copy_line(hex, OID_HEX, text.text);
	buf_release(&text);
	return rc;
}

int store_run_commits(struct store *store, const char *since,
		      int (*fn)(void *context, const char *id, const char *commit), void *context, struct error *err)
{
	char tip[OID_HEX], past[OID_HEX + 1] = "";
	const char *argv[] = {"-c",         "log.showSignature=false",
			      "log",        "--no-color",
			      "--no-notes", "--format=%H %(trailers:key=Assay-Run,valueonly,separator=%x20)",
			      tip,          NULL,
			      NULL,         NULL};
	struct buf text = BUF_INIT;
	int rc = store_tip(tip, store, err);

	if (rc < 0 || !tip[0])
		return rc;
	if (since && *since)
		snprintf(past, sizeof(past), "^%s", since);
	argv[7] = *past ? past : "--";
	argv[8] = *past ? "--" : NULL;
	rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = strcspn(at, "\n");

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		if (len <= OID_HEX || at[OID_HEX - 1] != ' ')
			continue;
		at[OID_HEX - 1] = '\0';
		at[OID_HEX + strcspn(at + OID_HEX, " \r")] = '\0';
		rc = fn(context, at + OID_HEX, at);
	}
	buf_release(&text);
	return rc;
}

int store_diff(struct buf *out, struct store *store, const char *from, const char *to, size_t most, struct error *err)
{
	const char *argv[] = {"-c",
			      "core.quotePath=true",
			      "diff",
			      "--no-color",
			      "--no-ext-diff",
			      "--no-textconv",
			      "--no-relative",
			      from,
			      to,
			      "--",
			      NULL};
	size_t before = out->len;
	git_oid id;
	int rc = oid_parse(&id, from, err);

	if (!rc)
		rc = oid_parse(&id, to, err);
	if (!rc)
		rc = git_run(store, &(struct git_call){.argv = argv, .out = out, .most = most}, err);
	if (rc != 1)
		return rc;
	out->len = before + most; /* to the end of a line */
	while (out->len > before && out->text[out->len - 1] != '\n')
		out->len--;
	out->text[out->len] = '\0';
	buf_printf(out, "(cut after %zu bytes: `git diff %.10s %.10s` shows all)\n", out->len - before, from, to);
	return buf_check(out, err);
}

int store_descends(struct store *store, const char *commit, const char *ancestor, struct error *err)
{
	git_oid id, of;
	int rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&id, commit, err);
	if (!rc)
		rc = oid_parse(&of, ancestor, err);
	if (rc < 0)
		return rc;
	return git_oid_equal(&id, &of) || git_graph_descendant_of(store->repo, &id, &of) == 1;
}

/* Whether the branch at `tip` still holds `landed`. What a shallow clone cannot tell counts as yes. */
static int holds(struct store *store, const git_oid *tip, const git_oid *landed)
{
	git_object_t type;
	size_t len;

	if (git_oid_equal(tip, landed))
		return 1;
	if (git_odb_read_header(&len, &type, store->odb, landed) < 0)
		return 0;
	return git_graph_descendant_of(store->repo, tip, landed) != 0;
}

/* Whether `landed` names this branch; the setting may name another one since. */
static int of_this_branch(const char *landed, const struct store *store)
{
	const char *ref = strchr(landed, '\n');

	return ref && !strncmp(ref + 1, store->branch_ref, strlen(store->branch_ref)) &&
	       ref[1 + strlen(store->branch_ref)] == '\n';
}

int landed_read(git_oid *out, int *there, const struct store *store, struct error *err)
{
	char *path = path_join(store->assay_dir, "landed");
	struct buf text = BUF_INIT;
	int rc = path ? file_read(&text, path, NULL) : error_nomem(err);

	*there = !rc && of_this_branch(text.text, store) && text.len >= GIT_OID_HEXSZ &&
		 git_oid_fromstrn(out, text.text, GIT_OID_HEXSZ) == 0;
	buf_release(&text);
	free(path);
	return rc == ERR_NOMEM ? error_nomem(err) : 0;
}

int store_rewritten(struct store *store, char **note, struct error *err)
{
	git_oid landed, tip = {{0}};
	char hex[OID_HEX];
	int known, there = 0, rc = landed_read(&landed, &known, store, err);

	*note = NULL;
	if (rc < 0 || !known) /* nothing has landed from here */
		return rc;
	rc = store_repo(store, err);
	if (!rc)
		rc = ref_read(&tip, &there, store, store->branch_ref, err);
	if (rc < 0 || (there && holds(store, &tip, &landed)))
		return rc;
	*note = mem_printf(
		"the branch %s %s since assay moved it last, to %.10s: `assay recover` puts back what %s kept",
		store->branch, there ? "was reset or rewritten" : "was deleted",
		git_oid_tostr(hex, sizeof(hex), &landed), KEEP_REF);
	return *note ? 1 : error_nomem(err);
}
