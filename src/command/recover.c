/* assay recover: what kills, power cuts and rewritten branches left is put in order, and said. */
#include "command/command.h"
#include "command/message.h"
#include "command/session.h"

#include "track/flight.h"

static void say(const char *format, size_t n, const char *one, const char *many)
{
	char text[256];
	int len = snprintf(text, sizeof(text), format, n, n == 1 ? one : many);

	message_print(text, (size_t)len);
}

static int run(const void *options, char *const *argument, struct error *err)
{
	struct flight_report report = {0};
	struct session session = {0};
	size_t restored = 0;
	int rc = session_open(&session, err);

	(void)options;
	(void)argument;
	if (!rc)
		rc = store_restore(&restored, session.store, err);
	if (!rc)
		rc = flight_settle(&report, session.store, session.project, err);
	if (rc < 0)
		goto out;
	if (restored)
		say("%zu %s back on the branch\n", restored, "run is", "runs are");
	if (report.recovered)
		say("%zu %s recorded that had been killed\n", report.recovered, "run was", "runs were");
	if (report.landed)
		say("%zu %s committed that had been waiting\n", report.landed, "run was", "runs were");
	if (report.running)
		say("%zu %s still running: left alone\n", report.running, "run is", "runs are");
	if (report.waiting) {
		say("%zu %s not in git yet\n", report.waiting, "run is", "runs are");
		message_warning("not in git yet: %s", report.why ? report.why : "git refused");
		rc = 1;
	}
	if (!restored && !report.recovered && !report.landed && !report.waiting)
		message_print("nothing to recover\n", strlen("nothing to recover\n"));
out:
	flight_report_release(&report);
	session_close(&session);
	return rc;
}

const struct command command_recover = {
	.name = "recover",
	.summary = "record runs that were killed, and put back a branch that was deleted or rewritten",
	.arguments = "",
	.details = "A run that is going has its folder inside the git directory. Where its process is gone, it is "
		   "recorded as "
		   "killed with all that had been logged; where it was finished and could not be committed, it is "
		   "committed now. Any command that writes does that too.\n"
		   "Runs that the branch assay/runs no longer has, because it was deleted, reset or replaced, are put "
		   "back from refs/assay/keep; those that `assay rm` removed stay removed.\n"
		   "Exit: 1 when something is not in git yet.",
	.example = "  assay recover\n",
	.run = run,
};
