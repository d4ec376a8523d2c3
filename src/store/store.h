/*
 * store: the room that knows git, and the only one to include <git2.h>. Takes bytes under paths, gives back a commit;
 * reads them again. It does not know what a run is, leaves what the user has staged or changed as it was, and runs no
 * hook. Knows: base/.
 *
 * What libgit2 does badly (environment, configuration, identity, signing, shallow history, maintenance) git itself
 * does, as a process. Hex object names have up to 40 digits and a NUL: sha256 repositories are refused by name when
 * opened.
 */
#ifndef ASSAY_STORE_STORE_H
#define ASSAY_STORE_STORE_H

#include "base/file.h"

#include <time.h>

#define OID_HEX 41

struct store; /* an open repository */

/*
 * Open the repository that holds `dir` by asking git once (environment, ownership, worktrees, extensions as git has
 * them). ERR_INPUT: no repository (hint: git init, assay init), a bare one without work tree for what needs one, sha256
 * or reftable (refused by name). *out is the caller's to store_free().
 */
MUST_CHECK int store_open(struct store **out, const char *dir, struct error *err);
void store_free(struct store *store);

const char *store_worktree(const struct store *store); /* absolute, no slash at the end; NULL: bare */
const char *store_assay_dir(const struct store *store); /* GIT_COMMON_DIR/assay; may not exist yet */
const char *store_branch(const struct store *store); /* the runs' branch: "assay/runs" */
MUST_CHECK int store_set_branch(struct store *store, const char *name, struct error *err); /* git: {branch: NAME} */

/* ERR_INPUT with the two `git config` commands as hint if git knows no identity to commit as. Asked once. */
MUST_CHECK int store_identity(struct store *store, struct error *err);

/*
 * What can be told before a run of why its commit would fail: no identity, or a branch whose name takes the place of the
 * runs' branch (`assay`, `assay/runs/x`: git keeps references as files and folders). ERR_INPUT with what to do as hint.
 */
MUST_CHECK int store_ready(struct store *store, struct error *err);

/* What the work tree was: clean commit or snapshot. */
struct store_code {
	char commit[OID_HEX]; /* HEAD; "" where there is no commit yet */
	char tree[OID_HEX]; /* its tree */
	char branch[256]; /* "" when detached */
	int dirty;
	char snapshot[OID_HEX]; /* dirty: a commit (parent HEAD) that holds the work tree; "" where rules say none */
	size_t files, bytes; /* that the snapshot took beyond the commit */
	/* What it did not take, relative to the work tree: untracked files, secrets, changes inside a submodule. */
	struct names left_out;
};
void store_code_release(struct store_code *code);

enum store_snapshot { SNAPSHOT_TEXT, SNAPSHOT_ALL, SNAPSHOT_TRACKED, SNAPSHOT_NONE };

struct store_code_options {
	enum store_snapshot snapshot; /* TEXT: tracked files, and untracked text up to 100 KiB a file */
	/*
	 * Patterns (fnmatch, relative to the work tree; a folder's name covers what is below it) of what does not count
	 * as dirty: the site's folder, results written by `pick`. NULL-terminated; NULL: none.
	 */
	const char *const *ignore;
};

/*
 * The code state now. Never touches index, work tree or refs: a snapshot is built in a copy of the index, its objects
 * go into the object database, and store_commit_runs() keeps it. Ignored files, and .env*, *.pem, *.key, *.p12,
 * id_rsa*, credentials* are never taken, tracked or not changed files aside. A merge or rebase under way is no
 * obstacle.
 */
MUST_CHECK int store_code_state(struct store_code *out, struct store *store, const struct store_code_options *options,
				struct error *err);

/*
 * Begin to look, in a thread: the next store_code_state() takes what `git status` said from here on. For a caller that has other
 * things to ask of git first.
 */
void store_code_look(struct store *store);

struct store_file {
	const char *path; /* below the run's folder: "run.json", "artifacts/model.bin" */
	const void *bytes;
	size_t len;
	const char *from; /* a file to take the bytes from, read in blocks; NULL: bytes */
};

struct store_run { /* one commit to make */
	const char *folder; /* "runs/EXPERIMENT/2026-11/24/3f/ID", no slash at the end */
	const struct store_file *file;
	size_t files;
	const char *message; /* subject, blank line, trailers */
	const char *code; /* hex of the commit or snapshot to keep reachable; "" none */
	char commit[OID_HEX]; /* out: the commit made; or the one that has this folder with this run.json already */
};

/*
 * Commit n runs on the runs' branch, one commit each, in order, the branch moved once by compare-and-swap; then extend
 * refs/assay/keep by one commit whose extra parents are the code states and the run's commits, and record the tip in
 * assay_dir/landed. Objects go into one pack where there are many. Retried on the new tip while others are faster. The
 * first run in a clone starts at refs/remotes/origin/BRANCH where that exists, else at a root commit with
 * .gitattributes. A folder that the branch has already with the same run.json is not committed twice. Signed where
 * git's configuration asks for it, in any format that it can name; the chain's own commits are not. core.fsync obeyed:
 * syncfs before the branch moves. `git maintenance run --auto` follows, detached.
 *
 * 0 done; 1: the branch is checked out in some work tree or the signer failed, nothing was changed, *why says which:
 * the caller keeps its in-flight copies. ERR_MACHINE: git or the disk refused. ERR_MOVED: still losing after 10 s (the
 * lock file's name is in the message).
 */
MUST_CHECK int store_commit_runs(struct store *store, struct store_run *run, size_t n, char **why, struct error *err);

/*
 * Extend refs/assay/keep by a code state ("": nothing to do) for which there is no run yet: a snapshot that nothing holds is
 * gone after `git gc --prune=now` while a command runs for hours. The run's commit names it again. ERR_MOVED as above.
 */
MUST_CHECK int store_keep(struct store *store, const char *code, struct error *err);

/*
 * Remove a run's folder from the runs' branch by a commit that says so (message), by compare-and-swap, under the same rules
 * as store_commit_runs(): 0 done, 1 it waits (*why). ERR_NOT_FOUND: the branch does not have it. refs/assay/keep goes on
 * holding what it held: the run is removed, not purged.
 */
MUST_CHECK int store_remove_run(struct store *store, const char *folder, const char *message, char **why,
				struct error *err);

/*
 * Git LFS. Whether the repository uses it: git-lfs is there, and HEAD's .gitattributes has a `filter=lfs` line or `force` is
 * set (git: {lfs: true}). Its object store: the folder that `git lfs env` names as LocalMediaDir; the caller's.
 */
MUST_CHECK int store_uses_lfs(struct store *store, int force, struct error *err);
MUST_CHECK int store_lfs_folder(char **out, struct store *store, struct error *err);

/*
 * Where runs in flight and local artifacts lie: ASSAY_SPOOL/REPOSITORY where that is set (a folder of its own for each
 * repository, noted in assay_dir/spools), else assay_dir. store_spools(): every place that was used and is there,
 * assay_dir first.
 */
MUST_CHECK int store_spool(const char **out, struct store *store, struct error *err);
MUST_CHECK int store_spools(struct names *out, const struct store *store, struct error *err);

/* Write the files of a commit (no submodules) as a new work tree of this repository at `dir`, which must not exist: detached,
 * the user's own index, branches and HEAD untouched; and take it away again with all that is in it. */
MUST_CHECK int store_worktree_add(struct store *store, const char *commit, const char *dir, struct error *err);
MUST_CHECK int store_worktree_remove(struct store *store, const char *dir, struct error *err);

/* Append `git diff FROM TO` as git prints it without colour; at most `most` bytes, then a line that says so. */
MUST_CHECK int store_diff(struct buf *out, struct store *store, const char *from, const char *to, size_t most,
			  struct error *err);

/* Reading. The tip that readers see: the branch, else its upstream, else refs/remotes/origin/BRANCH, else "". */
MUST_CHECK int store_tip(char hex[OID_HEX], struct store *store, struct error *err);

/*
 * Call fn for each blob below `path` ("runs") of a commit, in tree order, whose last component is `name` (NULL: every
 * one). path as committed: untrusted text. fn returning non-zero ends the walk, and that value is returned.
 */
MUST_CHECK int store_walk(struct store *store, const char *commit, const char *path, const char *name,
			  int (*fn)(void *context, const char *path, const char *blob_hex), void *context,
			  struct error *err);

/*
 * What changed below `path` ("runs") from one commit ("": nothing) to another, by comparing trees: fn for each blob whose last
 * component is `name`, with its blob at `to`, or NULL where it is gone. O(what differs). ERR_NOT_FOUND: `from` is not here.
 */
MUST_CHECK int store_tree_changes(struct store *store, const char *from, const char *to, const char *path,
				  const char *name, int (*fn)(void *context, const char *path, const char *blob_hex),
				  void *context, struct error *err);

/*
 * The files in which the trees of two commits differ, by their bytes (a change of mode alone is none): fn for each path, sorted,
 * with its blob on either side (of a submodule its commit), NULL where it is not there. Renames are not looked for. fn returning
 * non-zero ends it, and that value is returned. ERR_NOT_FOUND: a commit or a folder of it is not in this clone.
 */
MUST_CHECK int store_code_changes(struct store *store, const char *from, const char *to,
				  int (*fn)(void *context, const char *path, const char *from_blob,
					    const char *to_blob),
				  void *context, struct error *err);

/* Write a blob into fd in blocks, by path at a commit. */
MUST_CHECK int store_blob_to(int fd, struct store *store, const char *commit, const char *path, struct error *err);

/*
 * Many blobs by their hex, in order, by one process of git: for hundreds and more, whose bytes together are held in memory. fn
 * returning non-zero ends it, and that value is returned. ERR_NOT_FOUND.
 */
MUST_CHECK int store_blobs(struct store *store, const char *const *blob_hex, size_t n,
			   int (*fn)(void *context, size_t i, const char *bytes, size_t len), void *context,
			   struct error *err);

/* Append a blob's bytes; by hex or by path at a commit. ERR_NOT_FOUND. */
MUST_CHECK int store_blob(struct buf *out, struct store *store, const char *blob_hex, struct error *err);
MUST_CHECK int store_file_at(struct buf *out, struct store *store, const char *commit, const char *path,
			     struct error *err);

/*
 * The last commit in HEAD's history that changed `path` (relative to the work tree); "" unless HEAD has exactly `blob`
 * there.
 */
MUST_CHECK int store_path_commit(char hex[OID_HEX], struct store *store, const char *path, const char *blob,
				 struct error *err);

struct store_commit_info {
	char hex[OID_HEX];
	char author[128];
	time_t when; /* author's time */
	char subject[256];
};
/* ERR_NOT_FOUND if there is no such commit. */
MUST_CHECK int store_commit_info(struct store_commit_info *out, struct store *store, const char *hex,
				 struct error *err);

/* 1 if `commit` is `ancestor` or has it in its history; 0 if not, if one is not here, or if a shallow clone cannot tell. */
MUST_CHECK int store_descends(struct store *store, const char *commit, const char *ancestor, struct error *err);

/*
 * Call fn(id, commit) for each commit of the branch with an `Assay-Run: ID` trailer, newest first. Works in shallow
 * clones. since: a commit; what it reaches is left out; NULL or "": all.
 */
MUST_CHECK int store_run_commits(struct store *store, const char *since,
				 int (*fn)(void *context, const char *id, const char *commit), void *context,
				 struct error *err);

/*
 * 1 with a sentence in *note (the caller's to free()) if the branch no longer holds the tip in assay_dir/landed:
 * somebody reset, deleted or rewrote it. The runs are still reachable from refs/assay/keep.
 */
MUST_CHECK int store_rewritten(struct store *store, char **note, struct error *err);

/*
 * Put back what the runs' branch no longer has and refs/assay/keep still holds: a deleted branch where it was, one that was
 * reset forward again, one that was rewritten joined with what it had. Runs that `assay rm` removed stay removed. *runs: how
 * many came back. ERR_INPUT: the branch is checked out in a work tree.
 */
MUST_CHECK int store_restore(size_t *runs, struct store *store, struct error *err);

#endif
