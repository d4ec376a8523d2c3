/* Where an experiment stands: its runs counted, its subject, its stages. The practices are in practices.c. */
#include "judge/practices.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int is(const struct run *run, const char *field, const char *word)
{
	return !strcmp(run_text(run, field), word);
}

int judge_runs_of(struct runs *out, const struct runs *all, const char *experiment, struct error *err)
{
	struct runs found = {0};
	int rc = 0;

	for (size_t i = 0; i < all->n && !rc; i++) {
		const struct run *run = &all->item[i].run;

		if (strcmp(run_experiment(run), experiment) != 0 && !is(run, "kind", "baseline"))
			continue;
		rc = MEM_GROW(found.item, found.n, found.cap, err);
		if (!rc)
			found.item[found.n++] = all->item[i]; /* borrowed, as all of it */
	}
	if (rc < 0) {
		free(found.item);
		return rc;
	}
	memcpy(found.tip, all->tip, sizeof(found.tip));
	*out = found;
	return 0;
}

const struct seen_run *judge_bar(const struct runs *runs, const struct experiment *experiment,
				 const struct declared_metric *metric, const struct seen_run *best)
{
	const struct seen_run *found = best ? judge_baseline(runs, experiment, metric, &best->run) : NULL;

	for (size_t i = 0; i < runs->n && !found && experiment->baseline; i++)
		if (!strcmp(run_experiment(&runs->item[i].run), experiment->name))
			found = judge_baseline(runs, experiment, metric, &runs->item[i].run);
	return found ? found : runs_best(runs, experiment->name, metric->name, "baseline");
}

/* Runs of kind run, a repetition counted once; failed ones are killed ones too. */
static void count_runs(struct experiment_standing *out, const struct runs *runs, const char *experiment)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct seen_run *seen = &runs->item[i];
		const struct run *run = &seen->run;

		if (strcmp(run_experiment(run), experiment) != 0 || !is(run, "kind", "run") ||
		    *run_text(run, "tags.reproduces") ||
		    (*run_text(run, "parent") && runs_with_id(runs, run_text(run, "parent"))))
			continue;
		out->runs++;
		out->failed += is(run, "status", "failed") || is(run, "status", "killed");
		out->running += seen->where == WHERE_RUNNING;
	}
}

/* 1 if the experiment has a finished record of that kind. */
static int has_kind(const struct runs *runs, const char *experiment, const char *kind)
{
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_experiment(&runs->item[i].run), experiment) && is(&runs->item[i].run, "kind", kind) &&
		    is(&runs->item[i].run, "status", "finished"))
			return 1;
	return 0;
}

static int is_promoted(const struct runs *runs, const char *experiment)
{
	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_experiment(&runs->item[i].run), experiment) &&
		    run_field(&runs->item[i].run, "tags.promoted"))
			return 1;
	return 0;
}

/* A stage is behind an experiment when it has left what it leaves: a text, a baseline, a judged run, a record of its kind. */
static void set_stages(struct experiment_standing *out, const struct standing_input *input)
{
	static const char *const names[STAGES] = {"problem",  "baseline", "experiment",
						  "evaluate", "validate", "deploy"};
	const struct experiment *experiment = input->experiment;
	const int done[STAGES] = {
		experiment->path && (experiment->criteria || experiment->n_expects),
		out->baseline != NULL,
		out->subject != NULL,
		has_kind(input->runs, experiment->name, "evaluation"),
		out->practice[PRACTICES - 1].state == PRACTICE_MET,
		is_promoted(input->runs, experiment->name) || has_kind(input->runs, experiment->name, "monitor"),
	};

	out->next = "";
	for (size_t i = STAGES; i-- > 0;) {
		out->stage[i] = (struct stage){names[i], done[i]};
		if (!done[i])
			out->next = names[i];
	}
}

int judge_standing(struct experiment_standing *out, const struct standing_input *input, struct error *err)
{
	struct experiment_standing made = {0};
	const struct seen_run *best = runs_best(input->runs, input->experiment->name, input->metric->name, "run");
	int rc;

	made.subject = input->hypothesis->judged ? input->hypothesis->judged : best;
	made.baseline = judge_bar(input->runs, input->experiment, input->metric, best);
	count_runs(&made, input->runs, input->experiment->name);
	if (made.subject)
		judge_criteria_count(&made.met, &made.of, &made.subject->run);
	rc = judge_practices(&made, input, err);
	set_stages(&made, input);
	if (rc < 0)
		judge_standing_release(&made);
	else
		*out = made;
	return rc;
}

void judge_standing_release(struct experiment_standing *standing)
{
	if (!standing)
		return;
	for (size_t i = 0; i < PRACTICES; i++)
		free(standing->practice[i].sentence);
	*standing = (struct experiment_standing){0};
}
