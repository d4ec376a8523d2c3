/* assay run: the user's command becomes a run. What is said goes to stderr: stdout is the command's. */
#include "command/command.h"
#include "command/figure.h"
#include "command/message.h"
#include "command/run_table.h"
#include "command/session.h"

#include "format/json.h"
#include "judge/words.h"
#include "record/repetition.h"
#include "track/run.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { NOT_STARTED = 125, MOST_REPETITIONS = 10000 };

struct run_command {
	const char *experiment, *name, *from;
	struct names params, tags, data;
	long long seed, seeds, splits, threads;
	int no_log, quiet;
};

static const struct run_command defaults = {.seed = -1, .seeds = -1, .splits = -1};

#define AT(field) offsetof(struct run_command, field)
static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "the experiment that the run belongs to", AT(experiment)},
	{"name", 0, OPTION_TEXT, "NAME", "the run's name (else the script's)", AT(name)},
	{"from", 0, OPTION_TEXT, "RUN", "say what changed against this run, not against the nearest earlier one",
	 AT(from)},
	{"param", 0, OPTION_WORDS, "K=V", "a parameter: ASSAY_PARAMS has it, {K} in the command is replaced",
	 AT(params)},
	{"tag", 0, OPTION_WORDS, "K=V", "a tag of the run", AT(tags)},
	{"data", 0, OPTION_WORDS, "FILE", "record this data file too, beside those of assay.yaml", AT(data)},
	{"seed", 0, OPTION_COUNT, "N", "ASSAY_SEED of the command; with --seeds the first one", AT(seed)},
	{"seeds", 0, OPTION_COUNT, "N", "run it N times with seeds one after another: mean, spread and interval",
	 AT(seeds)},
	{"splits", 0, OPTION_COUNT, "N", "run it on N random splits of the data, each with its ASSAY_SPLIT",
	 AT(splits)},
	{"no-log", 0, OPTION_FLAG, NULL, "keep nothing of what the command prints", AT(no_log)},
	{"threads", 0, OPTION_COUNT, "N", "how many processors to use for scoring (all)", AT(threads)},
	{"quiet", 'q', OPTION_FLAG, NULL, "say nothing but warnings", AT(quiet)},
	{0},
};
#undef AT

/* The first declared metric that the run has, else any; NULL: it has none. */
static const char *first_metric(const struct run *run, const struct experiment *experiment,
				const struct project *project)
{
	size_t n;
	const struct declared_metric *metric = experiment_metrics(&n, experiment, project);
	const char *name, *first = NULL;
	const json_t *value;
	double number;

	for (size_t i = 0; i < n; i++)
		if (run_metric(&number, run, metric[i].name))
			return metric[i].name;
	json_object_foreach((json_t *)(size_t)run_field(run, "reported"), name, value)
		first = !first || strcmp(name, first) < 0 ? name : first;
	return first;
}

/* "run train (3f2a91b), 5 seeds: f1 0.861, standard deviation 0.004, this recipe is better, on this training set" */
static void tell_run(const struct seen_run *seen, const struct experiment *experiment, const struct project *project)
{
	const struct run *run = &seen->run;
	const char *metric = first_metric(run, experiment, project), *status = run_text(run, "status");
	const char *verdict = metric ? run_verdict(run, metric, NULL) : NULL;
	const char *scope = json_string_value(json_object_get(run_comparison(run), "scope"));
	const json_t *spread = metric ? json_object_get(run_field(run, "spread"), metric) : NULL;
	const char *of = repetition_word(run_repetition(run));
	size_t n = json_array_size(run_field(run, "children"));
	struct buf text = BUF_INIT;
	double value;

	buf_printf(&text, "run %s (%.7s)", run_name(run), id_handle(run_id(run)));
	if (n)
		buf_printf(&text, ", %zu %.*s", n, (int)(strlen(of) - (n == 1)), of);
	if (strcmp(status, "finished") != 0)
		buf_printf(&text, " %s", status);
	if (metric && run_metric(&value, run, metric)) {
		buf_printf(&text, ": %s ", metric);
		figure_score(&text, metric, value, 1);
		buf_puts(&text, run_is_measured(run, metric) ? "" : " reported");
	}
	if (spread && json_number(&value, spread)) {
		buf_puts(&text, ", standard deviation ");
		figure_score(&text, metric, value, 1);
	}
	if (verdict)
		buf_printf(&text, "; %s", judge_words(scope, verdict));
	if (!text.failed)
		message_note("%s", text.text);
	buf_release(&text);
}

static void tell_snapshot(const struct run_report *report)
{
	struct buf text = BUF_INIT;

	if (report->snapshot_files) {
		buf_printf(&text, "kept with the run: %zu changed file%s of yours, ", report->snapshot_files,
			   report->snapshot_files == 1 ? "" : "s");
		figure_bytes(&text, (double)report->snapshot_bytes);
		if (!text.failed)
			message_note("%s", text.text);
	}
	if (report->left_out.n)
		message_note("the snapshot of your changed files leaves out %s%s", report->left_out.name[0],
			     report->left_out.n > 1 ? " and others: `assay show` names them" : "");
	buf_release(&text);
}

static void tell(const struct run_report *report, const struct run_command *cli, const struct experiment *experiment,
		 const struct project *project)
{
	if (!cli->quiet) {
		for (size_t i = 0; i < report->notes.n; i++)
			message_note("%s", report->notes.name[i]);
		tell_snapshot(report);
		if (report->made.n) /* of seeds the parent */
			tell_run(&report->made.item[0], experiment, project);
		for (size_t i = 0; i < report->changed.n; i++)
			message_note("%s", report->changed.name[i]);
	}
	for (size_t i = 0; i < report->warnings.n; i++)
		message_warning("%s", report->warnings.name[i]);
	if (report->waiting)
		message_warning("the run is not in git yet: %s; the next command that writes commits it",
				report->waiting);
}

/* As the command ended, so does assay: by the same signal. It returns only where that signal does not end a process. */
static void end_by(int number)
{
	const struct rlimit no_core = {0, 0};
	sigset_t set;

	fflush(NULL);
	(void)!setrlimit(RLIMIT_CORE, &no_core);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}

static int check(const struct run_command *cli, struct error *err)
{
	if (!cli->seeds || cli->seeds > MOST_REPETITIONS)
		return error_set(err, ERR_INPUT, "--seeds %lld: 1 to %d", cli->seeds, MOST_REPETITIONS);
	if (!cli->splits || cli->splits > MOST_REPETITIONS)
		return error_set(err, ERR_INPUT, "--splits %lld: 1 to %d", cli->splits, MOST_REPETITIONS);
	if (cli->threads > 1024)
		return error_set(err, ERR_INPUT, "--threads %lld: at most 1024", cli->threads);
	return 0;
}

static int run(const void *command, char *const *argument, struct error *err)
{
	const struct run_command *cli = command;
	const struct run_options options = {
		.argv = (const char *const *)argument,
		.name = cli->name,
		.from = cli->from,
		.params = &cli->params,
		.tags = &cli->tags,
		.data = &cli->data,
		.seed = cli->seed,
		.seeds = cli->seeds > 0 ? (unsigned)cli->seeds : 0,
		.splits = cli->splits > 0 ? (unsigned)cli->splits : 0,
		.no_log = cli->no_log,
		.threads = (unsigned)cli->threads,
	};
	struct run_report report = {0};
	struct experiment *experiment = NULL;
	struct session session = {0};
	int rc = check(cli, err), signalled = 0;

	if (!rc)
		rc = session_open_experiment(&session, &experiment, cli->experiment, err);
	if (!rc)
		rc = session_settle(&session, err);
	if (!rc)
		rc = track_run(&report, session.store, session.project, experiment, &options, err);
	if (!rc) {
		tell(&report, cli, experiment, session.project);
		signalled = report.signal;
		rc = report.exit;
	} else if (rc !=
		   ERR_INPUT) { /* wrong use is 2 as everywhere; else the command must not be taken for the failure */
		message_error(err);
		error_clear(err);
		rc = NOT_STARTED;
	}
	run_report_release(&report);
	experiment_free(experiment);
	session_close(&session);
	if (signalled)
		end_by(signalled);
	return rc;
}

const struct command command_run = {
	.name = "run",
	.summary = "run a command of yours and record it: what ran, on what, and what came out",
	.arguments = "[--] COMMAND...",
	.least = 1,
	.most = INT_MAX,
	.rest = 1,
	.details =
		"The command runs as it would without assay: its terminal, its exit code. It may write into the folder "
		"ASSAY_RUN_DIR: params.json, metrics.jsonl (an object a line: {\"step\": 3, \"loss\": 0.41}), "
		"metrics.json, predictions.csv, artifacts/...; `assay log` does the same from a shell. The run becomes "
		"a commit on the branch assay/runs, a failed or killed one too; your branches, index and files stay as "
		"they are.\n"
		"The command also sees ASSAY_RUN_ID, ASSAY_EXPERIMENT, ASSAY_SEED, ASSAY_PARAMS (a JSON file of "
		"--param) "
		"and ASSAY_SPLIT (a CSV id,part: the rows that the baselines were tested on).\n"
		"Exit: the command's own code, or its signal; 125 when assay could not start it, 126 when it cannot be "
		"run, 127 when there is no such program.",
	.example = "  assay run -- python3 train.py\n"
		   "  assay run --param depth=6 -- python3 train.py --depth {depth}\n"
		   "  assay run --seeds 5 -e churn -- ./train.sh\n"
		   "  assay run --splits 10 -- python3 train.py\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct run_command),
	.run = run,
};
