/* The data of a run: files by their hashes, and the split that the command is given. */
#include "track/run_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/catalog.h"
#include "track/data_file.h"
#include "track/record_parts.h"

#include <math.h>

/* The baselines on record: where assay.yaml names no data, theirs are the rows to be scored on. */
static int load_baselines(struct runs *out, struct run_work *work, struct error *err)
{
	const struct catalog_query query = {.root = work->project->below, .kind = "baseline", .no_commits = 1};
	struct catalog *catalog = NULL;
	int rc = catalog_open(&catalog, work->store, err);

	if (!rc)
		rc = catalog_runs(out, catalog, &query, err);
	catalog_free(catalog);
	return rc;
}

/* A project that cannot be split has runs all the same: they say why there is no ASSAY_SPLIT. */
static int make_split(struct run_work *work, struct error *err)
{
	const unsigned long long *seed = work->options->split_seed;
	const struct split_options_given given = {.test = NAN, .seed = seed ? (long long)*seed : -1};
	struct error why = {0};
	struct runs runs = {0};
	char *text;
	int rc = work->project->data.file ? 0 : load_baselines(&runs, work, err);

	if (!rc)
		rc = split_file_make(&work->split, work->store, work->project, work->experiment, &runs, &given, &why);
	runs_free(&runs);
	if (!why.code)
		return rc;
	if (why.code != ERR_INPUT && why.code != ERR_NOT_FOUND)
		return error_set(err, why.code, "%s", why.text);
	text = mem_printf("ASSAY_SPLIT is not set: %s", why.text);
	rc = text ? run_note(&work->base, err, "%s", text) : error_nomem(err);
	if (!rc)
		rc = run_report_note(work->report, text, err);
	free(text);
	return rc;
}

/* What assay.yaml names may be missing: that is said. */
static int add_project_file(struct run_work *work, struct error *err)
{
	const struct project *project = work->project;
	char *path = work->split.data_path ? mem_text(work->split.data_path)
		     : project->data.file  ? path_join(project->root, project->data.file)
					   : NULL;
	struct error why = {0};
	int rc;

	if (!path)
		return work->split.data_path || project->data.file ? error_nomem(err) : 0;
	rc = data_file_record(&work->base, work->store, project, path, &why);
	if (rc == ERR_INPUT || rc == ERR_NOT_FOUND)
		rc = run_note(&work->base, err, "data not recorded: %s", why.text);
	else if (rc < 0)
		error_set(err, rc, "%s", why.text);
	free(path);
	return rc;
}

/* A file of --data: as given, from where the command runs. It has to be there. */
static int add_file(struct run_work *work, const char *name, struct error *err)
{
	char *path = work->options->cwd ? path_join(work->options->cwd, name) : mem_text(name);
	int rc = path ? 0 : error_nomem(err);

	if (!rc && !file_exists(path))
		rc = error_set(err, ERR_INPUT, "--data %s: there is no such file", name);
	if (!rc)
		rc = data_file_record(&work->base, work->store, work->project, path, err);
	free(path);
	return rc;
}

/* Nothing that could be split is wrong use where splits were asked for. */
static int no_splits(const struct run_work *work, struct error *err)
{
	const json_t *notes = run_field(&work->base, "notes");
	const char *why = json_string_value(json_array_get(notes, json_array_size(notes) - 1));
	int rc = error_set(err, ERR_INPUT, "--splits: there are no data to split%s%s", why ? ": " : "", why ? why : "");

	error_hint(err, "`data: {file: F, target: T}` in assay.yaml, or `assay baseline --splits N` first");
	return rc;
}

int run_make_splits(struct split_file *out, size_t n, struct run_work *work, struct error *err)
{
	struct split_options_given given = {.test = NAN};
	struct runs runs = {0};
	double first;
	int rc = 0;

	if (!work->split.parts || !json_number(&first, json_object_get(work->split.record, "seed")))
		return no_splits(work, err);
	if (!work->project->data.file)
		rc = load_baselines(&runs, work, err);
	for (size_t i = 0; i < n && !rc; i++) {
		given.seed = (long long)first + (long long)i;
		rc = split_file_make(&out[i], work->store, work->project, work->experiment, &runs, &given, err);
	}
	runs_free(&runs);
	return rc;
}

int run_set_data(struct run_work *work, struct error *err)
{
	const struct names *files = work->options->data;
	int rc = make_split(work, err);

	if (!rc)
		rc = add_project_file(work, err);
	for (size_t i = 0; files && i < files->n && !rc; i++)
		rc = add_file(work, files->name[i], err);
	if (!rc && work->split.record)
		rc = run_set(&work->base, "data.split", json_deep_copy(work->split.record), err);
	return rc ? rc : record_note_each(&work->base, &work->split.notes, err);
}
