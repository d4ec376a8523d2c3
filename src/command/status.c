/* assay status: where each experiment stands, and what would bring it further. */
#include "command/status.h"
#include "command/command.h"
#include "command/message.h"
#include "command/pager.h"
#include "command/run_json.h"

#include "base/mem.h"

#include <unistd.h>

struct status_command {
	const char *experiment;
	int all, json;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "this experiment alone", offsetof(struct status_command, experiment)},
	{"all", 'a', OPTION_FLAG, NULL, "closed and abandoned experiments too", offsetof(struct status_command, all)},
	{"json", 0, OPTION_FLAG, NULL, "print it as JSON", offsetof(struct status_command, json)},
	{0},
};

/* By name: those with a file, and those that a run names. */
static int list_experiments(struct names *out, const struct session *session, struct error *err)
{
	const char *last = "";
	int rc = experiment_list(out, session->project, err);

	for (size_t i = 0; i < session->runs.n && !rc; i++) {
		const char *name = run_experiment(&session->runs.item[i].run);

		/* a stranger's record may have any name, which is no file's */
		if (strcmp(name, last) != 0 && experiment_name_valid(name))
			rc = names_add(out, name, err);
		last = name;
	}
	if (!rc)
		names_sort(out);
	return rc;
}

static int judge_item(struct status_item *item, const struct status *status, struct error *err)
{
	const struct session *session = &status->session;
	size_t declared;
	int rc;

	item->input = (struct standing_input){
		.runs = &item->runs,
		.families = session->families,
		.experiment = item->experiment,
		.metric = experiment_metrics(&declared, item->experiment, session->project),
		.hypothesis = &item->hypothesis,
		.plan = &item->plan,
		.order = status->order,
		.rewritten = status->rewritten,
	};
	rc = judge_runs_of(&item->runs, &session->runs, item->experiment->name, err);
	if (rc < 0)
		return rc;
	judge_hypothesis(&item->hypothesis, &item->runs, session->families, item->experiment, item->input.metric);
	rc = plan_order_make(&item->plan, session->store, session->project, item->experiment, &item->runs,
			     status->order, err);
	if (!rc)
		rc = judge_standing(&item->standing, &item->input, err);
	if (rc < 0)
		return rc;
	next_step(&item->command, &item->why, &item->input, &item->standing, session->project);
	return buf_check(&item->command, err);
}

/* One experiment into the list. Where all are asked for, a file that cannot be read hides none of the others. */
static int add_item(struct status *status, const struct status_command *cli, const char *name, struct error *err)
{
	struct experiment *experiment = NULL;
	struct error why = {0};
	int rc = experiment_load(&experiment, status->session.project, name, &why);

	if (rc == ERR_INPUT && !cli->experiment) {
		message_warning("%s", why.text);
		return 0;
	}
	if (rc < 0) {
		error_set(err, rc, "%s", why.text);
		error_hint(err, "%s", why.hint);
		return rc;
	}
	if (strcmp(experiment->status, "open") != 0 && !cli->all && !cli->experiment) {
		status->closed++;
		experiment_free(experiment);
		return 0;
	}
	rc = MEM_GROW(status->item, status->n, status->cap, err);
	if (rc < 0)
		experiment_free(experiment);
	else
		status->item[status->n++] = (struct status_item){.experiment = experiment, .command = BUF_INIT};
	return rc;
}

static int add_items(struct status *status, const struct status_command *cli, struct error *err)
{
	struct names names = {0};
	int rc = list_experiments(&names, &status->session, err);

	if (!rc && cli->experiment && !names_has(&names, cli->experiment)) {
		rc = error_set(err, ERR_INPUT, "there is no experiment '%s'", cli->experiment);
		error_hint(err, "`assay new %s` makes it; `assay status --all` shows those that are there",
			   cli->experiment);
	}
	for (size_t i = 0; i < names.n && !rc; i++)
		if (!cli->experiment || !strcmp(names.name[i], cli->experiment))
			rc = add_item(status, cli, names.name[i], err);
	names_free(&names);
	/* the list stays where it is from here on: its items point into themselves */
	for (size_t i = 0; i < status->n && !rc; i++)
		rc = judge_item(&status->item[i], status, err);
	return rc;
}

static int look(struct status *status, const struct status_command *cli, struct error *err)
{
	struct session *session = &status->session;
	int rc = session_open(session, err);

	status->one = cli->experiment != NULL;
	if (!rc)
		rc = session_runs(session, err);
	if (!rc)
		rc = store_rewritten(session->store, &status->rewritten, err);
	if (rc >= 0)
		rc = run_order_new(&status->order, session->store, &session->runs, err);
	if (!rc)
		rc = store_unsent(&status->unsent, session->store, err);
	return rc ? rc : add_items(status, cli, err);
}

static void status_release(struct status *status)
{
	for (size_t i = 0; i < status->n; i++) {
		struct status_item *item = &status->item[i];

		judge_standing_release(&item->standing);
		plan_order_release(&item->plan);
		experiment_free(item->experiment);
		free(item->runs.item);
		buf_release(&item->command);
	}
	free(status->item);
	free(status->rewritten);
	store_unsent_release(&status->unsent);
	run_order_free(status->order);
	session_close(&status->session);
}

static int print(const struct status *status, const struct status_command *cli, struct error *err)
{
	struct terminal terminal;
	struct buf out = BUF_INIT;
	json_t *json = NULL;
	int rc;

	if (cli->json) {
		rc = status_json(&json, status, err);
		if (!rc)
			rc = print_json(json, err);
		json_decref(json);
		return rc;
	}
	terminal_look(&terminal, STDOUT_FILENO);
	rc = status_page(&out, status, &terminal, err);
	if (!rc)
		rc = buf_check(&out, err);
	if (!rc)
		pager_print(&out, 0);
	buf_release(&out);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct status_command *cli = options;
	struct status status = {0};
	int rc = look(&status, cli, err);

	(void)argument;
	if (!rc)
		rc = print(&status, cli, err);
	status_release(&status);
	return rc;
}

const struct command command_status = {
	.name = "status",
	.summary = "where each experiment stands, and the command that brings it further",
	.arguments = "",
	.details =
		"For each open experiment: the stages that are behind it (problem, baseline, experiment, evaluate, "
		"validate, deploy), the hypothesis and the criteria as judged today, and five practices with the "
		"evidence: start with a baseline, change one thing at a time, track all, document hypotheses, validate "
		"before deploying. Then what is in flight, and what the usual remote does not have yet, as git saw it "
		"last. Nothing is written and no network is asked.\n"
		"That criteria were written before the first run is told from ancestry in git, not from dates; what a "
		"shallow clone cannot show is called not provable.\n"
		"--json: {branch, runs, rewritten, experiments: [{name, status, question, hypothesis: {verdict, "
		"judged, "
		"picked}, criteria: [met, of], stages: {NAME: true|false}, next, practices: [{name, state: "
		"met|partly|unmet|unknown, sentence, run, file}], plan: {state: before|with the first "
		"run|after|not provable|no run|no file, sentence, commit, uncommitted, changes: [{item, what, after, "
		"number, by, parallel}]}, runs, failed, running, baseline, command, why}], in_flight: [{id, "
		"experiment, "
		"name, where: waiting|running}], unsent: {remote, runs, commits}}; what is not known is absent.",
	.example = "  assay status\n"
		   "  assay status -e forest-or-linear\n"
		   "  assay status --json | jq -r '.experiments[] | .name + \": \" + .next'\n",
	.options = table,
	.size = sizeof(struct status_command),
	.run = run,
};
