/* assay prune: take large artifacts away that are kept on this machine alone and no longer needed. */
#include "command/ask.h"
#include "command/command.h"
#include "command/figure.h"
#include "command/message.h"
#include "command/session.h"

#include "track/prune.h"

#include <math.h>

struct prune_command {
	double older_than;
	int dry_run, yes;
};

static const struct option table[] = {
	{"older-than", 0, OPTION_NUMBER, "DAYS", "also artifacts of runs that are older than that",
	 offsetof(struct prune_command, older_than)},
	{"dry-run", 'n', OPTION_FLAG, NULL, "say what would go, and take nothing away",
	 offsetof(struct prune_command, dry_run)},
	{"yes", 'y', OPTION_FLAG, NULL, "take them away without asking", offsetof(struct prune_command, yes)},
	{0},
};

static const struct prune_command defaults = {.older_than = NAN};

static int print_list(const struct prune_list *list, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < list->n; i++) {
		const struct prune_object *object = &list->item[i];

		figure_bytes(&out, (double)object->bytes);
		buf_puts(&out, "  ");
		if (object->run) {
			buf_terminal(&out, object->run, strlen(object->run));
			buf_puts(&out, "  ");
			buf_terminal(&out, object->path, strlen(object->path));
		} else {
			buf_puts(&out, "of no run on record  ");
			buf_terminal(&out, object->file, strlen(object->file));
		}
		buf_putc(&out, '\n');
	}
	if (list->n)
		buf_printf(&out, "%zu %s, ", list->n, list->n == 1 ? "file" : "files");
	else
		buf_puts(&out, "nothing to take away");
	if (list->n)
		figure_bytes(&out, (double)list->bytes);
	if (list->kept)
		buf_printf(&out, "; %zu %s", list->kept, list->kept == 1 ? "stays" : "stay");
	buf_putc(&out, '\n');
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct prune_command *cli = options;
	struct prune_list list = {0};
	struct session session = {0};
	int rc = session_open(&session, err);

	(void)argument;
	if (!rc)
		rc = cli->dry_run ? session_tell_rewritten(&session, err) : session_settle(&session, err);
	if (!rc)
		rc = track_prune_list(&list, session.store, session.project, cli->older_than, err);
	if (!rc)
		rc = print_list(&list, err);
	if (!rc && list.in_flight)
		message_note("while runs are in flight, what came within the last day stays");
	if (!rc && list.n && !cli->dry_run) {
		if (!ask("take them away for good?", cli->yes))
			rc = 1;
		else
			rc = track_prune(&list, err);
	}
	prune_list_release(&list);
	session_close(&session);
	return rc;
}

const struct command command_prune = {
	.name = "prune",
	.summary = "take away large artifacts of this machine that no run needs any more",
	.arguments = "",
	.details = "Artifacts that went neither into git nor to Git LFS (`where: local`) lie in the git directory. "
		   "Without an option "
		   "those go whose run was removed; with --older-than DAYS those of older runs too, but never those of "
		   "a run that "
		   "is tagged `promoted`, the best or the latest of its experiment. The records stay as they are. It "
		   "asks first; a "
		   "pipe needs --yes.",
	.example = "  assay prune --dry-run\n"
		   "  assay prune --older-than 90\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct prune_command),
	.run = run,
};
