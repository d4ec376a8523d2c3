/* Whether the best run is the one that was to be judged before there was any figure to pick by. */
#include "judge/picked_work.h"

#include "base/mem.h"
#include "judge/plan_first.h"
#include "record/predictions_of.h"

/* The plan that one of the first runs started from names this candidate: 1 or 0. */
static int plan_names(const struct picking *picking, const struct seen_run *seen, const char *candidate,
		      struct error *err)
{
	struct buf text = BUF_INIT;
	struct experiment *plan = NULL;
	enum plan_state state = PLAN_AFTER;
	struct run run = {0}; /* whole: a brief record may lack the plan */
	struct error why = {0};
	char *not_provable = NULL;
	int rc = run_file(&text, picking->store, picking->runs->tip, seen, "run.json", &why);

	if (rc == 0)
		rc = run_parse(&run, text.text, text.len, "run.json", &why);
	if (rc == 0)
		rc = plan_verify(&state, &not_provable, picking->store, &run, &why);
	if (rc == 0 && state == PLAN_BEFORE)
		rc = plan_read(&plan, picking->store, picking->project, picking->experiment->name,
			       run_text(&run, "plan.blob"), &why);
	if (rc == ERR_NOMEM || rc == ERR_MACHINE)
		*err = why;
	else
		rc = rc == 0 && plan && plan->candidate && strcmp(plan->candidate, candidate) == 0;
	experiment_free(plan);
	run_release(&run);
	free(not_provable);
	buf_release(&text);
	return rc;
}

/* "best" and "latest" name whichever run came out so: that is picking. */
static int names_one(const char *candidate)
{
	return strcmp(candidate, "best") != 0 && strcmp(candidate, "latest") != 0;
}

int picked_find_named(const struct seen_run **out, const struct picking *picking, struct error *err)
{
	const char *candidate = picking->experiment->candidate;
	const struct seen_run *found = NULL;
	struct run_order *order = NULL;
	struct error none = {0};
	struct plan_run *list = NULL;
	size_t n = 0;
	int known = 0, rc;

	if (!candidate || !names_one(candidate) ||
	    runs_find(&found, picking->runs, candidate, picking->experiment->name, NULL, &none) < 0)
		return 0;
	rc = run_order_new(&order, picking->store, picking->runs, err);
	if (rc == 0)
		rc = plan_runs(&list, &n, &known, picking->runs, order, picking->experiment->name, err);
	if (rc < 0)
		goto out;
	rc = known && n > 0;
	for (size_t i = 0; i < n && rc == 1; i++)
		if (plan_is_first(order, list, n, i))
			rc = plan_names(picking, list[i].seen, candidate, err);
	if (rc == 1)
		*out = found;
	rc = rc < 0 ? rc : 0;
out:
	free(list);
	run_order_free(order);
	return rc;
}
