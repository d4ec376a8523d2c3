#include "command/picked_line.h"

#include "command/figure.h"

#include "format/json.h"

static void put_value(struct buf *out, const char *metric, double value)
{
	figure_score(out, metric, value, 1);
}

static void put_interval(struct buf *out, const char *metric, double low, double high)
{
	buf_putc(out, '[');
	figure_score(out, metric, low, 0);
	buf_puts(out, ", ");
	figure_score(out, metric, high, 1);
	buf_putc(out, ']');
}

int session_picked(struct picked *out, const struct session *session, const struct experiment *experiment,
		   struct error *err)
{
	size_t n;
	const struct declared_metric *metric = experiment_metrics(&n, experiment, session->project);

	return judge_picked(out, session->store, session->project, experiment, metric, &session->runs, 0, err);
}

int picked_line(struct buf *out, const struct picked *picked, struct error *err)
{
	static const struct picked_figures figures = {.value = put_value, .interval = put_interval};
	struct buf words = BUF_INIT;
	int rc;

	picked_words(&words, picked, &figures);
	if (words.len)
		buf_terminal(out, words.text, words.len);
	rc = buf_check(&words, err);
	buf_release(&words);
	return rc;
}

int picked_line_of(struct buf *out, const struct picked *picked, const struct seen_run *seen, struct error *err)
{
	const struct picked_run *run = picked_run(picked, run_id(&seen->run));

	if (seen == picked->best)
		return picked_line(out, picked, err);
	if (seen == picked->named)
		buf_printf(out, "%s%s", picked_named_words, run ? "; " : "");
	if (run) {
		buf_puts(out, "place ");
		picked_places(out, run, " to ");
		buf_printf(out, " of %zu (95 %%)", picked->m);
	}
	return buf_check(out, err);
}

int picked_set_json(json_t *json, const struct picked *picked, const struct seen_run *seen, struct error *err)
{
	const struct picked_run *run = picked_run(picked, run_id(&seen->run));
	json_t *whole = NULL;
	int rc = seen == picked->best ? picked_json(&whole, picked, err) : 0;

	if (!rc && whole)
		rc = json_set(json, "picked", whole, err);
	if (!rc && run)
		rc = json_set(json, "places", json_pack("[I, I]", (json_int_t)run->first, (json_int_t)run->last), err);
	return rc;
}
