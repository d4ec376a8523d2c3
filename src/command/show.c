/* assay show: one run, its record as people read it. */
#include "command/command.h"
#include "command/message.h"
#include "command/pager.h"
#include "command/picked_line.h"
#include "command/run_json.h"
#include "command/run_page.h"
#include "command/run_table.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/changes.h"
#include "judge/judge.h"
#include "record/catalog.h"

#include <assert.h>
#include <unistd.h>

struct show_command {
	const char *experiment;
	int diff, log, json, no_pager;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the name in this experiment first",
	 offsetof(struct show_command, experiment)},
	{"diff", 0, OPTION_FLAG, NULL, "show what the code that ran had beside its commit",
	 offsetof(struct show_command, diff)},
	{"log", 0, OPTION_FLAG, NULL, "show what the command printed", offsetof(struct show_command, log)},
	{"no-pager", 0, OPTION_FLAG, NULL, "print straight to the terminal", offsetof(struct show_command, no_pager)},
	{"json", 0, OPTION_FLAG, NULL, "print the record, where it is, and today's verdict as JSON",
	 offsetof(struct show_command, json)},
	{0},
};

/* {record, where, commit, today: {verdict, family, picked, places}} */
static int show_json(const struct seen_run *seen, const struct judge_families *families, const struct picked *picked,
		     const char *metric, struct error *err)
{
	struct judge_today today;
	json_t *out = json_object(), *now = json_object();
	int rc = out ? json_set(out, "record", json_incref(seen->run.json), err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(out, "where", run_where(seen), err);
	if (!rc && *seen->commit)
		rc = json_set_text(out, "commit", seen->commit, err);
	if (!rc && !now)
		rc = error_nomem(err);
	if (!rc && judge_today(&today, &seen->run, metric, judge_points_of(families, &seen->run))) {
		rc = json_set_text(now, "verdict", today.verdict, err);
		if (!rc)
			rc = json_set_number(now, "family", (double)today.family, err);
	}
	if (!rc)
		rc = picked_set_json(now, picked, seen, err);
	if (!rc && json_object_size(now))
		rc = json_set(out, "today", json_incref(now), err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(now);
	json_decref(out);
	return rc;
}

enum { DIFF_MOST = 64 << 20, APART_MOST = 100 };

/* On a terminal what git or a command wrote is text like any other: its lines stay lines, its control characters are shown. */
static void print_foreign(const struct buf *text, int no_pager)
{
	struct buf safe = BUF_INIT;

	if (!isatty(STDOUT_FILENO)) {
		message_print(text->text, text->len);
		return;
	}
	for (size_t at = 0; at < text->len;) {
		const char *end = memchr(text->text + at, '\n', text->len - at);
		size_t len = end ? (size_t)(end - text->text) - at : text->len - at;

		for (size_t from = 0; from < len;) { /* a tab is no danger, and a patch has many */
			const char *tab = memchr(text->text + at + from, '\t', len - from);
			size_t part = tab ? (size_t)(tab - text->text) - at - from : len - from;

			buf_terminal(&safe, text->text + at + from, part);
			buf_puts(&safe, tab ? "\t" : "");
			from += part + (tab != NULL);
		}
		buf_puts(&safe, end ? "\n" : "");
		at += len + (end != NULL);
	}
	pager_print(&safe, no_pager);
	buf_release(&safe);
}

static int show_diff(const struct seen_run *seen, const struct session *session, int no_pager, struct error *err)
{
	const char *commit = run_text(&seen->run, "code.commit"), *snapshot = run_text(&seen->run, "code.snapshot");
	struct buf diff = BUF_INIT;
	int rc = 0;

	if (!*snapshot) {
		if (json_is_true(run_field(&seen->run, "code.dirty")))
			message_note("the code had uncommitted changes, which were not kept");
		else if (run_field(&seen->run, "code"))
			message_note("the code that ran was its commit, without changes");
		else
			message_note("the record says nothing of the code");
		return 0;
	}
	rc = store_diff(&diff, session->store, commit, snapshot, DIFF_MOST, err);
	if (!rc)
		print_foreign(&diff, no_pager);
	buf_release(&diff);
	return rc;
}

/* log.txt: in git, or of a run that is going in its folder. */
static int show_log(const struct seen_run *seen, const struct session *session, int no_pager, struct error *err)
{
	struct names spools = {0};
	struct buf log = BUF_INIT;
	char *path = NULL;
	int rc = ERR_NOT_FOUND;

	if (seen->where == WHERE_GIT) {
		path = mem_printf("%s/log.txt", seen->folder);
		rc = path ? store_file_at(&log, session->store, session->runs.tip, path, err) : error_nomem(err);
	} else {
		rc = store_spools(&spools, session->store, err);
		if (!rc)
			rc = ERR_NOT_FOUND;
		for (size_t i = 0; i < spools.n && rc == ERR_NOT_FOUND; i++) {
			free(path);
			path = mem_printf("%s/running/%s/log.txt", spools.name[i], run_id(&seen->run));
			rc = path ? file_read(&log, path, NULL) : error_nomem(err);
		}
	}
	if (rc == ERR_NOT_FOUND) {
		error_clear(err);
		message_note("the run has no log");
		rc = 0;
	} else if (!rc) {
		print_foreign(&log, no_pager);
	}
	names_free(&spools);
	buf_release(&log);
	free(path);
	return rc;
}

/* What changed since the earlier run; that run is read whole for it. */
static int find_changes(struct names *out, const struct seen_run *seen, struct session *session, struct error *err)
{
	const char *id = run_text(&seen->run, "changes.against");
	struct seen_run *against = NULL;
	struct code_reader *reader = NULL;
	int rc = 0;

	for (size_t i = 0; *id && i < session->runs.n && !against; i++)
		if (!strcmp(run_id(&session->runs.item[i].run), id))
			against = &session->runs.item[i];
	if (against)
		rc = runs_complete(against, session->store, &session->runs, err);
	if (!rc)
		rc = code_reader_new(&reader, session->store, session->project, err);
	if (!rc)
		rc = changes_lines(out, &seen->run, against ? &against->run : NULL, reader, APART_MOST, err);
	code_reader_free(reader);
	return rc;
}

static int show_page(const struct seen_run *seen, struct session *session, const struct picked *picked,
		     const struct declared_metric *metric, size_t n_metrics, int no_pager, struct error *err)
{
	struct terminal terminal;
	struct buf out = BUF_INIT, among = BUF_INIT;
	struct names changed = {0};
	int rc = picked_line_of(&among, picked, seen, err);

	terminal_look(&terminal, STDOUT_FILENO);
	if (!rc)
		rc = find_changes(&changed, seen, session, err);
	if (!rc)
		rc = run_page_write(&out, seen, &session->runs, session->families, among.text, &changed, metric,
				    n_metrics, &terminal, err);
	if (!rc)
		pager_print(&out, no_pager);
	names_free(&changed);
	buf_release(&among);
	buf_release(&out);
	return rc;
}

static int show(struct session *session, const struct show_command *cli, const char *name, struct error *err)
{
	const struct declared_metric *metric = session->project->metric;
	size_t n_metrics = session->project->metrics;
	struct experiment *experiment = NULL;
	struct seen_run *seen = NULL;
	struct picked picked = {0};
	struct error why = {0};
	int rc = session_find(&seen, session, name, cli->experiment, err);

	if (rc < 0)
		return rc;
	assert(seen);
	if (cli->diff)
		return show_diff(seen, session, cli->no_pager, err);
	if (cli->log)
		return show_log(seen, session, cli->no_pager, err);
	if (experiment_name_valid(run_experiment(&seen->run)) &&
	    !experiment_load(&experiment, session->project, run_experiment(&seen->run), &why))
		metric = experiment_metrics(&n_metrics, experiment, session->project);
	if (experiment)
		rc = session_picked(&picked, session, experiment, err);
	if (!rc)
		rc = cli->json ? show_json(seen, session->families, &picked, metric[0].name, err)
			       : show_page(seen, session, &picked, metric, n_metrics, cli->no_pager, err);
	picked_release(&picked);
	experiment_free(experiment);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct show_command *cli = options;
	struct session session = {0};
	int rc;

	if (cli->diff + cli->log + cli->json > 1)
		return error_set(err, ERR_INPUT, "one of --diff, --log and --json");
	rc = session_open(&session, err);

	if (!rc)
		rc = session_runs_lean(&session, err);
	if (!rc)
		rc = show(&session, cli, argument[0], err);
	session_close(&session);
	return rc;
}

const struct command command_show = {
	.name = "show",
	.summary = "show one run: scores, verdicts, parameters, data, code",
	.arguments = "RUN",
	.least = 1,
	.most = 1,
	.details = "RUN is a run's handle or the first four digits of it or more, its name (the newest of that name; "
		   "EXPERIMENT/NAME elsewhere), or best, latest or baseline.",
	.example = "  assay show best\n"
		   "  assay show 3f2a91b --diff\n"
		   "  assay show latest --log\n"
		   "  assay show without-contract/logistic --json | jq .record.measured\n",
	.options = table,
	.size = sizeof(struct show_command),
	.run = run,
};
