/* assay sync: exchange runs and the code they were made from with another repository. */
#include "command/ask.h"
#include "command/command.h"
#include "command/message.h"
#include "command/session.h"

#include "base/mem.h"
#include "store/sync.h"

#include <unistd.h>

enum { LISTED_MOST = 40 }; /* lines on a terminal */

struct sync_command {
	int yes, runs_only, no_push, hook;
};

static const struct option table[] = {
	{"yes", 'y', OPTION_FLAG, NULL, "send what has not left this machine before without asking",
	 offsetof(struct sync_command, yes)},
	{"runs-only", 0, OPTION_FLAG, NULL, "runs alone, not the code that they were made from",
	 offsetof(struct sync_command, runs_only)},
	{"no-push", 0, OPTION_FLAG, NULL, "fetch and join, send nothing", offsetof(struct sync_command, no_push)},
	{"hook", 0, OPTION_FLAG, NULL, "as the pre-push hook calls it: runs alone, and never in the way of the push",
	 offsetof(struct sync_command, hook)},
	{0},
};

/* What would leave, line by line; then the question. */
static int confirm(void *context, const struct sync_report *what)
{
	const struct sync_command *cli = context;
	size_t most = isatty(STDIN_FILENO) && isatty(STDERR_FILENO) ? LISTED_MOST : what->files_out.n;
	char question[80];

	if (cli->yes)
		return 1;
	message_note("%zu %s would leave this machine that no remote has yet, among %s:", what->commits_out,
		     what->commits_out == 1 ? "commit of code" : "commits of code",
		     what->commits_out == 1 ? "it" : "them");
	for (size_t i = 0; i < what->files_out.n && i < most; i++)
		message_note("%s", what->files_out.name[i]);
	if (what->files_out.n > most)
		message_note("and %zu more: `assay sync ... | cat` lists all", what->files_out.n - most);
	snprintf(question, sizeof(question), "send %s?", what->commits_out == 1 ? "it" : "them");
	return ask(question, 0);
}

static const char *runs_word(size_t n)
{
	return n == 1 ? "run" : "runs";
}

/* ": 3 runs came, 2 runs went" */
static void put_count(struct buf *out, size_t *parts, size_t n, const char *one, const char *many)
{
	if (n)
		buf_printf(out, "%s%zu %s", (*parts)++ ? ", " : ": ", n, n == 1 ? one : many);
}

static int print_report(const struct sync_report *report, const char *with, struct error *err)
{
	struct buf out = BUF_INIT;
	size_t parts = 0;
	int rc;

	if (with)
		buf_terminal(&out, with, strlen(with));
	else
		buf_puts(&out, "sync");
	put_count(&out, &parts, report->runs_in, "run came", "runs came");
	put_count(&out, &parts, report->removed_in, "run was removed there", "runs were removed there");
	if (report->pushed) {
		put_count(&out, &parts, report->runs_out, "run went", "runs went");
		put_count(&out, &parts, report->removed_out, "removal went", "removals went");
		put_count(&out, &parts, report->commits_out, "commit of code went", "commits of code went");
	}
	if (!parts)
		buf_puts(&out, report->pushed ? ": brought up to date" : ": nothing new");
	buf_putc(&out, '\n');
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int exchange(struct session *session, const struct sync_command *cli, const char *with, struct error *err)
{
	struct sync_command copy = *cli;
	const struct sync_options options = {
		.with = with, .no_code = cli->runs_only, .no_push = cli->no_push, .confirm = confirm, .context = &copy};
	struct sync_report report = {0};
	int rc = session_settle(session, err);

	if (!rc)
		rc = store_sync(&report, session->store, &options, err);
	for (size_t i = 0; i < report.problems.n; i++)
		message_warning("%s", report.problems.name[i]);
	if (rc >= 0 && print_report(&report, with, err) < 0)
		rc = ERR_NOMEM;
	sync_report_release(&report);
	return rc;
}

/*
 * Whether the user's own push has our branch among its references, as git tells the hook: then there is nothing to
 * add.
 */
static int pushes_runs(const char *branch, struct error *err)
{
	char *ref = mem_printf(" refs/heads/%s ", branch);
	struct buf text = BUF_INIT;
	int rc = ref ? 0 : error_nomem(err);

	if (!rc && !isatty(STDIN_FILENO))
		rc = fd_read(&text, STDIN_FILENO, "standard input", err);
	if (!rc)
		rc = strstr(text.text, ref) != NULL;
	buf_release(&text);
	free(ref);
	return rc;
}

/* The push goes on, whatever becomes of this. */
static int from_hook(struct session *session, const char *with, struct error *err)
{
	const struct sync_options options = {.with = with, .no_code = 1, .lazy = 1};
	struct sync_report report = {0};
	struct error why = {0};
	int rc = pushes_runs(store_branch(session->store), err);

	if (rc)
		return rc < 0 ? rc : 0;
	rc = store_sync(&report, session->store, &options, &why);
	if (rc < 0)
		message_warning("the runs did not go along: %s; `assay sync` tries again", why.text);
	for (size_t i = 0; i < report.problems.n; i++)
		message_warning("%s", report.problems.name[i]);
	if (rc >= 0 && report.pushed)
		message_note("%zu %s went along on %s", report.runs_out, runs_word(report.runs_out),
			     store_branch(session->store));
	sync_report_release(&report);
	return 0;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct sync_command *cli = options;
	struct session session = {0};
	int rc = session_open(&session, err);

	if (!rc)
		rc = cli->hook ? from_hook(&session, argument[0], err) : exchange(&session, cli, argument[0], err);
	session_close(&session);
	return rc;
}

const struct command command_sync = {
	.name = "sync",
	.summary = "exchange runs, and the code they were made from, with another repository",
	.arguments = "[REMOTE|URL|PATH|NAME.bundle]",
	.most = 1,
	.details =
		"Fetches the other side's runs, joins both, and sends what it lacks; nothing is ever forced. Without a "
		"name: "
		"the remote that the runs' branch follows, else origin. A bundle is one file to carry: it is read "
		"where it is "
		"there, and written with all that both have.\n"
		"What runs were made from goes along (refs/assay/keep), snapshots of uncommitted work among it: before "
		"something leaves that no remote has, it is listed and asked for; a pipe needs --yes. Exit 1: the "
		"answer was "
		"no, and nothing was sent.",
	.example = "  assay sync\n"
		   "  assay sync --runs-only backup\n"
		   "  assay sync /media/stick/churn.bundle\n",
	.options = table,
	.size = sizeof(struct sync_command),
	.run = run,
};
