/* assay ls: the runs, by experiment, newest first. */
#include "command/command.h"
#include "command/message.h"
#include "command/run_json.h"
#include "command/run_table.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/suggest.h"

#include <unistd.h>

struct ls_command {
	const char *experiment;
	int json;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "only the runs of this experiment",
	 offsetof(struct ls_command, experiment)},
	{"json", 0, OPTION_FLAG, NULL, "print an array of runs as JSON", offsetof(struct ls_command, json)},
	{0},
};

/* The experiment's file, or a bare one where it cannot be read: its runs are shown all the same. */
static int load_experiment(struct experiment **out, const struct project *project, const char *name, struct error *err)
{
	struct error why = {0};
	int rc = experiment_name_valid(name) ? experiment_load(out, project, name, &why)
					     : experiment_parse(out, project, name, "experiments", "", 0, err);

	if (rc < 0 && why.code && rc != ERR_INPUT)
		return error_set(err, rc, "%s", why.text);
	if (rc != ERR_INPUT || !why.code)
		return rc;
	message_warning("%s", why.text);
	return experiment_parse(out, project, name, "experiments", "", 0, err);
}

/* Names of the experiments that have runs, that with the newest run first. */
static int experiments_of(struct names *out, const struct runs *runs, const char *only, struct error *err)
{
	int rc = 0;

	for (size_t i = runs->n; i > 0 && !rc; i--) {
		const char *name = run_experiment(&runs->item[i - 1].run);
		int there = only && strcmp(only, name) != 0;

		for (size_t k = 0; k < out->n && !there; k++)
			there = !strcmp(out->name[k], name);
		if (!there)
			rc = names_add(out, name, err);
	}
	return rc;
}

/* The runs of one experiment, newest first: pointers into runs. */
static const struct seen_run **runs_of(size_t *n, const struct runs *runs, const char *experiment)
{
	const struct seen_run **list = mem_array(runs->n, sizeof(struct seen_run *));

	*n = 0;
	for (size_t i = runs->n; list && i > 0; i--)
		if (!strcmp(run_experiment(&runs->item[i - 1].run), experiment))
			list[(*n)++] = &runs->item[i - 1];
	return list;
}

static void put_heading(struct buf *out, const struct terminal *terminal, const struct experiment *experiment, size_t n)
{
	struct buf name = BUF_INIT, title = BUF_INIT;

	buf_terminal(&name, experiment->name, strlen(experiment->name));
	if (experiment->title && strcmp(experiment->title, experiment->name) != 0)
		buf_terminal(&title, experiment->title, strlen(experiment->title));
	terminal_paint(out, terminal, PAINT_STRONG, name.text);
	buf_printf(out, "  %zu %s%s%s\n", n, n == 1 ? "run" : "runs", title.len ? "  " : "", title.text);
	out->failed |= name.failed || title.failed;
	buf_release(&name);
	buf_release(&title);
}

static int put_experiment(struct buf *out, json_t *json, const struct session *session, const char *name,
			  struct error *err)
{
	struct experiment *experiment = NULL;
	struct run_table runs = {.all = &session->runs, .families = session->families, .started = 1};
	const struct seen_run **list = runs_of(&runs.n, &session->runs, name), *best;
	struct terminal terminal;
	int rc = list ? load_experiment(&experiment, session->project, name, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	runs.run = list;
	runs.metric = experiment_metrics(&runs.metrics, experiment, session->project);
	best = runs_best(&session->runs, name, runs.metric[0].name, NULL);
	runs.best = best ? run_id(&best->run) : NULL;
	for (size_t i = 0; json && i < runs.n && !rc; i++) {
		json_t *one = NULL;

		rc = run_json(&one, runs.run[i], runs.metric[0].name, session->families, err);
		if (!rc && json_array_append_new(json, one) < 0)
			rc = error_nomem(err);
	}
	if (json)
		goto out;
	terminal_look(&terminal, STDOUT_FILENO);
	put_heading(out, &terminal, experiment, runs.n);
	rc = run_table_write(out, &runs, &terminal, 0, "`assay ls --json` has all", err);
out:
	experiment_free(experiment);
	free(list);
	return rc;
}

/* -e names an experiment without runs: 0 where it has a file, else an error with the nearest. */
static int check_experiment(const struct session *session, const char *asked, struct error *err)
{
	struct names known = {0};
	int rc = experiments_of(&known, &session->runs, NULL, err), there = 0;

	if (!rc)
		rc = experiment_list(&known, session->project, err);
	for (size_t i = 0; i < known.n && !rc; i++)
		there |= !strcmp(known.name[i], asked);
	if (!rc && !there) {
		const char *nearest = suggest(asked, (const char *const *)known.name, known.n);

		rc = error_set(err, ERR_INPUT, "there is no experiment '%s'", asked);
		if (nearest)
			error_hint(err, "did you mean %s?", nearest);
	}
	names_free(&known);
	return rc;
}

static int list(struct session *session, const struct ls_command *cli, struct error *err)
{
	json_t *json = cli->json ? json_array() : NULL;
	struct names experiments = {0};
	struct buf out = BUF_INIT;
	int rc = cli->json && !json ? error_nomem(err)
				    : experiments_of(&experiments, &session->runs, cli->experiment, err);

	for (size_t i = 0; i < experiments.n && !rc; i++) {
		if (i && !json)
			buf_putc(&out, '\n');
		rc = put_experiment(&out, json, session, experiments.name[i], err);
	}
	if (!rc)
		rc = buf_check(&out, err);
	if (!rc && json)
		rc = print_json(json, err);
	else if (!rc && out.len)
		message_print(out.text, out.len);
	else if (!rc)
		message_note("no runs yet; `assay baseline --data FILE.csv --target COLUMN` makes the first");
	json_decref(json);
	names_free(&experiments);
	buf_release(&out);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct ls_command *cli = options;
	struct session session = {0};
	int rc;

	(void)argument;
	rc = session_open(&session, err);
	if (!rc)
		rc = session_runs(&session, err);
	if (!rc && cli->experiment)
		rc = check_experiment(&session, cli->experiment, err);
	if (!rc)
		rc = list(&session, cli, err);
	session_close(&session);
	return rc;
}

const struct command command_ls = {
	.name = "ls",
	.summary = "list the runs",
	.arguments = "",
	.details = "A table an experiment, newest run first: the first metric with its 95 % interval, the difference "
		   "to the "
		   "baseline with the interval and the verdict of today, the other metrics. A run is named by its "
		   "handle, of "
		   "which the first seven digits are shown, or by its name.",
	.example = "  assay ls\n"
		   "  assay ls -e forest-or-linear --json | jq '.[].metrics.f1'\n",
	.options = table,
	.size = sizeof(struct ls_command),
	.run = run,
};
