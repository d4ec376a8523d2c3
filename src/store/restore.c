/* The runs' branch after somebody deleted, reset or rewrote it: what the chain kept is joined to it again, as another clone's. */
#include "store/audit.h"
#include "store/commit.h"
#include "store/sync_work.h"
#include "base/mem.h"

enum { MOST_JOINS = 1000 };

struct lost { /* what the chain has and the branch has not */
	char newest[OID_HEX];
	size_t n;
};

static int note_lost(void *context, const char *commit, const char *id, const char *experiment)
{
	struct lost *lost = context;

	(void)id;
	(void)experiment;
	if (!lost->n++)
		snprintf(lost->newest, sizeof(lost->newest), "%s", commit);
	return 0;
}

static int find_lost(struct lost *lost, struct store *store, struct error *err)
{
	char tip[OID_HEX];
	int rc = store_tip(tip, store, err);

	*lost = (struct lost){0};
	return rc ? rc : store_kept_runs(store, tip, note_lost, lost, err);
}

/* The tip that assay moved the branch to last goes first: with it come removals, which are no runs. */
static int join_landed(struct sync *sync, struct error *err)
{
	git_oid landed, tip;
	int known = 0, there = 0, rc = landed_read(&landed, &known, sync->store, err);

	if (!rc)
		rc = ref_read(&tip, &there, sync->store, sync->store->branch_ref, err);
	if (rc < 0 || !known || !git_odb_exists(sync->store->odb, &landed) || (there && git_oid_equal(&tip, &landed)))
		return rc;
	sync->their_runs = (struct end){landed, 1};
	return sync_join(sync, err);
}

int store_restore(size_t *runs, struct store *store, struct error *err)
{
	const struct sync_options options = {0};
	struct sync_report report = {0};
	struct sync sync = {.store = store, .options = &options, .report = &report, .named = 1};
	struct lost before = {0}, lost;
	int rc;

	*runs = 0;
	sync.remote = mem_text(KEEP_REF);
	rc = sync.remote ? sync_prepare(&sync, err) : error_nomem(err);
	if (!rc)
		rc = find_lost(&before, store, err);
	if (!rc)
		rc = join_landed(&sync, err);
	if (!rc)
		rc = find_lost(&lost, store, err);
	for (int joins = 0; !rc && lost.n && joins < MOST_JOINS; joins++) {
		rc = oid_parse(&sync.their_runs.id, lost.newest, err);
		sync.their_runs.there = 1;
		if (!rc)
			rc = sync_join(&sync, err);
		if (!rc)
			rc = find_lost(&lost, store, err);
	}
	if (!rc)
		*runs = before.n - lost.n;
	if (store->pile)
		pile_clear(store->pile);
	sync_report_release(&report);
	free(sync.remote);
	return rc;
}
