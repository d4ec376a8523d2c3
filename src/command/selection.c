/* Which runs a list shows: see selection.h. */
#include "command/selection.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/suggest.h"
#include "record/repetition.h"
#include "stats/metric.h"

static int has_metric(const struct runs *runs, const char *name)
{
	double ignored;

	for (size_t i = runs->n; i > 0; i--)
		if (run_metric(&ignored, &runs->item[i - 1].run, name))
			return 1;
	return 0;
}

int selection_field(struct where_field **out, const char *name, const struct runs *runs, const char *option,
		    struct error *err)
{
	struct error why = {0};
	int rc = where_field_parse(out, name, &why);

	if (rc == ERR_INPUT && has_metric(runs, name)) {
		*out = where_field_new("metrics", name);
		return *out ? 0 : error_nomem(err);
	}
	if (rc < 0) {
		error_set(err, rc, "%s %s: %s", option, name, why.text);
		error_hint(err, "%s", why.hint);
	}
	return rc;
}

static int check_word(const char *word, const char *option, const char *const *known, size_t n, struct error *err)
{
	const char *nearest;
	int rc;

	for (size_t i = 0; i < n; i++)
		if (!word || !strcmp(word, known[i]))
			return 0;
	rc = error_set(err, ERR_INPUT, "%s cannot be '%s'", option, word);
	nearest = suggest(word, known, n);
	if (nearest)
		error_hint(err, "did you mean %s?", nearest);
	return rc;
}

static const char *status_of(const struct seen_run *seen)
{
	return seen->where == WHERE_WAITING ? "waiting" : run_text(&seen->run, "status");
}

struct filter {
	const struct selection_options *options;
	struct where **where;
	size_t n;
};

static int passes(const struct filter *filter, const struct runs *runs, const struct seen_run *seen)
{
	const struct selection_options *options = filter->options;
	const struct run *run = &seen->run;

	if ((options->experiment && strcmp(run_experiment(run), options->experiment) != 0) ||
	    (options->kind && strcmp(run_text(run, "kind"), options->kind) != 0) ||
	    (options->status && strcmp(status_of(seen), options->status) != 0) ||
	    (options->fold && runs_parent(runs, run)))
		return 0;
	for (size_t i = 0; i < filter->n; i++)
		if (!where_holds(filter->where[i], run))
			return 0;
	return 1;
}

static int filter_make(struct filter *out, const struct selection_options *options, struct error *err)
{
	static const char *const kinds[] = {"run", "baseline", "evaluation", "abtest", "monitor"};
	static const char *const states[] = {"finished", "failed", "killed", "running", "waiting"};
	size_t n = options->where ? options->where->n : 0;
	int rc = check_word(options->kind, "--kind", kinds, sizeof(kinds) / sizeof(*kinds), err);

	*out = (struct filter){.options = options};
	if (!rc)
		rc = check_word(options->status, "--status", states, sizeof(states) / sizeof(*states), err);
	if (!rc) {
		out->where = mem_zeroed(n, sizeof(struct where *));
		rc = out->where ? 0 : error_nomem(err);
	}
	for (; out->n < n && !rc; out->n += !rc) {
		rc = where_parse(&out->where[out->n], options->where->name[out->n], err);
		if (rc == ERR_INPUT)
			error_prefix(err, "--where '%s'", options->where->name[out->n]);
	}
	return rc;
}

static void filter_release(struct filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		where_free(filter->where[i]);
	free(filter->where);
}

struct keyed { /* a run with what it is sorted by */
	const struct seen_run *seen;
	const char *text; /* NULL: no text */
	double number;
	int has, is_number, descending;
};

/* What has no value comes last, in either direction; numbers before text; of equals the newer first. */
static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order;

	if (x->has != y->has)
		return y->has - x->has;
	if (x->is_number != y->is_number)
		return y->is_number - x->is_number;
	order = x->is_number ? (x->number > y->number) - (x->number < y->number)
			     : strcmp(x->text ? x->text : "", y->text ? y->text : "");
	order = x->descending ? -order : order;
	return order ? order : strcmp(run_id(&y->seen->run), run_id(&x->seen->run));
}

static void read_key(struct keyed *out, const struct seen_run *seen, const struct where_field *field, int descending)
{
	const json_t *value = where_field_value(field, &seen->run);

	*out = (struct keyed){.seen = seen, .descending = descending, .text = json_string_value(value)};
	out->is_number = json_number(&out->number, value) && out->number == out->number;
	if (json_is_boolean(value)) {
		out->is_number = 1;
		out->number = json_is_true(value);
	}
	out->has = value != NULL && (out->is_number || (out->text && strcmp(out->text, "NaN") != 0));
}

static int lower_is_better(const struct project *project, const char *name)
{
	const struct metric *known = metric_find(name);

	for (size_t i = 0; i < project->metrics; i++)
		if (!strcmp(project->metric[i].name, name))
			return project->metric[i].lower;
	return known && known->better == BETTER_LOWER;
}

/* The field and its direction: as said behind a colon, else the best first for a metric, else upwards. */
static int read_order(struct where_field **field, int *descending, const struct session *session, const char *sort,
		      struct error *err)
{
	const char *colon = strrchr(sort, ':'), *metric;
	int said = colon && (!strcmp(colon, ":asc") || !strcmp(colon, ":desc")), rc;
	char *name = said ? mem_text_n(sort, (size_t)(colon - sort)) : mem_text(sort);

	rc = name ? selection_field(field, name, &session->runs, "--sort", err) : error_nomem(err);
	free(name);
	if (rc < 0)
		return rc;
	metric = where_field_metric(*field);
	*descending = said ? !strcmp(colon, ":desc") : metric && !lower_is_better(session->project, metric);
	return 0;
}

static int sort_by(struct selection *selection, const struct session *session, const char *sort, struct error *err)
{
	struct keyed *keyed = mem_array(selection->n, sizeof(*keyed));
	struct where_field *field = NULL;
	int descending = 0, rc = keyed ? read_order(&field, &descending, session, sort, err) : error_nomem(err);

	if (!rc && selection->n) {
		for (size_t i = 0; i < selection->n; i++)
			read_key(&keyed[i], selection->run[i], field, descending);
		qsort(keyed, selection->n, sizeof(*keyed), by_key);
		for (size_t i = 0; i < selection->n; i++)
			selection->run[i] = keyed[i].seen;
	}
	where_field_free(field);
	free(keyed);
	return rc;
}

int selection_make(struct selection *out, const struct session *session, const struct selection_options *options,
		   struct error *err)
{
	const struct runs *runs = &session->runs;
	struct filter filter;
	int rc = filter_make(&filter, options, err);

	*out = (struct selection){0};
	if (!rc) {
		out->run = mem_array(runs->n, sizeof(struct seen_run *));
		rc = out->run ? 0 : error_nomem(err);
	}
	for (size_t i = runs->n; i > 0 && !rc; i--)
		if (passes(&filter, runs, &runs->item[i - 1]))
			out->run[out->n++] = &runs->item[i - 1];
	if (!rc && options->sort)
		rc = sort_by(out, session, options->sort, err);
	if (options->most && out->n > (size_t)options->most)
		out->n = (size_t)options->most;
	filter_release(&filter);
	if (rc < 0)
		selection_release(out);
	return rc;
}

void selection_release(struct selection *selection)
{
	free(selection->run);
	*selection = (struct selection){0};
}
