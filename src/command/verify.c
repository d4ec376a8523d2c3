/* assay verify: whether what is on record still is what was recorded. */
#include "command/command.h"
#include "command/figure.h"
#include "command/message.h"
#include "command/progress_bar.h"
#include "command/run_json.h"
#include "command/session.h"

#include "format/json.h"
#include "track/verify.h"

struct verify_command {
	int json;
};

static const struct option table[] = {
	{"json", 0, OPTION_FLAG, NULL, "print counts, problems and notes as JSON",
	 offsetof(struct verify_command, json)},
	{0},
};

static void put_text(struct buf *out, const char *text)
{
	buf_terminal(out, text, strlen(text));
}

static void put_problem(struct buf *out, const struct verify_problem *problem)
{
	if (problem->run) {
		put_text(out, problem->run);
		buf_puts(out, ": ");
	}
	put_text(out, problem->what);
	if (problem->commit) {
		buf_puts(out, " (commit ");
		buf_printf(out, "%.10s", problem->commit);
		if (problem->author) {
			buf_puts(out, " by ");
			put_text(out, problem->author);
		}
		buf_putc(out, ')');
	}
	buf_putc(out, '\n');
}

static void put_count(struct buf *out, const char *before, size_t n, const char *one, const char *many)
{
	buf_puts(out, before);
	figure_count(out, (double)n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

static int print_text(const struct verify_report *report, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < report->problems; i++)
		put_problem(&out, &report->problem[i]);
	put_count(&out, "", report->runs, "run", "runs");
	put_count(&out, ", ", report->artifacts, "file", "files");
	put_count(&out, ", ", report->code_states, "code state", "code states");
	if (report->signatures)
		put_count(&out, ", ", report->signatures, "signature", "signatures");
	buf_puts(&out, " checked");
	if (report->removed)
		put_count(&out, "; ", report->removed, "run removed by `assay rm`", "runs removed by `assay rm`");
	if (report->elsewhere)
		put_count(&out, "; ", report->elsewhere, "file is not on this machine",
			  "files are not on this machine");
	if (report->problems)
		put_count(&out, ": ", report->problems, "problem", "problems");
	else
		buf_puts(&out, ": all as recorded");
	buf_putc(&out, '\n');
	rc = message_print_buf(&out, err);
	buf_release(&out);
	for (size_t i = 0; i < report->notes.n; i++)
		message_note("%s", report->notes.name[i]);
	return rc;
}

static int add_text(json_t *object, const char *key, const char *text, struct error *err)
{
	return text ? json_set_text(object, key, text, err) : 0;
}

static int add_problem(json_t *list, const struct verify_problem *problem, struct error *err)
{
	json_t *item = json_object();
	int rc = item ? add_text(item, "run", problem->run, err) : error_nomem(err);

	if (!rc)
		rc = add_text(item, "what", problem->what, err);
	if (!rc)
		rc = add_text(item, "commit", problem->commit, err);
	if (!rc)
		rc = add_text(item, "author", problem->author, err);
	if (!rc && json_array_append(list, item) < 0)
		rc = error_nomem(err);
	json_decref(item);
	return rc;
}

static int print_as_json(const struct verify_report *report, struct error *err)
{
	json_t *problems = json_array(), *notes = json_array();
	json_t *out = problems && notes
			      ? json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:O, s:O}", "runs", (json_int_t)report->runs,
					  "files", (json_int_t)report->artifacts, "code_states",
					  (json_int_t)report->code_states, "signatures", (json_int_t)report->signatures,
					  "removed", (json_int_t)report->removed, "elsewhere",
					  (json_int_t)report->elsewhere, "problems", problems, "notes", notes)
			      : NULL;
	int rc = out ? 0 : error_nomem(err);

	for (size_t i = 0; !rc && i < report->problems; i++)
		rc = add_problem(problems, &report->problem[i], err);
	for (size_t i = 0; !rc && i < report->notes.n; i++)
		if (json_array_append_new(notes, json_string(report->notes.name[i])) < 0)
			rc = error_nomem(err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(out);
	json_decref(problems);
	json_decref(notes);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct verify_command *cli = options;
	struct verify_report report = {0};
	struct session session = {0};
	struct progress_bar bar;
	struct progress *progress = progress_bar_start(&bar);
	int rc = session_open(&session, err);

	(void)argument;
	if (!rc)
		rc = track_verify(&report, session.store, progress, err);
	progress_bar_end(&bar);
	if (!rc)
		rc = cli->json ? print_as_json(&report, err) : print_text(&report, err);
	if (!rc && report.problems)
		rc = 1;
	verify_report_release(&report);
	session_close(&session);
	return rc;
}

const struct command command_verify = {
	.name = "verify",
	.summary = "check that every run on record still is what was recorded",
	.arguments = "",
	.details = "Reads every run of the branch: its record against the schema and its place, each file against its "
		   "sha256, the "
		   "branch's history for commits that changed or dropped a run after it had been committed (named, "
		   "with their "
		   "author), what refs/assay/keep holds against the branch, the code of each run, and signatures where "
		   "commits "
		   "carry some. Exit 1 where anything is not as it was recorded.",
	.example = "  assay verify\n"
		   "  assay verify --json | jq '.problems[]'\n",
	.options = table,
	.size = sizeof(struct verify_command),
	.run = run,
};
