/* assay show: one run, its record as people read it. */
#include "command/command.h"
#include "command/message.h"
#include "command/run_json.h"
#include "command/run_page.h"
#include "command/run_table.h"
#include "command/session.h"

#include "format/json.h"
#include "judge/judge.h"

#include <assert.h>
#include <unistd.h>

struct show_command {
	const char *experiment;
	int json;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the name in this experiment first",
	 offsetof(struct show_command, experiment)},
	{"json", 0, OPTION_FLAG, NULL, "print the record, where it is, and today's verdict as JSON",
	 offsetof(struct show_command, json)},
	{0},
};

/* {record, where, commit, today: {verdict, family}} */
static int show_json(const struct seen_run *seen, const struct judge_families *families, const char *metric,
		     struct error *err)
{
	struct judge_today today;
	json_t *out = json_object();
	int rc = out ? json_set(out, "record", json_incref(seen->run.json), err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(out, "where", run_where(seen), err);
	if (!rc && *seen->commit)
		rc = json_set_text(out, "commit", seen->commit, err);
	if (!rc && judge_today(&today, &seen->run, metric, judge_points_of(families, &seen->run)))
		rc = json_set(out, "today",
			      json_pack("{s:s, s:I}", "verdict", today.verdict, "family", (json_int_t)today.family),
			      err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(out);
	return rc;
}

static int show_page(const struct seen_run *seen, const struct session *session, const struct declared_metric *metric,
		     size_t n_metrics, struct error *err)
{
	struct terminal terminal;
	struct buf out = BUF_INIT;
	int rc;

	terminal_look(&terminal, STDOUT_FILENO);
	rc = run_page_write(&out, seen, &session->runs, session->families, metric, n_metrics, &terminal, err);
	if (!rc)
		message_print(out.text, out.len);
	buf_release(&out);
	return rc;
}

static int show(struct session *session, const struct show_command *cli, const char *name, struct error *err)
{
	const struct declared_metric *metric = session->project->metric;
	size_t n_metrics = session->project->metrics;
	struct experiment *experiment = NULL;
	struct seen_run *seen = NULL;
	struct error why = {0};
	int rc = session_find(&seen, session, name, cli->experiment, err);

	if (rc < 0)
		return rc;
	assert(seen);
	if (experiment_name_valid(run_experiment(&seen->run)) &&
	    !experiment_load(&experiment, session->project, run_experiment(&seen->run), &why))
		metric = experiment_metrics(&n_metrics, experiment, session->project);
	rc = cli->json ? show_json(seen, session->families, metric[0].name, err)
		       : show_page(seen, session, metric, n_metrics, err);
	experiment_free(experiment);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	struct session session = {0};
	int rc = session_open(&session, err);

	if (!rc)
		rc = session_runs(&session, err);
	if (!rc)
		rc = show(&session, options, argument[0], err);
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
		   "  assay show 3f2a91b\n"
		   "  assay show without-contract/logistic --json | jq .record.measured\n",
	.options = table,
	.size = sizeof(struct show_command),
	.run = run,
};
