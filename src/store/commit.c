/*
 * The runs' way into git. Blobs first, once; then, as often as somebody else was faster: trees and commits on the tip
 * as it is now, one flush to the disk, and the branch by compare-and-swap, and the chain that keeps them. Until both
 * have moved the caller has its copies, and doing all of it again changes nothing that has been done.
 */
#include "store/commit.h"
#include "store/ref.h"
#include "store/run_tree.h"
#include "base/clock.h"
#include "base/mem.h"

#include <fcntl.h>
#include <unistd.h>

static const double GIVE_UP_SECONDS = 10;

struct landing {
	struct store *store;
	struct store_run *run;
	size_t n;
	const char *remove; /* a folder to take away instead, and ... */
	const char *message; /* ... what its commit says */
	int absent; /* there is no such folder */
	const char *code; /* or a code state to hold, and no run */
	git_oid **blob; /* [n][files of the run] */
	struct store_run *todo; /* [n, or 1] those that refs/assay/keep lacks */
	size_t todos;
	git_oid top; /* where the branch is to go */
	git_oid base; /* on what that is built: on disk, which the commits since then are not yet */
	git_oid tip, keep_tip; /* where branch and keep are; meaningful where has_... */
	int has_tip, has_keep;
	int fresh; /* commits to bring onto the branch; 0 after it has moved */
	int moved;
	int locked;
};

/* Small files go onto the pile, which must not grow with them; large ones in blocks into a pack of their own. */
static int write_blob(git_oid *out, struct store *store, const struct store_file *file, struct error *err)
{
	int rc;

	if (file->from)
		rc = pile_file(out, store->pile, store->repo, file->from, err);
	else
		rc = git_blob_create_from_buffer(out, store->repo, file->bytes ? file->bytes : "", file->len);
	if (rc < 0 && !file->from)
		rc = git_fail(err, rc, "cannot keep %s", file->path);
	if (!rc)
		rc = pile_own(store->pile, err);
	return rc < 0 ? rc : pile_spill(store->pile, err);
}

static int write_blobs(struct landing *landing, struct error *err)
{
	for (size_t i = 0; i < landing->n; i++) {
		const struct store_run *run = &landing->run[i];

		landing->blob[i] = mem_array(run->files, sizeof(git_oid));
		if (!landing->blob[i])
			return error_nomem(err);
		for (size_t j = 0; j < run->files; j++) {
			struct error said = {0};
			int rc = write_blob(&landing->blob[i][j], landing->store, &run->file[j], &said);

			if (rc == ERR_MOVED) /* somebody's gc was in between */
				rc = write_blob(&landing->blob[i][j], landing->store, &run->file[j], err);
			else if (rc < 0)
				rc = error_set(err, rc, "%s", said.text);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

/* 1 if the tree has the run's folder with this very run.json, 2 if with another one, 0 if not at all. */
static int run_present(const struct landing *landing, size_t i, git_tree *tree, struct error *err)
{
	const struct store_run *run = &landing->run[i];
	git_oid id;
	int there = tree_entry_at(&id, tree, run->folder, err);

	for (size_t j = 0; there == 1 && j < run->files; j++) {
		char *path;

		if (strcmp(run->file[j].path, "run.json") != 0)
			continue;
		path = path_join(run->folder, run->file[j].path);
		if (!path)
			return error_nomem(err);
		there = tree_entry_at(&id, tree, path, err);
		free(path);
		if (there < 0)
			return there;
		return there && git_oid_equal(&id, &landing->blob[i][j]) ? 1 : 2;
	}
	return there > 0 ? 2 : there;
}

/* The commit that brought the run. By git: libgit2 cannot walk a shallow clone. */
static int find_commit(char hex[OID_HEX], const struct store *store, const git_oid *tip, const char *folder,
		       struct error *err)
{
	char at[OID_HEX], *path = path_join(folder, "run.json");
	const char *argv[] = {"rev-list", "-1", git_oid_tostr(at, sizeof(at), tip), "--", path, NULL};
	struct buf text = BUF_INIT;
	int rc = path ? git_run(store, &(struct git_call){.argv = argv, .out = &text}, err) : error_nomem(err);

	if (!rc)
		snprintf(hex, OID_HEX, "%.*s", (int)first_line(text.text), text.text);
	buf_release(&text);
	free(path);
	return rc;
}

/* The commit to build on and its tree; or *has_base 0, and no tree. */
static int base_tree(git_tree **tree, struct landing *landing, int *has_base, struct error *err)
{
	struct store *store = landing->store;
	git_commit *commit = NULL;
	char *remote;
	int rc = ref_read(&landing->tip, &landing->has_tip, store, store->branch_ref, err);

	if (rc < 0)
		return rc;
	landing->top = landing->tip;
	*has_base = landing->has_tip;
	if (!*has_base) { /* a clone goes on where its origin is */
		remote = mem_printf("refs/remotes/origin/%s", store->branch);
		rc = remote ? ref_read(&landing->top, has_base, store, remote, err) : error_nomem(err);
		free(remote);
	}
	landing->base = landing->top;
	if (rc < 0)
		return rc;
	if (*has_base) {
		rc = repo_commit(&commit, store, &landing->top);
		if (rc >= 0)
			rc = repo_tree(tree, store, git_commit_tree_id(commit));
		git_commit_free(commit);
	}
	return rc < 0 ? git_fail(err, rc, "cannot read the tip of %s", store->branch) : 0;
}

/* A commit of the tree on what there is so far. */
static int put_commit(struct landing *landing, char hex[OID_HEX], const git_tree *tree, int has_parent,
		      const char *message, struct error *err)
{
	git_oid id;
	int rc = commit_make(&id, landing->store,
			     &(struct commit_plan){.tree = git_tree_id(tree),
						   .parent = &landing->top,
						   .parents = has_parent ? 1 : 0,
						   .message = message,
						   .sign = 1},
			     err);

	if (rc < 0)
		return rc;
	landing->top = id;
	landing->fresh++;
	git_oid_tostr(hex, OID_HEX, &id);
	return 0;
}

static int commit_one(struct landing *landing, size_t i, git_tree **tree, int has_parent, int replace,
		      struct error *err)
{
	struct store_run *run = &landing->run[i];
	int rc = tree_add_run(tree, landing->store, run, landing->blob[i], replace, err);

	return rc ? rc : put_commit(landing, run->commit, *tree, has_parent, run->message, err);
}

/* A commit without the folder that is to go. The chain learns of it, so that nobody takes the run for lost. */
static int build_removal(struct landing *landing, struct error *err)
{
	git_tree *tree = NULL;
	git_oid id;
	int has_parent, rc;

	landing->fresh = 0;
	rc = base_tree(&tree, landing, &has_parent, err);
	if (!rc)
		rc = tree_entry_at(&id, tree, landing->remove, err);
	if (!rc) {
		landing->absent = 1;
		rc = error_set(err, ERR_NOT_FOUND, "the branch %s has no %s", landing->store->branch, landing->remove);
	}
	if (rc == 1)
		rc = tree_remove_folder(&tree, landing->store, landing->remove, err);
	landing->todo[0] = (struct store_run){.code = ""};
	landing->todos = 1;
	if (!rc)
		rc = put_commit(landing, landing->todo[0].commit, tree, 1, landing->message, err);
	git_tree_free(tree);
	return rc;
}

/* Commits for the runs that the branch lacks, on its tip; the names of those that it has. */
static int build_branch(struct landing *landing, struct error *err)
{
	git_tree *tree = NULL;
	int has_parent, rc;

	landing->fresh = 0;
	landing->todos = 0;
	rc = base_tree(&tree, landing, &has_parent, err);
	for (size_t i = 0; rc >= 0 && i < landing->n; i++) {
		struct store_run *run = &landing->run[i];

		rc = run_present(landing, i, tree, err);
		if (rc == 1) {
			git_oid id;

			rc = find_commit(run->commit, landing->store, &landing->base, run->folder, err);
			if (!rc)
				rc = oid_parse(&id, run->commit, err);
			if (!rc)
				rc = keep_has(landing->store, &id, err);
			if (rc == 1)
				continue;
		} else if (rc >= 0) {
			rc = commit_one(landing, i, &tree, has_parent, rc == 2, err);
			has_parent = 1;
		}
		if (rc >= 0)
			landing->todo[landing->todos++] = *run;
	}
	git_tree_free(tree);
	return rc < 0 ? rc : 0;
}

int objects_sync(const struct store *store, struct error *err)
{
	int fd = open(store->common_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	if (fd < 0 || syncfs(fd) < 0)
		rc = error_errno(err, "cannot bring %s to the disk", store->common_dir);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Branch, then keep: a run that is kept is on the branch. */
static int move_refs(struct landing *landing, const git_oid *keep, struct error *err)
{
	struct store *store = landing->store;
	int move_branch = landing->fresh || (!landing->has_tip && !landing->moved), rc = 0;

	if (landing->locked) {
		if (ref_mend(store))
			return error_set(err, ERR_MOVED, "%s/%s.lock or that of %s is held", store->common_dir,
					 store->branch_ref, KEEP_REF);
		rc = ref_announce(store, (struct ref_target[]){{store->branch_ref, &landing->top}, {KEEP_REF, keep}},
				  keep ? 2 : 1, err);
	}
	if (!rc && move_branch)
		rc = ref_move(store, store->branch_ref, &landing->top, landing->has_tip ? &landing->tip : NULL,
			      "assay: runs", err);
	if (!rc && move_branch)
		landing->moved = 1;
	if (!rc && move_branch && store->settings.sync)
		rc = ref_sync(store, store->branch_ref, err);
	if (!rc && keep)
		rc = ref_move(store, KEEP_REF, keep, landing->has_keep ? &landing->keep_tip : NULL, "assay: keep", err);
	if (!rc && keep && store->settings.sync)
		rc = ref_sync(store, KEEP_REF, err);
	return rc;
}

/* All of it once on what is there now. ERR_MOVED: again. */
static int attempt(struct landing *landing, struct error *err)
{
	struct store *store = landing->store;
	git_oid keep;
	int rc = 0;

	if (!landing->moved)
		rc = landing->remove ? build_removal(landing, err) : build_branch(landing, err);
	else
		landing->fresh = 0;
	if (!rc)
		rc = ref_read(&landing->keep_tip, &landing->has_keep, store, KEEP_REF, err);
	if (!rc && landing->todos)
		rc = keep_make(&keep, store, landing->has_keep ? &landing->keep_tip : NULL, landing->todo,
			       landing->todos, err);
	if (!rc)
		rc = pile_flush(store->pile, err);
	if (!rc && store->settings.sync)
		rc = objects_sync(store, err);
	if (!rc)
		rc = move_refs(landing, landing->todos ? &keep : NULL, err);
	return rc;
}

int landed_write(const struct store *store, const git_oid *tip, struct error *err)
{
	char *path = path_join(store->assay_dir, "landed"), hex[OID_HEX];
	char *text = mem_printf("%s\n%s\n", git_oid_tostr(hex, OID_HEX, tip), store->branch_ref);
	int rc = path && text ? file_write(path, text, strlen(text), err) : error_nomem(err);

	free(path);
	free(text);
	return rc;
}

/* Attempts until one gets through, none can, or the time is over. */
static int land(struct landing *landing, struct error *err)
{
	double end = clock_seconds() + GIVE_UP_SECONDS;
	int fd = -1, rc;

	rc = store_lock(&fd, landing->store, GIVE_UP_SECONDS, err);
	landing->locked = fd >= 0;
	for (unsigned tries = 0; !rc; tries++) {
		struct error said = {0};

		rc = attempt(landing, &said);
		/* an object that is gone: somebody's gc has just put it elsewhere, or taken what was garbage till now */
		if ((rc == ERR_MOVED || (rc == ERR_NOT_FOUND && !landing->absent)) && clock_seconds() < end) {
			pause_some(tries);
			rc = 0;
			continue;
		}
		if (rc < 0) {
			rc = error_set(err, rc, "%s", said.text);
			error_hint(err, "%s", said.hint);
		}
		break;
	}
	if (!rc)
		rc = pile_secure(landing->store->pile, err);
	if (!rc && !landing->code)
		rc = landed_write(landing->store, &landing->top, err);
	if (!rc && landing->locked)
		rc = ref_finished(landing->store, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Why nothing may be done now: 1 and a sentence, 0 if there is no reason. */
static int must_wait(const struct store *store, char **why, struct error *err)
{
	char *where = NULL;
	int rc = ref_checked_out(store, &where, err);

	if (rc == 1) {
		*why = mem_printf("the branch %s is checked out in %s", store->branch, where);
		if (!*why)
			rc = error_nomem(err);
	}
	free(where);
	return rc;
}

/* What has to be known and ready before the first object. */
static int prepare(struct landing *landing, struct error *err)
{
	struct store *store = landing->store;
	int rc = store_identity(store, err);

	if (!rc)
		rc = store_settings(store, err);
	if (!rc)
		rc = store_pile(store, err);
	if (!rc && git_repository_set_ident(store->repo, store->committer.name, store->committer.mail) < 0)
		rc = error_nomem(err); /* the name in reflogs */
	if (rc < 0)
		return rc;
	landing->blob = mem_zeroed(landing->n, sizeof(git_oid *));
	landing->todo = mem_zeroed(landing->n ? landing->n : 1, sizeof(*landing->todo));
	return landing->blob && landing->todo ? write_blobs(landing, err) : error_nomem(err);
}

/* From the files to the branch, the chain and the housekeeping. 1 and *why: it waits. */
static int bring(struct landing *landing, char **why, struct error *err)
{
	struct store *store = landing->store;
	struct error said = {0};
	int rc;

	*why = NULL;
	rc = landing->code ? 0 : must_wait(store, why, err);
	if (rc)
		return rc;
	rc = prepare(landing, err);
	if (!rc && landing->code) {
		landing->todo[landing->todos++] = (struct store_run){.code = landing->code};
		landing->moved = 1; /* the branch has nothing to do with it */
	}
	if (!rc) {
		rc = land(landing, &said);
		if (rc == ERR_SIGNER) {
			*why = mem_text(said.text);
			rc = *why ? 1 : error_nomem(err);
		} else if (rc < 0) {
			rc = error_set(err, rc, "%s", said.text);
			error_hint(err, "%s", said.hint);
		}
	}
	if (store->pile)
		pile_clear(store->pile);
	if (!rc && !landing->code) {
		maintenance_sweep(store);
		maintenance_start(store);
	}
	for (size_t i = 0; landing->blob && i < landing->n; i++)
		free(landing->blob[i]);
	free(landing->blob);
	free(landing->todo);
	return rc;
}

int store_commit_runs(struct store *store, struct store_run *run, size_t n, char **why, struct error *err)
{
	struct landing landing = {.store = store, .run = run, .n = n};

	*why = NULL;
	return n ? bring(&landing, why, err) : 0;
}

int store_remove_run(struct store *store, const char *folder, const char *message, char **why, struct error *err)
{
	struct landing landing = {.store = store, .remove = folder, .message = message};

	return bring(&landing, why, err);
}

int store_keep(struct store *store, const char *code, struct error *err)
{
	struct landing landing = {.store = store, .code = code};
	char *why = NULL;
	int rc;

	if (!*code)
		return 0;
	rc = bring(&landing, &why, err);
	free(why); /* nothing is signed */
	return rc;
}
