/* assay compare: runs side by side, what differs marked. */
#include "command/command.h"
#include "command/compare_files.h"
#include "command/compare_factors.h"
#include "command/grid.h"
#include "command/message.h"
#include "command/pager.h"
#include "command/run_csv.h"
#include "command/run_json.h"
#include "command/run_table.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/experiment.h"

#include <assert.h>
#include <unistd.h>

enum { MOST_RUNS = 64 };

struct compare_command {
	const char *experiment;
	struct names metrics;
	int all, json, csv, markdown, no_pager;
	const char *labels, *id, *target, *positive;
	struct names margins;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "look for the names in this experiment first",
	 offsetof(struct compare_command, experiment)},
	{"metrics", 'm', OPTION_LIST, "A,B",
	 "only these metrics; of files columns of numbers too, NAME=lower where lower is better",
	 offsetof(struct compare_command, metrics)},
	{"all", 'a', OPTION_FLAG, NULL, "show what is the same in all runs too", offsetof(struct compare_command, all)},
	{"json", 0, OPTION_FLAG, NULL, "print runs, parameters, factors and comparisons as JSON",
	 offsetof(struct compare_command, json)},
	{"csv", 0, OPTION_FLAG, NULL, "print a line a run as `ls --csv` does", offsetof(struct compare_command, csv)},
	{"labels", 0, OPTION_TEXT, "FILE", "the arguments are files of predictions, these are their labels",
	 offsetof(struct compare_command, labels)},
	{"id", 0, OPTION_TEXT, "COLUMN", "files: the column of the ids (`id`)", offsetof(struct compare_command, id)},
	{"target", 0, OPTION_TEXT, "COLUMN", "files: the column of the labels (`y_true`, else the one beside the ids)",
	 offsetof(struct compare_command, target)},
	{"positive", 0, OPTION_TEXT, "CLASS", "files: the positive class (yes, true or 1, else the rarer)",
	 offsetof(struct compare_command, positive)},
	{"margin", 0, OPTION_WORDS, "METRIC=N", "files: a difference that is too small to matter",
	 offsetof(struct compare_command, margins)},
	{"markdown", 0, OPTION_FLAG, NULL, "files: print a table for the comment on a pull request",
	 offsetof(struct compare_command, markdown)},
	{"no-pager", 0, OPTION_FLAG, NULL, "print straight to the terminal",
	 offsetof(struct compare_command, no_pager)},
	{0},
};

struct comparing {
	const struct session *session;
	const struct compare_command *cli;
	const struct seen_run *run[MOST_RUNS]; /* records whole; lent by the session */
	size_t n;
	struct experiment *experiment; /* of the first; NULL where its file cannot be read */
	const struct declared_metric *metric;
	size_t metrics;
	json_t *factors;
};

static int find_runs(struct comparing *comparing, struct session *session, char *const *argument, struct error *err)
{
	for (; *argument; argument++) {
		struct seen_run *seen = NULL;
		int rc = session_find(&seen, session, *argument, comparing->cli->experiment, err);

		if (rc < 0)
			return rc;
		assert(seen);
		for (size_t i = 0; i < comparing->n; i++)
			if (comparing->run[i] == seen)
				return error_set(err, ERR_INPUT, "%s is a run that is named already: %s", *argument,
						 run_id(&seen->run));
		comparing->run[comparing->n++] = seen;
	}
	return 0;
}

/* Names in a map of any of the runs: keys of an object, sorted; the caller's; NULL without memory. */
static json_t *names_in(const struct comparing *comparing, const char *map)
{
	json_t *all = json_object(), *sorted;

	for (size_t i = 0; all && i < comparing->n; i++) {
		json_t *values = json_object_get(comparing->run[i]->run.json, map);

		if (values && json_object_update_missing(all, values) < 0) {
			json_decref(all);
			return NULL;
		}
	}
	sorted = all ? json_sorted(all) : NULL;
	json_decref(all);
	return sorted;
}

static int same_in_all(const struct comparing *comparing, const char *map, const char *name)
{
	const json_t *first = json_object_get(json_object_get(comparing->run[0]->run.json, map), name);

	for (size_t i = 1; i < comparing->n; i++) {
		const json_t *value = json_object_get(json_object_get(comparing->run[i]->run.json, map), name);

		if (first ? !value || !json_equal(first, value) : value != NULL)
			return 0;
	}
	return 1;
}

/* A row of one map: the mark, the name, a value a run. */
static void put_row(struct grid *grid, const struct comparing *comparing, const char *map, const char *name,
		    int is_metric)
{
	int same = same_in_all(comparing, map, name);

	grid_cell(grid, same ? "" : "*", PAINT_STRONG);
	grid_cell(grid, name, same ? PAINT_QUIET : PAINT_NONE);
	for (size_t i = 0; i < comparing->n; i++)
		run_table_value(grid, is_metric ? name : NULL,
				json_object_get(json_object_get(comparing->run[i]->run.json, map), name));
}

/* The columns of a table of values: the first run never goes, the others from the last. */
static struct grid *new_grid(const struct comparing *comparing, const char *what)
{
	struct grid *grid = grid_new();

	if (!grid)
		return NULL;
	grid_column(grid, "", GRID_LEFT, 0);
	grid_column(grid, what, GRID_LEFT, 0);
	for (size_t i = 0; i < comparing->n; i++) {
		struct buf head = BUF_INIT;

		buf_printf(&head, "%.7s %s", id_handle(run_id(&comparing->run[i]->run)),
			   run_name(&comparing->run[i]->run));
		grid_column(grid, head.text, GRID_LEFT, i > 1 ? (int)i : 0);
		buf_release(&head);
	}
	return grid;
}

static int is_wanted(const struct comparing *comparing, const char *name)
{
	const struct names *wanted = &comparing->cli->metrics;

	for (size_t i = 0; i < wanted->n; i++)
		if (!strcmp(wanted->name[i], name))
			return 1;
	return !wanted->n;
}

static int is_declared(const struct comparing *comparing, const char *name)
{
	for (size_t i = 0; i < comparing->metrics; i++)
		if (!strcmp(comparing->metric[i].name, name))
			return 1;
	return 0;
}

/* One map as a table: declared metrics first; only what differs, where that was not asked for otherwise. */
static int put_map(struct buf *out, const struct comparing *comparing, const char *map, const char *title,
		   const struct terminal *terminal, struct error *err)
{
	int is_metric = strcmp(map, "params") != 0 && strcmp(map, "tags") != 0, rc;
	json_t *names = names_in(comparing, map), *ignored;
	struct grid *grid = names ? new_grid(comparing, title) : NULL;
	size_t rows = 0, hidden = 0;
	const char *name;

	if (!grid) {
		json_decref(names);
		return error_nomem(err);
	}
	for (size_t i = 0; is_metric && i < comparing->metrics; i++)
		if (json_object_get(names, comparing->metric[i].name) &&
		    is_wanted(comparing, comparing->metric[i].name)) {
			put_row(grid, comparing, map, comparing->metric[i].name, 1);
			rows++;
		}
	json_object_foreach(names, name, ignored)
	{
		if (is_metric && (is_declared(comparing, name) || !is_wanted(comparing, name)))
			continue;
		if (!is_metric && !comparing->cli->all && same_in_all(comparing, map, name)) {
			hidden++;
			continue;
		}
		put_row(grid, comparing, map, name, is_metric);
		rows++;
	}
	if (rows || hidden)
		buf_putc(out, '\n');
	rc = rows ? grid_write(out, grid, terminal, 0, "--json has all", err) : 0;
	if (hidden)
		buf_printf(out, "%zu of %s %s the same in all: --all shows %s\n", hidden, title,
			   hidden == 1 ? "is" : "are", hidden == 1 ? "it" : "them");
	grid_free(grid);
	json_decref(names);
	return rc;
}

/* What else differs, and for two runs the same in a sentence. */
static int put_factors(struct buf *out, const struct comparing *comparing, const struct terminal *terminal,
		       struct error *err)
{
	struct grid *grid = new_grid(comparing, "what else differs");
	int rc = grid ? compare_factors_put(out, grid, comparing->factors, comparing->run, comparing->n, terminal, err)
		      : error_nomem(err);

	if (!rc && comparing->n == 2)
		rc = compare_changes_put(out, comparing->session, comparing->run[0], comparing->run[1], err);
	grid_free(grid);
	return rc;
}

/* The runs themselves: experiment, status, when. */
static int put_runs(struct buf *out, const struct comparing *comparing, const struct terminal *terminal,
		    struct error *err)
{
	static const char *const keys[] = {"experiment", "kind", "status", "started"};
	struct grid *grid = new_grid(comparing, "run");
	int rc;

	if (!grid)
		return error_nomem(err);
	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		grid_cell(grid, "", PAINT_NONE);
		grid_cell(grid, keys[k], PAINT_QUIET);
		for (size_t i = 0; i < comparing->n; i++)
			run_table_value(grid, NULL, run_field(&comparing->run[i]->run, keys[k]));
	}
	rc = grid_write(out, grid, terminal, 0, "--json has all", err);
	grid_free(grid);
	return rc;
}

static int print_tables(const struct comparing *comparing, struct error *err)
{
	static const struct {
		const char *map, *title;
	} maps[] = {{"params", "parameters"}, {"measured", "measured"}, {"reported", "reported"}};
	struct terminal terminal;
	struct buf out = BUF_INIT;
	int rc;

	terminal_look(&terminal, STDOUT_FILENO);
	rc = put_runs(&out, comparing, &terminal, err);
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps) && !rc; i++)
		rc = put_map(&out, comparing, maps[i].map, maps[i].title, &terminal, err);
	if (!rc)
		rc = put_factors(&out, comparing, &terminal, err);
	if (!rc)
		rc = buf_check(&out, err);
	if (!rc)
		pager_print(&out, comparing->cli->no_pager);
	buf_release(&out);
	return rc;
}

/* params: {NAME: [a value a run]}; null where a run has none. */
static json_t *params_of(const struct comparing *comparing)
{
	json_t *out = json_object(), *names = names_in(comparing, "params"), *ignored;
	const char *name;
	int failed = !out || !names;

	json_object_foreach(names, name, ignored)
	{
		json_t *values = json_array();

		for (size_t i = 0; values && i < comparing->n; i++) {
			json_t *value = json_object_get(json_object_get(comparing->run[i]->run.json, "params"), name);

			failed |= json_array_append_new(values, value ? json_incref(value) : json_null());
		}
		failed |= json_object_set_new(out, name, values);
	}
	json_decref(names);
	if (!failed)
		return out;
	json_decref(out);
	return NULL;
}

/* Entries of the records' comparisons whose two sides are the first run and another of these. */
static json_t *comparisons_of(const struct comparing *comparing)
{
	json_t *out = json_array();
	int failed = !out;

	for (size_t i = 1; i < comparing->n && !failed; i++) {
		const json_t *list = run_field(&comparing->run[i]->run, "comparison");

		for (size_t k = 0; k < json_array_size(list) && !failed; k++) {
			json_t *one = json_array_get(list, k), *entry;
			const char *against = json_string_value(json_object_get(one, "against"));

			if (!against || strcmp(against, run_id(&comparing->run[0]->run)) != 0)
				continue;
			entry = json_pack("{s:s}", "run", run_id(&comparing->run[i]->run));
			failed = !entry || json_object_update(entry, one) < 0;
			failed = json_array_append_new(out, entry) < 0 || failed;
			break;
		}
	}
	if (!failed)
		return out;
	json_decref(out);
	return NULL;
}

static const char *first_metric(const struct comparing *comparing)
{
	return comparing->metric[0].name;
}

static int write_json(const struct comparing *comparing, struct error *err)
{
	json_t *out = json_object(), *runs = json_array();
	int rc = out && runs ? 0 : error_nomem(err);

	for (size_t i = 0; i < comparing->n && !rc; i++) {
		json_t *one = NULL;

		rc = run_json(&one, comparing->run[i], first_metric(comparing), comparing->session->families, err);
		if (!rc && json_array_append_new(runs, one) < 0)
			rc = error_nomem(err);
	}
	if (!rc)
		rc = json_set(out, "runs", json_incref(runs), err);
	if (!rc)
		rc = json_set(out, "params", params_of(comparing), err);
	if (!rc)
		rc = json_set(out, "factors", json_incref(comparing->factors), err);
	if (!rc)
		rc = json_set(out, "comparison", comparisons_of(comparing), err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(runs);
	json_decref(out);
	return rc;
}

static int write_csv(const struct comparing *comparing, struct error *err)
{
	const char *first[MOST_RUNS];
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < comparing->n; i++)
		first[i] = first_metric(comparing);
	rc = run_csv_write(&out, comparing->run, first, comparing->n, comparing->session->families, err);
	if (!rc)
		message_print(out.text, out.len);
	buf_release(&out);
	return rc;
}

static int compare(struct comparing *comparing, struct session *session, char *const *argument, struct error *err)
{
	struct error why = {0};
	const char *experiment;
	int rc = find_runs(comparing, session, argument, err);

	if (rc < 0)
		return rc;
	experiment = run_experiment(&comparing->run[0]->run);
	comparing->metric = session->project->metric;
	comparing->metrics = session->project->metrics;
	if (experiment_name_valid(experiment) &&
	    !experiment_load(&comparing->experiment, session->project, experiment, &why))
		comparing->metric = experiment_metrics(&comparing->metrics, comparing->experiment, session->project);
	rc = compare_factors(&comparing->factors, session, comparing->run, comparing->n, err);
	if (rc < 0)
		return rc;
	if (comparing->cli->json)
		return write_json(comparing, err);
	return comparing->cli->csv ? write_csv(comparing, err) : print_tables(comparing, err);
}

/* What is said of files alone. */
static int check_no_files(const struct compare_command *cli, struct error *err)
{
	const struct {
		const char *name;
		int given;
	} of_files[] = {{"--id", cli->id != NULL},
			{"--target", cli->target != NULL},
			{"--positive", cli->positive != NULL},
			{"--margin", cli->margins.n != 0},
			{"--markdown", cli->markdown}};

	for (size_t i = 0; i < sizeof(of_files) / sizeof(*of_files); i++) {
		if (!of_files[i].given)
			continue;
		error_set(err, ERR_INPUT, "%s is for files of predictions", of_files[i].name);
		error_hint(err, "`assay compare main.csv pr.csv` compares files; runs have theirs on record");
		return ERR_INPUT;
	}
	return 0;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct compare_command *cli = options;
	const struct compare_files files = {.labels = cli->labels,
					    .id = cli->id,
					    .target = cli->target,
					    .positive = cli->positive,
					    .metrics = cli->metrics,
					    .margins = cli->margins,
					    .json = cli->json,
					    .markdown = cli->markdown};
	struct session session = {0};
	struct comparing comparing = {.session = &session, .cli = options};
	int rc;

	if (compare_files_meant(&files, argument)) {
		if (cli->csv || cli->all || cli->experiment)
			return error_set(err, ERR_INPUT, "%s is for runs, and these are files",
					 cli->csv   ? "--csv"
					 : cli->all ? "--all"
						    : "-e");
		return compare_files(&files, argument, err);
	}
	rc = check_no_files(cli, err);
	if (rc < 0)
		return rc;
	if (comparing.cli->json && comparing.cli->csv)
		return error_set(err, ERR_INPUT, "--json or --csv, not both");
	rc = session_open(&session, err);
	if (!rc)
		rc = session_runs_lean(&session, err);
	if (!rc)
		rc = compare(&comparing, &session, argument, err);
	json_decref(comparing.factors);
	experiment_free(comparing.experiment);
	session_close(&session);
	return rc;
}

const struct command command_compare = {
	.name = "compare",
	.summary = "runs, or files of predictions, side by side: what differs, and by more than chance?",
	.arguments = "RUN|FILE RUN|FILE...",
	.least = 2,
	.most = MOST_RUNS,
	.details =
		"A RUN is named as in `assay show`. What is not the same in all of them is marked with *. It compares "
		"what is on record; whether a difference is more than chance stands in `assay show` and on the site, "
		"against the run's baseline.\n"
		"FILEs of predictions (id and any of y_pred, score, score_CLASS), the first of them what the others "
		"are "
		"held against, take no repository and no git. Their labels are in --labels, else in a column y_true of "
		"each; every row is to be predicted once. Verdicts and intervals stand in a table; the exit code is 1 "
		"where something is shown to be worse.",
	.example = "  assay compare baseline best\n"
		   "  assay compare 3f2a91b 77c0d2e -m f1,roc_auc --all\n"
		   "  assay compare baseline best --json | jq .factors\n"
		   "  assay compare main.csv pr.csv --labels y.csv -m f1,roc_auc --margin f1=0.01\n"
		   "  assay compare main.csv pr.csv -m exact_match,cost=lower     # a number for each row, no labels\n",
	.options = table,
	.size = sizeof(struct compare_command),
	.run = run,
};
