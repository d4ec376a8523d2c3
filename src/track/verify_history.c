/*
 * What was done to runs after they had been committed. Each commit of the branch that changed or removed a file of a
 * run is named, except those by which `assay rm` removed it; and what refs/assay/keep holds is compared with the
 * branch, so that a history that was written anew is found too. Where all is as it was at first again, it is a note.
 */
#include "track/verify_work.h"
#include "store/audit.h"
#include "base/mem.h"

struct event {
	char id[RUN_ID], commit[OID_HEX], before[OID_HEX];
	char *path, *author;
	const char *file; /* in path */
	char status;
	int merge;
	size_t order; /* newest first */
};

struct events {
	struct verify *verify;
	struct event *item;
	size_t n, cap;
};

static int take_change(void *context, const struct store_change *change)
{
	struct events *events = context;
	struct error *err = events->verify->err;
	struct event *event;

	if (MEM_GROW(events->item, events->n, events->cap, err) < 0)
		return ERR_NOMEM;
	event = &events->item[events->n];
	*event = (struct event){.status = change->status, .merge = change->merge, .order = events->n};
	event->path = mem_text(change->path);
	event->author = mem_text(change->author);
	if (!event->path || !event->author) {
		free(event->path);
		free(event->author);
		return error_nomem(err);
	}
	snprintf(event->commit, sizeof(event->commit), "%s", change->commit);
	snprintf(event->before, sizeof(event->before), "%s", change->before);
	if (verify_split_path(event->id, &event->file, event->path)) {
		events->n++;
	} else { /* no run's file */
		free(event->path);
		free(event->author);
	}
	return 0;
}

/* By path, oldest first. */
static int by_path(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	return x->order < y->order ? 1 : x->order > y->order ? -1 : 0;
}

/* Whether a commit of the path's other events is no merge: then a merge only passed on what that did. */
static int has_plain(const struct event *event, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!event[i].merge)
			return 1;
	return 0;
}

/* Another file of the run that the same commit removed, run.json: then that says it for all. */
static int run_was_dropped(const struct events *events, const struct event *event)
{
	for (size_t i = 0; i < events->n; i++) {
		const struct event *other = &events->item[i];

		if (other->status == 'D' && !strcmp(other->id, event->id) && !strcmp(other->file, "run.json") &&
		    !strcmp(other->commit, event->commit))
			return 1;
	}
	return 0;
}

static int say(struct events *events, const struct event *event)
{
	if (event->status != 'D')
		return verify_problem(events->verify, event->id, event->commit, event->author,
				      "%s was changed after it had been committed", event->file);
	if (!strcmp(event->file, "run.json"))
		return verify_problem(events->verify, event->id, event->commit, event->author,
				      "the run was dropped from the branch without `assay rm`");
	if (run_was_dropped(events, event))
		return 0;
	return verify_problem(events->verify, event->id, event->commit, event->author,
			      "%s was removed after it had been committed", event->file);
}

/* The events of one path, oldest first. */
static int judge_path(struct events *events, const struct event *event, size_t n, size_t *restored)
{
	const struct verify_file *now = verify_find(events->verify, event->path);
	int plain = has_plain(event, n), rc = 0;

	if (now && !strcmp(now->blob, event->before)) {
		(*restored)++;
		return 0;
	}
	if (verify_is_removed(events->verify, event->id) && !now && event[n - 1].status == 'D')
		n = n > 1 && plain ? n - 1 : 0; /* what came before the removal is still to be said */
	for (size_t i = 0; !rc && i < n; i++)
		if (!(plain && event[i].merge) &&
		    !(event[i].status == 'D' && verify_is_removed(events->verify, event[i].id)))
			rc = say(events, &event[i]);
	return rc;
}

static int judge(struct events *events)
{
	size_t restored = 0;
	int rc = 0;

	if (events->n)
		qsort(events->item, events->n, sizeof(*events->item), by_path);
	for (size_t i = 0, n; !rc && i < events->n; i += n) {
		for (n = 1; i + n < events->n && !strcmp(events->item[i].path, events->item[i + n].path); n++)
			;
		rc = judge_path(events, &events->item[i], n, &restored);
	}
	if (!rc && restored)
		rc = verify_note(events->verify, "%zu %s changed or removed once and %s now as at first", restored,
				 restored == 1 ? "file was" : "files were", restored == 1 ? "is" : "are");
	return rc;
}

/* A run that the chain keeps by a commit that is no longer in the branch's history. */
static int take_kept(void *context, const char *commit, const char *id, const char *experiment)
{
	struct verify *verify = context;
	char *folder = id_valid(id) && !strchr(experiment, '/') ? id_folder(experiment, id) : NULL;
	char *record = folder ? path_join(folder, "run.json") : NULL;
	struct error said = {0};
	int rc = 0;

	if (!id_valid(id) || strchr(experiment, '/') || verify_is_removed(verify, id))
		goto out;
	if (!record) {
		rc = error_nomem(verify->err);
		goto out;
	}
	rc = *verify->tip ? store_same_folder(verify->store, commit, verify->tip, folder, &said) : 0;
	if (rc == ERR_NOT_FOUND ||
	    rc == 1) /* the message speaks of a run that its commit has not; or it landed again */
		rc = 0;
	else if (rc < 0)
		rc = error_set(verify->err, rc, "%s", said.text);
	else if (verify_find(verify, record))
		rc = verify_problem(verify, id, commit, NULL,
				    "the branch was written anew, and the run in it is not what this commit recorded");
	else
		rc = verify_problem(
			verify, id, commit, NULL,
			"the branch no longer has the run: it was reset, deleted or written anew; this commit, "
			"kept by refs/assay/keep, has it, and `assay recover` puts it back");
out:
	free(folder);
	free(record);
	return rc;
}

int verify_history(struct verify *verify)
{
	struct events events = {.verify = verify};
	char *note = NULL;
	int rc = 0;

	if (*verify->tip)
		rc = store_changes(&verify->removed, verify->store, verify->tip, take_change, &events, verify->err);
	verify->report->removed = verify->removed.n;
	if (!rc)
		rc = judge(&events);
	if (!rc)
		rc = store_kept_runs(verify->store, verify->tip, take_kept, verify, verify->err);
	if (!rc)
		rc = store_rewritten(verify->store, &note, verify->err);
	if (rc == 1)
		rc = verify_note(verify, "%s", note);
	for (size_t i = 0; i < events.n; i++) {
		free(events.item[i].path);
		free(events.item[i].author);
	}
	free(events.item);
	free(note);
	return rc;
}
