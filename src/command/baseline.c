/* assay baseline: train the baselines and show what a model has to beat. */
#include "command/command.h"
#include "command/figure.h"
#include "command/message.h"
#include "command/progress_bar.h"
#include "command/run_json.h"
#include "command/run_table.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/repetition.h"
#include "track/baseline.h"

#include <math.h>
#include <unistd.h>

enum { MOST_REPETITIONS = 1000 };

struct baseline_command {
	const char *data, *target, *positive, *id, *task, *experiment;
	struct names features, drop;
	double test;
	long long seed, seeds, splits, threads;
	int again, json;
};

static const struct baseline_command defaults = {.test = NAN, .seed = -1, .seeds = -1, .splits = -1};

#define AT(field) offsetof(struct baseline_command, field)
static const struct option table[] = {
	{"data", 0, OPTION_TEXT, "FILE", "CSV file with a header line; - reads standard input", AT(data)},
	{"target", 0, OPTION_TEXT, "COLUMN", "the column to be predicted", AT(target)},
	{"positive", 0, OPTION_TEXT, "VALUE", "of two classes the positive one (else yes, true or 1, else the rarer)",
	 AT(positive)},
	{"id", 0, OPTION_TEXT, "COLUMN", "the column that names a row (else its number in the file)", AT(id)},
	{"task", 0, OPTION_TEXT, "TASK", "classification: also for a target with more than 20 numbers", AT(task)},
	{"features", 0, OPTION_LIST, "A,B", "learn from these columns only", AT(features)},
	{"drop", 0, OPTION_LIST, "A,B", "learn from all columns but these", AT(drop)},
	{"experiment", 'e', OPTION_TEXT, "NAME", "the experiment that the runs belong to", AT(experiment)},
	{"test", 0, OPTION_NUMBER, "SHARE", "the share of rows held out for the test (0.2)", AT(test)},
	{"seed", 0, OPTION_COUNT, "N", "of the split and the models; it fixes every figure (0)", AT(seed)},
	{"seeds", 0, OPTION_COUNT, "N", "train those that chance is in on N seeds: mean, spread and interval",
	 AT(seeds)},
	{"splits", 0, OPTION_COUNT, "N", "train all of them on N random splits, as `assay run --splits` does",
	 AT(splits)},
	{"threads", 0, OPTION_COUNT, "N", "how many processors to use (all); no figure depends on it", AT(threads)},
	{"again", 0, OPTION_FLAG, NULL, "train also what is on record already", AT(again)},
	{"json", 0, OPTION_FLAG, NULL, "print the runs as JSON, as `assay ls --json` does", AT(json)},
	{0},
};
#undef AT

/* "7,043 rows, 19 features; 1,409 rows held out for the test" */
static void put_sizes(struct buf *out, const struct baseline_report *report)
{
	figure_count(out, (double)report->rows);
	buf_printf(out, " rows, %zu %s; tested on ", report->features, report->features == 1 ? "feature" : "features");
	figure_count(out, (double)report->test_rows);
	buf_puts(out, " of them that no model has seen");
	if (report->made.n && run_repetition(&report->made.item[0].run) == REPETITION_SPLITS)
		buf_printf(out, ", on each of %zu splits",
			   json_array_size(run_field(&report->made.item[0].run, "children")));
	buf_putc(out, '\n');
}

static const struct seen_run *best_of(const struct baseline_report *report)
{
	for (size_t i = 0; report->best && i < report->made.n; i++)
		if (!strcmp(run_name(&report->made.item[i].run), report->best))
			return &report->made.item[i];
	return NULL;
}

/* What was found, in a sentence. */
static void put_answer(struct buf *out, const struct terminal *terminal, const struct baseline_report *report)
{
	const struct seen_run *best = best_of(report);
	struct buf text = BUF_INIT, safe = BUF_INIT;
	double value;

	if (!best || !json_number(&value, json_object_get(run_field(&best->run, "measured"), report->metric)))
		return;
	buf_printf(&text, "to beat: %s, %s ", report->best, report->metric);
	figure_score(&text, report->metric, value, 1);
	buf_terminal(&safe, text.text, text.len);
	terminal_paint(out, terminal, PAINT_STRONG, safe.text);
	buf_putc(out, '\n');
	out->failed |= text.failed || safe.failed;
	buf_release(&text);
	buf_release(&safe);
}

static int put_table(struct buf *out, const struct baseline_report *report, const struct session *session,
		     const struct experiment *experiment, const struct terminal *terminal, struct error *err)
{
	const struct seen_run **list = mem_array(report->made.n, sizeof(struct seen_run *)), *best = best_of(report);
	struct run_table runs = {
		.run = list, .n = report->made.n, .against = report->against, .best = best ? run_id(&best->run) : NULL};
	int rc;

	if (!list)
		return error_nomem(err);
	for (size_t i = 0; i < report->made.n; i++)
		list[i] = &report->made.item[i];
	runs.metric = experiment_metrics(&runs.metrics, experiment, session->project);
	rc = run_table_write(out, &runs, terminal, 0, "`assay show RUN` has them", err);
	free(list);
	return rc;
}

static void tell_notes(const struct baseline_report *report)
{
	for (size_t i = 0; i < report->notes.n; i++)
		message_note("%s", report->notes.name[i]);
	if (report->left_out.n)
		message_note("the snapshot of your changed files leaves out %s%s", report->left_out.name[0],
			     report->left_out.n > 1 ? " and others: `assay show RUN` names them" : "");
	if (report->shown && report->shown == report->made.n)
		message_note("all of these are on record already, with this data, split and seed; --again trains them "
			     "again");
	else if (report->shown)
		message_note("%zu of these are on record already and were not trained again; --again does",
			     report->shown);
	if (report->waiting)
		message_warning("the runs are not in git yet: %s; the next command that writes commits them",
				report->waiting);
}

static int print_report(const struct baseline_report *report, const struct session *session,
			const struct experiment *experiment, struct error *err)
{
	struct terminal terminal;
	struct buf out = BUF_INIT;
	int rc;

	terminal_look(&terminal, STDOUT_FILENO);
	put_sizes(&out, report);
	buf_putc(&out, '\n');
	rc = put_table(&out, report, session, experiment, &terminal, err);
	buf_putc(&out, '\n');
	put_answer(&out, &terminal, report);
	if (!rc)
		rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int print_as_json(const struct baseline_report *report, struct error *err)
{
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t i = 0; i < report->made.n && !rc; i++) {
		json_t *one = NULL;

		rc = run_json(&one, &report->made.item[i], report->metric, NULL, err);
		if (!rc && json_array_append_new(list, one) < 0)
			rc = error_nomem(err);
	}
	if (!rc)
		rc = print_json(list, err);
	json_decref(list);
	return rc;
}

static int train(struct baseline_report *report, struct session *session, const struct baseline_command *cli,
		 const struct experiment *experiment, struct error *err)
{
	const struct baseline_options options = {
		.data = cli->data,
		.target = cli->target,
		.positive = cli->positive,
		.id = cli->id,
		.task = cli->task,
		.features = cli->features.n ? &cli->features : NULL,
		.drop = cli->drop.n ? &cli->drop : NULL,
		.command = command_line(),
		.test = cli->test,
		.seed = cli->seed,
		.seeds = cli->seeds > 0 ? (unsigned)cli->seeds : 0,
		.splits = cli->splits > 0 ? (unsigned)cli->splits : 0,
		.threads = (unsigned)cli->threads,
		.again = cli->again,
	};
	struct progress_bar bar;
	int rc = track_baseline(report, session->store, session->project, experiment, &options,
				progress_bar_start(&bar), err);

	progress_bar_end(&bar);
	return rc;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct baseline_command *cli = options;
	struct baseline_report report = {0};
	struct experiment *experiment = NULL;
	struct session session = {0};
	int rc;

	(void)argument;
	if (!cli->seeds || cli->seeds > MOST_REPETITIONS)
		return error_set(err, ERR_INPUT, "--seeds %lld: 1 to %d", cli->seeds, MOST_REPETITIONS);
	if (!cli->splits || cli->splits > MOST_REPETITIONS)
		return error_set(err, ERR_INPUT, "--splits %lld: 1 to %d", cli->splits, MOST_REPETITIONS);
	if (cli->threads > 1024)
		return error_set(err, ERR_INPUT, "--threads %lld: at most 1024", cli->threads);
	rc = session_open_experiment(&session, &experiment, cli->experiment, err);
	if (!rc)
		rc = session_settle(&session, err);
	if (!rc)
		rc = train(&report, &session, cli, experiment, err);
	if (rc < 0)
		goto out;
	tell_notes(&report);
	rc = cli->json ? print_as_json(&report, err) : print_report(&report, &session, experiment, err);
	if (!rc && report.failed)
		rc = error_set(err, ERR_MACHINE, "%zu of %zu baselines could not be trained: `assay show` says why",
			       report.failed, report.made.n);
out:
	baseline_report_release(&report);
	experiment_free(experiment);
	session_close(&session);
	return rc;
}

const struct command command_baseline = {
	.name = "baseline",
	.summary = "train the models that a new one has to beat, and record each as a run",
	.arguments = "",
	.details = "Splits the rows, trains the majority class, logistic regression and a random forest, for two "
		   "classes also "
		   "with the cut that is best for the first metric, measures them on the rows held out, and commits "
		   "every run on "
		   "the branch assay/runs. Your branches, index and files stay as they are.\n"
		   "What is not given comes from the experiment's file, then from assay.yaml. What is on record "
		   "already is shown "
		   "and not trained again.",
	.example = "  assay baseline --data churn.csv --target churn\n"
		   "  assay baseline --drop contract -e without-contract\n"
		   "  assay baseline --splits 10\n"
		   "  zcat churn.csv.gz | assay baseline --data - --target churn\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct baseline_command),
	.run = run,
};
