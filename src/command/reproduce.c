/* assay reproduce: the same code, data and parameters again, and whether the figures come out the same. */
#include "command/command.h"
#include "command/figure.h"
#include "command/grid.h"
#include "command/message.h"
#include "command/progress_bar.h"
#include "command/run_json.h"
#include "command/session.h"

#include "format/json.h"
#include "format/number.h"
#include "track/reproduce.h"

#include <math.h>
#include <unistd.h>

struct reproduce_command {
	const char *experiment;
	double tolerance;
	long long threads;
	int keep, verbose, json;
};

static const struct option table[] = {
	{"tolerance", 0, OPTION_NUMBER, "SHARE", "relative difference that still counts as the same; 1e-9 without it",
	 offsetof(struct reproduce_command, tolerance)},
	{"keep", 0, OPTION_FLAG, NULL, "leave the work tree where it ran, and say where",
	 offsetof(struct reproduce_command, keep)},
	{"verbose", 'v', OPTION_FLAG, NULL, "show what the command prints",
	 offsetof(struct reproduce_command, verbose)},
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the name in this experiment first",
	 offsetof(struct reproduce_command, experiment)},
	{"threads", 0, OPTION_COUNT, "N", "threads to use; the figures do not depend on it",
	 offsetof(struct reproduce_command, threads)},
	{"json", 0, OPTION_FLAG, NULL, "print the comparison as JSON", offsetof(struct reproduce_command, json)},
	{0},
};

static const struct reproduce_command defaults = {.tolerance = NAN};

static const char *word_of(enum reproduced outcome)
{
	static const char *const words[] = {"identical", "within tolerance", "different", "missing"};

	return words[outcome];
}

static void number_cell(struct grid *grid, double value, int there)
{
	char text[NUMBER_TEXT];

	number_text(text, value);
	grid_cell(grid, there ? text : NULL, PAINT_NONE);
}

static int print_table(struct buf *out, const struct reproduce_report *report, struct error *err)
{
	struct grid *grid = grid_new();
	struct terminal terminal;
	int rc;

	if (!grid)
		return error_nomem(err);
	terminal_look(&terminal, STDOUT_FILENO);
	grid_column(grid, "metric", GRID_LEFT, 0);
	grid_column(grid, "then", GRID_POINT, 0);
	grid_column(grid, "now", GRID_POINT, 0);
	grid_column(grid, "outcome", GRID_LEFT, 0);
	for (size_t i = 0; i < report->metrics; i++) {
		const struct reproduced_metric *metric = &report->metric[i];
		int missing = metric->outcome == REPRODUCED_MISSING, bad = metric->outcome >= REPRODUCED_DIFFERENT;

		grid_cell(grid, metric->name, PAINT_NONE);
		number_cell(grid, metric->before, !missing || !isnan(metric->before));
		number_cell(grid, metric->now, !missing || !isnan(metric->now));
		grid_cell(grid, metric->varies ? "a duration" : word_of(metric->outcome),
			  metric->varies ? PAINT_QUIET
			  : bad          ? PAINT_BAD
					 : PAINT_GOOD);
	}
	rc = grid_write(out, grid, &terminal, 0, "--json", err);
	grid_free(grid);
	return rc;
}

static int print_text(const struct reproduce_report *report, const struct run *original, struct error *err)
{
	const struct run *now = &report->made.item[0].run;
	struct buf out = BUF_INIT;
	int rc = report->metrics ? print_table(&out, report, err) : 0;

	for (size_t i = 0; i < report->notes.n; i++)
		message_note("%s", report->notes.name[i]);
	if (report->waiting)
		message_warning("the new run is not in git yet: %s", report->waiting);
	if (report->worktree)
		message_note("the work tree is %s; `git worktree remove --force` takes it away", report->worktree);
	buf_printf(&out, "%.7s repeats %.7s: %s\n", id_handle(run_id(now)), id_handle(run_id(original)),
		   word_of(report->outcome));
	if (!rc)
		rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int add_number(json_t *object, const char *key, double value, struct error *err)
{
	return isnan(value) ? 0 : json_set_number(object, key, value, err);
}

static int add_metric(json_t *list, const struct reproduced_metric *metric, struct error *err)
{
	json_t *item = json_object();
	int rc = item ? json_set_text(item, "name", metric->name, err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(item, "source", metric->reported ? "reported" : "measured", err);
	if (!rc)
		rc = add_number(item, "then", metric->before, err);
	if (!rc)
		rc = add_number(item, "now", metric->now, err);
	if (!rc)
		rc = json_set_text(item, "outcome", metric->varies ? "duration" : word_of(metric->outcome), err);
	if (!rc && json_array_append(list, item) < 0)
		rc = error_nomem(err);
	json_decref(item);
	return rc;
}

static int print_as_json(const struct reproduce_report *report, const struct run *original, struct error *err)
{
	json_t *out = json_object(), *list = json_array(), *notes = json_array();
	int rc = out && list && notes ? json_set_text(out, "id", run_id(&report->made.item[0].run), err)
				      : error_nomem(err);

	if (!rc)
		rc = json_set_text(out, "reproduces", run_id(original), err);
	if (!rc)
		rc = json_set_text(out, "outcome", word_of(report->outcome), err);
	for (size_t i = 0; !rc && i < report->metrics; i++)
		rc = add_metric(list, &report->metric[i], err);
	for (size_t i = 0; !rc && i < report->notes.n; i++)
		if (json_array_append_new(notes, json_string(report->notes.name[i])) < 0)
			rc = error_nomem(err);
	if (!rc)
		rc = json_set(out, "metrics", json_incref(list), err);
	if (!rc)
		rc = json_set(out, "notes", json_incref(notes), err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(out);
	json_decref(list);
	json_decref(notes);
	return rc;
}

static int reproduce(struct session *session, const struct reproduce_command *cli, const char *name, struct error *err)
{
	const struct reproduce_options options = {.tolerance = cli->tolerance,
						  .keep = cli->keep,
						  .loud = cli->verbose,
						  .threads = (unsigned)cli->threads};
	struct reproduce_report report = {0};
	struct seen_run *seen = NULL;
	struct progress_bar bar;
	struct progress *progress;
	int rc = session_find(&seen, session, name, cli->experiment, err);

	if (rc < 0)
		return rc;
	progress = progress_bar_start(&bar);
	rc = track_reproduce(&report, session->store, session->project, seen, &options, progress, err);
	progress_bar_end(&bar);
	if (!rc)
		rc = cli->json ? print_as_json(&report, &seen->run, err) : print_text(&report, &seen->run, err);
	if (!rc && report.outcome >= REPRODUCED_DIFFERENT)
		rc = 1;
	reproduce_report_release(&report);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	struct session session = {0};
	int rc = session_open(&session, err);

	if (!rc)
		rc = session_settle(&session, err);
	if (!rc)
		rc = session_runs(&session, err);
	if (!rc)
		rc = reproduce(&session, options, argument[0], err);
	session_close(&session);
	return rc;
}

const struct command command_reproduce = {
	.name = "reproduce",
	.summary = "run the same code, data and parameters again and compare the figures",
	.arguments = "RUN",
	.least = 1,
	.most = 1,
	.details = "Puts the code of RUN into a temporary work tree, with its data where their sha256 is still that of "
		   "the record, runs "
		   "the recorded command there (or trains the baseline again) and compares metric by metric: "
		   "identical, within "
		   "tolerance, or different. Durations are shown and not judged. Your own work tree is not touched. "
		   "What came out is "
		   "recorded as a run whose parent is RUN. Exit 1: different.",
	.example = "  assay reproduce best\n"
		   "  assay reproduce 3f2a91b --tolerance 1e-6 -v\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct reproduce_command),
	.run = run,
};
