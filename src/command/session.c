/* Repository, project and runs of a command: see session.h. */
#include "command/session.h"
#include "command/message.h"

#include "base/mem.h"
#include "record/catalog.h"
#include "record/experiment.h"
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

int session_open_experiment(struct session *session, struct experiment **out, const char *name, struct error *err)
{
	char *found = NULL;
	int rc = session_open(session, err);

	if (!rc)
		rc = experiment_resolve(&found, session->project, name, err);
	if (!rc)
		rc = experiment_load(out, session->project, found, err);
	free(found);
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

/* 1 if nobody is at work on this run any more: it was killed, and the next command that writes records that. */
static int died(const struct names *spools, const struct seen_run *seen)
{
	int dead = 0;

	for (size_t i = 0; i < spools->n && !dead; i++) {
		char *folder = mem_printf("%s/running/%s", spools->name[i], run_id(&seen->run));

		dead = folder && dir_exists(folder) && !flight_alive(folder);
		free(folder);
	}
	return dead;
}

/* What died waits to be recorded, as killed; its own record still says running. */
static int show_dead(struct seen_run *seen, struct error *err)
{
	seen->where = WHERE_WAITING;
	return run_set_text(&seen->run, "status", "killed", err);
}

static int tell_in_flight(struct session *session, struct error *err)
{
	size_t waiting = 0, dead = 0;
	struct names spools = {0};
	int rc = store_spools(&spools, session->store, err);

	for (size_t i = 0; i < session->runs.n && !rc; i++) {
		struct seen_run *seen = &session->runs.item[i];

		if (seen->where == WHERE_RUNNING && died(&spools, seen)) {
			dead++;
			rc = show_dead(seen, err);
		} else {
			waiting += seen->where == WHERE_WAITING;
		}
	}
	if (waiting)
		message_note("%zu %s not in git yet; the next command that writes commits %s", waiting,
			     waiting == 1 ? "run is" : "runs are", waiting == 1 ? "it" : "them");
	if (dead)
		message_note("%zu %s killed; the next command that writes records %s", dead,
			     dead == 1 ? "run was" : "runs were", dead == 1 ? "it" : "them");
	names_free(&spools);
	return rc;
}

static int add_metrics(struct names *out, const struct declared_metric *metric, size_t n, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++) {
		int there = 0;

		for (size_t k = 0; k < out->n && !there; k++)
			there = !strcmp(out->name[k], metric[i].name);
		if (!there)
			rc = names_add(out, metric[i].name, err);
	}
	return rc;
}

/* The metrics that the project or any experiment declares; a file that cannot be read is spoken of where it is shown. */
static int declared_metrics(struct names *out, const struct project *project, struct error *err)
{
	struct names experiments = {0};
	int rc = experiment_list(&experiments, project, err);

	if (!rc)
		rc = add_metrics(out, project->metric, project->metrics, err);
	for (size_t i = 0; i < experiments.n && !rc; i++) {
		struct experiment *experiment = NULL;
		struct error why = {0};

		if (!experiment_load(&experiment, project, experiments.name[i], &why))
			rc = add_metrics(out, experiment->metric, experiment->metrics, err);
		experiment_free(experiment);
	}
	names_free(&experiments);
	return rc;
}

static int read_catalog(struct session *session, int lean, struct error *err)
{
	struct catalog_query query = {.root = session->project->below, .in_flight = 1, .lean = lean};
	struct catalog *catalog = NULL;
	struct names wanted = {0};
	int rc = declared_metrics(&wanted, session->project, err);

	if (!rc && MEM_GROW(wanted.name, wanted.n, wanted.cap, err) < 0)
		rc = ERR_NOMEM;
	if (!rc) {
		wanted.name[wanted.n] = NULL;
		query.metric = (const char *const *)wanted.name;
		rc = catalog_open(&catalog, session->store, err);
	}
	if (!rc)
		rc = catalog_runs(&session->runs, catalog, &query, err);
	catalog_free(catalog);
	names_free(&wanted);
	return rc;
}

static int read_runs(struct session *session, int lean, struct error *err)
{
	int rc = session_tell_rewritten(session, err);

	if (!rc)
		rc = read_catalog(session, lean, err);
	if (!rc)
		rc = judge_families_new(&session->families, &session->runs, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < session->runs.problems.n; i++)
		message_warning("%s", session->runs.problems.name[i]);
	return tell_in_flight(session, err);
}

int session_runs(struct session *session, struct error *err)
{
	return read_runs(session, 0, err);
}

int session_runs_lean(struct session *session, struct error *err)
{
	return read_runs(session, 1, err);
}

static int has_runs(const struct runs *runs, const char *experiment)
{
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_experiment(&runs->item[i].run), experiment))
			return 1;
	return 0;
}

/* By what `best` is meant in an experiment: its own first metric, where its file can be read; the caller's, NULL without memory. */
static char *first_metric(const struct project *project, const char *name)
{
	struct experiment *experiment = NULL;
	struct error none = {0};
	char *metric;
	size_t n;

	if (!experiment_name_valid(name) || experiment_load(&experiment, project, name, &none) < 0)
		return mem_text(project->metric[0].name);
	metric = mem_text(experiment_metrics(&n, experiment, project)[0].name);
	experiment_free(experiment);
	return metric;
}

static int find_in(const struct seen_run **out, const struct session *session, const char *name, const char *experiment,
		   struct error *err)
{
	const char *slash = strchr(name, '/');
	char *given = slash ? mem_text_n(name, (size_t)(slash - name)) : mem_text(experiment);
	char *metric = given ? first_metric(session->project, given) : NULL;
	int rc = metric ? runs_find(out, &session->runs, name, experiment, metric, err) : error_nomem(err);

	free(given);
	free(metric);
	return rc;
}

/* The run that is meant: in the experiment asked for; else in the usual one where it is there, else in any. */
static int find(const struct seen_run **out, const struct session *session, const char *name, const char *experiment,
		struct error *err)
{
	struct error why = {0};
	char *usual = NULL;
	int rc = experiment_resolve(&usual, session->project, experiment, err);

	if (!rc && experiment)
		rc = find_in(out, session, name, usual, err);
	else if (!rc && !(has_runs(&session->runs, usual) && !find_in(out, session, name, usual, &why)))
		rc = strchr(name, '/')
			     ? find_in(out, session, name, usual, err)
			     : runs_find(out, &session->runs, name, NULL, session->project->metric[0].name, err);
	free(usual);
	return rc;
}

int session_find(struct seen_run **out, struct session *session, const char *name, const char *experiment,
		 struct error *err)
{
	const struct seen_run *found = NULL;
	int rc = find(&found, session, name, experiment, err);

	if (rc < 0 || !found)
		return rc;
	*out = &session->runs.item[found - session->runs.item];
	return runs_complete(*out, session->store, &session->runs, err);
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
