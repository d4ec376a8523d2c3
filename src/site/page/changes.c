/* The part of a run's page about the run before it: see changes.h. */
#include "site/page/changes.h"

#include "format/json.h"
#include "judge/changes.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

enum { FACTORS_SHOWN = 40, HASH_SHOWN = 12, HASH_LEAST = 40 };

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* One side of a factor: a hash by its first digits. */
static void view_side(struct view *row, const char *key, const char *none_key, const char *none, const json_t *value)
{
	struct buf text = BUF_INIT;
	const char *word = json_string_value(value);

	if (word && strlen(word) >= HASH_LEAST && strspn(word, "0123456789abcdef") == strlen(word))
		buf_put(&text, word, HASH_SHOWN);
	else if (value)
		words_scalar(&text, value);
	view_text(row, key, value ? text.text : NULL);
	view_text(row, none_key, value ? NULL : none);
	view_done(row, &text);
}

/* The command's sides are not in the factor: they are those of the two records. */
static void view_command_side(struct view *row, const char *key, const char *none_key, const struct seen_run *run)
{
	struct buf text = BUF_INIT;

	if (run)
		words_command(&text, run_field(&run->run, "command"));
	view_text(row, key, text.len ? text.text : NULL);
	view_text(row, none_key, text.len ? NULL : "not here");
	view_done(row, &text);
}

static void view_factors(struct view *out, const json_t *factors, const struct seen_run *run,
			 const struct seen_run *against)
{
	struct view list = view_list();
	size_t n = json_array_size(factors);

	for (size_t i = 0; i < n && i < FACTORS_SHOWN; i++) {
		const json_t *factor = json_array_get(factors, i);
		int is_file = !strcmp(text_at(factor, "factor"), "code") || !strcmp(text_at(factor, "factor"), "data");
		const char *none = is_file ? "no such file" : "not set", *name = text_at(factor, "name");
		struct view row = view_object();

		view_text(&row, "factor", *name ? text_at(factor, "factor") : NULL);
		view_text(&row, "name", *name ? name : text_at(factor, "factor"));
		if (!strcmp(text_at(factor, "factor"), "command")) {
			view_command_side(&row, "from", "from_none", against);
			view_command_side(&row, "to", "to_none", run);
		} else {
			view_side(&row, "from", "from_none", none, json_object_get(factor, "from"));
			view_side(&row, "to", "to_none", none, json_object_get(factor, "to"));
		}
		view_add(&list, &row);
	}
	view_flag(out, "any_factors", n > 0);
	view_sub(out, "factors", &list);
	if (n > FACTORS_SHOWN)
		view_printf(out, "more", "%zu", n - FACTORS_SHOWN);
	else
		view_flag(out, "more", 0);
}

static void view_sentence(struct view *out, const json_t *changes)
{
	size_t n = json_array_size(json_object_get(changes, "factors"));
	int unknown = json_array_size(json_object_get(changes, "unknown")) > 0;
	const char *packages = unknown ? " Packages are not recorded on both sides, so they may have changed too." : "";

	if (!strcmp(text_at(changes, "verdict"), "first"))
		view_text(out, "sentence", "It is the first of its kind: there is nothing to compare with.");
	else if (!n)
		view_printf(out, "sentence", "Nothing that is recorded changed.%s", packages);
	else if (n == 1)
		view_printf(out, "sentence", "One thing changed, so the difference is isolated.%s", packages);
	else
		view_printf(out, "sentence",
			    "%zu things changed together: the difference cannot be laid to any one of them.%s", n,
			    packages);
}

static int view_apart(struct view *out, const struct site_model *model, const struct seen_run *run,
		      const struct seen_run *against, struct error *err)
{
	struct code_reader *reader = NULL;
	struct names apart = {0};
	struct view view = view_object(), list = view_list();
	int rc = 0;

	if (against && !strcmp(run_text(&run->run, "changes.verdict"), "confounded")) {
		rc = code_reader_new(&reader, model->store, model->project, err);
		if (!rc)
			rc = changes_tell_apart(&apart, &run->run, &against->run, reader, err);
	}
	for (size_t i = 0; i < apart.n && i < FACTORS_SHOWN; i++)
		view_add_text(&list, apart.name[i]);
	view_printf(&view, "words", "%zu more run%s would tell %s apart (main effects only):", apart.n,
		    apart.n == 1 ? "" : "s", apart.n == 1 ? "the two" : "them");
	view_sub(&view, "commands", &list);
	if (apart.n)
		view_sub(out, "apart", &view);
	else
		view_flag(out, "apart", 0);
	view_release(&view);
	names_free(&apart);
	code_reader_free(reader);
	return rc;
}

static void view_metric(struct view *list, const struct seen_run *run, const struct seen_run *against,
			const json_t *compared, const char *metric)
{
	const json_t *pair = json_object_get(compared, "interval");
	struct buf value = BUF_INIT, base = BUF_INIT, difference = BUF_INIT, interval = BUF_INIT;
	struct score score, before = {NAN, NAN, NAN, 0};
	struct view row = view_object();
	double step, low, high;

	score_of(&score, run, metric);
	if (against)
		score_of(&before, against, metric);
	if (isfinite(score.value))
		words_value(&value, metric, score.value);
	if (isfinite(before.value))
		words_value(&base, metric, before.value);
	if (json_number(&step, json_object_get(compared, "difference")))
		words_signed(&difference, metric, step);
	if (json_number(&low, json_array_get(pair, 0)) && json_number(&high, json_array_get(pair, 1)))
		words_signed_interval(&interval, metric, low, high);
	view_text(&row, "name", metric);
	view_text(&row, "value", value.len ? value.text : EN_DASH);
	view_text(&row, "base_value", base.len ? base.text : EN_DASH);
	view_text(&row, "difference", difference.len ? difference.text : EN_DASH);
	view_text(&row, "interval", interval.len ? interval.text : NULL);
	verdict_view(&row, "verdict", verdict_of(text_at(compared, "verdict")), NULL);
	view_add(list, &row);
	view_done(list, &value);
	view_done(list, &base);
	view_done(list, &difference);
	view_done(list, &interval);
}

/* The declared metrics that the step was judged by. */
static void view_previous(struct view *out, const struct site_experiment *item, const struct seen_run *run,
			  const struct seen_run *against)
{
	const json_t *judged = json_object_get(run_comparison(&run->run, "previous"), "metrics");
	struct view view = view_object(), rows = view_list();

	for (size_t i = 0; i < item->metrics; i++) {
		const json_t *compared = json_object_get(judged, item->metric[i].name);

		if (compared)
			view_metric(&rows, run, against, compared, item->metric[i].name);
	}
	if (view_count(&rows)) {
		view_sub(&view, "rows", &rows);
		view_sub(out, "previous", &view);
	} else {
		view_flag(out, "previous", 0);
	}
	view_release(&view);
	view_release(&rows);
}

static void view_against(struct view *out, const char *id, const struct seen_run *against)
{
	struct view link = view_object();

	if (against) {
		view_text(&link, "name", run_name(&against->run));
		view_printf(&link, "handle", "%.7s", id_handle(id));
		view_printf(&link, "href", "runs/%s.html", id);
		view_sub(out, "against", &link);
	} else {
		view_flag(out, "against", 0);
	}
	view_text(out, "gone", *id && !against ? id : NULL);
	view_release(&link);
}

int changes_view(struct view *out, const struct site_model *model, const struct site_experiment *item,
		 const struct seen_run *run, struct error *err)
{
	const json_t *changes = run_field(&run->run, "changes"), *factors = json_object_get(changes, "factors");
	const struct seen_run *against = model_run(model, text_at(changes, "against"));
	struct view view = view_object();
	int rc;

	if (json_array_size(factors) > 1)
		view_printf(out, "many_changes", "%zu", json_array_size(factors));
	else
		view_flag(out, "many_changes", 0);
	if (!json_is_object(changes)) {
		view_flag(out, "changes", 0);
		view_release(&view);
		return 0;
	}
	view_sentence(&view, changes);
	view_against(&view, text_at(changes, "against"), against);
	view_factors(&view, factors, run, against);
	view_previous(&view, item, run, against);
	rc = view_apart(&view, model, run, against, err);
	view_sub(out, "changes", &view);
	return rc;
}
