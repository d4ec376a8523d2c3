/* assay rm: remove runs by a commit that says so. */
#include "command/command.h"
#include "command/message.h"
#include "command/session.h"

#include "base/mem.h"

struct rm_command {
	const char *experiment, *reason;
};

static const struct option table[] = {
	{"reason", 0, OPTION_TEXT, "TEXT", "why: it goes into the commit", offsetof(struct rm_command, reason)},
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the names in this experiment first",
	 offsetof(struct rm_command, experiment)},
	{0},
};

/* Names and reasons are text of one line: no newline of theirs may begin a trailer. */
static int write_message(struct buf *out, const struct run *run, const char *reason, struct error *err)
{
	buf_puts(out, "assay: remove ");
	buf_terminal(out, run_name(run), strlen(run_name(run)));
	buf_puts(out, " from ");
	buf_terminal(out, run_experiment(run), strlen(run_experiment(run)));
	buf_puts(out, "\n\n");
	buf_terminal(out, reason, strlen(reason));
	buf_printf(out, "\n\nAssay-Removed: %s\nAssay-Experiment: ", run_id(run));
	buf_terminal(out, run_experiment(run), strlen(run_experiment(run)));
	buf_putc(out, '\n');
	return buf_check(out, err);
}

/* What the removal changes beside the run itself. */
static void warn(const struct session *session, const struct seen_run *seen)
{
	const char *metric = session->project->metric[0].name, *experiment = run_experiment(&seen->run);
	size_t children = 0;

	if (run_field(&seen->run, "tags.promoted"))
		message_warning("%s is promoted", run_id(&seen->run));
	if (runs_best(&session->runs, experiment, metric, NULL) == seen)
		message_warning("%s is the best of %s by %s", run_id(&seen->run), experiment, metric);
	for (size_t i = 0; i < session->runs.n; i++)
		children += !strcmp(run_text(&session->runs.item[i].run, "parent"), run_id(&seen->run));
	if (children)
		message_warning("%zu %s it as parent and %s", children, children == 1 ? "run has" : "runs have",
				children == 1 ? "stays" : "stay");
}

static int remove_run(struct session *session, const struct seen_run *seen, const char *reason, struct error *err)
{
	struct buf message = BUF_INIT, out = BUF_INIT;
	char *why = NULL;
	int rc;

	rc = write_message(&message, &seen->run, reason, err);
	if (!rc)
		rc = store_remove_run(session->store, seen->folder, message.text, &why, err);
	if (rc == 1) {
		rc = error_set(err, ERR_MACHINE, "%s was not removed: %s", run_id(&seen->run),
			       why ? why : "git refused");
	} else if (!rc) {
		buf_puts(&out, "removed ");
		buf_terminal(&out, run_name(&seen->run), strlen(run_name(&seen->run)));
		buf_printf(&out, " %s\n", run_id(&seen->run));
		rc = buf_check(&out, err);
	}
	if (!rc)
		message_print(out.text, out.len);
	buf_release(&message);
	buf_release(&out);
	free(why);
	return rc;
}

static int remove_all(struct session *session, const struct rm_command *cli, char *const *argument, struct error *err)
{
	size_t n = 0;
	struct seen_run **seen;
	int rc = 0;

	while (argument[n])
		n++;
	seen = mem_zeroed(n, sizeof(struct seen_run *));
	if (!seen)
		return error_nomem(err);
	for (size_t i = 0; !rc && i < n; i++) { /* all names first: a mistake removes nothing */
		rc = session_find(&seen[i], session, argument[i], cli->experiment, err);
		if (!rc && (seen[i]->where != WHERE_GIT || !seen[i]->folder)) {
			rc = error_set(err, ERR_INPUT, "%s is not in git yet", run_id(&seen[i]->run));
			error_hint(err, "it can be removed once it has ended and is committed");
		}
	}
	for (size_t i = 0; !rc && i < n; i++) {
		int again = 0;

		for (size_t j = 0; j < i; j++)
			again |= seen[j] == seen[i];
		if (again)
			continue;
		warn(session, seen[i]);
		rc = remove_run(session, seen[i], cli->reason, err);
	}
	if (!rc)
		message_note("refs/assay/keep still holds what was removed: it is out of the lists, not out of the "
			     "repository");
	free(seen);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct rm_command *cli = options;
	struct session session = {0};
	int rc = 0;

	if (!cli->reason || !cli->reason[strspn(cli->reason, " \t\n")]) {
		rc = error_set(err, ERR_INPUT, "a run is removed for a reason, which its commit will say");
		error_hint(err, "assay rm RUN --reason 'the labels were wrong'");
	}
	if (!rc)
		rc = session_open(&session, err);
	if (!rc)
		rc = session_settle(&session, err);
	if (!rc)
		rc = session_runs(&session, err);
	if (!rc)
		rc = remove_all(&session, cli, argument, err);
	session_close(&session);
	return rc;
}

const struct command command_rm = {
	.name = "rm",
	.summary = "remove runs, by a commit that says why",
	.arguments = "RUN...",
	.least = 1,
	.most = 1000,
	.details = "The run leaves the branch by a commit of its own, with the reason and your name; it is counted as "
		   "removed, not as "
		   "lost, and stays removed when clones are joined. Its bytes stay in the history: to purge a secret "
		   "see the "
		   "README. `assay prune` takes away its large artifacts.",
	.example = "  assay rm 3f2a91b --reason 'trained on the test rows'\n",
	.options = table,
	.size = sizeof(struct rm_command),
	.run = run,
};
