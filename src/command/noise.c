/* assay noise: how much the figures of one command vary when nothing but its seed, or its split, does. */
#include "command/command.h"
#include "command/figure.h"
#include "command/grid.h"
#include "command/message.h"
#include "command/run_json.h"
#include "command/run_tell.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/noise.h"
#include "record/catalog.h"
#include "track/record_parts.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

enum { SEEDS = 5, MOST_REPETITIONS = 10000 };

struct noise_command {
	const char *experiment, *name;
	struct names params, data;
	long long seed, seeds, splits, threads;
	int json;
};

static const struct noise_command defaults = {.seed = -1, .seeds = -1, .splits = -1};

#define AT(field) offsetof(struct noise_command, field)
static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "the experiment that the runs belong to", AT(experiment)},
	{"name", 0, OPTION_TEXT, "NAME", "the name of the runs (else the script's)", AT(name)},
	{"param", 0, OPTION_WORDS, "K=V", "a parameter: ASSAY_PARAMS has it, {K} in the command is replaced",
	 AT(params)},
	{"data", 0, OPTION_WORDS, "FILE", "record this data file too, beside those of assay.yaml", AT(data)},
	{"seed", 0, OPTION_COUNT, "N", "the first seed (0); with --splits that of every run", AT(seed)},
	{"seeds", 0, OPTION_COUNT, "N", "run it with N seeds, the split held (5)", AT(seeds)},
	{"splits", 0, OPTION_COUNT, "N", "run it on N random splits of the data", AT(splits)},
	{"threads", 0, OPTION_COUNT, "N", "how many processors to use for scoring (all)", AT(threads)},
	{"json", 0, OPTION_FLAG, NULL, "print the figures as JSON; what the command prints goes to its log alone",
	 AT(json)},
	{0},
};
#undef AT

struct measured_noise {
	const struct run *parent;
	struct noise noise;
};

static int check(const struct noise_command *cli, int with_command, struct error *err)
{
	if (cli->seeds >= 0 && cli->splits >= 0)
		return error_set(err, ERR_INPUT, "--seeds and --splits are two kinds of repetition: give one of them");
	if (with_command && ((cli->seeds >= 0 && cli->seeds < 2) || cli->seeds > MOST_REPETITIONS))
		return error_set(err, ERR_INPUT, "--seeds %lld: 2 to %d", cli->seeds, MOST_REPETITIONS);
	if (with_command && ((cli->splits >= 0 && cli->splits < 2) || cli->splits > MOST_REPETITIONS))
		return error_set(err, ERR_INPUT, "--splits %lld: 2 to %d", cli->splits, MOST_REPETITIONS);
	if (cli->threads > 1024)
		return error_set(err, ERR_INPUT, "--threads %lld: at most 1024", cli->threads);
	return 0;
}

static int measure(struct noise *out, const struct runs *runs, const struct run *parent, struct error *err)
{
	size_t all = json_array_size(run_field(parent, "children")), n = 0;
	const struct run **child = mem_array(all, sizeof(struct run *));
	int rc = child ? 0 : error_nomem(err);

	for (size_t i = 0; i < all && !rc; i++) {
		const struct seen_run *seen = runs_child(runs, parent, i);

		if (seen)
			child[n++] = &seen->run;
	}
	if (!rc)
		rc = judge_noise(out, parent, child, n, err);
	free(child);
	return rc;
}

static void put_varies(struct buf *out, const struct noise *noise)
{
	if (noise->same && noise->of == REPETITION_SEEDS) {
		buf_puts(out, "the seed changes nothing here; training noise not measured: `assay noise --splits 10 -- "
			      "...` measures it\n");
	} else if (noise->of == REPETITION_SEEDS) {
		buf_puts(out,
			 "Two single runs that differ by more than the last column differ by more than their seeds "
			 "explain. This is the noise of seeds alone, on one training set; `assay noise --splits "
			 "10 -- ...` shows that of training rows too.\n");
	} else {
		buf_puts(out, "Two single runs, each on a split of its own, that differ by more than the last column "
			      "differ by more than their rows explain. This is the noise of training rows and of test "
			      "rows, and of the seed where the command draws its own.\n");
	}
}

static void put_row(struct grid *grid, const struct noise_metric *metric, struct buf *text)
{
	grid_cell(grid, metric->name, PAINT_NONE);
	buf_clear(text);
	figure_score(text, metric->name, metric->mean, 0);
	grid_cell(grid, text->text, PAINT_NONE);
	buf_clear(text);
	figure_score(text, metric->name, metric->sd, 0);
	grid_cell(grid, text->text, PAINT_STRONG);
	buf_clear(text);
	if (metric->same) {
		buf_puts(text, "always the same");
	} else {
		buf_putc(text, '[');
		figure_score(text, metric->name, metric->sd_low, 0);
		buf_puts(text, ", ");
		figure_score(text, metric->name, metric->sd_high, 0);
		buf_putc(text, ']');
	}
	grid_cell(grid, text->text, PAINT_QUIET);
	buf_clear(text);
	if (!isnan(metric->rows_half)) {
		buf_puts(text, "\xc2\xb1");
		figure_score(text, metric->name, metric->rows_half, 0);
	}
	grid_cell(grid, text->text, PAINT_QUIET);
	buf_clear(text);
	figure_score(text, metric->name, metric->least, 0);
	grid_cell(grid, text->text, PAINT_STRONG);
}

/* The metrics of the experiment first. */
static int is_declared(const struct declared_metric *declared, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(declared[i].name, name))
			return 1;
	return 0;
}

static int put_table(struct buf *out, const struct noise *noise, const struct declared_metric *declared, size_t n,
		     const struct terminal *terminal, struct error *err)
{
	struct grid *grid = grid_new();
	struct buf text = BUF_INIT;
	int rc;

	if (!grid)
		return error_nomem(err);
	grid_column(grid, "metric", GRID_LEFT, 0);
	grid_column(grid, "mean", GRID_POINT, 0);
	grid_column(grid, "sd", GRID_POINT, 0);
	grid_column(grid, "its 95 % interval", GRID_LEFT, 2);
	grid_column(grid, "test rows alone", GRID_POINT, 1);
	grid_column(grid, "beyond noise", GRID_POINT, 0);
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < noise->n; i++)
			if (is_declared(declared, n, noise->metric[i].name) == first)
				put_row(grid, &noise->metric[i], &text);
	rc = buf_check(&text, err);
	if (!rc)
		rc = grid_write(out, grid, terminal, 0, "--json has all", err);
	buf_release(&text);
	grid_free(grid);
	return rc;
}

static int print_table(const struct measured_noise *measured, const struct session *session,
		       const struct experiment *experiment, struct error *err)
{
	const struct noise *noise = &measured->noise;
	struct buf out = BUF_INIT, head = BUF_INIT, varies = BUF_INIT;
	struct terminal terminal;
	size_t n;
	const struct declared_metric *declared = experiment_metrics(&n, experiment, session->project);
	int rc;

	terminal_look(&terminal, STDOUT_FILENO);
	buf_printf(&head, "%s/%s (%.7s): %zu %s", run_experiment(measured->parent), run_name(measured->parent),
		   id_handle(run_id(measured->parent)), noise->repetitions, repetition_word(noise->of));
	buf_terminal(&out, head.text, head.len);
	buf_puts(&out, "\n\n");
	rc = put_table(&out, noise, declared, n, &terminal, err);
	put_varies(&varies, noise);
	buf_putc(&out, '\n');
	terminal_wrap(&out, varies.text, 0, 0, terminal.columns);
	out.failed |= head.failed || varies.failed;
	if (!rc)
		rc = message_print_buf(&out, err);
	buf_release(&out);
	buf_release(&head);
	buf_release(&varies);
	return rc;
}

static int metric_as_json(json_t *all, const struct noise_metric *metric, struct error *err)
{
	json_t *one = json_pack("{s:s, s:f, s:f, s:f, s:b}", "source", metric->measured ? "measured" : "reported",
				"mean", metric->mean, "sd", metric->sd, "least_difference", metric->least, "same",
				metric->same);
	int rc = one ? 0 : error_nomem(err);

	if (!rc && !metric->same)
		rc = json_set(one, "sd_interval", json_pack("[f, f]", metric->sd_low, metric->sd_high), err);
	if (!rc && !isnan(metric->rows_half))
		rc = json_set_number(one, "rows_half_width", metric->rows_half, err);
	if (!rc)
		return json_set(all, metric->name, one, err);
	json_decref(one);
	return rc;
}

static int print_as_json(const struct measured_noise *measured, struct error *err)
{
	const struct noise *noise = &measured->noise;
	json_t *out = json_pack("{s:s, s:s, s:I, s:b, s:{}}", "run", run_id(measured->parent), "of",
				repetition_word(noise->of), "repetitions", (json_int_t)noise->repetitions, "same",
				noise->same, "metrics");
	int rc = out ? 0 : error_nomem(err);

	for (size_t i = 0; i < noise->n && !rc; i++)
		rc = metric_as_json(json_object_get(out, "metrics"), &noise->metric[i], err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(out);
	return rc;
}

static int print(const struct measured_noise *measured, const struct noise_command *cli, const struct session *session,
		 const struct experiment *experiment, struct error *err)
{
	return cli->json ? print_as_json(measured, err) : print_table(measured, session, experiment, err);
}

/* Run it, and measure: what the command's exit is, so is assay's. */
static int run_and_print(int *signalled, const struct noise_command *cli, char *const *argument,
			 struct session *session, const struct experiment *experiment, struct error *err)
{
	struct names tags = {0};
	const struct run_options options = {
		.argv = (const char *const *)argument,
		.name = cli->name,
		.params = &cli->params,
		.tags = &tags,
		.data = &cli->data,
		.seed = cli->seed,
		.seeds = cli->splits > 0  ? 0
			 : cli->seeds > 0 ? (unsigned)cli->seeds
					  : SEEDS,
		.splits = cli->splits > 0 ? (unsigned)cli->splits : 0,
		.threads = (unsigned)cli->threads,
		.silent = cli->json,
	};
	struct measured_noise measured = {0};
	struct run_report report = {0};
	int rc = session_settle(session, err);

	if (!rc)
		rc = names_add(&tags, options.splits ? "noise=splits" : "noise=seeds", err);
	if (!rc)
		rc = track_run(&report, session->store, session->project, experiment, &options, err);
	names_free(&tags);
	if (rc < 0)
		return rc;
	run_tell(&report, 0, experiment, session->project);
	*signalled = report.signal;
	measured.parent = &report.made.item[0].run;
	if (!*signalled) {
		rc = measure(&measured.noise, &report.made, measured.parent, err);
		if (!rc)
			rc = print(&measured, cli, session, experiment, err);
	}
	if (rc < 0 && report.exit) { /* the command's own exit counts, and why there are no figures is said */
		message_error(err);
		error_clear(err);
	}
	if (report.exit)
		rc = report.exit;
	noise_release(&measured.noise);
	run_report_release(&report);
	return rc;
}

/* The newest parent with figures of the experiment, of the kind asked for. */
static struct seen_run *latest(struct runs *runs, const struct noise_command *cli, const char *experiment)
{
	for (size_t i = runs->n; i-- > 0;) {
		const struct run *run = &runs->item[i].run;
		enum repetition of = run_repetition(run);

		if (of != REPETITION_NONE && !strcmp(run_experiment(run), experiment) &&
		    !strcmp(run_text(run, "kind"), "run") && !strcmp(run_text(run, "status"), "finished") &&
		    (run_field(run, "measured") || run_field(run, "reported")) &&
		    !(cli->seeds >= 0 && of != REPETITION_SEEDS) && !(cli->splits >= 0 && of != REPETITION_SPLITS))
			return &runs->item[i];
	}
	return NULL;
}

/* The figures are those of the code of then: said where that is not the code of now. */
static int tell_changed(const struct run *run, const struct session *session, struct error *err)
{
	static const char *const nothing[] = {NULL};
	const struct store_code_options options = {.snapshot = SNAPSHOT_NONE, .ignore = nothing};
	struct store_code code = {0};
	int rc = store_code_state(&code, session->store, &options, err);

	if (!rc && (strcmp(code.tree, run_text(run, "code.tree")) != 0 ||
		    code.dirty != json_is_true(run_field(run, "code.dirty"))))
		message_note("the code is not that of this run any more: `assay noise -- COMMAND` measures anew");
	store_code_release(&code);
	return rc;
}

/* Records of the catalog lack most intervals: the whole ones are read. */
static int complete(struct runs *runs, struct seen_run *parent, struct store *store, struct error *err)
{
	int rc = runs_complete(parent, store, runs, err);

	for (size_t i = 0; i < json_array_size(run_field(&parent->run, "children")) && !rc; i++) {
		const struct seen_run *child = runs_child(runs, &parent->run, i);

		if (child)
			rc = runs_complete(&runs->item[child - runs->item], store, runs, err);
	}
	return rc;
}

static int print_latest(const struct noise_command *cli, struct session *session, const struct experiment *experiment,
			struct error *err)
{
	struct measured_noise measured = {0};
	struct seen_run *parent;
	int rc = session_runs(session, err);

	if (rc < 0)
		return rc;
	parent = latest(&session->runs, cli, experiment->name);
	if (!parent) {
		rc = error_set(err, ERR_INPUT, "no run of %s was repeated%s yet", experiment->name,
			       cli->splits >= 0  ? " on splits"
			       : cli->seeds >= 0 ? " by seeds"
						 : "");
		error_hint(err, "assay noise -- python3 train.py");
		return rc;
	}
	rc = complete(&session->runs, parent, session->store, err);
	measured.parent = &parent->run;
	if (!rc)
		rc = measure(&measured.noise, &session->runs, measured.parent, err);
	if (!rc)
		rc = tell_changed(measured.parent, session, err);
	if (!rc)
		rc = print(&measured, cli, session, experiment, err);
	noise_release(&measured.noise);
	return rc;
}

static int run(const void *command, char *const *argument, struct error *err)
{
	const struct noise_command *cli = command;
	struct experiment *experiment = NULL;
	struct session session = {0};
	int signalled = 0, rc = check(cli, argument[0] != NULL, err);

	if (!rc)
		rc = session_open_experiment(&session, &experiment, cli->experiment, err);
	if (!rc)
		rc = argument[0] ? run_and_print(&signalled, cli, argument, &session, experiment, err)
				 : print_latest(cli, &session, experiment, err);
	experiment_free(experiment);
	session_close(&session);
	if (signalled)
		run_end_by(signalled);
	return rc;
}

const struct command command_noise = {
	.name = "noise",
	.summary = "how much the figures of a command vary with its seed alone, or with the rows it is trained on",
	.arguments = "[[--] COMMAND...]",
	.least = 0,
	.most = INT_MAX,
	.rest = 1,
	.details =
		"Runs the command several times and records it as `assay run --seeds` or --splits does; then says of "
		"each metric its mean, its standard deviation with a 95 % interval, how far the test rows alone leave "
		"a figure open, and the smallest difference between two single runs that is more than noise. Seeds "
		"show the noise of the seed on one training set; splits that of training and test rows too.\n"
		"Without a command it says so of the latest run of the experiment that was repeated.\n"
		"--json: {run, of: seeds or splits, repetitions, same, metrics: {NAME: {source, mean, sd, sd_interval, "
		"rows_half_width, least_difference, same}}}.",
	.example = "  assay noise -- python3 train.py\n"
		   "  assay noise --splits 10 -- python3 train.py\n"
		   "  assay noise --json\n",
	.options = table,
	.defaults = &defaults,
	.size = sizeof(struct noise_command),
	.run = run,
};
