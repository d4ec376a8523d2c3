/* assay site: build the pages. */
#include "command/command.h"
#include "command/message.h"
#include "command/progress_bar.h"
#include "command/session.h"

#include "site/site.h"

struct site_command {
	const char *output;
	int no_charts;
};

static const struct option table[] = {
	{"output", 'o', OPTION_TEXT, "DIR", "build into DIR instead of the project's folder (site/)",
	 offsetof(struct site_command, output)},
	{"no-charts", 0, OPTION_FLAG, NULL, "leave the charts out: faster, and needs no gnuplot",
	 offsetof(struct site_command, no_charts)},
	{0},
};

static int tell(const struct site_report *report, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < report->problems.n; i++)
		message_warning("%s", report->problems.name[i]);
	buf_printf(&out, "%zu %s, %zu %s: ", report->pages, report->pages == 1 ? "page" : "pages", report->charts,
		   report->charts == 1 ? "chart" : "charts");
	buf_terminal(&out, report->index, strlen(report->index));
	buf_putc(&out, '\n');
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct site_command *cli = options;
	const struct site_options site = {.output = cli->output, .charts = !cli->no_charts};
	struct site_report report = {0};
	struct session session = {0};
	struct progress_bar bar;
	int rc;

	(void)argument;
	rc = session_open(&session, err);
	if (!rc)
		rc = session_tell_rewritten(&session, err);
	if (rc < 0)
		goto out;
	rc = site_build(&report, session.store, session.project, &site, progress_bar_start(&bar), err);
	progress_bar_end(&bar);
	if (!rc)
		rc = tell(&report, err);
	if (!rc && report.problems.n)
		rc = error_exit(ERR_MACHINE);
out:
	site_report_release(&report);
	session_close(&session);
	return rc;
}

const struct command command_site = {
	.name = "site",
	.summary = "build the pages: overview, experiments, runs",
	.arguments = "",
	.details = "Reads the runs from git and the experiments from the work tree, and writes static pages that open "
		   "from the "
		   "file system, from a zip or from any host. Ends with 3 when a page or chart failed and the rest is "
		   "built.",
	.example = "  assay site\n"
		   "  assay site -o /tmp/review --no-charts\n",
	.options = table,
	.size = sizeof(struct site_command),
	.run = run,
};
