/* assay new: an experiment's file to fill in. */
#include "command/command.h"
#include "command/message.h"
#include "command/scaffold.h"
#include "command/session.h"

static int run(const void *options, char *const *argument, struct error *err)
{
	struct session session = {0};
	struct buf out = BUF_INIT;
	char *path = NULL;
	int rc;

	(void)options;
	rc = experiment_name_check(argument[0], err);
	if (!rc)
		rc = session_open(&session, err);
	if (!rc)
		rc = scaffold_experiment(&path, session.project->root, argument[0], err);
	if (!rc) {
		buf_printf(&out, "%s: write the hypothesis there, commit it, then run `assay baseline -e %s`\n", path,
			   argument[0]);
		rc = buf_check(&out, err);
	}
	if (!rc)
		message_print(out.text, out.len);
	buf_release(&out);
	free(path);
	session_close(&session);
	return rc;
}

const struct command command_new = {
	.name = "new",
	.summary = "write an experiment's file to fill in: question, hypothesis, criteria",
	.arguments = "NAME",
	.least = 1,
	.most = 1,
	.details = "Writes experiments/NAME.md below the project's root, with every key that can stand in it "
		   "explained. A file that "
		   "is there already is never changed.",
	.example = "  assay new smaller-model\n",
	.run = run,
};
