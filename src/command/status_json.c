/* `assay status --json`. */
#include "command/status.h"

#include "command/run_json.h"
#include "format/json.h"

static int set_flag(json_t *object, const char *key, int value, struct error *err)
{
	return json_set(object, key, json_boolean(value), err);
}

/* Text that is there; none is absent. */
static int set_some(json_t *object, const char *key, const char *value, struct error *err)
{
	return value && *value ? json_set_text(object, key, value, err) : 0;
}

static int set_run(json_t *object, const char *key, const struct seen_run *seen, struct error *err)
{
	return seen ? json_set_text(object, key, run_id(&seen->run), err) : 0;
}

/* Append to a list of the object; takes `one` in every case. */
static int append(json_t *list, json_t *one, int rc, struct error *err)
{
	if (rc < 0) {
		json_decref(one);
		return rc;
	}
	return json_array_append_new(list, one) < 0 ? error_nomem(err) : 0;
}

static int put_practices(json_t *out, const struct experiment_standing *standing, struct error *err)
{
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t i = 0; i < PRACTICES && !rc; i++) {
		const struct practice *practice = &standing->practice[i];
		json_t *one = json_pack("{s:s, s:s}", "name", practice->name, "state",
					practice_state_word(practice->state));

		rc = one ? json_set_text(one, "sentence", practice->sentence, err) : error_nomem(err);
		if (!rc)
			rc = set_run(one, "run", practice->run, err);
		if (!rc)
			rc = set_some(one, "file", practice->file, err);
		rc = append(list, one, rc, err);
	}
	if (!rc)
		return json_set(out, "practices", list, err);
	json_decref(list);
	return rc;
}

static int put_changes(json_t *out, const struct plan_order *plan, struct error *err)
{
	static const char *const items[] = {[PLAN_CRITERION] = "criterion",
					    [PLAN_CONSTRAINT] = "constraint",
					    [PLAN_EXPECTATION] = "expectation",
					    [PLAN_MARGIN] = "margin",
					    [PLAN_CANDIDATE] = "candidate",
					    [PLAN_BASELINE] = "baseline",
					    [PLAN_METRICS] = "metrics",
					    [PLAN_TEXT] = "text",
					    [PLAN_FILE] = "file"};
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t i = 0; i < plan->changes && !rc; i++) {
		const struct plan_change *change = &plan->change[i];
		json_t *one = json_pack("{s:s}", "item", items[change->item]);

		rc = one ? json_set_text(one, "what", change->what, err) : error_nomem(err);
		if (!rc)
			rc = set_run(one, "after", change->after, err);
		if (!rc)
			rc = json_set_number(one, "number", (double)change->number, err);
		if (!rc)
			rc = set_run(one, "by", change->by, err);
		if (!rc)
			rc = set_flag(one, "parallel", change->parallel, err);
		rc = append(list, one, rc, err);
	}
	if (!rc)
		return json_set(out, "changes", list, err);
	json_decref(list);
	return rc;
}

static int put_plan(json_t *out, const struct plan_order *plan, struct error *err)
{
	json_t *one = json_pack("{s:s}", "state", plan_state_word(plan->state));
	struct buf sentence = BUF_INIT;
	int rc;

	plan_order_sentence(&sentence, plan);
	rc = one ? buf_check(&sentence, err) : error_nomem(err);
	if (!rc)
		rc = json_set_text(one, "sentence", sentence.text, err);
	if (!rc)
		rc = set_some(one, "commit", plan->commit, err);
	if (!rc)
		rc = set_flag(one, "uncommitted", plan->uncommitted, err);
	if (!rc)
		rc = put_changes(one, plan, err);
	buf_release(&sentence);
	if (!rc)
		return json_set(out, "plan", one, err);
	json_decref(one);
	return rc;
}

static int put_stages(json_t *out, const struct experiment_standing *standing, struct error *err)
{
	json_t *stages = json_object();
	int rc = stages ? 0 : error_nomem(err);

	for (size_t i = 0; i < STAGES && !rc; i++)
		rc = set_flag(stages, standing->stage[i].name, standing->stage[i].done, err);
	if (rc < 0) {
		json_decref(stages);
		return rc;
	}
	rc = json_set(out, "stages", stages, err);
	return rc ? rc : set_some(out, "next", standing->next, err);
}

static int put_verdicts(json_t *out, const struct status_item *item, struct error *err)
{
	const struct experiment_standing *standing = &item->standing;
	json_t *hypothesis = json_pack("{s:s}", "verdict", item->hypothesis.verdict);
	int rc = hypothesis ? set_run(hypothesis, "judged", item->hypothesis.judged, err) : error_nomem(err);

	if (!rc)
		rc = set_flag(hypothesis, "picked", item->hypothesis.picked, err);
	if (rc < 0) {
		json_decref(hypothesis);
		return rc;
	}
	rc = json_set(out, "hypothesis", hypothesis, err);
	return rc ? rc
		  : json_set(out, "criteria", json_pack("[I, I]", (json_int_t)standing->met, (json_int_t)standing->of),
			     err);
}

static int put_item(json_t *list, const struct status_item *item, struct error *err)
{
	const struct experiment_standing *standing = &item->standing;
	json_t *out = json_object();
	int rc = out ? json_set_text(out, "name", item->experiment->name, err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(out, "status", item->experiment->status, err);
	if (!rc)
		rc = set_some(out, "question", item->experiment->question, err);
	if (!rc)
		rc = put_verdicts(out, item, err);
	if (!rc)
		rc = put_stages(out, standing, err);
	if (!rc)
		rc = put_practices(out, standing, err);
	if (!rc)
		rc = put_plan(out, &item->plan, err);
	if (!rc)
		rc = json_set_number(out, "runs", (double)standing->runs, err);
	if (!rc)
		rc = json_set_number(out, "failed", (double)standing->failed, err);
	if (!rc)
		rc = json_set_number(out, "running", (double)standing->running, err);
	if (!rc)
		rc = set_run(out, "baseline", standing->baseline, err);
	if (!rc)
		rc = set_some(out, "command", item->command.text, err);
	if (!rc)
		rc = set_some(out, "why", item->why, err);
	return append(list, out, rc, err);
}

static int put_in_flight(json_t *out, const struct runs *runs, struct error *err)
{
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t i = 0; i < runs->n && !rc; i++) {
		const struct seen_run *seen = &runs->item[i];
		json_t *one;

		if (seen->where == WHERE_GIT)
			continue;
		one = json_pack("{s:s, s:s, s:s, s:s}", "id", run_id(&seen->run), "experiment",
				run_experiment(&seen->run), "name", run_name(&seen->run), "where", run_where(seen));
		rc = append(list, one, one ? 0 : error_nomem(err), err);
	}
	if (!rc)
		return json_set(out, "in_flight", list, err);
	json_decref(list);
	return rc;
}

static int put_unsent(json_t *out, const struct store_unsent *unsent, struct error *err)
{
	json_t *one;

	if (!unsent->remote)
		return 0;
	one = json_text(unsent->remote);
	return json_set(out, "unsent",
			json_pack("{s:o, s:I, s:I}", "remote", one, "runs", (json_int_t)unsent->runs, "commits",
				  (json_int_t)unsent->commits),
			err);
}

int status_json(json_t **out, const struct status *status, struct error *err)
{
	const struct session *session = &status->session;
	json_t *all = json_object(), *list = json_array();
	int rc = all && list ? json_set_text(all, "branch", store_branch(session->store), err) : error_nomem(err);

	if (!rc)
		rc = json_set_number(all, "runs", (double)session->runs.n, err);
	if (!rc)
		rc = set_some(all, "rewritten", status->rewritten, err);
	for (size_t i = 0; i < status->n && !rc; i++)
		rc = put_item(list, &status->item[i], err);
	if (!rc)
		rc = json_set(all, "experiments", json_incref(list), err);
	if (!rc)
		rc = put_in_flight(all, &session->runs, err);
	if (!rc)
		rc = put_unsent(all, &status->unsent, err);
	json_decref(list);
	if (rc < 0)
		json_decref(all);
	else
		*out = all;
	return rc;
}
