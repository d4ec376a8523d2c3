/* Exchange with another repository: fetch, join, ask, send; again while somebody else is faster. See sync.h. */
#include "store/sync_work.h"
#include "store/commit.h"
#include "base/clock.h"
#include "base/mem.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const double GIVE_UP_SECONDS = 60;

void sync_report_release(struct sync_report *report)
{
	names_free(&report->files_out);
	names_free(&report->problems);
	*report = (struct sync_report){0};
}

/* One exchange at a time in a repository: the references that hold what was fetched have fixed names. */
static int lock(int *fd, const struct store *store, struct error *err)
{
	double end = clock_seconds() + GIVE_UP_SECONDS;
	char *path = path_join(store->assay_dir, "sync.lock");
	int rc = path ? dir_make(store->assay_dir, err) : error_nomem(err);

	*fd = -1;
	if (!rc) {
		*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (*fd < 0)
			rc = error_errno(err, "cannot open %s", path);
	}
	for (unsigned tries = 0; !rc && flock(*fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (clock_seconds() > end)
			rc = error_set(err, ERR_MACHINE, "another `assay sync` goes on in this repository");
		pause_some(tries);
	}
	free(path);
	return rc;
}

struct counts {
	size_t more, less;
};

static int count_run(void *context, const char *path, const char *blob_hex)
{
	struct counts *counts = context;

	(void)path;
	if (blob_hex)
		counts->more++;
	else
		counts->less++;
	return 0;
}

/* How many runs the tip `to` has that `from` has not, and how many the other way round. */
static int count_runs(size_t *more, size_t *less, struct sync *sync, const char *from, const char *to,
		      struct error *err)
{
	struct counts counts = {0};
	int rc = *to ? store_tree_changes(sync->store, from, to, "runs", "run.json", count_run, &counts, err) : 0;

	*more = counts.more;
	*less = counts.less;
	return rc;
}

static int count(struct sync *sync, struct error *err)
{
	char theirs[OID_HEX] = "", ours[OID_HEX] = "";
	int rc;

	if (sync->their_runs.there)
		git_oid_tostr(theirs, sizeof(theirs), &sync->their_runs.id);
	if (sync->runs.there)
		git_oid_tostr(ours, sizeof(ours), &sync->runs.id);
	rc = count_runs(&sync->report->runs_in, &sync->report->removed_in, sync, sync->before, ours, err);
	return rc < 0 ? rc : count_runs(&sync->report->runs_out, &sync->report->removed_out, sync, theirs, ours, err);
}

/* Whether the other side lacks anything that is to go there. */
static int has_to_send(const struct sync *sync)
{
	if (sync->bundle == 1)
		return sync->runs.there;
	if (sync->runs.there && !(sync->their_runs.there && git_oid_equal(&sync->runs.id, &sync->their_runs.id)))
		return 1;
	return !sync->options->no_code && sync->keep.there &&
	       !(sync->their_keep.there && git_oid_equal(&sync->keep.id, &sync->their_keep.id));
}

/* Once. ERR_MOVED: somebody moved the other side, or this one, meanwhile. 1: confirm said no. */
static int attempt(struct sync *sync, size_t *asked, struct error *err)
{
	struct store *store = sync->store;
	int rc = ref_read(&sync->runs.id, &sync->runs.there, store, store->branch_ref, err);

	if (!rc)
		rc = ref_read(&sync->keep.id, &sync->keep.there, store, KEEP_REF, err);
	if (!rc)
		rc = sync_fetch(sync, err);
	if (!rc)
		rc = sync_join(sync, err);
	if (!rc)
		rc = count(sync, err);
	if (rc < 0 || sync->options->no_push || !has_to_send(sync))
		return rc;
	rc = sync_leaving(sync, err);
	if (!rc && sync->report->commits_out > *asked && sync->options->confirm) { /* again if there are more by now */
		if (sync->options->confirm(sync->options->context, sync->report) != 1)
			return 1;
		*asked = sync->report->commits_out;
	}
	if (!rc)
		rc = sync_send(sync, err);
	if (!rc)
		sync->report->pushed = 1;
	return rc;
}

/* A remote that has all by now, for whoever asks without a network. */
static int note_sent(const struct sync *sync, struct error *err)
{
	int has_all = sync->report->pushed || !has_to_send(sync);

	return sync->named && sync->keep.there && !sync->options->no_code && has_all ? sync_note_sent(sync, err) : 0;
}

static int exchange(struct sync *sync, struct error *err)
{
	double end = clock_seconds() + GIVE_UP_SECONDS;
	size_t asked = 0;
	int rc;

	for (unsigned tries = 0;; tries++) {
		struct error said = {0};

		rc = attempt(sync, &asked, &said);
		if (rc == ERR_MOVED && clock_seconds() < end) {
			pause_some(tries);
			continue;
		}
		if (rc == ERR_SIGNER)
			rc = ERR_MACHINE;
		if (rc < 0) {
			rc = error_set(err, rc == ERR_MOVED ? ERR_MACHINE : rc, "%s", said.text);
			error_hint(err, "%s", said.hint);
		}
		return rc ? rc : note_sent(sync, err);
	}
}

int sync_prepare(struct sync *sync, struct error *err)
{
	struct store *store = sync->store;
	int rc = store_identity(store, err);

	if (!rc)
		rc = store_settings(store, err);
	if (!rc)
		rc = store_pile(store, err);
	if (!rc && git_repository_set_ident(store->repo, store->committer.name, store->committer.mail) < 0)
		rc = error_nomem(err);
	return rc < 0 ? rc : store_tip(sync->before, store, err);
}

/* 1 where the remote's branch, as git saw it last, is the one here: no need to ask over the network. */
static int is_there(struct sync *sync, struct error *err)
{
	char *tracked = mem_printf("refs/remotes/%s/%s", sync->remote, sync->store->branch);
	struct end ours = {0}, theirs = {0};
	int rc = tracked ? ref_read(&ours.id, &ours.there, sync->store, sync->store->branch_ref, err)
			 : error_nomem(err);

	if (!rc && sync->named)
		rc = ref_read(&theirs.id, &theirs.there, sync->store, tracked, err);
	free(tracked);
	if (rc < 0)
		return rc;
	return !ours.there || (theirs.there && git_oid_equal(&ours.id, &theirs.id));
}

int store_sync(struct sync_report *out, struct store *store, const struct sync_options *options, struct error *err)
{
	struct sync_report report = {0};
	struct sync sync = {.store = store, .options = options, .report = &report};
	struct error ignored = {0};
	int fd = -1, rc = sync_find_remote(&sync, err);

	report.is_bundle = sync.bundle != 0;
	if (!rc)
		rc = lock(&fd, store, err);
	if (!rc)
		rc = sync_prepare(&sync, err);
	if (!rc && options->lazy)
		rc = is_there(&sync, err);
	if (!rc)
		rc = exchange(&sync, err);
	else if (rc == 1)
		rc = 0;
	if (store->repo && sync_forget(&sync, &ignored) < 0)
		error_clear(&ignored); /* the next exchange clears them first */
	if (store->pile)
		pile_clear(store->pile);
	if (rc >= 0)
		maintenance_start(store);
	if (fd >= 0)
		close(fd);
	free(sync.remote);
	if (rc < 0)
		sync_report_release(&report);
	else
		*out = report;
	return rc;
}
