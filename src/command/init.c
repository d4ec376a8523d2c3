/* assay init: assay.yaml, a first experiment and the pre-push hook. Never overwrites; makes a git repository where there is none. */
#include "command/command.h"
#include "command/hook.h"
#include "command/message.h"
#include "command/scaffold.h"
#include "command/session.h"

#include "base/mem.h"
#include "base/process.h"
#include "format/suggest.h"
#include "learn/table.h"
#include "record/experiment.h"

#include <unistd.h>

struct init_command {
	const char *data, *target;
	int no_hook;
};

static const struct option table[] = {
	{"data", 0, OPTION_TEXT, "FILE", "the CSV file to name in assay.yaml", offsetof(struct init_command, data)},
	{"target", 0, OPTION_TEXT, "COLUMN", "its column to be predicted", offsetof(struct init_command, target)},
	{"no-hook", 0, OPTION_FLAG, NULL, "write no pre-push hook, with which a `git push` takes the runs along",
	 offsetof(struct init_command, no_hook)},
	{0},
};

static const char first_experiment[] = "first";

static int make_repository(struct error *err)
{
	static const char *const argv[] = {"git", "init", "--quiet", NULL};
	struct buf errors = BUF_INIT;
	const struct process_options options = {.argv = argv, .errors = &errors};
	struct process_result result;
	int rc = process_run(&result, &options, err);

	if (rc == ERR_NOT_FOUND)
		error_hint(err, "install git: assay keeps its runs in it");
	if (!rc && result.exit)
		rc = error_set(err, ERR_MACHINE, "git init failed: %.*s", (int)strcspn(errors.text, "\n"), errors.text);
	if (!rc)
		message_note("this folder was in no git repository: made one here");
	buf_release(&errors);
	return rc;
}

/* Open the session; make the repository first where there is none. */
static int open_or_make(struct session *session, struct error *err)
{
	struct error why = {0};
	struct store *store = NULL;
	int rc = store_open(&store, ".", &why);

	store_free(store);
	if (rc == ERR_INPUT && !store && access(".git", F_OK) < 0) {
		rc = make_repository(err);
		if (rc < 0)
			return rc;
	}
	return session_open(session, err);
}

/* The data must be readable and the target one of its columns: a mistake is found now and not at the first run. */
static int check_data(const struct init_command *cli, struct error *err)
{
	const struct table_options options = {0};
	struct table *data = NULL;
	const char **names = NULL, *nearest;
	int rc = table_read(&data, cli->data, &options, err);

	if (rc < 0 || !cli->target || table_column(data, cli->target) >= 0)
		goto out;
	rc = error_set(err, ERR_INPUT, "%s has no column '%s'", cli->data, cli->target);
	names = mem_array(data->columns, sizeof(*names));
	for (size_t i = 0; names && i < data->columns; i++)
		names[i] = data->column[i].name;
	nearest = names ? suggest(cli->target, names, data->columns) : NULL;
	if (nearest)
		error_hint(err, "did you mean %s?", nearest);
	free(names);
out:
	table_free(data);
	return rc;
}

/* The line `data:` of assay.yaml, as a comment where nothing is known. */
static void data_line(struct buf *out, const struct init_command *cli)
{
	buf_puts(out, cli->data ? "data: {file: " : "# data: {file: ");
	yaml_text(out, cli->data ? cli->data : "data/table.csv");
	buf_puts(out, ", target: ");
	yaml_text(out, cli->target ? cli->target : "COLUMN");
	buf_puts(out, "}");
	if (cli->data && !cli->target)
		buf_puts(out, "    # put the name of the column to be predicted here");
}

static int write_settings(const struct session *session, const struct init_command *cli, struct error *err)
{
	struct buf text = BUF_INIT, data = BUF_INIT, name = BUF_INIT;
	const char *pairs[] = {"project", NULL, "data", NULL, NULL};
	int rc;

	yaml_text(&name, session->project->name);
	data_line(&data, cli);
	rc = buf_check(&name, err);
	if (!rc)
		rc = buf_check(&data, err);
	pairs[1] = name.text;
	pairs[3] = data.text;
	if (!rc)
		rc = scaffold_fill(&text, "assay.yaml", pairs, err);
	if (!rc)
		rc = file_create("assay.yaml", text.text, text.len, err);
	if (!rc)
		message_print("wrote assay.yaml\n", strlen("wrote assay.yaml\n"));
	buf_release(&name);
	buf_release(&data);
	buf_release(&text);
	return rc;
}

static int write_experiment(const struct session *session, struct error *err)
{
	struct names known = {0};
	struct buf out = BUF_INIT;
	char *path = NULL;
	int rc = experiment_list(&known, session->project, err);

	if (!rc && known.n) {
		message_note("there are experiments already: no first one is written");
	} else if (!rc) {
		rc = scaffold_experiment(&path, ".", first_experiment, err);
		buf_printf(&out, "wrote %s\n", path ? path : "");
	}
	if (!rc)
		rc = message_print_buf(&out, err);
	names_free(&known);
	buf_release(&out);
	free(path);
	return rc;
}

/* A project further up already holds this folder: a second assay.yaml would hide it without a word. */
static int check_place(const struct session *session, struct error *err)
{
	char *here;
	int rc = 0;

	if (!session->project->has_file)
		return 0;
	here = realpath(".", NULL);
	if (!here)
		return error_errno(err, "cannot name this folder");
	if (strcmp(here, session->project->root) != 0) {
		rc = error_set(err, ERR_INPUT, "this folder belongs to the project of %s/assay.yaml",
			       session->project->root);
		error_hint(err, "`assay new NAME` adds an experiment to it");
	}
	free(here);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct init_command *cli = options;
	struct session session = {0};
	int rc = cli->data ? check_data(cli, err) : 0;

	(void)argument;
	if (!rc)
		rc = open_or_make(&session, err);
	if (!rc)
		rc = check_place(&session, err);
	if (!rc && session.project->has_file)
		message_note("assay.yaml is there already: left as it is");
	else if (!rc)
		rc = write_settings(&session, cli, err);
	if (!rc)
		rc = write_experiment(&session, err);
	if (!rc && !cli->no_hook)
		rc = hook_write(session.store, err);
	if (!rc)
		message_note("look them over and commit them; then `assay baseline` trains");
	session_close(&session);
	return rc;
}

const struct command command_init = {
	.name = "init",
	.summary =
		"write assay.yaml, a first experiment and a pre-push hook; makes a git repository where there is none",
	.arguments = "",
	.details = "Nothing that is there already is changed. `assay baseline` works without it too.",
	.example = "  assay init --data data/churn.csv --target churn\n",
	.options = table,
	.size = sizeof(struct init_command),
	.run = run,
};
