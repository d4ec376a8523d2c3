/*
 * libgit2 compares the old value under the lock only in git_reference_create_matching(); with a NULL old value, or with
 * force = 0 for a new reference, it looks before it locks and loses runs. An all-zero old value means "must not exist".
 */
#include "store/ref.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const double EMPTY_LOCK_SECONDS = 1; /* git and libgit2 hold an empty lock for microseconds */

int ref_read(git_oid *out, int *there, struct store *store, const char *ref, struct error *err)
{
	int rc = git_reference_name_to_id(out, store->repo, ref);

	*there = rc == 0;
	if (rc == GIT_ENOTFOUND)
		return 0;
	return rc < 0 ? git_fail(err, rc, "cannot read %s", ref) : 0;
}

/* The branch whose name is a folder of ref's: files and folders of references share their names. "" for none. */
static void branch_above(char name[256], const struct store *store, const char *ref)
{
	git_reference *found = NULL;
	char *at = mem_text(ref), *slash = at;

	name[0] = '\0';
	while (!name[0] && slash && (slash = strrchr(at, '/')) && slash - at > (ptrdiff_t)strlen("refs/heads")) {
		*slash = '\0';
		if (git_reference_lookup(&found, store->repo, at) == 0)
			snprintf(name, 256, "%s", at + strlen("refs/heads/"));
		git_reference_free(found);
		found = NULL;
	}
	free(at);
}

/* A branch below ref, for which ref would have to be a folder. */
static void branch_below(char name[256], const struct store *store, const char *ref)
{
	git_reference_iterator *iterator = NULL;
	char *glob = mem_printf("%s/*", ref);
	const char *found = NULL;

	name[0] = '\0';
	if (glob && git_reference_iterator_glob_new(&iterator, store->repo, glob) == 0 &&
	    git_reference_next_name(&found, iterator) == 0)
		snprintf(name, 256, "%s", found + strlen("refs/heads/"));
	git_reference_iterator_free(iterator);
	free(glob);
}

static void hint_in_the_way(const char *name, struct error *err)
{
	error_hint(err, "rename it (`git branch -m %s NAME`), or set `git: {branch: NAME}` in assay.yaml", name);
}

int store_ready(struct store *store, struct error *err)
{
	char name[256] = "";
	git_oid tip;
	int there = 0, rc = store_identity(store, err);

	if (!rc)
		rc = store_repo(store, err);
	if (!rc)
		rc = ref_read(&tip, &there, store, store->branch_ref, err);
	if (rc < 0 || there)
		return rc;
	branch_above(name, store, store->branch_ref);
	if (!name[0])
		branch_below(name, store, store->branch_ref);
	if (!name[0])
		return 0;
	error_set(err, ERR_INPUT, "git cannot keep the runs' branch %s beside the branch %s", store->branch, name);
	hint_in_the_way(name, err);
	return ERR_INPUT;
}

int ref_move(struct store *store, const char *ref, const git_oid *id, const git_oid *old, const char *message,
	     struct error *err)
{
	static const git_oid none;
	git_reference *made = NULL;
	char name[256];
	int rc = git_reference_create_matching(&made, store->repo, ref, id, 1, old ? old : &none, message);

	git_reference_free(made);
	if (rc == GIT_ENOTFOUND) /* it was deleted meanwhile */
		rc = GIT_EMODIFIED;
	if (rc == GIT_ELOCKED) {
		git_fail(err, rc, "cannot move %s", ref);
		error_hint(err, "if no git command is running, remove %s/%s.lock", store->common_dir, ref);
		return ERR_MOVED;
	}
	if (rc < 0)
		git_fail(err, rc, "cannot move %s", ref);
	if (rc < 0 && rc != GIT_EMODIFIED) {
		branch_above(name, store, ref);
		if (name[0])
			hint_in_the_way(name, err);
	}
	return rc == GIT_EMODIFIED ? ERR_MOVED : rc < 0 ? ERR_MACHINE : 0;
}

static char *announcement(const struct store *store)
{
	return path_join(store->assay_dir, "moving");
}

int ref_announce(const struct store *store, const struct ref_target *target, size_t n, struct error *err)
{
	char *path = announcement(store);
	struct buf text = BUF_INIT;
	int rc = path ? owner_self(&text, err) : error_nomem(err);

	buf_putc(&text, '\n');
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s %s\n", git_oid_tostr_s(target[i].id), target[i].ref);
	if (!rc)
		rc = buf_check(&text, err);
	if (!rc)
		rc = file_write(path, text.text, text.len, err);
	buf_release(&text);
	free(path);
	return rc;
}

int ref_finished(const struct store *store, struct error *err)
{
	char *path = announcement(store);
	int rc = 0;

	if (!path)
		return error_nomem(err);
	if (unlink(path) < 0 && errno != ENOENT)
		rc = error_errno(err, "cannot remove %s", path);
	free(path);
	return rc;
}

static double age_seconds(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return difftime(now.tv_sec, st->st_mtim.tv_sec) + (double)(now.tv_nsec - st->st_mtim.tv_nsec) / 1e9;
}

/*
 * A lock that holds what the dead process wanted to write, or the beginning of it, is its own; an empty one too, if it
 * is not just being made. 1 if that is still to be seen.
 */
static int mend_lock(const struct store *store, const char *hex, const char *ref)
{
	char *path = mem_printf("%s/%s.lock", store->common_dir, ref);
	struct buf text = BUF_INIT;
	struct stat st;
	int young = 0;

	if (path && !lstat(path, &st) && S_ISREG(st.st_mode) && file_read(&text, path, NULL) == 0) {
		young = !text.len && age_seconds(&st) < EMPTY_LOCK_SECONDS;
		if (!young && !strncmp(text.text, hex, text.len < GIT_OID_HEXSZ ? text.len : GIT_OID_HEXSZ))
			unlink(path);
	}
	buf_release(&text);
	free(path);
	return young;
}

int ref_mend(const struct store *store)
{
	char *path = announcement(store), *line;
	struct buf text = BUF_INIT;
	int young = 0;

	if (!path || file_read(&text, path, NULL) < 0 || owner_state(text.text) != OWNER_DEAD)
		goto out;
	line = strchr(text.text, '\n');
	while (line && line[1]) {
		char *next = strchr(++line, '\n');

		if (!next || next - line < GIT_OID_HEXSZ + 2)
			break;
		*next = '\0';
		line[GIT_OID_HEXSZ] = '\0';
		young |= mend_lock(store, line, line + GIT_OID_HEXSZ + 1);
		line = next;
	}
out:
	buf_release(&text);
	free(path);
	return young;
}

static int sync_path(const char *path, int flags, struct error *err)
{
	int fd = open(path, flags | O_CLOEXEC), rc = 0;

	if (fd < 0 || fsync(fd) < 0)
		rc = error_errno(err, "cannot bring %s to the disk", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int ref_sync(const struct store *store, const char *ref, struct error *err)
{
	char *path = path_join(store->common_dir, ref), *slash;
	int rc;

	if (!path)
		return error_nomem(err);
	rc = sync_path(path, O_RDONLY, err);
	slash = strrchr(path, '/');
	*slash = '\0';
	if (!rc)
		rc = sync_path(path, O_RDONLY | O_DIRECTORY, err);
	free(path);
	return rc;
}

/* Whether the file folder/name says that branch_ref is in use there. */
static int names_branch(const char *folder, const char *name, const char *branch_ref)
{
	char *path = path_join(folder, name);
	struct buf text = BUF_INIT;
	const char *said;
	int yes = 0;

	if (path && file_read(&text, path, NULL) == 0) {
		said = strncmp(text.text, "ref: ", 5) ? text.text : text.text + 5;
		yes = first_line(said) == strlen(branch_ref) && !strncmp(said, branch_ref, strlen(branch_ref));
	}
	buf_release(&text);
	free(path);
	return yes;
}

static int used_by(const char *folder, const char *branch_ref)
{
	return names_branch(folder, "HEAD", branch_ref) || names_branch(folder, "rebase-merge/head-name", branch_ref) ||
	       names_branch(folder, "rebase-apply/head-name", branch_ref);
}

/* Where the work tree of a folder in worktrees/ is: its file `gitdir` names the .git there. */
static char *worktree_of(const char *folder)
{
	char *path = path_join(folder, "gitdir"), *place = NULL;
	struct buf text = BUF_INIT;
	size_t len = 0;

	if (path && file_read(&text, path, NULL) == 0)
		len = first_line(text.text);
	if (len > 5 && !strncmp(text.text + len - 5, "/.git", 5))
		place = mem_text_n(text.text, len - 5);
	buf_release(&text);
	free(path);
	return place ? place : mem_text(folder);
}

static int linked_checked_out(const struct store *store, char **where, struct error *err)
{
	char *all = path_join(store->common_dir, "worktrees");
	struct names names = {0};
	int rc = 0;

	if (!all)
		return error_nomem(err);
	if (dir_exists(all))
		rc = dir_list(&names, all, err);
	for (size_t i = 0; !rc && i < names.n; i++) {
		char *folder = path_join(all, names.name[i]);

		if (!folder)
			rc = error_nomem(err);
		else if (used_by(folder, store->branch_ref)) {
			*where = worktree_of(folder);
			rc = *where ? 1 : error_nomem(err);
		}
		free(folder);
	}
	names_free(&names);
	free(all);
	return rc;
}

int ref_checked_out(const struct store *store, char **where, struct error *err)
{
	size_t len = strlen(store->common_dir);

	if (!store->bare && used_by(store->common_dir, store->branch_ref)) {
		if (len > 5 && !strcmp(store->common_dir + len - 5, "/.git"))
			len -= 5;
		*where = mem_text_n(store->common_dir, len);
		return *where ? 1 : error_nomem(err);
	}
	return linked_checked_out(store, where, err);
}

void pause_some(unsigned attempt)
{
	unsigned most = attempt < 5 ? 2000U << attempt : 40000;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	usleep(500 + ((unsigned)now.tv_nsec / 1000 * 7919 + (unsigned)getpid() * 104729) % most);
}

int store_lock(int *fd, const struct store *store, double seconds, struct error *err)
{
	double end = clock_seconds() + seconds;
	char *path;
	int rc;

	*fd = -1;
	rc = dir_make(store->assay_dir, err);
	if (rc < 0)
		return rc;
	path = path_join(store->assay_dir, "lock");
	if (!path)
		return error_nomem(err);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (*fd < 0)
		rc = error_errno(err, "cannot open %s", path);
	for (unsigned attempt = 0; *fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) < 0; attempt++) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK ||
		    clock_seconds() > end) { /* no such locks on this file system, or too long */
			close(*fd);
			*fd = -1;
		} else {
			pause_some(attempt < 2 ? attempt : 2);
		}
	}
	free(path);
	return rc;
}
