/* assay pick: chosen runs as a table for the pull request. */
#include "command/command.h"
#include "command/message.h"
#include "command/results.h"
#include "command/session.h"

#include "base/mem.h"

#include <assert.h>

enum { MOST_RUNS = 64 };

struct pick_command {
	const char *experiment, *output;
	struct names metrics;
	int force;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the names in this experiment first",
	 offsetof(struct pick_command, experiment)},
	{"metrics", 'm', OPTION_LIST, "A,B", "these metrics instead of the declared ones",
	 offsetof(struct pick_command, metrics)},
	{"output", 'o', OPTION_TEXT, "FILE", "write it there; - for stdout", offsetof(struct pick_command, output)},
	{"force", 'f', OPTION_FLAG, NULL, "write over a file that `assay pick` did not write",
	 offsetof(struct pick_command, force)},
	{0},
};

struct picking {
	const struct pick_command *cli;
	struct session *session;
	const struct seen_run *run[MOST_RUNS];
	size_t n;
	struct declared_metric *asked; /* of -m */
	struct results results;
};

static int find_runs(struct picking *picking, char *const *argument, struct error *err)
{
	for (; *argument; argument++) {
		struct seen_run *seen = NULL;
		int rc = session_find(&seen, picking->session, *argument, picking->cli->experiment, err);

		if (rc < 0)
			return rc;
		assert(seen);
		for (size_t i = 0; i < picking->n; i++) {
			if (picking->run[i] == seen)
				return error_set(err, ERR_INPUT, "%s is a run that is named already: %s", *argument,
						 run_id(&seen->run));
			if (strcmp(run_experiment(&picking->run[i]->run), run_experiment(&seen->run)) != 0) {
				error_set(err, ERR_INPUT, "%s is a run of %s, the one before of %s", *argument,
					  run_experiment(&seen->run), run_experiment(&picking->run[i]->run));
				error_hint(err, "pick the runs of one experiment at a time");
				return ERR_INPUT;
			}
		}
		picking->run[picking->n++] = seen;
	}
	return 0;
}

static const char *against(const struct run *run)
{
	const char *id = run_text(run, "comparison.0.against");

	return strcmp(run_text(run, "comparison.0.role"), "baseline") == 0 ? id : "";
}

/* The run that all of them were compared with, where it is one, still there, and not itself among them. */
static int find_base(struct picking *picking, struct error *err)
{
	const char *id = against(&picking->run[0]->run);
	struct seen_run *seen = NULL;
	struct error none = {0};
	int rc;

	for (size_t i = 0; i < picking->n; i++)
		if (!*id || strcmp(against(&picking->run[i]->run), id) != 0 ||
		    !strcmp(run_id(&picking->run[i]->run), id))
			return 0;
	rc = session_find(&seen, picking->session, id, NULL, &none);
	if (rc == ERR_INPUT ||
	    rc == ERR_NOT_FOUND) /* removed since: the rows say what they were compared with by the record */
		return 0;
	if (rc < 0)
		return error_set(err, rc, "%s", none.text);
	picking->results.base = seen;
	return 0;
}

/* -m, else what the experiment or the project declares. */
static int choose_metrics(struct picking *picking, const struct experiment *experiment, struct error *err)
{
	struct results *results = &picking->results;
	const struct names *asked = &picking->cli->metrics;
	double value;

	results->metric = experiment ? experiment_metrics(&results->metrics, experiment, picking->session->project)
				     : picking->session->project->metric;
	if (!experiment)
		results->metrics = picking->session->project->metrics;
	if (!asked->n)
		return 0;
	picking->asked = mem_zeroed(asked->n, sizeof(*picking->asked));
	if (!picking->asked)
		return error_nomem(err);
	for (size_t i = 0; i < asked->n; i++) {
		int found = 0;

		for (size_t k = 0; k < picking->n && !found; k++)
			found = run_metric(&value, &picking->run[k]->run, asked->name[i]) != NULL;
		if (!found)
			return error_set(err, ERR_INPUT, "-m %s: none of these runs has such a metric", asked->name[i]);
		picking->asked[i].name = asked->name[i];
	}
	results->metric = picking->asked;
	results->metrics = asked->n;
	return 0;
}

/* What somebody wrote by hand under that name stays, and what is no file at all: a device is read without an end. */
static int check_theirs(const char *path, const struct pick_command *cli, struct error *err)
{
	struct buf text = BUF_INIT;
	struct error none = {0};
	int rc, ours;

	if (!file_is_plain(path)) {
		error_set(err, ERR_INPUT, "%s is no plain file", path);
		error_hint(err, "-o - writes to stdout");
		return ERR_INPUT;
	}
	rc = cli->force ? ERR_NOT_FOUND : file_read(&text, path, &none);
	ours = text.len >= strlen(RESULTS_MARK) && !strncmp(text.text, RESULTS_MARK, strlen(RESULTS_MARK));
	buf_release(&text);
	if (rc == ERR_NOT_FOUND || (!rc && ours))
		return 0;
	if (rc)
		return error_set(err, rc, "%s", none.text);
	error_set(err, ERR_INPUT, "%s is there, and `assay pick` did not write it", path);
	error_hint(err, "--force writes over it, -o FILE writes another one");
	return ERR_INPUT;
}

static int write_file(const struct picking *picking, const struct buf *text, struct error *err)
{
	const char *experiment = run_experiment(&picking->run[0]->run), *output = picking->cli->output;
	char *folder = path_join(picking->session->project->root, "experiments");
	char *path = output ? mem_text(output)
			    : mem_printf("%s/experiments/%s.results.md", picking->session->project->root, experiment);
	int rc = folder && path ? 0 : error_nomem(err);

	if (!rc && !output && !experiment_name_valid(experiment)) {
		rc = error_set(err, ERR_INPUT, "the experiment of these runs has a name that no file here may have");
		error_hint(err, "-o FILE writes them elsewhere");
	}
	if (!rc)
		rc = check_theirs(path, picking->cli, err);
	if (!rc && !output)
		rc = dir_make(folder, err);
	if (!rc)
		rc = file_write(path, text->text, text->len, err);
	if (!rc && !output)
		message_note("wrote experiments/%s.results.md: commit it beside the code", experiment);
	free(path);
	free(folder);
	return rc;
}

static int pick(struct picking *picking, char *const *argument, struct error *err)
{
	struct experiment *experiment = NULL;
	struct error why = {0};
	struct buf text = BUF_INIT;
	const char *name;
	int rc = find_runs(picking, argument, err);

	if (rc < 0)
		return rc;
	name = run_experiment(&picking->run[0]->run);
	if (experiment_name_valid(name) &&
	    experiment_load(&experiment, picking->session->project, name, &why) == ERR_INPUT)
		message_warning("%s", why.text);
	rc = find_base(picking, err);
	if (!rc)
		rc = choose_metrics(picking, experiment, err);
	picking->results.run = picking->run;
	picking->results.n = picking->n;
	picking->results.families = picking->session->families;
	if (!rc)
		rc = results_write(&text, &picking->results, err);
	if (!rc && picking->cli->output && !strcmp(picking->cli->output, "-"))
		message_print(text.text, text.len);
	else if (!rc)
		rc = write_file(picking, &text, err);
	buf_release(&text);
	free(picking->asked);
	experiment_free(experiment);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	struct session session = {0};
	struct picking picking = {.cli = options, .session = &session};
	int rc = session_open(&session, err);

	if (!rc)
		rc = session_runs(&session, err);
	if (!rc)
		rc = pick(&picking, argument, err);
	session_close(&session);
	return rc;
}

const struct command command_pick = {
	.name = "pick",
	.summary = "write chosen runs as a table for the pull request",
	.arguments = "RUN...",
	.least = 1,
	.most = MOST_RUNS,
	.details = "Writes experiments/NAME.results.md: the scores of these runs with their intervals, the verdict "
		   "against the "
		   "baseline, what each changed, and what it was made from. Every figure is a reference such as "
		   "`[0.861](run:3f2a91bc07#measured.f1)` to the record that it comes from. Commit the file beside the "
		   "code.",
	.example = "  assay pick best\n"
		   "  assay pick 3f2a91b 77ac01e -m f1,roc_auc -o -\n",
	.options = table,
	.size = sizeof(struct pick_command),
	.run = run,
};
