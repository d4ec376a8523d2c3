/* Which margins count: one that was chosen after the first result may have been chosen to fit it. */
#include "judge/plan_first.h"

#include "base/mem.h"
#include "format/number.h"

struct margins {
	const struct experiment *experiment; /* of its margins `why` is written */
	struct store *store;
	const struct project *project;
	const struct runs *runs;
	struct error *err;
};

static int refuse(struct margins *m, struct margin *margin, const char *why)
{
	if (margin->why)
		return 0;
	margin->why = mem_text(why);
	return margin->why ? 0 : error_nomem(m->err);
}

static int refuse_all(struct margins *m, const char *why)
{
	int rc = 0;

	for (size_t i = 0; i < m->experiment->margins && !rc; i++)
		rc = refuse(m, &m->experiment->margin[i], why);
	return rc;
}

/* The margins of now against those of a plan that stood before the first run. */
static int hold_against(struct margins *m, const struct experiment *plan)
{
	int rc = 0;

	for (size_t i = 0; i < m->experiment->margins && !rc; i++) {
		struct margin *margin = &m->experiment->margin[i];
		const struct margin *then = NULL;
		char number[NUMBER_TEXT], why[128];

		for (size_t k = 0; k < plan->margins && !then; k++)
			if (!strcmp(plan->margin[k].metric, margin->metric))
				then = &plan->margin[k];
		if (then && then->value == margin->value)
			continue;
		if (then) {
			number_text(number, then->value);
			snprintf(why, sizeof(why), "it was %s when the first run started", number);
		}
		rc = refuse(m, margin, then ? why : "there was none when the first run started");
	}
	return rc;
}

/* One of the first runs: its record is read from git, since a brief one may lack the plan. */
static int hold_against_run(struct margins *m, const struct seen_run *seen)
{
	char why[512], *not_provable = NULL, *path = seen->folder ? path_join(seen->folder, "run.json") : NULL;
	struct buf text = BUF_INIT;
	struct experiment *plan = NULL;
	enum plan_state state = PLAN_AFTER;
	struct run run = {0};
	struct error said = {0};
	int rc = seen->folder && !path ? error_nomem(m->err) : 0;

	if (!rc && path)
		rc = store_file_at(&text, m->store, m->runs->tip, path, m->err);
	if (!rc && path)
		rc = run_parse(&run, text.text, text.len, path, m->err);
	if (!rc)
		rc = plan_verify(&state, &not_provable, m->store, path ? &run : &seen->run, m->err);
	if (rc < 0)
		goto out;
	if (state == PLAN_NOT_PROVABLE) {
		snprintf(why, sizeof(why), "that it stood before the first run is not provable in this clone: %s",
			 not_provable);
		rc = refuse_all(m, why);
		goto out;
	}
	if (state != PLAN_BEFORE) {
		rc = refuse_all(m, "it was not committed when the first run started");
		goto out;
	}
	rc = plan_read(&plan, m->store, m->project, m->experiment->name,
		       run_text(path ? &run : &seen->run, "plan.blob"), &said);
	if (rc == ERR_NOMEM)
		rc = error_nomem(m->err);
	else
		rc = rc < 0 ? refuse_all(m, "the first run's text cannot be read in this clone")
			    : hold_against(m, plan);
out:
	experiment_free(plan);
	run_release(&run);
	buf_release(&text);
	free(not_provable);
	free(path);
	return rc;
}

static int has_runs(const struct runs *runs, const struct run *but, const char *experiment)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;

		if (!strcmp(run_experiment(run), experiment) && !strcmp(run_text(run, "kind"), "run") &&
		    strcmp(run_id(run), run_id(but)) != 0)
			return 1;
	}
	return 0;
}

/* Before the first run has ended: what is judged now is the first, or a baseline before it. */
static int hold_against_itself(struct margins *m, const struct run *run)
{
	return *run_text(run, "plan.commit") ? 0 : refuse_all(m, "it was not committed when the run started");
}

static int look_at_runs(struct margins *m, const struct run *run)
{
	struct run_order *order = NULL;
	struct plan_run *list = NULL;
	size_t n = 0, held = 0;
	int known = 0, rc = run_order_new(&order, m->store, m->runs, m->err);

	if (!rc)
		rc = plan_runs(&list, &n, &known, m->runs, order, m->experiment->name, m->err);
	if (!rc && !known)
		rc = refuse_all(m, "which run was first is not provable in this clone");
	for (size_t i = 0; i < n && !rc && known; i++) {
		const struct seen_run *seen = list[i].seen;

		/* the one that is judged may be in flight, and is no first then where others have landed */
		if (strcmp(run_id(&seen->run), run_id(run)) != 0 && plan_is_first(order, list, n, i)) {
			held++;
			rc = hold_against_run(m, seen);
		}
	}
	if (!rc && known && !held)
		rc = hold_against_itself(m, run);
	free(list);
	run_order_free(order);
	return rc;
}

int plan_margins(const struct experiment *experiment, struct store *store, const struct project *project,
		 const struct runs *runs, const struct run *run, struct error *err)
{
	struct margins m = {experiment, store, project, runs, err};

	for (size_t i = 0; i < experiment->margins; i++) {
		free(experiment->margin[i].why);
		experiment->margin[i].why = NULL;
	}
	if (!experiment->margins)
		return 0;
	return has_runs(runs, run, experiment->name) ? look_at_runs(&m, run) : hold_against_itself(&m, run);
}
