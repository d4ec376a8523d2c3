/* Inside store: the open repository, and how its files talk to git, the program, and to libgit2. */
#ifndef ASSAY_STORE_REPO_H
#define ASSAY_STORE_REPO_H

#include "store/pile.h"
#include "store/store.h"

#include <git2.h>
#include <pthread.h>

struct ident {
	char *name, *mail;
	time_t when; /* what the environment fixes; 0: now */
	int offset; /* minutes east of UTC */
};

struct settings { /* of git's configuration, as git itself reads it */
	int sign; /* commit.gpgSign */
	int sync; /* core.fsync asks for more than git's default */
	int maintenance; /* maintenance.auto */
	int author; /* author.name or author.email is set */
};

struct store {
	char *git_dir; /* the private one of a linked work tree */
	char *common_dir;
	char *worktree; /* NULL: none */
	char *assay_dir;
	char *branch, *branch_ref;
	char *spool; /* NULL: not asked for yet, or assay_dir */
	char *lfs; /* folder of LFS objects; NULL: not asked for yet */
	int uses_lfs; /* HEAD's attributes name it and git-lfs is there: 1, -1 no, 0 not asked yet */
	int bare;
	char *env_git_dir, *env_worktree; /* NAME=VALUE for git processes */
	pthread_t starter; /* libgit2 wakes up there while git is asked; see store_repo() */
	int starting, started;
	git_repository *repo;
	git_odb *odb;
	struct pile *pile; /* objects that are not on disk yet; in front of odb; NULL until the first is made */
	struct early_status *early; /* see store_code_look(); NULL: not asked, or answered */
	struct ident author, committer;
	int has_identity;
	struct settings settings;
	int has_settings;
};

/* libgit2's handles, opened at the first call. */
MUST_CHECK int store_repo(struct store *store, struct error *err);

/* The pile in front of the repository's objects, made at the first call. Opens the repository. */
MUST_CHECK int store_pile(struct store *store, struct error *err);

/* Read git's configuration into store->settings, once. */
MUST_CHECK int store_settings(struct store *store, struct error *err);

/* The identity with the time of a commit made now; the caller's to git_signature_free(). */
MUST_CHECK int store_signature(git_signature **out, const struct ident *ident, struct error *err);

/*
 * Run git in the work tree (else the git directory) on this repository, whatever the environment says. argv without
 * "git". index: GIT_INDEX_FILE, NULL for the repository's own; environment: further NAME=VALUE, NULL-terminated, or
 * NULL; seconds: 0 for no limit. stdout is appended to out (NULL: dropped); `most`: git is ended when it says more bytes
 * than that, which is 1 (0: no limit). ERR_MACHINE with git's first words on an exit other than 0.
 */
struct git_call {
	const char *const *argv;
	const char *index;
	const char *const *environment;
	const void *input;
	size_t input_len;
	double seconds;
	struct buf *out;
	size_t most;
	int asks; /* 1: it may ask for a password on the terminal */
};
MUST_CHECK int git_run(const struct store *store, const struct git_call *call, struct error *err);

/*
 * Look up what a reference of ours leads to, a git_* code as libgit2's own. While somebody's gc moves objects between packs, or a
 * writer writes once more what one took, it is looked for again, up to a second. read.c.
 */
int repo_commit(git_commit **out, struct store *store, const git_oid *id) MUST_CHECK;
int repo_tree(git_tree **out, struct store *store, const git_oid *id) MUST_CHECK;

/*
 * Report what libgit2 just said after the words of `format`. ERR_MOVED for a reference that moved or is locked,
 * ERR_NOT_FOUND for what is not there, else ERR_MACHINE.
 */
int git_fail(struct error *err, int rc, const char *format, ...) PRINTF_LIKE(3, 4);

/* Hex of an object name. ERR_NOT_FOUND if `hex` is none. */
MUST_CHECK int oid_parse(git_oid *out, const char *hex, struct error *err);

/* The first line of text, as many bytes. */
size_t first_line(const char *text);

#endif
