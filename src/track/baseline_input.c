/* The input of `assay baseline`: settings from options, experiment and project; table, dataset, split, plan. */
#include "track/baseline_work.h"

#include "base/mem.h"

#include <unistd.h>

/* The project's data file, as seen from the current folder: relative where that is the root, for short messages. */
static char *project_data_path(const struct project *project)
{
	char here[4096];

	if (getcwd(here, sizeof(here)) && !strcmp(here, project->root))
		return mem_text(project->data.file);
	return path_join(project->root, project->data.file);
}

static int choose_data(struct baseline_work *work, struct error *err)
{
	const struct project *project = work->project;

	if (!work->options->data && !project->data.file) {
		int rc = error_set(err, ERR_INPUT, "no data file is named");

		error_hint(err, "assay baseline --data FILE.csv --target COLUMN, or `data: {file: F, target: T}` in "
				"assay.yaml");
		return rc;
	}
	work->data_path = work->options->data ? mem_text(work->options->data) : project_data_path(project);
	return work->data_path ? 0 : error_nomem(err);
}

/* The metric that cuts are tuned for: the first declared one that can be computed from predictions, else f1. */
static const struct metric *first_metric(const struct baseline_work *work)
{
	for (size_t i = 0; i < work->n_declared; i++) {
		const struct metric *metric = metric_find(work->declared[i].name);

		if (metric && metric->kind != METRIC_TIMING)
			return metric;
	}
	return metric_find("f1");
}

int baseline_settings(struct baseline_work *work, struct error *err)
{
	const struct baseline_options *options = work->options;
	const struct project *project = work->project;
	const struct experiment *experiment = work->experiment;
	int rc;

	work->declared = experiment_metrics(&work->n_declared, experiment, project);
	work->metric = first_metric(work);
	work->target = options->target ? options->target : project->data.target;
	work->positive = options->positive;
	/* The project's positive class is one of the project's target. */
	if (!work->positive && work->target && project->data.target && !strcmp(work->target, project->data.target))
		work->positive = project->data.positive;
	work->id = options->id ? options->id : project->data.id;
	work->task = options->task ? options->task : project->task;
	work->features = options->features ? options->features : &experiment->features;
	if (!work->features->n)
		work->features = &project->data.features;
	work->drop = options->drop ? options->drop : &experiment->drop;
	if (!work->drop->n)
		work->drop = &project->data.drop;
	work->seed = options->seed >= 0 ? (uint64_t)options->seed : project->split.seed;
	work->split_seed = options->split_seed ? *options->split_seed : work->seed;
	rc = choose_data(work, err);
	if (rc < 0)
		return rc;
	if (!work->target) {
		rc = error_set(err, ERR_INPUT, "no target column is named");
		error_hint(err, "assay baseline --target COLUMN, or `data: {target: COLUMN}` in assay.yaml");
	}
	return rc;
}

/* The names with a NULL at the end; the strings stay where they are. */
static const char **terminated(const struct names *names)
{
	const char **list = mem_zeroed(names->n + 1, sizeof(*list));

	for (size_t i = 0; list && i < names->n; i++)
		list[i] = names->name[i];
	return list;
}

static int read_table(struct baseline_work *work, struct error *err)
{
	const char *const text[] = {work->id, NULL}; /* ids as written: 007 is not 7, 20 digits stay 20 */
	struct table_options options = {.threads = work->options->threads, .text = work->id ? text : NULL};
	const char **missing = terminated(&work->project->data.missing);
	int rc;

	if (!missing)
		return error_nomem(err);
	options.missing = missing;
	rc = table_read(&work->table, work->data_path, &options, err);
	free(missing);
	return rc;
}

static int make_dataset(struct baseline_work *work, struct error *err)
{
	const char **features = terminated(work->features), **drop = terminated(work->drop);
	struct dataset_options options = {
		.target = work->target, .positive = work->positive, .id = work->id, .drop = drop, .task = work->task};
	int rc = features && drop ? 0 : error_nomem(err);

	options.features = work->features->n ? features : NULL;
	if (!rc)
		rc = dataset_make(&work->data, work->table, &options, err);
	free(features);
	free(drop);
	return rc;
}

int baseline_read(struct baseline_work *work, struct error *err)
{
	int rc;

	progress_step(work->progress, "reading", 0, 1); /* of how many steps is known only after it */
	rc = read_table(work, err);
	if (!rc)
		rc = make_dataset(work, err);
	return rc ? rc : baseline_rounds_make(work, err);
}

void baseline_input_release(struct baseline_work *work)
{
	baseline_rounds_release(work);
	dataset_free(work->data);
	table_free(work->table);
	free(work->data_path);
}
