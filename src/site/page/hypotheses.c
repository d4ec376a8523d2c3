/* The table of experiments with the verdicts on their hypotheses. */
#include "site/page/hypotheses.h"

#include "site/page/lead.h"
#include "site/page/practices.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

static void view_row(struct view *list, const struct site_model *model, const struct site_experiment *item,
		     const struct axis *axis)
{
	const struct seen_run *run = item->hypothesis.judged;
	const char *metric = hypothesis_metric(item);
	struct view view = view_object();
	struct buf note = BUF_INIT, expected = BUF_INIT;
	struct judged judged;

	expectation_words(&expected, item->experiment);
	view_text(&view, "name", item->experiment->name);
	view_text(&view, "href", item->href);
	view_text(&view, "question", item->experiment->question ? item->experiment->question : item->experiment->title);
	view_text(&view, "expected", expected.len ? expected.text : NULL);
	verdict_view(&view, "verdict", hypothesis_verdict(item), hypothesis_word(item));
	view_flag(&view, "mark", 0);
	if (run) {
		judged_of(&judged, model, item->hypothesis.judged, metric, JUDGED_TODAY);
		if (judged.entry) {
			buf_printf(&note, "%s ", words_title(metric));
			words_signed(&note, metric, judged.difference);
			buf_puts(&note, ", ");
			if (!strcmp(metric, model->metric))
				mark_interval(&view, "mark", axis, judged.difference, judged.low, judged.high,
					      verdict_class(judged.verdict));
		}
	}
	words_some(&note, item->runs, "run", "runs");
	view_text(&view, "note", note.text);
	stages_view(&view, item);
	practices_view(&view, item);
	view_add(list, &view);
	view_done(list, &note);
	view_done(list, &expected);
}

void hypotheses_view(struct view *out, const char *key, const struct site_model *model, enum hypotheses_which which)
{
	struct view view = view_object(), rows = view_list();
	struct axis axis = AXIS_EMPTY;
	struct axis_line zero = {0, "the baseline"};
	size_t shown;
	int any = 0;

	axis_stretch(&axis, 0);
	for (size_t i = 0; i < model->experiments; i++) {
		const struct site_experiment *item = &model->experiment[i];
		struct judged judged;

		if (!item->hypothesis.judged || strcmp(hypothesis_metric(item), model->metric) != 0)
			continue;
		judged_of(&judged, model, item->hypothesis.judged, model->metric, JUDGED_TODAY);
		any |= judged.entry != NULL;
		axis_stretch(&axis, judged.difference);
		axis_stretch(&axis, judged.low);
		axis_stretch(&axis, judged.high);
	}
	axis_finish(&axis);
	view_flag(&view, "has_axis", any);
	axis_view(&view, &axis, any ? &zero : NULL, NULL, 1);
	if (!any)
		view_flag(&view, "zero", 0);
	view_text(&view, "title", words_title(model->metric));
	for (size_t i = 0; i < model->experiments; i++)
		if (which == HYPOTHESES_ALL || model->experiment[i].experiment->path)
			view_row(&rows, model, &model->experiment[i], &axis);
	shown = view_count(&rows);
	view_sub(&view, "rows", &rows);
	if (shown) {
		view_sub(out, key, &view);
	} else {
		view_release(&view);
		view_flag(out, key, 0);
	}
}

void hypotheses_list(struct view *out, const char *key, const char *more_key, const struct site_model *model,
		     size_t most)
{
	size_t confirmed = 0, refuted = 0, open = 0, written = 0;
	struct view list = view_list();

	for (size_t i = 0; i < model->experiments; i++) {
		const struct site_experiment *item = &model->experiment[i];
		enum verdict verdict = hypothesis_verdict(item);
		struct view view;

		if (!item->experiment->path)
			continue;
		if (written++ >= most) {
			confirmed += verdict == VERDICT_CONFIRMED;
			refuted += verdict == VERDICT_REFUTED;
			open += verdict != VERDICT_CONFIRMED && verdict != VERDICT_REFUTED;
			continue;
		}
		view = view_object();
		view_text(&view, "name", item->experiment->name);
		view_text(&view, "href", item->href);
		verdict_view(&view, "verdict", verdict, hypothesis_word(item));
		view_add(&list, &view);
	}
	if (written > most)
		view_printf(out, more_key, "%zu more: %zu confirmed, %zu refuted, %zu open", written - most, confirmed,
			    refuted, open);
	else
		view_flag(out, more_key, 0);
	view_flag(out, "any_hypotheses", view_count(&list) > 0);
	view_sub(out, key, &list);
}
