/* assay run: the user's command becomes a run. What is said goes to stderr: stdout is the command's. */
#include "command/command.h"
#include "command/message.h"
#include "command/run_tell.h"
#include "command/session.h"

#include <limits.h>

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
		run_tell(&report, cli->quiet, experiment, session.project);
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
		run_end_by(signalled);
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
