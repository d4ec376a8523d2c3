/* assay ls: the runs, by experiment, newest first. */
#include "command/command.h"
#include "command/grid.h"
#include "command/message.h"
#include "command/pager.h"
#include "command/picked_line.h"
#include "command/run_csv.h"
#include "command/run_json.h"
#include "command/run_table.h"
#include "command/selection.h"
#include "command/session.h"

#include "base/mem.h"
#include "format/suggest.h"

#include <unistd.h>

enum { MOST_COMMON = 4 }; /* reported metrics shown beside the declared ones */

/* Runs of several experiments among which the best ones are still corrected: the first look reads the predictions of all. */
enum { MOST_PICKED = 1000 };

struct ls_command {
	const char *experiment, *kind, *status, *sort;
	struct names where, columns;
	long long most;
	int all, json, csv, no_pager;
};

static const struct option table[] = {
	{"experiment", 'e', OPTION_TEXT, "NAME", "only the runs of this experiment",
	 offsetof(struct ls_command, experiment)},
	{"where", 0, OPTION_WORDS, "CONDITION",
	 "only runs for which it holds: 'metrics.f1 > 0.8 and params.depth <= 6'; "
	 "given again, all have to",
	 offsetof(struct ls_command, where)},
	{"kind", 0, OPTION_TEXT, "KIND", "only baseline, run, evaluation, abtest or monitor",
	 offsetof(struct ls_command, kind)},
	{"status", 0, OPTION_TEXT, "STATUS", "only finished, failed, killed, running or waiting",
	 offsetof(struct ls_command, status)},
	{"sort", 0, OPTION_TEXT, "FIELD",
	 "by a field as in --where, or a metric's name: metrics the best first, others "
	 "upwards; FIELD:asc and FIELD:desc say it",
	 offsetof(struct ls_command, sort)},
	{"columns", 0, OPTION_LIST, "A,B", "show these fields instead of the scores",
	 offsetof(struct ls_command, columns)},
	{"number", 'n', OPTION_COUNT, "N", "no more than N runs, the first of the order",
	 offsetof(struct ls_command, most)},
	{"all", 'a', OPTION_FLAG, NULL, "show the single runs of --seeds too", offsetof(struct ls_command, all)},
	{"json", 0, OPTION_FLAG, NULL, "print an array of runs as JSON, those of --seeds too",
	 offsetof(struct ls_command, json)},
	{"csv", 0, OPTION_FLAG, NULL, "print the same as CSV, or the --columns asked for",
	 offsetof(struct ls_command, csv)},
	{"no-pager", 0, OPTION_FLAG, NULL, "print straight to the terminal", offsetof(struct ls_command, no_pager)},
	{0},
};

/* The experiment's file, or a bare one where it cannot be read: its runs are shown all the same. */
static int load_experiment(struct experiment **out, const struct project *project, const char *name, struct error *err)
{
	struct error why = {0};
	int rc = experiment_name_valid(name) ? experiment_load(out, project, name, &why)
					     : experiment_parse(out, project, name, "experiments", "", 0, err);

	if (rc < 0 && why.code && rc != ERR_INPUT)
		return error_set(err, rc, "%s", why.text);
	if (rc != ERR_INPUT || !why.code)
		return rc;
	message_warning("%s", why.text);
	return experiment_parse(out, project, name, "experiments", "", 0, err);
}

/* Names of the experiments that have runs, that with the newest run first. */
static int experiments_of(struct names *out, const struct runs *runs, const char *only, struct error *err)
{
	int rc = 0;

	for (size_t i = runs->n; i > 0 && !rc; i--) {
		const char *name = run_experiment(&runs->item[i - 1].run);
		int there = only && strcmp(only, name) != 0;

		for (size_t k = 0; k < out->n && !there; k++)
			there = !strcmp(out->name[k], name);
		if (!there)
			rc = names_add(out, name, err);
	}
	return rc;
}

/* The runs of one experiment in the order of the list, and what they are shown with. */
struct group {
	struct experiment *experiment;
	const struct declared_metric *metric; /* lent by the experiment or the project */
	size_t metrics;
	const struct seen_run **run;
	size_t n;
};

struct listing {
	const struct session *session;
	const struct ls_command *cli;
	struct selection selection;
	struct group *group;
	size_t n, cap;
};

static struct group *group_of(const struct listing *listing, const struct seen_run *seen)
{
	for (size_t i = 0; i < listing->n; i++)
		if (!strcmp(listing->group[i].experiment->name, run_experiment(&seen->run)))
			return &listing->group[i];
	return NULL;
}

static int add_group(struct listing *listing, const struct seen_run *seen, struct error *err)
{
	const struct project *project = listing->session->project;
	struct group group = {0};
	int rc = MEM_GROW(listing->group, listing->n, listing->cap, err);

	if (!rc)
		rc = load_experiment(&group.experiment, project, run_experiment(&seen->run), err);
	if (rc < 0)
		return rc;
	group.metric = experiment_metrics(&group.metrics, group.experiment, project);
	group.run = mem_array(listing->selection.n, sizeof(struct seen_run *));
	listing->group[listing->n++] = group;
	return group.run ? 0 : error_nomem(err);
}

static int make_groups(struct listing *listing, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < listing->selection.n && !rc; i++) {
		const struct seen_run *seen = listing->selection.run[i];
		struct group *group = group_of(listing, seen);

		if (!group)
			rc = add_group(listing, seen, err);
		if (!rc) {
			group = group ? group : &listing->group[listing->n - 1];
			group->run[group->n++] = seen;
		}
	}
	return rc;
}

static void listing_release(struct listing *listing)
{
	for (size_t i = 0; i < listing->n; i++) {
		experiment_free(listing->group[i].experiment);
		free(listing->group[i].run);
	}
	free(listing->group);
	selection_release(&listing->selection);
}

static void put_heading(struct buf *out, const struct terminal *terminal, const struct experiment *experiment, size_t n)
{
	struct buf name = BUF_INIT, title = BUF_INIT;

	buf_terminal(&name, experiment->name, strlen(experiment->name));
	if (experiment->title && strcmp(experiment->title, experiment->name) != 0)
		buf_terminal(&title, experiment->title, strlen(experiment->title));
	terminal_paint(out, terminal, PAINT_STRONG, name.text);
	buf_printf(out, "  %zu %s%s%s\n", n, n == 1 ? "run" : "runs", title.len ? "  " : "", title.text);
	out->failed |= name.failed || title.failed;
	buf_release(&name);
	buf_release(&title);
}

struct common {
	const char *name; /* lent by a record */
	size_t runs;
};

static int by_commonness(const void *a, const void *b)
{
	const struct common *x = a, *y = b;

	return x->runs != y->runs ? (x->runs < y->runs ? 1 : -1) : strcmp(x->name, y->name);
}

/* How many runs report each metric that is not declared: name -> number, the caller's; NULL without memory. */
static json_t *count_reported(const struct group *group)
{
	json_t *counts = json_object(), *value;
	const char *name;

	for (size_t i = 0; counts && i < group->n; i++)
		json_object_foreach(json_object_get(group->run[i]->run.json, "reported"), name, value)
		{
			json_int_t n = json_integer_value(json_object_get(counts, name));

			if (json_object_set_new(counts, name, json_integer(n + 1)) < 0) {
				json_decref(counts);
				return NULL;
			}
		}
	for (size_t i = 0; counts && i < group->metrics; i++)
		(void)json_object_del(counts, group->metric[i].name); /* there or not */
	return counts;
}

static int has_declared(const struct group *group)
{
	double ignored;

	for (size_t i = 0; i < group->n; i++)
		if (run_metric(&ignored, &group->run[i]->run, group->metric[0].name))
			return 1;
	return 0;
}

/*
 * The metrics of the table: the declared ones, then what most runs report; where no run has the first of the declared, that
 * alone. Names are lent by *counts, which is the caller's as *out is.
 */
static int choose_metrics(struct declared_metric **out, size_t *n, json_t **counts, const struct group *group,
			  struct error *err)
{
	struct declared_metric *metric = mem_zeroed(group->metrics + MOST_COMMON, sizeof(*metric));
	struct common *common = NULL;
	size_t known = 0;
	const char *name;
	json_t *value;

	*counts = count_reported(group);
	*out = metric;
	*n = 0;
	if (*counts)
		common = mem_array(json_object_size(*counts), sizeof(*common));
	if (!metric || !common)
		return error_nomem(err);
	json_object_foreach(*counts, name, value)
		common[known++] = (struct common){name, (size_t)json_integer_value(value)};
	if (known)
		qsort(common, known, sizeof(*common), by_commonness);
	if (!known || has_declared(group))
		for (; *n < group->metrics; ++*n)
			metric[*n] = group->metric[*n];
	for (size_t i = 0; i < known && i < MOST_COMMON; i++)
		metric[(*n)++] = (struct declared_metric){.name = (char *)(size_t)common[i].name};
	free(common);
	return 0;
}

static int put_scores(struct buf *out, const struct listing *listing, const struct group *group,
		      const struct terminal *terminal, struct error *err)
{
	const struct session *session = listing->session;
	struct run_table runs = {
		.all = &session->runs, .families = session->families, .started = 1, .run = group->run, .n = group->n};
	struct declared_metric *metric = NULL;
	const struct seen_run *best;
	json_t *counts = NULL;
	int rc = choose_metrics(&metric, &runs.metrics, &counts, group, err);

	if (!rc) {
		runs.metric = metric;
		best = runs_best(&session->runs, group->experiment->name, group->metric[0].name, NULL);
		runs.best = best ? run_id(&best->run) : NULL;
		rc = run_table_write(out, &runs, terminal, 0, "`assay ls --json` has all", err);
	}
	json_decref(counts);
	free(metric);
	return rc;
}

/* What an experiment's best run is worth; nothing in a list of too many. */
static int find_picked(struct picked *out, const struct listing *listing, const struct group *group, struct error *err)
{
	if (listing->n > 1 && listing->session->runs.n > MOST_PICKED)
		return 0;
	return session_picked(out, listing->session, group->experiment, err);
}

/* Under the whole list of an experiment: what its best run is worth, given that it was picked. */
static int put_picked(struct buf *out, const struct listing *listing, const struct group *group,
		      const struct terminal *terminal, struct error *err)
{
	const struct ls_command *cli = listing->cli;
	struct buf words = BUF_INIT, line = BUF_INIT;
	struct picked picked = {0};
	int rc;

	if (cli->where.n || cli->kind || cli->status || cli->columns.n)
		return 0;
	rc = find_picked(&picked, listing, group, err);
	if (!rc)
		rc = picked_line(&words, &picked, err);
	if (!rc && words.len) {
		terminal_wrap(&line, words.text, 0, 0, terminal->columns);
		terminal_paint(out, terminal, PAINT_QUIET, line.text);
		buf_putc(out, '\n');
	}
	if (!rc)
		rc = buf_check(&line, err);
	picked_release(&picked);
	buf_release(&words);
	buf_release(&line);
	return rc;
}

static int read_columns(struct where_field **field, const struct listing *listing, struct error *err)
{
	const struct names *columns = &listing->cli->columns;
	int rc = 0;

	for (size_t i = 0; i < columns->n && !rc; i++)
		rc = selection_field(&field[i], columns->name[i], &listing->session->runs, "--columns", err);
	return rc;
}

static int put_columns(struct buf *out, const struct listing *listing, const struct group *group,
		       struct where_field *const *field, const struct terminal *terminal, struct error *err)
{
	const struct names *columns = &listing->cli->columns;
	struct run_table runs = {.run = group->run, .n = group->n};
	struct grid *grid = grid_new();
	int rc;

	if (!grid)
		return error_nomem(err);
	run_table_heads(grid, &runs);
	for (size_t c = 0; c < columns->n; c++)
		grid_column(grid, columns->name[c], GRID_LEFT, (int)c + 2);
	for (size_t i = 0; i < group->n; i++) {
		run_table_head(grid, &runs, group->run[i]);
		for (size_t c = 0; c < columns->n; c++)
			run_table_value(grid, where_field_metric(field[c]),
					where_field_value(field[c], &group->run[i]->run));
	}
	rc = grid_write(out, grid, terminal, 0, "`assay ls --csv` has all", err);
	grid_free(grid);
	return rc;
}

static int put_tables(struct buf *out, const struct listing *listing, struct where_field *const *field,
		      struct error *err)
{
	struct terminal terminal;
	int rc = 0;

	terminal_look(&terminal, STDOUT_FILENO);
	for (size_t i = 0; i < listing->n && !rc; i++) {
		const struct group *group = &listing->group[i];

		if (i)
			buf_putc(out, '\n');
		put_heading(out, &terminal, group->experiment, group->n);
		rc = listing->cli->columns.n ? put_columns(out, listing, group, field, &terminal, err)
					     : put_scores(out, listing, group, &terminal, err);
		if (!rc)
			rc = put_picked(out, listing, group, &terminal, err);
	}
	return rc;
}

/* The entry of a run in the array of --json. */
static int run_entry(json_t **out, const struct listing *listing, const struct picked *picked,
		     const struct seen_run *seen, struct error *err)
{
	const struct group *group = group_of(listing, seen);
	json_t *one = NULL;
	int rc = run_json(&one, seen, group->metric[0].name, listing->session->families, err);

	if (!rc)
		rc = picked_set_json(one, &picked[group - listing->group], seen, err);
	if (rc < 0)
		json_decref(one);
	else
		*out = one;
	return rc;
}

static int put_json(const struct listing *listing, struct error *err)
{
	struct picked *picked = mem_zeroed(listing->n, sizeof(*picked)); /* of each group */
	json_t *json = json_array();
	int rc = json && picked ? 0 : error_nomem(err);

	for (size_t i = 0; i < listing->n && !rc; i++)
		rc = find_picked(&picked[i], listing, &listing->group[i], err);
	for (size_t i = 0; i < listing->selection.n && !rc; i++) {
		json_t *one = NULL;

		rc = run_entry(&one, listing, picked, listing->selection.run[i], err);
		if (!rc && json_array_append_new(json, one) < 0)
			rc = error_nomem(err);
	}
	for (size_t i = 0; picked && i < listing->n; i++)
		picked_release(&picked[i]);
	free(picked);
	if (!rc)
		rc = print_json(json, err);
	json_decref(json);
	return rc;
}

static int put_csv(struct buf *out, const struct listing *listing, struct where_field *const *field, struct error *err)
{
	const struct names *columns = &listing->cli->columns;
	const struct selection *runs = &listing->selection;
	const char **first;
	int rc;

	if (columns->n) {
		buf_puts(out, "id");
		for (size_t c = 0; c < columns->n; c++) {
			buf_putc(out, ',');
			buf_csv(out, columns->name[c], strlen(columns->name[c]));
		}
		for (size_t i = 0; i < runs->n; i++) {
			buf_printf(out, "\n%s", run_id(&runs->run[i]->run));
			for (size_t c = 0; c < columns->n; c++) {
				buf_putc(out, ',');
				run_csv_value(out, where_field_value(field[c], &runs->run[i]->run));
			}
		}
		buf_putc(out, '\n');
		return buf_check(out, err);
	}
	first = mem_array(runs->n, sizeof(*first));
	if (!first)
		return error_nomem(err);
	for (size_t i = 0; i < runs->n; i++)
		first[i] = group_of(listing, runs->run[i])->metric[0].name;
	rc = run_csv_write(out, runs->run, first, runs->n, listing->session->families, err);
	free(first);
	return rc;
}

/* -e names an experiment without runs: 0 where it has a file, else an error with the nearest. */
static int check_experiment(const struct session *session, const char *asked, struct error *err)
{
	struct names known = {0};
	int rc = experiments_of(&known, &session->runs, NULL, err), there = 0;

	if (!rc)
		rc = experiment_list(&known, session->project, err);
	for (size_t i = 0; i < known.n && !rc; i++)
		there |= !strcmp(known.name[i], asked);
	if (!rc && !there) {
		const char *nearest = suggest(asked, (const char *const *)known.name, known.n);

		rc = error_set(err, ERR_INPUT, "there is no experiment '%s'", asked);
		if (nearest)
			error_hint(err, "did you mean %s?", nearest);
	}
	names_free(&known);
	return rc;
}

static int print(const struct listing *listing, struct where_field *const *field, struct error *err)
{
	const struct ls_command *cli = listing->cli;
	struct buf out = BUF_INIT;
	int rc;

	if (cli->json)
		return put_json(listing, err);
	rc = cli->csv ? put_csv(&out, listing, field, err) : put_tables(&out, listing, field, err);
	if (!rc)
		rc = buf_check(&out, err);
	if (!rc && out.len)
		pager_print(&out, cli->no_pager || cli->csv);
	else if (!rc && listing->session->runs.n)
		message_note("no run is like that");
	else if (!rc)
		message_note("no runs yet; `assay baseline --data FILE.csv --target COLUMN` makes the first");
	buf_release(&out);
	return rc;
}

static int list(const struct session *session, const struct ls_command *cli, struct error *err)
{
	const struct selection_options options = {
		.experiment = cli->experiment,
		.kind = cli->kind,
		.status = cli->status,
		.where = &cli->where,
		.sort = cli->sort,
		.most = cli->most,
		.fold = !cli->all && !cli->json && !cli->csv,
	};
	struct listing listing = {.session = session, .cli = cli};
	struct where_field **field = mem_zeroed(cli->columns.n, sizeof(struct where_field *));
	int rc = field ? read_columns(field, &listing, err) : error_nomem(err);

	if (!rc)
		rc = selection_make(&listing.selection, session, &options, err);
	if (!rc)
		rc = make_groups(&listing, err);
	if (!rc)
		rc = print(&listing, field, err);
	listing_release(&listing);
	for (size_t i = 0; field && i < cli->columns.n; i++)
		where_field_free(field[i]);
	free(field);
	return rc;
}

static int needs_all(const struct ls_command *cli)
{
	return cli->json || cli->csv || cli->where.n || cli->columns.n || cli->sort;
}

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct ls_command *cli = options;
	struct session session = {0};
	int rc;

	(void)argument;
	if (cli->json && (cli->csv || cli->columns.n))
		return error_set(err, ERR_INPUT, "--json has all fields: it goes with neither --csv nor --columns");
	rc = session_open(&session, err);
	if (!rc)
		rc = needs_all(cli) ? session_runs(&session, err) : session_runs_lean(&session, err);
	if (!rc && cli->experiment)
		rc = check_experiment(&session, cli->experiment, err);
	if (!rc)
		rc = list(&session, cli, err);
	session_close(&session);
	return rc;
}

const struct command command_ls = {
	.name = "ls",
	.summary = "list the runs",
	.arguments = "",
	.details =
		"A table an experiment, newest run first: the first metric with its 95 % interval, the difference to "
		"the "
		"baseline with the interval and the verdict of today, the other metrics, and what most runs report; "
		"below it "
		"what the best is worth, corrected for having been picked among many (of over 1,000 runs with -e "
		"alone). A run is "
		"named by its handle, of which the first seven digits are shown, or by its name.\n"
		"A condition has = != < <= > >=, and, or, not, ( ); fields are metrics.NAME (measured, else reported), "
		"measured. reported. params. tags. and the record's own: status, kind, started, usage.seconds ... Odd "
		"names "
		"and text stand in double quotes. A field that a run lacks makes the comparison false.",
	.example = "  assay ls\n"
		   "  assay ls --where 'metrics.f1 > 0.8 and params.depth <= 6' --sort f1 -n 10\n"
		   "  assay ls -e forest-or-linear --columns params.depth,f1,usage.seconds\n"
		   "  assay ls --json | jq '.[].metrics.f1'\n",
	.options = table,
	.size = sizeof(struct ls_command),
	.run = run,
};
