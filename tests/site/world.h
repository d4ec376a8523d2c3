/* A model of one experiment whose runs are records made by hand, for tests of what the pages say. */
#ifndef ASSAY_TESTS_SITE_WORLD_H
#define ASSAY_TESTS_SITE_WORLD_H

#include "check.h"

#include "site/page/lead.h"
#include "site/page/model.h"

#include <string.h>

#define BASE "20261101-100000-00000000aa"
#define RUN "20261102-100000-00000000bb"
#define OTHER "20261103-100000-00000000cc"

struct world {
	struct site_model model;
	struct site_experiment item;
	struct seen_run run[3];
	const struct seen_run *list[3];
	struct experiment *experiment;
	struct declared_metric metric;
	struct project project;
	struct view view;
};

static inline void world_open(struct world *world, const char *front_matter, const char *const *record, size_t n)
{
	struct error err = {0};

	memset(world, 0, sizeof(*world));
	world->metric = (struct declared_metric){(char *)"f1", 0, 1};
	world->project.metric = &world->metric;
	world->project.metrics = 1;
	check_ok(experiment_parse(&world->experiment, &world->project, "e", "experiments/e.md", front_matter,
				  strlen(front_matter), &err),
		 err);
	for (size_t i = 0; i < n; i++) {
		check_ok(run_parse(&world->run[i].run, record[i], strlen(record[i]), "run.json", &err), err);
		world->run[i].where = WHERE_GIT;
		world->list[i] = &world->run[i];
	}
	world->model.runs = (struct runs){.item = world->run, .n = n};
	world->model.metric = "f1";
	world->model.project = &world->project;
	world->item.experiment = world->experiment;
	world->item.metric = experiment_metrics(&world->item.metrics, world->experiment, &world->project);
	world->item.run = world->list;
	world->item.runs = n;
	world->item.best = runs_best(&world->model.runs, "e", "f1", "run");
	world->item.bar = runs_best(&world->model.runs, "e", "f1", "baseline");
	check_ok(judge_families_new(&world->model.families, &world->model.runs, &err), err);
	judge_hypothesis(&world->item.hypothesis, &world->model.runs, world->model.families, world->experiment,
			 world->item.metric);
	world->model.experiment = &world->item;
	world->model.experiments = 1;
	world->view = view_object();
}

static inline void world_close(struct world *world)
{
	view_release(&world->view);
	judge_families_free(world->model.families);
	for (size_t i = 0; i < world->model.runs.n; i++)
		run_release(&world->run[i].run);
	experiment_free(world->experiment);
}

static inline const char *plain(const struct world *world)
{
	const char *text = json_string_value(json_object_get(json_object_get(world->view.json, "lead"), "plain"));

	return text ? text : "(nothing)";
}

#define UNUSED __attribute__((unused))
#define HEAD(id, name, kind)                                                                                   \
	"{\"schema\": 1, \"id\": \"" id "\", \"experiment\": \"e\", \"name\": \"" name "\", \"kind\": \"" kind \
	"\", \"status\": \"finished\", \"data\": {\"split\": {\"sha256\": \"s\"}}, "
#define COMPARED(difference, low, high, p, verdict)                                                               \
	"\"comparison\": [{\"against\": \"" BASE                                                                  \
	"\", \"role\": \"baseline\", \"metrics\": {\"f1\": {\"difference\": " difference ", \"corrected\": [" low \
	", " high "], \"interval\": [" low ", " high "], \"se\": 0.01, \"p\": " p                                 \
	", \"test\": \"bootstrap\", \"family\": 1, \"declared\": true, \"verdict\": \"" verdict "\"}}}]"

UNUSED static const char baseline[] = HEAD(BASE, "logistic", "baseline") "\"measured\": {\"f1\": 0.591}}";
UNUSED static const char better[] = HEAD(RUN, "cut", "run") "\"measured\": {\"f1\": 0.663}, " COMPARED(
	"0.072", "0.026", "0.119", "0.0002", "better") ", \"criteria\": ["
						       "{\"metric\": \"f1\", \"rule\": \">= 0.6\", \"verdict\": "
						       "\"met\", \"certain\": true, \"value\": 0.663},"
						       "{\"metric\": \"latency_ms\", \"rule\": \"<= 50\", \"verdict\": "
						       "\"unmet\", \"certain\": true, \"value\": 61}]}";
UNUSED static const char undecided[] = HEAD(RUN, "gbt", "run") "\"measured\": {\"f1\": 0.611}, " COMPARED(
	"0.02", "-0.013", "0.051", "0.2", "undecided") "}";
UNUSED static const char failed[] =
	"{\"schema\": 1, \"id\": \"" OTHER "\", \"experiment\": \"e\", \"name\": \"crash\", "
	"\"kind\": \"run\", \"status\": \"failed\", \"exit\": 137, \"usage\": {\"seconds\": 12}}";

UNUSED static const char expects_better[] = "---\nexpects: {f1: better}\n---\n";
UNUSED static const char expects_worse[] = "---\nexpects: {f1: worse}\n---\n";

#endif
