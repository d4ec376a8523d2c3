/*
 * The code state: HEAD, and where the work tree differs a commit of it. That commit is made by git in a copy of the
 * index, so that every kind of index, filter and file is treated as `git add` would; index, work tree and references
 * stay as they are.
 */
#include "store/commit.h"
#include "store/quarantine.h"
#include "store/ref.h"
#include "store/status.h"
#include "base/mem.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <git2/sys/commit.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MOST = 100 << 10, TRIES = 5 };

/* Names of files and folders that hold secrets; they never go into a snapshot, whatever the rules say. */
static const char *const secret[] = {".env*",       "*.pem",        "*.key",     "*.p12",  "*.pfx",
				     "id_rsa*",     "id_dsa*",      "id_ecdsa*", ".netrc", ".pgpass",
				     "id_ed25519*", "credentials*", "*.keystore"};

static int matches_secret(const char *name)
{
	for (size_t i = 0; i < sizeof(secret) / sizeof(*secret); i++)
		if (!fnmatch(secret[i], name, FNM_CASEFOLD))
			return 1;
	return 0;
}

/* Whether any part of the path is the name of a secret. */
static int is_secret(const char *path)
{
	char part[256];

	while (*path) {
		size_t len = strcspn(path, "/");

		snprintf(part, sizeof(part), "%.*s", (int)(len < sizeof(part) ? len : sizeof(part) - 1), path);
		if (matches_secret(part))
			return 1;
		path += len;
		path += strspn(path, "/");
	}
	return 0;
}

static int is_ignored(const char *path, const char *const *pattern)
{
	for (; pattern && *pattern; pattern++) {
		size_t len = strlen(*pattern);

		while (len && (*pattern)[len - 1] == '/')
			len--;
		if (!fnmatch(*pattern, path, FNM_PATHNAME))
			return 1;
		if (len && !strncmp(path, *pattern, len) && (path[len] == '/' || !path[len]))
			return 1;
	}
	return 0;
}

/* Untracked text: a link, or a regular file of at most 100 KiB without a NUL, which is git's own sign of a binary. */
static int is_small_text(const char *full, struct error *err)
{
	struct buf text = BUF_INIT;
	struct stat st;
	int yes = 0, rc;

	if (lstat(full, &st) < 0)
		return 0;
	if (S_ISLNK(st.st_mode))
		return 1;
	if (!S_ISREG(st.st_mode) || st.st_size > TEXT_MOST)
		return 0;
	rc = file_read(&text, full, NULL);
	if (rc == ERR_NOMEM)
		return error_nomem(err);
	yes = rc == 0 && text.len <= TEXT_MOST && !memchr(text.text, '\0', text.len);
	buf_release(&text);
	return yes;
}

/* What is to be done in the copy of the index. */
struct plan {
	struct buf take; /* paths for update-index --stdin, each with its NUL */
	struct buf restore; /* lines for --index-info: a changed secret as HEAD has it */
};

static int taken(const struct change *change, const char *full, enum store_snapshot rule, struct error *err)
{
	if (is_secret(change->path) || change->submodule == 2)
		return 0;
	if (!change->untracked || rule == SNAPSHOT_ALL)
		return change->path[strlen(change->path) - 1] != '/';
	return rule == SNAPSHOT_TEXT ? is_small_text(full, err) : 0;
}

static int plan_change(struct plan *plan, struct store_code *out, const struct store *store,
		       const struct change *change, enum store_snapshot rule, struct error *err)
{
	char *full = path_join(store->worktree, change->path);
	struct stat st;
	int rc = full ? taken(change, full, rule, err) : error_nomem(err);

	if (rc == 1) {
		buf_put(&plan->take, change->path, strlen(change->path) + 1);
		out->files++;
		if (!lstat(full, &st) && !S_ISDIR(st.st_mode))
			out->bytes += (size_t)st.st_size;
	} else if (rc == 0 && !change->untracked && !change->submodule) {
		buf_printf(&plan->restore, "%o %s\t%s", change->head_mode, change->head_blob, change->path);
		buf_putc(&plan->restore, '\0');
	}
	if (rc == 0 || (rc == 1 && change->submodule & 2))
		rc = names_add(&out->left_out, change->path, err);
	free(full);
	return rc < 0 ? rc : 0;
}

/*
 * A copy of the index with its times: git takes an entry as unchanged when the index is younger than the file, so a
 * copy that looks younger would hide what was changed a moment ago. *path is the caller's to unlink and free; nothing
 * is there where the repository has no index.
 */
static int copy_index(char **path, const struct store *store, struct error *err)
{
	char *index = path_join(store->git_dir, "index");
	int from = -1, to = -1, rc = dir_make(store->assay_dir, err);
	struct buf bytes = BUF_INIT;
	struct stat st;

	*path = path_join(store->assay_dir, "index-XXXXXX");
	if (!rc && (!index || !*path))
		rc = error_nomem(err);
	if (rc < 0)
		goto out;
	to = mkostemp(*path, O_CLOEXEC);
	if (to < 0) {
		rc = error_errno(err, "cannot create %s", *path);
		goto out;
	}
	from = open(index, O_RDONLY | O_CLOEXEC);
	if (from < 0) {
		unlink(*path);
		goto out;
	}
	rc = fd_read(&bytes, from, index, err);
	if (!rc)
		rc = fd_write(to, bytes.text, bytes.len, *path, err);
	if (!rc && (fstat(from, &st) < 0 || futimens(to, (struct timespec[]){st.st_atim, st.st_mtim}) < 0))
		rc = error_errno(err, "cannot copy %s", index);
out:
	if (from >= 0)
		close(from);
	if (to >= 0 && close(to) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", *path);
	free(index);
	buf_release(&bytes);
	return rc;
}

/* The tree that the work tree is, by the plan; what git writes for it goes into the quarantine. */
static int snapshot_tree(git_oid *tree, const struct plan *plan, const struct store *store,
			 const struct quarantine *quarantine, struct error *err)
{
	const char *const *apart = (const char *const *)quarantine->environment;
	const char *restore[] = {"update-index", "-z", "--index-info", NULL};
	/* large files as a stream, into a pack */
	const char *take[] = {"-c", "core.bigFileThreshold=1m", "update-index", "-z", "--add", "--remove", "--stdin",
			      NULL};
	const char *write[] = {"write-tree", NULL};
	struct buf text = BUF_INIT;
	char *index = NULL, *lock = NULL;
	int rc = copy_index(&index, store, err);

	if (!rc && plan->restore.len)
		rc = git_run(store,
			     &(struct git_call){.argv = restore,
						.index = index,
						.input = plan->restore.text,
						.input_len = plan->restore.len},
			     err);
	if (!rc && plan->take.len)
		rc = git_run(store,
			     &(struct git_call){.argv = take,
						.index = index,
						.environment = apart,
						.input = plan->take.text,
						.input_len = plan->take.len},
			     err);
	if (!rc)
		rc = git_run(store,
			     &(struct git_call){.argv = write, .index = index, .environment = apart, .out = &text},
			     err);
	if (!rc && (text.len < GIT_OID_HEXSZ || git_oid_fromstrn(tree, text.text, GIT_OID_HEXSZ) < 0))
		rc = error_set(err, ERR_MACHINE, "git write-tree says '%.60s'", text.text);
	if (index)
		unlink(index);
	lock = index ? mem_printf("%s.lock", index) : NULL;
	if (lock)
		unlink(lock); /* of a git that was killed */
	free(lock);
	free(index);
	buf_release(&text);
	return rc;
}

/* The same work tree on the same commit gives the same snapshot: its time is HEAD's. */
static int snapshot_commit(struct store_code *out, const git_oid *tree, git_commit *head, struct store *store,
			   struct error *err)
{
	git_time_t when = head ? git_commit_time(head) : 0;
	const git_oid *parent = head ? git_commit_id(head) : NULL;
	git_signature *who = NULL;
	git_oid id;
	int rc = git_signature_new(&who, store->committer.name, store->committer.mail, when, 0);

	if (rc >= 0)
		rc = git_commit_create_from_ids(&id, store->repo, NULL, who, who, NULL, SNAPSHOT_SUBJECT "\n", tree,
						head ? 1 : 0, &parent);
	git_signature_free(who);
	if (rc < 0)
		return git_fail(err, rc, "cannot keep the work tree");
	git_oid_tostr(out->snapshot, sizeof(out->snapshot), &id);
	return pile_flush(store->pile, err);
}

/* Hold what the tree has beyond HEAD's: git wrote no object that it found on disk, whoever had left it there. */
static int hold_tree(struct store *store, const git_oid *id, const git_oid *head, struct error *err)
{
	git_tree *tree = NULL, *before = NULL;
	int rc = pile_borrow(store->pile, id, err);

	if (!rc && git_tree_lookup(&tree, store->repo, id) < 0)
		rc = git_fail(err, GIT_ERROR, "cannot read the work tree's snapshot");
	if (!rc && head && git_tree_lookup(&before, store->repo, head) < 0)
		rc = git_fail(err, GIT_ERROR, "cannot read HEAD");
	for (size_t i = 0; !rc && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		const git_tree_entry *was = before ? git_tree_entry_byname(before, git_tree_entry_name(entry)) : NULL;
		int folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;

		if (was && git_oid_equal(git_tree_entry_id(was), git_tree_entry_id(entry)))
			continue;
		if (folder)
			rc = hold_tree(store, git_tree_entry_id(entry),
				       was && git_tree_entry_type(was) == GIT_OBJECT_TREE ? git_tree_entry_id(was)
											  : NULL,
				       err);
		else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
			rc = pile_borrow(store->pile, git_tree_entry_id(entry), err);
		if (!rc)
			rc = pile_spill(store->pile, err);
	}
	git_tree_free(tree);
	git_tree_free(before);
	return rc;
}

/* Once. What fails because somebody's gc took an object in between can be done again. */
static int try_snapshot(struct store_code *out, const struct plan *plan, git_commit *head, struct store *store,
			struct error *err)
{
	const git_oid *before = head ? git_commit_tree_id(head) : NULL;
	struct quarantine quarantine = {0};
	git_oid tree;
	int rc = quarantine_open(&quarantine, store, err);

	if (!rc)
		rc = snapshot_tree(&tree, plan, store, &quarantine, err);
	if (!rc)
		rc = quarantine_adopt(&quarantine, store, err);
	/* only what is left out differs: the commit is the code */
	if (!rc && !(before && git_oid_equal(&tree, before))) {
		rc = hold_tree(store, &tree, before, err);
		if (!rc)
			rc = snapshot_commit(out, &tree, head, store, err);
	}
	quarantine_release(&quarantine);
	return rc;
}

static int take_snapshot(struct store_code *out, const struct status *status, git_commit *head, struct store *store,
			 const struct store_code_options *options, struct error *err)
{
	struct plan plan = {BUF_INIT, BUF_INIT};
	int rc = store_identity(store, err);

	for (size_t i = 0; !rc && i < status->n; i++)
		if (!is_ignored(status->change[i].path, options->ignore))
			rc = plan_change(&plan, out, store, &status->change[i], options->snapshot, err);
	if (!rc)
		rc = buf_check(&plan.take, err);
	if (!rc)
		rc = buf_check(&plan.restore, err);
	for (int left = TRIES; !rc && left; left--) {
		struct error said = {0};

		rc = try_snapshot(out, &plan, head, store, &said);
		if (!rc)
			break;
		if (left == 1 || (rc != ERR_MACHINE && rc != ERR_MOVED && rc != ERR_NOT_FOUND))
			rc = error_set(err, rc == ERR_NOMEM ? rc : ERR_MACHINE, "%s", said.text);
		else
			rc = 0;
		if (!rc)
			pause_some((unsigned)(TRIES - left));
	}
	buf_release(&plan.take);
	buf_release(&plan.restore);
	return rc;
}

void store_code_release(struct store_code *code)
{
	if (code)
		names_free(&code->left_out);
}

int store_code_state(struct store_code *out, struct store *store, const struct store_code_options *options,
		     struct error *err)
{
	const struct store_code_options plain = {.snapshot = SNAPSHOT_TEXT};
	struct status status = {0};
	git_commit *head = NULL;
	git_oid id;
	int rc;

	*out = (struct store_code){0};
	options = options ? options : &plain;
	if (!store->worktree)
		return 0; /* bare: there is no code here */
	rc = status_take(&status, store, err);
	if (!rc)
		rc = store_repo(store, err);
	if (rc < 0)
		goto out;
	memcpy(out->commit, status.commit, sizeof(out->commit));
	memcpy(out->branch, status.branch, sizeof(out->branch));
	if (out->commit[0]) {
		rc = oid_parse(&id, out->commit, err);
		if (!rc && git_commit_lookup(&head, store->repo, &id) < 0)
			rc = git_fail(err, GIT_ERROR, "cannot read HEAD");
		if (rc < 0)
			goto out;
		git_oid_tostr(out->tree, sizeof(out->tree), git_commit_tree_id(head));
	}
	for (size_t i = 0; i < status.n && !out->dirty; i++)
		out->dirty = !is_ignored(status.change[i].path, options->ignore);
	if (out->dirty && options->snapshot != SNAPSHOT_NONE)
		rc = take_snapshot(out, &status, head, store, options, err);
out:
	git_commit_free(head);
	status_release(&status);
	if (rc < 0)
		store_code_release(out);
	return rc;
}
