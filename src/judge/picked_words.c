/* What is said of a best run that was picked, the same in every place. */
#include "judge/picked.h"

#include "format/json.h"

const char picked_named_words[] = "named as candidate before the first run: no correction for picking needed";

static void put_figure(struct buf *out, const struct picked *p, const struct picked_figures *figures)
{
	const char *name = p->metric->name;

	buf_printf(out, "%s ", figures->title ? figures->title(name) : name);
	figures->value(out, name, p->value);
	buf_putc(out, ' ');
	figures->interval(out, name, p->low, p->high);
	buf_puts(out, ", plain ");
	figures->value(out, name, p->plain);
}

void picked_words(struct buf *out, const struct picked *p, const struct picked_figures *figures)
{
	if (p->m < 2)
		return;
	if (p->named == p->best) {
		buf_puts(out, picked_named_words);
		return;
	}
	buf_printf(out, "best of %zu, ", p->m);
	if (!p->corrected) {
		buf_printf(out, "not corrected for the picking: %s", p->why);
		return;
	}
	buf_puts(out, "corrected for the picking: ");
	put_figure(out, p, figures);
	if (p->could == 1)
		buf_puts(out, "; no other run could be the best");
	else
		buf_printf(out, "; %zu runs could be the best", p->could);
	if (p->left_out)
		buf_printf(out, "; %zu %s left out, scored on other rows", p->left_out,
			   p->left_out == 1 ? "run is" : "runs are");
	if (p->named)
		buf_printf(out, "; %s was %s", run_name(&p->named->run), picked_named_words);
}

void picked_places(struct buf *out, const struct picked_run *run, const char *dash)
{
	buf_printf(out, "%zu", run->first);
	if (run->last != run->first)
		buf_printf(out, "%s%zu", dash, run->last);
}

static json_t *could_be_best(const struct picked *p)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < p->n; i++)
		if (p->run[i].first == 1 && json_array_append_new(list, json_string(run_id(&p->run[i].run->run))) < 0) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

static int set_interval(json_t *object, const char *key, double low, double high, struct error *err)
{
	return json_set(object, key, json_pack("[f, f]", low, high), err);
}

static int set_figures(json_t *json, const struct picked *p, struct error *err)
{
	int rc = json_set_number(json, "corrected", p->value, err);

	if (rc == 0)
		rc = set_interval(json, "interval", p->low, p->high, err);
	if (rc == 0)
		rc = json_set_number(json, "plain", p->plain, err);
	if (rc == 0)
		rc = set_interval(json, "plain_interval", p->plain_low, p->plain_high, err);
	if (rc == 0)
		rc = json_set(json, "could_be_best", could_be_best(p), err);
	return rc;
}

int picked_json(json_t **out, const struct picked *p, struct error *err)
{
	json_t *json = NULL;
	int rc = 0;

	*out = NULL;
	if (p->m < 2)
		return 0;
	json = json_pack("{s:s, s:s, s:I, s:I}", "metric", p->metric->name, "best", run_id(&p->best->run), "of",
			 (json_int_t)p->m, "left_out", (json_int_t)p->left_out);
	if (!json)
		return error_nomem(err);
	if (p->named)
		rc = json_set_text(json, "named_before", run_id(&p->named->run), err);
	if (rc == 0 && p->corrected)
		rc = set_figures(json, p, err);
	else if (rc == 0 && p->named != p->best)
		rc = json_set_text(json, "not_corrected", p->why, err);
	if (rc < 0)
		json_decref(json);
	else
		*out = json;
	return rc;
}
