/* Files of predictions against the first of them: see compare_files.h. */
#include "command/compare_files_work.h"

#include "base/mem.h"
#include "command/message.h"
#include "command/run_json.h"
#include "format/json.h"
#include "format/number.h"
#include "track/record_parts.h"

#include <math.h>
#include <stdint.h>

int compare_files_meant(const struct compare_files *options, char *const *argument)
{
	size_t len = argument[0] ? strlen(argument[0]) : 0;

	return options->labels || (len > 4 && !strcmp(argument[0] + len - 4, ".csv"));
}

/* One of -m that the table does not have: NAME, NAME=higher or NAME=lower, a column of the files. */
static int add_column(struct files_compared *compared, const char *text, struct error *err)
{
	const char *equals = strrchr(text, '=');
	int lower = equals && !strcmp(equals, "=lower"), higher = equals && !strcmp(equals, "=higher");
	char *name = lower || higher ? mem_text_n(text, (size_t)(equals - text)) : mem_text(text);

	if (!name || MEM_GROW(compared->column, compared->columns, compared->columns_cap, err) < 0) {
		free(name);
		return error_nomem(err);
	}
	compared->column[compared->columns++] = (struct judge_rows_metric){.name = name, .lower = lower, .margin = NAN};
	return 0;
}

/* -m: metrics of the table are found by is_asked() later, the others are columns. */
static int read_metrics(struct files_compared *compared, struct error *err)
{
	const struct names *asked = &compared->options->metrics;
	int rc = 0;

	for (size_t i = 0; i < asked->n && !rc; i++) {
		const struct metric *metric = metric_find(asked->name[i]);

		if (!metric)
			rc = add_column(compared, asked->name[i], err);
		else if (metric->kind == METRIC_TIMING)
			rc = error_set(err, ERR_INPUT, "-m %s: no file of predictions says that", metric->name);
	}
	return rc;
}

/* The margin's place: among the metrics, else the columns. NULL: it is of neither. */
static struct judge_rows_metric *find_asked(struct files_compared *compared, const char *name)
{
	for (size_t i = 0; i < compared->metrics; i++)
		if (!strcmp(compared->metric[i].name, name))
			return &compared->metric[i];
	return NULL;
}

/* One of --margin: the name of its metric, the caller's, and its value. */
static int read_margin(char **name, double *value, const char *text, struct error *err)
{
	const char *equals = strrchr(text, '=');
	int rc = 0;

	*name = equals && equals != text ? mem_text_n(text, (size_t)(equals - text)) : NULL;
	if (!equals || equals == text) {
		rc = error_set(err, ERR_INPUT, "--margin %s: it takes METRIC=NUMBER", text);
		error_hint(err, "--margin f1=0.01");
		return rc;
	}
	if (!*name)
		return error_nomem(err);
	if (number_parse(value, equals + 1, strlen(equals + 1)) != NUMBER_OK || *value <= 0) {
		rc = error_set(err, ERR_INPUT, "--margin %s: a margin is a number above 0", text);
		error_hint(err, "it says which difference is too small to matter: --margin %s=0.01", *name);
	}
	return rc;
}

/* Before any file is read: what can be seen to be wrong. */
static int check_options(struct files_compared *compared, struct error *err)
{
	const struct compare_files *options = compared->options;
	int rc;

	if (options->json && options->markdown)
		return error_set(err, ERR_INPUT, "--json or --markdown, not both");
	rc = read_metrics(compared, err);
	for (size_t i = 0; i < options->margins.n && !rc; i++) {
		double value;
		char *name;

		rc = read_margin(&name, &value, options->margins.name[i], err);
		free(name);
	}
	return rc;
}

static int is_asked(const struct compare_files *options, const char *name)
{
	for (size_t i = 0; i < options->metrics.n; i++)
		if (!strcmp(options->metrics.name[i], name))
			return 1;
	return !options->metrics.n;
}

static int all_measured(const struct scored_files *files, const char *name)
{
	for (size_t i = 0; i < files->n; i++)
		if (!json_object_get(run_field(&files->file[i].run, "measured"), name))
			return 0;
	return 1;
}

static int set_margins(struct files_compared *compared, struct error *err)
{
	const struct names *margins = &compared->options->margins;
	int rc = 0;

	for (size_t i = 0; i < margins->n && !rc; i++) {
		struct judge_rows_metric *metric;
		double value = NAN;
		char *name;

		rc = read_margin(&name, &value, margins->name[i], err);
		metric = name && !rc ? find_asked(compared, name) : NULL;
		if (metric)
			metric->margin = value;
		else if (!rc)
			rc = error_set(err, ERR_INPUT, "--margin %s: %s is not compared", margins->name[i], name);
		free(name);
	}
	return rc;
}

/* In the order of the table: what was asked for and every file has; then the columns. */
static int choose_metrics(struct files_compared *compared, struct error *err)
{
	compared->metric = mem_array(metric_count() + compared->columns, sizeof(*compared->metric));
	if (!compared->metric)
		return error_nomem(err);
	for (size_t i = 0; metrics[i]; i++)
		if (is_asked(compared->options, metrics[i]->name) && all_measured(&compared->files, metrics[i]->name))
			compared->metric[compared->metrics++] = (struct judge_rows_metric){
				.name = metrics[i]->name, .metric = metrics[i], .margin = NAN};
	compared->of_table = compared->metrics;
	for (size_t i = 0; i < compared->columns; i++)
		compared->metric[compared->metrics++] = compared->column[i];
	compared->family = compared->metrics * (compared->files.n - 1);
	return set_margins(compared, err);
}

static int judge_all(struct files_compared *compared, struct error *err)
{
	const struct scored_files *files = &compared->files;
	size_t others = files->n - 1;
	int rc = 0;

	compared->entry = mem_zeroed(others, sizeof(json_t *));
	compared->paired = mem_zeroed(others * compared->metrics, sizeof(*compared->paired));
	if (!compared->entry || !compared->paired)
		return error_nomem(err);
	for (size_t i = 0; i < others && !rc; i++) {
		const struct judge_rows what = {.run = json_string_value(compared->name[i + 1]),
						.against = json_string_value(compared->name[0]),
						.metric = compared->metric,
						.n = compared->metrics,
						.of_table = compared->of_table,
						.run_value = (const double *const *)files->file[i + 1].value,
						.base_value = (const double *const *)files->file[0].value,
						.family = compared->family ? compared->family : 1};

		rc = judge_rows(&compared->entry[i], compared->paired + i * compared->metrics, &what,
				&files->file[i + 1].p, &files->file[0].p, err);
	}
	return rc;
}

static int name_files(struct files_compared *compared, struct error *err)
{
	compared->name = mem_zeroed(compared->files.n, sizeof(json_t *));
	if (!compared->name)
		return error_nomem(err);
	for (size_t i = 0; i < compared->files.n; i++) {
		compared->name[i] = record_text(compared->files.file[i].path);
		if (!compared->name[i])
			return error_nomem(err);
	}
	return 0;
}

static int any_worse(const struct files_compared *compared)
{
	for (size_t i = 0; i + 1 < compared->files.n; i++) {
		const json_t *all = json_object_get(compared->entry[i], "metrics"), *one;
		const char *name;

		json_object_foreach((json_t *)(size_t)all, name, one)
		{
			const char *verdict = json_string_value(json_object_get(one, "verdict"));

			if (verdict && !strcmp(verdict, "worse"))
				return 1;
		}
	}
	return 0;
}

/* A note about a metric that was not asked for is none. */
static int is_of_interest(const struct compare_files *options, const char *note)
{
	for (size_t i = 0; metrics[i]; i++) {
		size_t len = strlen(metrics[i]->name);

		if (!strncmp(note, metrics[i]->name, len) && note[len] == ':')
			return is_asked(options, metrics[i]->name);
	}
	return 1;
}

static void say_notes(const struct files_compared *compared)
{
	const struct labels *labels = &compared->files.labels;

	if (labels->rarer)
		message_note("positive class: %s (the rarer); --positive names another",
			     labels->class_name.name[labels->positive]);
	for (size_t i = 0; i < compared->files.n; i++) {
		const struct scored_file *file = &compared->files.file[i];
		const json_t *notes = run_field(&file->run, "notes");

		for (size_t k = 0; k < json_array_size(notes); k++) {
			const char *note = json_string_value(json_array_get(notes, k));

			if (is_of_interest(compared->options, note))
				message_note("%s: %s", file->path, note);
		}
	}
}

static json_t *file_json(const struct scored_file *file, json_t *name)
{
	json_t *notes = (json_t *)(size_t)run_field(&file->run, "notes");

	return json_pack("{s:O, s:s, s:I, s:O, s:O*}", "path", name, "sha256", file->sha256, "rows",
			 (json_int_t)file->p.n, "measured", run_field(&file->run, "measured"), "notes", notes);
}

static int write_json(const struct files_compared *compared, struct error *err)
{
	const struct labels *labels = &compared->files.labels;
	json_t *out = json_object(), *files = json_array(), *list = json_array();
	int rc = out && files && list ? 0 : error_nomem(err);

	for (size_t i = 0; i < compared->files.n && !rc; i++)
		rc = json_array_append_new(files, file_json(&compared->files.file[i], compared->name[i]))
			     ? error_nomem(err)
			     : 0;
	for (size_t i = 0; i + 1 < compared->files.n && !rc; i++)
		rc = json_array_append(list, compared->entry[i]) ? error_nomem(err) : 0;
	if (!rc)
		rc = json_set(out, "files", json_incref(files), err);
	if (!rc && !labels->ids_only)
		rc = json_set(out, "labels",
			      json_pack("{s:o, s:s, s:I}", "path", record_text(labels->path), "sha256", labels->sha256,
					"rows", (json_int_t)labels->rows),
			      err);
	if (!rc && labels->positive >= 0)
		rc = json_set_text(out, "positive", labels->class_name.name[labels->positive], err);
	if (!rc)
		rc = json_set(out, "comparison", json_incref(list), err);
	if (!rc)
		rc = print_json(out, err);
	json_decref(out);
	json_decref(files);
	json_decref(list);
	return rc;
}

static int print(const struct files_compared *compared, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	if (compared->options->json)
		return write_json(compared, err);
	rc = compared->options->markdown ? files_markdown(&out, compared, err) : files_tables(&out, compared, err);
	if (!rc)
		rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

/* -m with nothing that can be compared is no empty table. */
static int check_chosen(const struct files_compared *compared, struct error *err)
{
	if (compared->metrics)
		return 0;
	error_set(err, ERR_INPUT, "%s",
		  compared->options->metrics.n ? "none of these metrics can be measured in all files"
					       : "no metric can be measured in all files");
	error_hint(err, "y_pred gives the metrics of labels, score or score_CLASS those of scores");
	return ERR_INPUT;
}

/* The names of the columns, borrowed; NULL without memory. */
static const char **column_names(const struct files_compared *compared)
{
	const char **name = mem_array(compared->columns, sizeof(*name));

	for (size_t i = 0; name && i < compared->columns; i++)
		name[i] = compared->column[i].name;
	return name;
}

static void compared_release(struct files_compared *compared)
{
	for (size_t i = 0; compared->entry && i + 1 < compared->files.n; i++)
		json_decref(compared->entry[i]);
	for (size_t i = 0; compared->name && i < compared->files.n; i++)
		json_decref(compared->name[i]);
	free(compared->name);
	for (size_t i = 0; i < compared->columns; i++)
		free((char *)(intptr_t)compared->column[i].name);
	free(compared->column);
	free(compared->entry);
	free(compared->paired);
	free(compared->metric);
	scored_files_release(&compared->files);
}

/* Read what the options ask for: labels where anything needs them. */
static int read_files(struct files_compared *compared, char *const *argument, struct error *err)
{
	const struct compare_files *options = compared->options;
	const char **column = column_names(compared);
	struct score_files_wanted wanted = {.path = argument,
					    .labels = options->labels,
					    .id = options->id,
					    .target = options->target,
					    .positive = options->positive,
					    .column = column,
					    .columns = compared->columns,
					    .columns_only = !options->labels && !options->target &&
							    options->metrics.n &&
							    compared->columns == options->metrics.n};
	int rc;

	while (argument[wanted.n])
		wanted.n++;
	rc = column ? score_files(&compared->files, &wanted, err) : error_nomem(err);
	free(column);
	return rc;
}

int compare_files(const struct compare_files *options, char *const *argument, struct error *err)
{
	struct files_compared compared = {.options = options};
	int rc = check_options(&compared, err);

	if (!rc)
		rc = read_files(&compared, argument, err);
	if (!rc)
		rc = choose_metrics(&compared, err);
	if (!rc)
		say_notes(&compared);
	if (!rc)
		rc = check_chosen(&compared, err);
	if (!rc)
		rc = name_files(&compared, err);
	if (!rc)
		rc = judge_all(&compared, err);
	if (!rc)
		rc = print(&compared, err);
	if (!rc)
		rc = any_worse(&compared);
	compared_release(&compared);
	return rc;
}
