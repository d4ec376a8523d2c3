/* assay get: files of a run into a folder. */
#include "command/command.h"
#include "command/figure.h"
#include "command/message.h"
#include "command/session.h"

#include "track/get.h"

struct get_command {
	const char *experiment, *output;
	int force;
};

static const struct option table[] = {
	{"output", 'o', OPTION_TEXT, "DIR", "the folder to write into; without it one named by the run's handle",
	 offsetof(struct get_command, output)},
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the name in this experiment first",
	 offsetof(struct get_command, experiment)},
	{"force", 'f', OPTION_FLAG, NULL, "write over files that are there", offsetof(struct get_command, force)},
	{0},
};

static int print_report(const struct get_report *report, const char *into, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < report->problems.n; i++)
		message_warning("%s", report->problems.name[i]);
	buf_printf(&out, "%zu %s in ", report->files, report->files == 1 ? "file" : "files");
	buf_terminal(&out, into, strlen(into));
	buf_putc(&out, '\n');
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int get(struct session *session, const struct get_command *cli, char *const *argument, struct error *err)
{
	struct get_report report = {0};
	struct seen_run *seen = NULL;
	char handle[8];
	struct get_options options = {.path = argument + 1, .into = cli->output, .force = cli->force};
	int rc = session_find(&seen, session, argument[0], cli->experiment, err);

	if (rc < 0)
		return rc;
	if (!options.into) {
		snprintf(handle, sizeof(handle), "%.7s", id_handle(run_id(&seen->run)));
		options.into = handle;
	}
	rc = track_get(&report, session->store, session->runs.tip, seen, &options, err);
	if (!rc)
		rc = print_report(&report, options.into, err);
	if (!rc && report.problems.n)
		rc = 1;
	get_report_release(&report);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	struct session session = {0};
	int rc = session_open(&session, err);

	if (!rc)
		rc = session_runs(&session, err);
	if (!rc)
		rc = get(&session, options, argument, err);
	session_close(&session);
	return rc;
}

const struct command command_get = {
	.name = "get",
	.summary = "bring files of a run into a folder",
	.arguments = "RUN [PATH...]",
	.least = 1,
	.most = 1000,
	.details = "Writes the files of a run, or those that PATH names (a file, a folder or a pattern as "
		   "`artifacts/*.png`), as they "
		   "were recorded: from git, from the objects of Git LFS, or from this machine. What is there already "
		   "stays unless "
		   "--force is given. Exit 1 where a file could not be had.",
	.example = "  assay get best artifacts/model.json -o /tmp/best\n"
		   "  assay get 3f2a91b\n",
	.options = table,
	.size = sizeof(struct get_command),
	.run = run,
};
