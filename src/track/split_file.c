/* Which data are split and how: from the command line, assay.yaml, or the record of the experiment's baseline. */
#include "track/split_file_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/repetition.h"
#include "track/data_cache.h"

#include <math.h>
#include <unistd.h>

struct making {
	const struct project *project;
	const struct run *baseline; /* NULL: none */
	const struct split_options_given *given;
	struct split_wanted wanted;
	struct split_file out;
};

void split_file_release(struct split_file *split)
{
	if (!split)
		return;
	free(split->parts);
	free(split->labels);
	free(split->data);
	free(split->data_path);
	free(split->target);
	free(split->positive);
	json_decref(split->record);
	names_free(&split->class_name);
	names_free(&split->notes);
	*split = (struct split_file){0};
}

/* The baseline that `experiment` names, else its best, else the best of any experiment. */
static const struct run *find_baseline(const struct runs *runs, const struct experiment *experiment,
				       const struct project *project)
{
	const struct seen_run *found = NULL;
	struct error none = {0};
	size_t n;
	const char *metric = experiment_metrics(&n, experiment, project)->name;

	if (!runs)
		return NULL;
	if (experiment->baseline && runs_find(&found, runs, experiment->baseline, experiment->name, metric, &none) < 0)
		found = NULL;
	if (!found)
		found = runs_best(runs, experiment->name, metric, "baseline");
	if (!found)
		found = runs_best(runs, NULL, metric, "baseline");
	if (found && run_repetition(&found->run) == REPETITION_SPLITS) /* the seed of the first split is its child's */
		found = runs_child(runs, &found->run, 0);
	return found ? &found->run : NULL;
}

static int add_note(struct making *making, char *note, struct error *err)
{
	int rc = note ? names_add(&making->out.notes, note, err) : error_nomem(err);

	free(note);
	return rc;
}

/* A path below the root as it can be opened: relative where the current folder is the root, for short messages. */
static char *below_root(const struct project *project, const char *path)
{
	char here[4096];

	if (getcwd(here, sizeof(here)) && !strcmp(here, project->root))
		return mem_text(path);
	return path_join(project->root, path);
}

/* The data file of the baseline's record. *none: it is not one that can be read again, a note says why. */
static int data_of_baseline(struct making *making, int *none, struct error *err)
{
	const json_t *file = json_array_get(run_field(making->baseline, "data.files"), 0);
	const char *path = json_string_value(json_object_get(file, "path"));

	*none = 1;
	if (!path)
		return 0;
	if (!strcmp(path, "-") || json_is_true(json_object_get(file, "outside")))
		return add_note(making,
				mem_printf("No split for this run: the data of baseline %s %s; name them: --data FILE, "
					   "or `data:` in "
					   "assay.yaml",
					   run_name(making->baseline),
					   strcmp(path, "-") ? "lie outside the project" : "came from standard input"),
				err);
	*none = 0;
	making->wanted.data = below_root(making->project, path);
	return making->wanted.data ? 0 : error_nomem(err);
}

static const char *text_or_null(const struct run *run, const char *path)
{
	const char *text = run_text(run, path);

	return *text ? text : NULL;
}

/* As the baseline was made; what its record lacks is assay.yaml's. */
static void take_baseline(struct making *making)
{
	const struct run *run = making->baseline;
	const struct project *project = making->project;
	struct split_wanted *wanted = &making->wanted;
	double seed;

	wanted->target = text_or_null(run, "params.target");
	wanted->positive = text_or_null(run, "params.positive");
	wanted->id = text_or_null(run, "params.id");
	wanted->task = text_or_null(run, "params.task");
	if (!wanted->target)
		wanted->target = project->data.target;
	if (!wanted->id)
		wanted->id = project->data.id;
	if (!wanted->task)
		wanted->task = project->task;
	if (!run_number(&wanted->options.test, run, "data.split.test"))
		wanted->options.test = project->split.test;
	if (!run_number(&wanted->options.valid, run, "data.split.valid"))
		wanted->options.valid = project->split.valid;
	wanted->options.seed = project->split.seed;
	if (run_number(&seed, run, "data.split.seed") && seed >= 0 && seed < 0x1p53)
		wanted->options.seed = (uint64_t)seed;
}

static void take_project(struct making *making)
{
	const struct project *project = making->project;

	making->wanted.target = project->data.target;
	making->wanted.positive = project->data.positive;
	making->wanted.id = project->data.id;
	making->wanted.task = project->task;
	making->wanted.options = (struct split_options){
		.test = project->split.test, .valid = project->split.valid, .seed = project->split.seed};
}

static void take_given(struct making *making)
{
	const struct split_options_given *given = making->given;
	struct split_wanted *wanted = &making->wanted;

	if (given->target && (!wanted->target || strcmp(given->target, wanted->target) != 0))
		wanted->positive = NULL; /* it is one of another target */
	if (given->target)
		wanted->target = given->target;
	if (given->id)
		wanted->id = given->id;
	if (!isnan(given->test))
		wanted->options.test = given->test;
	if (given->seed >= 0)
		wanted->options.seed = (uint64_t)given->seed;
}

/* Fill making->wanted. *none: there is nothing to split. */
static int choose(struct making *making, int *none, struct error *err)
{
	const char *file = making->project->data.file;
	int rc = 0;

	*none = 0;
	making->wanted.missing = &making->project->data.missing;
	if (making->given->data) {
		making->wanted.data = mem_text(making->given->data);
		take_project(making);
		if (!making->wanted.target && making->baseline)
			take_baseline(making);
	} else if (file) {
		making->wanted.data = below_root(making->project, file);
		take_project(making);
	} else if (making->baseline) {
		rc = data_of_baseline(making, none, err);
		take_baseline(making);
	} else {
		*none = 1;
	}
	if (rc < 0 || *none)
		return rc;
	take_given(making);
	if (!making->wanted.data)
		return error_nomem(err);
	if (!making->wanted.target && !making->given->data) {
		*none = 1; /* assay.yaml names data that nothing is predicted of */
		return 0;
	}
	if (!making->wanted.target)
		rc = error_set(err, ERR_INPUT, "no target column is named: --target COLUMN");
	else if (!(making->wanted.options.test > 0 && making->wanted.options.test < 1))
		rc = error_set(err, ERR_INPUT, "the share of test rows must lie between 0 and 1, not %g",
			       making->wanted.options.test);
	return rc;
}

/* The baseline was trained on other bytes: what is split now are those of today, and a comparison will not be made. */
static int note_changed(struct making *making, const char *sha256, struct error *err)
{
	const json_t *file = making->baseline ? json_array_get(run_field(making->baseline, "data.files"), 0) : NULL;
	const char *path = json_string_value(json_object_get(file, "path")),
		   *before = json_string_value(json_object_get(file, "sha256"));

	if (!path || !before || strcmp(path, making->out.data) != 0 || !strcmp(before, sha256))
		return 0;
	return add_note(
		making,
		mem_printf("%s has changed since baseline %s was trained on it: this run is not compared with it", path,
			   run_name(making->baseline)),
		err);
}

static int find_data(struct making *making, char sha256[SHA256_HEX], const struct store *store, struct error *err)
{
	struct data_cache *cache = NULL;
	struct data_content content;
	int outside, rc = data_cache_open(&cache, store, err);

	if (!rc)
		rc = data_cache_read(&content, cache, making->wanted.data, 1, err);
	data_cache_close(cache);
	if (rc < 0)
		return rc;
	memcpy(sha256, content.sha256, SHA256_HEX);
	making->out.data = project_path(&outside, making->project, making->wanted.data);
	making->out.data_path = mem_text(making->wanted.data);
	making->out.target = mem_text(making->wanted.target);
	return making->out.data && making->out.data_path && making->out.target ? 0 : error_nomem(err);
}

static int make(struct making *making, const struct store *store, struct error *err)
{
	char sha256[SHA256_HEX], *folder = NULL;
	int none, rc = choose(making, &none, err);

	if (rc < 0 || none)
		return rc;
	rc = find_data(making, sha256, store, err);
	if (!rc)
		rc = note_changed(making, sha256, err);
	if (!rc)
		rc = split_cache_folder(&folder, store, &making->wanted, sha256, err);
	if (!rc)
		rc = split_cache_read(&making->out, folder, err);
	if (rc == ERR_NOT_FOUND) /* somebody takes it away as soon as it is there */
		rc = error_set(err, ERR_MACHINE, "the split's files are gone: %s", folder);
	free(folder);
	return rc;
}

int split_file_make(struct split_file *out, struct store *store, const struct project *project,
		    const struct experiment *experiment, const struct runs *runs,
		    const struct split_options_given *given, struct error *err)
{
	static const struct split_options_given nothing = {.test = NAN, .seed = -1};
	struct making making = {.project = project,
				.baseline = find_baseline(runs, experiment, project),
				.given = given ? given : &nothing};
	int rc = make(&making, store, err);

	free(making.wanted.data);
	if (rc < 0)
		split_file_release(&making.out);
	else
		*out = making.out;
	return rc;
}
