/* `assay split`: which rows train and which test, so that any program can be held against the baselines. */
#include "command/command.h"
#include "command/message.h"
#include "command/session.h"
#include "record/catalog.h"
#include "track/split_file.h"

#include <math.h>
#include <stdlib.h>

struct split_command {
	const char *output, *experiment;
	struct split_options_given given;
};

static const struct split_command defaults = {.given = {.test = NAN, .seed = -1}};

#define AT(field) offsetof(struct split_command, field)
static const struct option table[] = {
	{"output", 'o', OPTION_TEXT, "FILE", "write it to FILE instead of standard output", AT(output)},
	{"experiment", 'e', OPTION_TEXT, "NAME", "the experiment whose baseline is asked for its split",
	 AT(experiment)},
	{"data", 0, OPTION_TEXT, "FILE", "CSV file with a header line", AT(given.data)},
	{"target", 0, OPTION_TEXT, "COLUMN", "the column to be predicted", AT(given.target)},
	{"id", 0, OPTION_TEXT, "COLUMN", "the column that names a row (else its number in the file)", AT(given.id)},
	{"test", 0, OPTION_NUMBER, "SHARE", "the share of rows held out for the test (0.2)", AT(given.test)},
	{"seed", 0, OPTION_COUNT, "N", "of the split (0)", AT(given.seed)},
	{0},
};
#undef AT

static int load_baselines(struct runs *out, const struct session *session, struct error *err)
{
	const struct catalog_query query = {
		.root = session->project->below, .kind = "baseline", .in_flight = 1, .no_commits = 1};
	struct catalog *catalog = NULL;
	int rc = catalog_open(&catalog, session->store, err);

	if (!rc)
		rc = catalog_runs(out, catalog, &query, err);
	catalog_free(catalog);
	return rc;
}

static int print_split(const struct split_file *split, const char *output, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc;

	if (!split->parts) {
		error_set(err, ERR_INPUT, "there is no split: %s",
			  split->notes.n ? split->notes.name[0]
					 : "assay.yaml names no data with a target, and no baseline is on record");
		error_hint(err, "assay split --data FILE.csv --target COLUMN, or `assay baseline` first");
		return ERR_INPUT;
	}
	for (size_t i = 0; i < split->notes.n; i++)
		message_note("%s", split->notes.name[i]);
	rc = file_read(&text, split->parts, err);
	if (!rc && output && strcmp(output, "-") != 0)
		rc = file_write(output, text.text, text.len, err);
	else if (!rc)
		message_print(text.text, text.len);
	buf_release(&text);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct split_command *cli = options;
	struct experiment *experiment = NULL;
	struct split_file split = {0};
	struct session session = {0};
	struct runs runs = {0};
	int rc = session_open_experiment(&session, &experiment, cli->experiment, err);

	(void)argument;
	if (!rc)
		rc = load_baselines(&runs, &session, err);
	if (!rc)
		rc = split_file_make(&split, session.store, session.project, experiment, &runs, &cli->given, err);
	if (!rc)
		rc = print_split(&split, cli->output, err);
	split_file_release(&split);
	runs_free(&runs);
	experiment_free(experiment);
	session_close(&session);
	return rc;
}

const struct command command_split = {
	.name = "split",
	.summary = "print which rows train and which test: the baselines' own split",
	.arguments = "",
	.details = "Prints a CSV of two columns, id and part (train, valid or test), in the order of the data. It is "
		   "the split of "
		   "assay.yaml, else that of the experiment's baseline, row for row: a model that is trained on its "
		   "train rows and "
		   "writes predictions.csv for its test rows is scored on the rows that the baselines were scored on. "
		   "A command "
		   "under `assay run` finds the same file at $ASSAY_SPLIT.\n"
		   "The id is the value of the id column, else the row's number in the file, from 1.",
	.example = "  assay split -o split.csv\n"
		   "  assay split --data churn.csv --target churn --seed 7 | grep -c ',test$'\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct split_command),
	.run = run,
};
