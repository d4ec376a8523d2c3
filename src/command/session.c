/* Repository, project and runs of a command: see session.h. */
#include "command/session.h"
#include "command/message.h"

#include "base/mem.h"
#include "store/owner.h"
#include "track/flight.h"

int session_open(struct session *session, struct error *err)
{
	const char *worktree;
	int rc;

	*session = (struct session){0};
	rc = store_open(&session->store, ".", err);
	if (rc < 0)
		return rc;
	worktree = store_worktree(session->store);
	if (!worktree) {
		rc = error_set(err, ERR_INPUT, "this repository is bare: it has no work tree with a project in it");
		error_hint(err, "clone it, or give the folder of a work tree with -C DIR");
		return rc;
	}
	rc = project_load(&session->project, ".", worktree, err);
	if (!rc && strcmp(session->project->git.branch, store_branch(session->store)) != 0)
		rc = store_set_branch(session->store, session->project->git.branch, err);
	return rc;
}

void session_close(struct session *session)
{
	judge_families_free(session->families);
	runs_free(&session->runs);
	project_free(session->project);
	store_free(session->store);
	*session = (struct session){0};
}

int session_tell_rewritten(struct session *session, struct error *err)
{
	char *note = NULL;
	int rc = store_rewritten(session->store, &note, err);

	if (rc == 1)
		message_warning("%s", note);
	free(note);
	return rc < 0 ? rc : 0;
}

/* 1 if the process that makes this run is gone: it was killed, and the next command that writes records that. */
static int died(const struct session *session, const struct seen_run *seen)
{
	char *path = mem_printf("%s/running/%s/owner", store_assay_dir(session->store), run_id(&seen->run));
	struct buf owner = BUF_INIT;
	int dead = path && !file_read(&owner, path, NULL) && owner_state(owner.text) == OWNER_DEAD;

	buf_release(&owner);
	free(path);
	return dead;
}

static void tell_in_flight(const struct session *session)
{
	size_t waiting = 0, dead = 0;

	for (size_t i = 0; i < session->runs.n; i++) {
		const struct seen_run *seen = &session->runs.item[i];

		waiting += seen->where == WHERE_WAITING;
		dead += seen->where == WHERE_RUNNING && died(session, seen);
	}
	if (waiting)
		message_note("%zu %s not in git yet; the next command that writes commits %s", waiting,
			     waiting == 1 ? "run is" : "runs are", waiting == 1 ? "it" : "them");
	if (dead)
		message_note("%zu %s killed; the next command that writes records %s", dead,
			     dead == 1 ? "run was" : "runs were", dead == 1 ? "it" : "them");
}

int session_runs(struct session *session, struct error *err)
{
	int rc = session_tell_rewritten(session, err);

	if (!rc)
		rc = runs_load(&session->runs, session->store, session->project->below, err);
	if (!rc)
		rc = judge_families_new(&session->families, &session->runs, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < session->runs.problems.n; i++)
		message_warning("%s", session->runs.problems.name[i]);
	tell_in_flight(session);
	return 0;
}

int session_settle(struct session *session, struct error *err)
{
	struct flight_report report = {0};
	int rc = session_tell_rewritten(session, err);

	if (!rc)
		rc = flight_settle(&report, session->store, session->project, err);
	if (report.landed)
		message_note("%zu %s committed that had been waiting", report.landed,
			     report.landed == 1 ? "run was" : "runs were");
	if (report.recovered)
		message_note("%zu %s recorded that had been killed", report.recovered,
			     report.recovered == 1 ? "run was" : "runs were");
	if (report.waiting)
		message_warning("%zu %s not in git yet: %s", report.waiting,
				report.waiting == 1 ? "run is" : "runs are", report.why ? report.why : "git refused");
	flight_report_release(&report);
	return rc;
}
