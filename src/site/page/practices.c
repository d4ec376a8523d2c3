/* See practices.h. */
#include "site/page/practices.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int stand(struct site_experiment *item, const struct site_model *model, const struct run_order *order,
		 const char *rewritten, struct error *err)
{
	struct standing_input input = {
		.families = model->families,
		.experiment = item->experiment,
		.metric = item->metric,
		.hypothesis = &item->hypothesis,
		.plan = &item->plan,
		.order = order,
		.rewritten = rewritten,
	};
	struct runs runs;
	int rc = judge_runs_of(&runs, &model->runs, item->experiment->name, err);

	if (rc < 0)
		return rc;
	input.runs = &runs;
	rc = plan_order_make(&item->plan, model->store, model->project, item->experiment, &runs, order, err);
	if (rc == 0)
		rc = judge_standing(&item->standing, &input, err);
	/* what was found points into that list; the same runs are in the model's */
	for (size_t i = 0; rc == 0 && i < PRACTICES; i++)
		if (item->standing.practice[i].run)
			item->standing.practice[i].run = model_run(model, run_id(&item->standing.practice[i].run->run));
	for (size_t i = 0; rc == 0 && i < item->plan.changes; i++) {
		struct plan_change *change = &item->plan.change[i];

		change->after = model_run(model, run_id(&change->after->run));
		change->by = change->by ? model_run(model, run_id(&change->by->run)) : NULL;
	}
	item->plan.first = item->plan.first ? model_run(model, run_id(&item->plan.first->run)) : NULL;
	item->standing.subject = item->standing.baseline = NULL;
	free(runs.item);
	return rc;
}

int practices_make(struct site_model *model, struct error *err)
{
	struct run_order *order = NULL;
	char *rewritten = NULL;
	int rc = store_rewritten(model->store, &rewritten, err);

	if (rc >= 0)
		rc = run_order_new(&order, model->store, &model->runs, err);
	for (size_t i = 0; rc == 0 && i < model->experiments; i++)
		rc = stand(&model->experiment[i], model, order, rewritten, err);
	run_order_free(order);
	free(rewritten);
	return rc;
}

void practices_release(struct site_experiment *item)
{
	plan_order_release(&item->plan);
	judge_standing_release(&item->standing);
}

void practices_view(struct view *out, const struct site_experiment *item)
{
	struct view list = view_list();

	for (size_t i = 0; i < PRACTICES; i++) {
		const struct practice *practice = &item->standing.practice[i];
		struct view view = view_object();

		view_text(&view, "name", practice->name);
		view_text(&view, "word", practice_state_word(practice->state));
		view_text(&view, "sentence", practice->sentence);
		view_flag(&view, "met", practice->state == PRACTICE_MET);
		view_flag(&view, "partly", practice->state == PRACTICE_PARTLY);
		view_flag(&view, "unmet", practice->state == PRACTICE_UNMET);
		view_flag(&view, "unknown", practice->state == PRACTICE_UNKNOWN);
		if (practice->run)
			view_printf(&view, "evidence", "runs/%s.html", run_id(&practice->run->run));
		else if (practice->file)
			view_printf(&view, "evidence", "%s#hypothesis", item->href);
		else
			view_flag(&view, "evidence", 0);
		view_add(&list, &view);
	}
	view_sub(out, "practices", &list);
}

void stages_view(struct view *out, const struct site_experiment *item)
{
	struct view list = view_list();

	for (size_t i = 0; i < STAGES; i++) {
		struct view view = view_object();

		view_text(&view, "state", item->standing.stage[i].done ? "done" : "");
		view_add(&list, &view);
	}
	view_sub(out, "stages", &list);
	if (item->standing.next && *item->standing.next)
		view_printf(out, "stage", "%s next", item->standing.next);
	else
		view_text(out, "stage", "all done");
}

void plan_changes_view(struct view *out, const struct site_experiment *item)
{
	struct view list = view_list();

	for (size_t i = 0; i < item->plan.changes; i++) {
		struct buf text = BUF_INIT;

		plan_change_sentence(&text, &item->plan.change[i]);
		view_add_text(&list, text.text);
		view_done(&list, &text);
	}
	view_flag(out, "any_plan_changes", view_count(&list) > 0);
	view_sub(out, "plan_changes", &list);
}

const char *plan_words(const struct site_experiment *item)
{
	switch (item->plan.state) {
	case PLAN_BEFORE:
		return item->plan.changes ? "before the first run, changed since" : "before the first run";
	case PLAN_WITH:
		return "with the first run";
	case PLAN_AFTER:
		return "after the first run";
	case PLAN_NOT_PROVABLE:
		return "order not provable in this clone";
	case PLAN_NO_RUN:
		return item->plan.uncommitted ? NULL : "before any run";
	case PLAN_NO_FILE:
		break;
	}
	return NULL;
}
