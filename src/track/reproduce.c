/* `assay reproduce`: code, data, command, comparison. See reproduce.h. */
#include "track/reproduce_work.h"
#include "base/mem.h"
#include "track/baseline.h"
#include "track/run.h"
#include "track/secret.h"

#include <math.h>

enum { NAME_MOST = 100 }; /* bytes of a run's name: run_name_check() */

void reproduce_report_release(struct reproduce_report *report)
{
	for (size_t i = 0; i < report->metrics; i++)
		free(report->metric[i].name);
	free(report->metric);
	runs_free(&report->made);
	names_free(&report->notes);
	free(report->worktree);
	free(report->waiting);
	*report = (struct reproduce_report){0};
}

/* What can be said before anything is made. */
static int check(const struct reproduction *work, struct error *err)
{
	const struct run *run = work->run;
	const char *kind = run_text(run, "kind"), *status = run_text(run, "status");
	const json_t *word;
	size_t i;

	if (json_array_size(run_field(run, "children"))) {
		error_set(err, ERR_INPUT, "%s is the mean of %zu runs: one of them can be repeated", run_id(run),
			  json_array_size(run_field(run, "children")));
		error_hint(err, "assay reproduce %s", json_string_value(json_array_get(run_field(run, "children"), 0)));
		return ERR_INPUT;
	}
	if (strcmp(kind, "baseline") != 0 && strcmp(kind, "run") != 0)
		return error_set(err, ERR_INPUT, "%s is of kind %s, which no command repeats", run_id(run), kind);
	if (!strcmp(status, "running"))
		return error_set(err, ERR_INPUT, "%s has not ended yet", run_id(run));
	if (!json_array_size(run_field(run, "command")))
		return error_set(err, ERR_INPUT, "%s has no command on record", run_id(run));
	json_array_foreach(run_field(run, "command"), i, word)
	{
		const char *text = json_string_value(word);

		if (text && strstr(text, SECRET_MASK))
			return error_set(err, ERR_INPUT, "the command of %s had a secret that is not on record",
					 run_id(run));
	}
	return 0;
}

/* Words of the record as a list that NULL ends; they stay the record's. */
static const char **words_of(const json_t *array)
{
	size_t n = json_array_size(array);
	const char **out = mem_zeroed(n + 1, sizeof(*out));

	for (size_t i = 0; out && i < n; i++) {
		out[i] = json_string_value(json_array_get(array, i));
		if (!out[i])
			out[i] = "";
	}
	return out;
}

static int take_runs(struct reproduce_report *report, struct runs *made, char **waiting)
{
	report->made = *made;
	*made = (struct runs){0};
	report->waiting = *waiting;
	*waiting = NULL;
	return 0;
}

/* The choices of a baseline that are lists stand in its params. */
static int list_of(struct names *out, const struct run *run, const char *path, struct error *err)
{
	const json_t *item;
	size_t i;

	json_array_foreach(run_field(run, path), i,
			   item) if (json_is_string(item) &&
				     names_add(out, json_string_value(item), err) < 0) return ERR_NOMEM;
	return 0;
}

static const char *text_or_null(const struct run *run, const char *path)
{
	const char *text = run_text(run, path);

	return *text ? text : NULL;
}

/* The baseline that a run is of: its name, without the "-seed3" or "-split3" of one of several. */
static void recipe_of(char name[NAME_MOST + 1], const struct run *run)
{
	static const char *const what[] = {"-seed", "-split"};
	size_t digits = 0, len;

	snprintf(name, NAME_MOST + 1, "%s", run_name(run));
	for (len = strlen(name); len > digits && strchr("0123456789", name[len - digits - 1]);)
		digits++;
	for (size_t i = 0; digits && *run_text(run, "parent") && i < sizeof(what) / sizeof(*what); i++) {
		size_t end = len - digits, n = strlen(what[i]);

		if (end > n && !strncmp(name + end - n, what[i], n))
			name[end - n] = '\0';
	}
}

static int train_again(struct reproduction *work, const struct experiment *experiment, struct progress *progress,
		       struct error *err)
{
	const struct run *run = work->run;
	const char **command = words_of(run_field(run, "command"));
	struct names features = {0}, drop = {0};
	struct baseline_report report = {0};
	double seed = 0, split_seed;
	unsigned long long of_split;
	char only[NAME_MOST + 1];
	struct baseline_options options = {.data = work->data.n ? work->data.name[0] : NULL,
					   .target = text_or_null(run, "params.target"),
					   .positive = text_or_null(run, "params.positive"),
					   .id = text_or_null(run, "params.id"),
					   .task = text_or_null(run, "params.task"),
					   .command = command,
					   .test = NAN,
					   .seed = -1,
					   .threads = work->options->threads,
					   .again = 1,
					   .only = only,
					   .code = run_field(run, "code"),
					   .reproduces = run_id(run)};
	int rc = command ? list_of(&features, run, "params.features", err) : error_nomem(err);

	if (!rc)
		rc = list_of(&drop, run, "params.drop", err);
	options.features = features.n ? &features : NULL;
	options.drop = drop.n ? &drop : NULL;
	if (run_number(&seed, run, "seed"))
		options.seed = (long long)seed;
	if (run_number(&split_seed, run, "data.split.seed") && split_seed >= 0) {
		of_split = (unsigned long long)split_seed;
		options.split_seed = &of_split;
	}
	recipe_of(only, run);
	(void)run_number(&options.test, run, "data.split.test");
	if (!rc)
		rc = track_baseline(&report, work->store, work->then, experiment, &options, progress, err);
	if (!rc)
		rc = take_runs(work->report, &report.made, &report.waiting);
	baseline_report_release(&report);
	names_free(&features);
	names_free(&drop);
	free(command);
	return rc;
}

/*
 * Recorded parameters as --param has them. One that was masked is left out and said; a list the command writes itself.
 */
static int params_of(struct names *out, struct reproduction *work, struct error *err)
{
	const char *name;
	json_t *value;
	int rc = 0;

	json_object_foreach((json_t *)(size_t)run_field(work->run, "params"), name, value)
	{
		char *text = NULL, *pair, *note;

		if (rc < 0 || json_is_array(value) || json_is_object(value) || strchr(name, '='))
			continue;
		if (json_is_string(value) && !strcmp(json_string_value(value), SECRET_MASK)) {
			note = mem_printf("the parameter %s was a secret: the command runs without it", name);
			rc = note ? names_add(&work->report->notes, note, err) : error_nomem(err);
			free(note);
			continue;
		}
		text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
		pair = mem_printf("%s=%s", name, text ? text : json_is_string(value) ? json_string_value(value) : "");
		rc = pair ? names_add(out, pair, err) : error_nomem(err);
		free(pair);
		free(text);
	}
	return rc;
}

/* The new run has a name of its own: that of the original goes on meaning the original. */
static int run_again(struct reproduction *work, const struct experiment *experiment, struct error *err)
{
	const struct run *run = work->run;
	const char **command = words_of(run_field(run, "command"));
	char *tag = mem_printf("reproduces=%s", run_id(run)), *again = mem_printf("%s-again", run_name(run));
	struct names params = {0}, tags = {0}, data = {0};
	struct run_report report = {0};
	double seed = -1, split_seed;
	unsigned long long of_split;
	struct run_options options = {.argv = command,
				      .name = again && strlen(again) <= NAME_MOST ? again : "again",
				      .params = &params,
				      .tags = &tags,
				      .data = &data,
				      .seed = -1,
				      .threads = work->options->threads,
				      .parent = run_id(run),
				      .code = run_field(run, "code"),
				      .cwd = work->cwd,
				      .silent = !work->options->loud};
	int rc = command && tag && again ? names_add(&tags, tag, err) : error_nomem(err);

	if (!rc)
		rc = params_of(&params, work, err);
	/* the data of split and assay.yaml come first on record and are added without being named */
	for (size_t i = run_field(run, "data.split") || work->then->data.file ? 1 : 0; !rc && i < work->data.n; i++)
		rc = names_add(&data, work->data.name[i], err);
	if (run_number(&seed, run, "seed"))
		options.seed = (long long)seed;
	if (run_number(&split_seed, run, "data.split.seed") && split_seed >= 0) {
		of_split = (unsigned long long)split_seed;
		options.split_seed = &of_split;
	}
	if (!rc)
		rc = track_run(&report, work->store, work->then, experiment, &options, err);
	if (!rc && !report.started)
		rc = error_set(err, ERR_INPUT, "%s cannot be started in its work tree", command[0]);
	if (!rc) {
		work->report->exit = report.exit;
		rc = take_runs(work->report, &report.made, &report.waiting);
	}
	run_report_release(&report);
	names_free(&params);
	names_free(&tags);
	names_free(&data);
	free(command);
	free(tag);
	free(again);
	return rc;
}

static int repeat(struct reproduction *work, struct progress *progress, struct error *err)
{
	const char *name = run_experiment(work->run);
	struct experiment *experiment = NULL;
	int rc = reproduce_tree(work, err);

	if (!rc && strcmp(work->then->git.branch, store_branch(work->store)) != 0)
		rc = names_add(&work->report->notes, "assay.yaml named another branch for runs then: this one is used",
			       err);
	if (!rc)
		rc = experiment_load(&experiment, work->then, name, err);
	if (!rc)
		rc = !strcmp(run_text(work->run, "kind"), "baseline") ? train_again(work, experiment, progress, err)
								      : run_again(work, experiment, err);
	if (!rc && work->report->made.n)
		rc = reproduce_compare(work, &work->report->made.item[0].run, err);
	experiment_free(experiment);
	return rc;
}

int track_reproduce(struct reproduce_report *out, struct store *store, const struct project *project,
		    const struct seen_run *original, const struct reproduce_options *options, struct progress *progress,
		    struct error *err)
{
	struct reproduce_report report = {0};
	struct reproduce_options settled = *options;
	struct reproduction work = {
		.store = store, .project = project, .run = &original->run, .options = &settled, .report = &report};
	struct error removal = {0};
	int rc;

	if (isnan(settled.tolerance))
		settled.tolerance = 1e-9;
	rc = check(&work, err);
	if (!rc)
		rc = repeat(&work, progress, err);
	if (settled.keep && work.tree && rc >= 0) {
		report.worktree = mem_text(work.tree);
		if (!report.worktree)
			rc = error_nomem(err);
	} else if (reproduce_tree_remove(&work, &removal) < 0 && rc >= 0) {
		rc = names_add(&report.notes, removal.text, err);
	}
	names_free(&work.data);
	project_free(work.then);
	free(work.folder);
	free(work.tree);
	free(work.root);
	free(work.cwd);
	if (rc < 0)
		reproduce_report_release(&report);
	else
		*out = report;
	return rc;
}
