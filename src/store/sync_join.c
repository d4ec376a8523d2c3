/*
 * Two branches of runs become one, and two chains: where one holds the other by going there, else by a commit with
 * both as parents. The references move as they do when a run lands: by compare-and-swap, and again on what somebody
 * else left.
 */
#include "store/sync_work.h"
#include "store/commit.h"
#include "base/clock.h"
#include "base/mem.h"

#include <unistd.h>

static const double GIVE_UP_SECONDS = 10;

static int descends(struct store *store, const git_oid *commit, const git_oid *ancestor, struct error *err)
{
	char a[OID_HEX], b[OID_HEX];

	return store_descends(store, git_oid_tostr(a, sizeof(a), commit), git_oid_tostr(b, sizeof(b), ancestor), err);
}

/* The commit that holds both; 1 if it has to be made: then *out is untouched. */
static int simple_top(git_oid *out, struct store *store, const struct end *ours, const struct end *theirs,
		      struct error *err)
{
	int rc = 0;

	if (!theirs->there || !ours->there) {
		*out = ours->there ? ours->id : theirs->id;
		return 0;
	}
	rc = descends(store, &ours->id, &theirs->id, err);
	if (rc == 1)
		*out = ours->id;
	if (rc)
		return rc < 0 ? rc : 0;
	rc = descends(store, &theirs->id, &ours->id, err);
	if (rc == 1)
		*out = theirs->id;
	return rc < 0 ? rc : !rc;
}

static int join_branch(git_oid *out, struct sync *sync, const struct end *ours, struct error *err)
{
	const git_oid parent[] = {ours->id, sync->their_runs.id};
	char *message;
	git_oid tree;
	int rc = simple_top(out, sync->store, ours, &sync->their_runs, err);

	if (rc <= 0)
		return rc;
	message = mem_printf("assay: join the runs of %s\n", sync->named ? sync->remote : "another repository");
	rc = message ? sync_join_trees(&tree, sync, &ours->id, &sync->their_runs.id, err) : error_nomem(err);
	if (!rc)
		rc = commit_make(out, sync->store,
				 &(struct commit_plan){
					 .tree = &tree, .parent = parent, .parents = 2, .message = message, .sign = 1},
				 err);
	free(message);
	return rc;
}

static int join_chains(git_oid *out, struct sync *sync, const struct end *ours, struct error *err)
{
	const git_oid parent[] = {ours->id, sync->their_keep.id};
	git_oid tree;
	int rc = simple_top(out, sync->store, ours, &sync->their_keep, err);

	if (rc <= 0)
		return rc;
	rc = git_odb_write(&tree, sync->store->odb, "", 0, GIT_OBJECT_TREE);
	if (rc < 0)
		return git_fail(err, rc, "cannot make an empty tree");
	return commit_make(out, sync->store,
			   &(struct commit_plan){.tree = &tree,
						 .parent = parent,
						 .parents = 2,
						 .message = KEEP_SUBJECT "what two repositories kept\n"},
			   err);
}

/* One reference on its way. */
struct move {
	const char *ref;
	struct end was;
	git_oid id;
	int needed;
};

static int move_one(struct sync *sync, const struct move *move, struct error *err)
{
	struct store *store = sync->store;
	int rc = ref_move(store, move->ref, &move->id, move->was.there ? &move->was.id : NULL, "assay: sync", err);

	if (!rc && store->settings.sync)
		rc = ref_sync(store, move->ref, err);
	return rc;
}

/* The branch is somebody's work tree: moving it would make their next commit undo what came. */
static int not_checked_out(struct sync *sync, struct error *err)
{
	char *where = NULL;
	int rc = ref_checked_out(sync->store, &where, err);

	if (rc == 1) {
		rc = error_set(err, ERR_INPUT, "the branch %s is checked out in %s", sync->store->branch, where);
		error_hint(err, "check out another branch there first");
	}
	free(where);
	return rc;
}

/* What readers see here: the branch, else where its upstream is. */
static int read_ours(struct end *ours, struct move *branch, struct sync *sync, struct error *err)
{
	char hex[OID_HEX] = "";
	int rc = ref_read(&branch->was.id, &branch->was.there, sync->store, sync->store->branch_ref, err);

	if (!rc)
		rc = store_tip(hex, sync->store, err);
	if (rc < 0)
		return rc;
	ours->there = *hex != '\0';
	return ours->there ? oid_parse(&ours->id, hex, err) : 0;
}

/* Once, on what is here now. ERR_MOVED: again. */
static int attempt(struct sync *sync, int locked, struct error *err)
{
	struct store *store = sync->store;
	struct move move[] = {{.ref = store->branch_ref}, {.ref = KEEP_REF}};
	struct ref_target target[2];
	struct end ours = {0};
	size_t n = 0;
	int rc = read_ours(&ours, &move[0], sync, err);

	if (!rc)
		rc = ref_read(&move[1].was.id, &move[1].was.there, store, KEEP_REF, err);
	if (!rc && (ours.there || sync->their_runs.there)) {
		rc = join_branch(&move[0].id, sync, &ours, err);
		sync->runs = (struct end){move[0].id, 1};
		move[0].needed = !move[0].was.there || !git_oid_equal(&move[0].was.id, &move[0].id);
	}
	if (!rc && (move[1].was.there || sync->their_keep.there)) {
		rc = join_chains(&move[1].id, sync, &move[1].was, err);
		sync->keep = (struct end){move[1].id, 1};
		move[1].needed = !move[1].was.there || !git_oid_equal(&move[1].was.id, &move[1].id);
	}
	for (size_t i = 0; i < 2; i++)
		if (move[i].needed)
			target[n++] = (struct ref_target){move[i].ref, &move[i].id};
	if (rc < 0 || !n)
		return rc;
	rc = move[0].needed ? not_checked_out(sync, err) : 0;
	if (!rc)
		rc = pile_flush(store->pile, err);
	if (!rc && store->settings.sync)
		rc = objects_sync(store, err);
	if (!rc && locked && ref_mend(store))
		rc = error_set(err, ERR_MOVED, "a lock in %s is held", store->common_dir);
	if (!rc && locked)
		rc = ref_announce(store, target, n, err);
	for (size_t i = 0; !rc && i < 2; i++)
		if (move[i].needed)
			rc = move_one(sync, &move[i], err);
	if (!rc)
		rc = pile_secure(store->pile, err);
	if (!rc && move[0].needed)
		rc = landed_write(store, &move[0].id, err);
	if (!rc && locked)
		rc = ref_finished(store, err);
	return rc;
}

int sync_join(struct sync *sync, struct error *err)
{
	double end = clock_seconds() + GIVE_UP_SECONDS;
	int fd = -1, rc;

	rc = store_lock(&fd, sync->store, GIVE_UP_SECONDS, err);
	for (unsigned tries = 0; !rc; tries++) {
		struct error said = {0};

		rc = attempt(sync, fd >= 0, &said);
		if (rc == ERR_MOVED && clock_seconds() < end) {
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
	if (fd >= 0)
		close(fd);
	return rc;
}
