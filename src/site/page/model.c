/* The model of a build: runs, experiments, verdicts of today. */
#include "site/page/model.h"

#include "base/hash.h"
#include "base/mem.h"
#include "record/repetition.h"
#include "site/page/practices.h"
#include "site/page/words.h"

#include <stdlib.h>
#include <string.h>

const struct seen_run **run_list(size_t n)
{
	return mem_array(n, sizeof(const struct seen_run *));
}

int run_is(const struct seen_run *run, const char *kind)
{
	return !strcmp(run_text(&run->run, "kind"), kind);
}

int run_finished(const struct seen_run *run)
{
	return !strcmp(run_text(&run->run, "status"), "finished");
}

void run_label(struct buf *out, const struct seen_run *run, const struct seen_run *from)
{
	if (from && strcmp(run_experiment(&run->run), run_experiment(&from->run)) != 0)
		buf_printf(out, "%s/", run_experiment(&run->run));
	words_name(out, run_name(&run->run));
}

char *model_run_href(const struct seen_run *run, const char *suffix)
{
	return mem_printf("runs/%s%s", run_id(&run->run), suffix);
}

int model_problem(struct site_model *model, const char *where, const struct error *problem, struct error *err)
{
	char *line = mem_printf("%s: %s", where, problem->text);
	int rc;

	if (!line)
		return error_nomem(err);
	rc = names_add(model->problems, line, err);
	free(line);
	return rc;
}

struct site_experiment *model_experiment(const struct site_model *model, const char *name)
{
	for (size_t i = 0; i < model->experiments; i++)
		if (!strcmp(model->experiment[i].experiment->name, name))
			return &model->experiment[i];
	return NULL;
}

int model_lists(const struct site_model *model, const struct seen_run *run)
{
	return !runs_pooled(&model->runs, &run->run);
}

const struct seen_run *model_run(const struct site_model *model, const char *id)
{
	return runs_with_id(&model->runs, id);
}

/* A stranger's name is no file name: its page is called by its hash. */
static char *experiment_href(const char *name, struct error *err)
{
	char hex[SHA256_HEX];
	char *href;

	if (experiment_name_valid(name)) {
		href = mem_printf("experiments/%s.html", name);
	} else {
		if (sha256(hex, name, strlen(name), err) < 0)
			return NULL;
		href = mem_printf("experiments/x-%.12s.html", hex);
	}
	if (!href)
		error_nomem(err);
	return href;
}

/* Read the experiment's file; a file that cannot be read is a problem of its page, which then shows the runs alone. */
static int load_experiment(struct experiment **out, struct site_model *model, const char *name, struct error *err)
{
	struct error problem = {0};
	int rc;

	if (experiment_name_valid(name)) {
		rc = experiment_load(out, model->project, name, &problem);
		if (rc == 0)
			return 0;
		if (rc == ERR_NOMEM)
			return error_nomem(err);
		rc = model_problem(model, "experiments", &problem, err);
		if (rc < 0)
			return rc;
	}
	rc = experiment_parse(out, model->project, name, "experiments", "", 0, err);
	if (rc == 0) {
		free((*out)->path);
		(*out)->path = NULL; /* nothing was written down that can be shown */
	}
	return rc;
}

static int add_experiment(struct site_model *model, const char *name, struct error *err)
{
	struct site_experiment *item;
	struct experiment *experiment = NULL;
	int rc;

	if (model_experiment(model, name))
		return 0;
	rc = MEM_GROW(model->experiment, model->experiments, model->cap, err);
	if (rc < 0)
		return rc;
	rc = load_experiment(&experiment, model, name, err);
	if (rc < 0)
		return rc;
	item = &model->experiment[model->experiments];
	memset(item, 0, sizeof(*item));
	item->experiment = experiment;
	item->metric = experiment_metrics(&item->metrics, experiment, model->project);
	model->experiments++;
	item->href = experiment_href(name, err);
	return item->href ? 0 : err->code;
}

static int by_name(const void *a, const void *b)
{
	const struct site_experiment *x = a, *y = b;

	return strcmp(x->experiment->name, y->experiment->name);
}

static int list_experiments(struct site_model *model, struct error *err)
{
	struct names names = {0};
	int rc;

	rc = experiment_list(&names, model->project, err);
	for (size_t i = 0; rc == 0 && i < names.n; i++)
		rc = add_experiment(model, names.name[i], err);
	for (size_t i = 0; rc == 0 && i < model->runs.n; i++)
		rc = add_experiment(model, run_experiment(&model->runs.item[i].run), err);
	if (rc == 0 && model->experiments)
		qsort(model->experiment, model->experiments, sizeof(*model->experiment), by_name);
	names_free(&names);
	return rc;
}

static int collect_runs(struct site_model *model, struct site_experiment *item, struct error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < model->runs.n; i++)
		n += model_experiment(model, run_experiment(&model->runs.item[i].run)) == item;
	item->run = run_list(n);
	if (!item->run)
		return error_nomem(err);
	for (size_t i = 0; i < model->runs.n; i++)
		if (model_experiment(model, run_experiment(&model->runs.item[i].run)) == item &&
		    model_lists(model, &model->runs.item[i]))
			item->run[item->runs++] = &model->runs.item[i];
	return 0;
}

/* Who wrote the experiment's file, in which commit. Absent where git does not have this very text. */
static int find_author(struct site_model *model, struct site_experiment *item, struct error *err)
{
	char *path = NULL, hex[OID_HEX] = "";
	int rc = 0;

	if (!item->experiment->path)
		return 0;
	path = model->project->below[0] ? path_join(model->project->below, item->experiment->path)
					: mem_text(item->experiment->path);
	if (!path) {
		rc = error_nomem(err);
		goto out;
	}
	rc = store_path_commit(hex, model->store, path, item->experiment->blob, err);
	if (rc < 0)
		goto out;
	item->uncommitted = !hex[0];
	if (hex[0])
		rc = store_commit_info(&item->written, model->store, hex, err);
	if (rc == ERR_NOT_FOUND) {
		error_clear(err);
		rc = 0;
	}
out:
	free(path);
	return rc;
}

int model_make(struct site_model *out, struct store *store, const struct project *project, struct names *problems,
	       struct error *err)
{
	struct site_model model = {.store = store, .project = project, .problems = problems, .last.raw = BUF_INIT};
	int rc;

	model.metric = project->metrics ? project->metric[0].name : "f1";
	model.lower = project->metrics && project->metric[0].lower;
	rc = runs_load(&model.runs, store, project->below, err);
	if (rc == 0)
		rc = judge_families_new(&model.families, &model.runs, err);
	for (size_t i = 0; rc == 0 && i < model.runs.problems.n; i++)
		rc = names_add(problems, model.runs.problems.name[i], err);
	if (rc == 0)
		rc = list_experiments(&model, err);
	for (size_t i = 0; rc == 0 && i < model.experiments; i++) {
		struct site_experiment *item = &model.experiment[i];

		rc = collect_runs(&model, item, err);
		if (rc < 0)
			break;
		item->best = runs_best(&model.runs, item->experiment->name, item->metric[0].name, "run");
		item->bar = judge_bar(&model.runs, item->experiment, item->metric, item->best);
		judge_hypothesis(&item->hypothesis, &model.runs, model.families, item->experiment, item->metric);
		rc = judge_picked(&item->picked, store, project, item->experiment, item->metric, &model.runs, 0, err);
		if (rc == 0)
			rc = find_author(&model, item, err);
	}
	if (rc == 0)
		rc = practices_make(&model, err);
	if (rc < 0)
		model_release(&model);
	else
		*out = model;
	return rc;
}

void model_release(struct site_model *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->experiments; i++) {
		picked_release(&model->experiment[i].picked);
		practices_release(&model->experiment[i]);
		experiment_free(model->experiment[i].experiment);
		free(model->experiment[i].href);
		free(model->experiment[i].run);
	}
	free(model->experiment);
	judge_families_free(model->families);
	runs_free(&model->runs);
	buf_release(&model->last.raw);
	json_decref(model->last.evaluation[0]);
	json_decref(model->last.evaluation[1]);
	memset(model, 0, sizeof(*model));
}
