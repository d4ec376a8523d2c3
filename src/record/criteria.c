#include "record/criteria.h"
#include "base/mem.h"
#include "format/number.h"
#include "stats/metric.h"

#include <math.h>

#define BROKEN "broken" /* no metric: the share of rows that were right before and are wrong now */

struct reader {
	struct experiment *experiment;
	const struct fields *top;
	const char *section; /* "success_criteria", ... for messages */
	const struct declared_metric *metric;
	size_t metrics;
	size_t cap; /* of experiment->criterion */
	int constraint;
};

enum direction { DIRECTION_UNKNOWN, DIRECTION_HIGHER, DIRECTION_LOWER };

static enum direction direction(const struct reader *r, const char *metric)
{
	const struct metric *known = metric_find(metric);

	if (!strcmp(metric, BROKEN))
		return DIRECTION_LOWER;
	for (size_t i = 0; i < r->metrics; i++)
		if (!strcmp(r->metric[i].name, metric))
			return r->metric[i].lower ? DIRECTION_LOWER : DIRECTION_HIGHER;
	if (!known)
		return DIRECTION_UNKNOWN;
	return known->better == BETTER_LOWER ? DIRECTION_LOWER : DIRECTION_HIGHER;
}

/* The comparison that text begins with, "" for none; *rest is what follows it. */
static const char *operator_of(const char *text, const char **rest)
{
	static const char *const ops[] = {">=", "<=", ">", "<", "="};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (!strncmp(text, ops[i], strlen(ops[i]))) {
			*rest = text + strlen(ops[i]);
			return ops[i];
		}
	*rest = text;
	return "";
}

static int add(struct reader *r, const char *metric, enum criterion_kind kind, const char *op, double value,
	       size_t line, struct error *err)
{
	struct experiment *e = r->experiment;
	struct criterion *c;
	char number[NUMBER_TEXT];

	if (MEM_GROW(e->criterion, e->criteria, r->cap, err) < 0)
		return ERR_NOMEM;
	c = &e->criterion[e->criteria];
	*c = (struct criterion){.kind = kind, .value = value, .line = line, .constraint = r->constraint};
	snprintf(c->op, sizeof(c->op), "%s", op);
	number_text(number, value);
	c->metric = mem_text(metric);
	if (kind == CRITERION_BEATS)
		c->rule = value != 0 ? mem_printf("beats baseline by %s", number) : mem_text("beats baseline");
	else if (kind == CRITERION_NO_WORSE)
		c->rule = mem_printf("no worse than baseline, margin %s", number);
	else
		c->rule = mem_printf("%s %s", op, number);
	e->criteria++;
	return c->metric && c->rule ? 0 : error_nomem(err);
}

static int no_direction(const struct reader *r, const struct yaml *at, const char *metric, const char *number,
			struct error *err)
{
	fields_error(r->top, at, err, "%s: it is not known which way '%s' is better", r->section, metric);
	error_hint(err, "write %s: \">= %s\" or %s: \"<= %s\", or list {%s: higher} under metrics", metric, number,
		   metric, number, metric);
	return ERR_INPUT;
}

/* A bare number, or an operator and a number. */
static int read_scalar(struct reader *r, const char *metric, const struct yaml *at, struct error *err)
{
	const char *rest, *op = operator_of(at->text, &rest);
	enum direction better = direction(r, metric);
	double value;

	if (number_parse(&value, rest, strlen(rest)) != NUMBER_OK) {
		fields_error(r->top, at, err, "%s: '%s' is no rule for %s", r->section, at->text, metric);
		error_hint(err, "write a number, \">= 0.85\", {max: 50}, {beats: baseline, by: 0.01} or "
				"{no_worse_than: baseline, margin: 0.01}");
		return ERR_INPUT;
	}
	if (!*op && better == DIRECTION_UNKNOWN)
		return no_direction(r, at, metric, rest, err);
	if (!*op)
		op = better == DIRECTION_LOWER ? "<=" : ">=";
	return add(r, metric, strcmp(metric, BROKEN) != 0 ? CRITERION_LIMIT : CRITERION_BROKEN, op, value, at->line,
		   err);
}

static int read_limits(struct reader *r, const char *metric, const struct fields *rule, struct error *err)
{
	static const char *const known[] = {"min", "max", "source", NULL}, *const sources[] = {"measured", "reported",
											       NULL};
	const struct yaml *low = fields_get(rule, "min"), *high = fields_get(rule, "max");
	enum criterion_kind kind = strcmp(metric, BROKEN) != 0 ? CRITERION_LIMIT : CRITERION_BROKEN;
	double least = -INFINITY, most = INFINITY;
	size_t first = r->experiment->criteria, source = 0;
	int rc = fields_check(rule, known, err);

	if (!rc)
		rc = fields_number(&least, rule, "min", err);
	if (!rc)
		rc = fields_number(&most, rule, "max", err);
	if (!rc)
		rc = fields_choice(&source, rule, "source", sources, err);
	if (!rc && least > most)
		rc = fields_error(rule, high, err, "%s: the max of %s lies below its min", r->section, metric);
	if (!rc && low)
		rc = add(r, metric, kind, ">=", least, low->line, err);
	if (!rc && high)
		rc = add(r, metric, kind, "<=", most, high->line, err);
	for (size_t i = first; i < r->experiment->criteria; i++)
		r->experiment->criterion[i].reported = source == 1;
	return rc;
}

/* {beats: baseline, by: N} or {no_worse_than: baseline, margin: N}. */
static int read_relative(struct reader *r, const char *metric, const struct fields *rule, const char *verb,
			 const char *amount, struct error *err)
{
	const char *const known[] = {verb, amount, NULL};
	const struct yaml *to = fields_get(rule, verb);
	int beats = !strcmp(verb, "beats");
	double value = beats ? 0 : NAN;
	int rc = fields_check(rule, known, err);

	for (size_t i = 0; !beats && i < r->experiment->margins; i++)
		if (!strcmp(r->experiment->margin[i].metric, metric))
			value = r->experiment->margin[i].value;
	if (!rc)
		rc = fields_number(&value, rule, amount, err);
	if (rc < 0)
		return rc;
	if (!to || to->kind != YAML_SCALAR || strcmp(to->text, "baseline") != 0) {
		fields_error(rule, rule->map, err, "%s: %s can be compared with the baseline only", r->section, metric);
		error_hint(err, "write {%s: baseline}; `baseline: RUN` says which run that is", verb);
		return ERR_INPUT;
	}
	if (isnan(value)) {
		fields_error(rule, rule->map, err, "%s: no_worse_than of %s needs a margin", r->section, metric);
		error_hint(err, "write {no_worse_than: baseline, margin: 0.01}, or name %s under margins", metric);
		return ERR_INPUT;
	}
	if (value < 0)
		return fields_error(rule, rule->map, err, "%s: %s of %s is below 0", r->section, amount, metric);
	if (direction(r, metric) == DIRECTION_UNKNOWN) {
		fields_error(rule, rule->map, err, "%s: it is not known which way '%s' is better", r->section, metric);
		error_hint(err, "list {%s: higher} or {%s: lower} under metrics", metric, metric);
		return ERR_INPUT;
	}
	return add(r, metric, beats ? CRITERION_BEATS : CRITERION_NO_WORSE, "", value, rule->map->line, err);
}

static int read_rule(struct reader *r, const char *metric, const struct yaml *at, struct error *err)
{
	static const char *const forms[] = {"min", "max", "beats", "by", "no_worse_than", "margin", "source", NULL};
	const struct fields rule = {.map = at, .file = r->top->file, .key = metric};
	int rc;

	if (at->kind == YAML_SCALAR)
		return read_scalar(r, metric, at, err);
	rc = fields_check(&rule, forms, err);
	if (rc < 0)
		return rc;
	if (yaml_get(at, "beats"))
		return read_relative(r, metric, &rule, "beats", "by", err);
	if (yaml_get(at, "no_worse_than"))
		return read_relative(r, metric, &rule, "no_worse_than", "margin", err);
	if (fields_get(&rule, "min") || fields_get(&rule, "max"))
		return read_limits(r, metric, &rule, err);
	fields_error(r->top, at, err, "%s: the rule for %s says nothing", r->section, metric);
	error_hint(err, "write {min: 0.85}, {max: 50}, {beats: baseline} or {no_worse_than: baseline, margin: 0.01}");
	return ERR_INPUT;
}

/* The map below a key of the front matter; *map is NULL where there is none. */
static int section(const struct yaml **map, struct reader *r, const char *key, struct error *err)
{
	r->section = key;
	*map = fields_get(r->top, key);
	if (!*map || (*map)->kind == YAML_MAP)
		return 0;
	fields_error(r->top, *map, err, "%s is a map of metrics", key);
	error_hint(err, "write lines such as '  f1: 0.85' below it");
	return ERR_INPUT;
}

static int read_rules(struct reader *r, const struct yaml *map, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < map->n && !rc; i++)
		rc = read_rule(r, map->key[i], map->item[i], err);
	return rc;
}

static int read_constraints(struct reader *r, struct error *err)
{
	const struct yaml *at = fields_get(r->top, "constraints");

	r->section = "constraints";
	r->constraint = 1;
	if (!at)
		return 0;
	if (at->kind == YAML_LIST)
		return fields_names(&r->experiment->sentences, r->top, "constraints", err);
	if (at->kind == YAML_MAP)
		return read_rules(r, at, err);
	return fields_error(r->top, at, err, "constraints is a map of metrics or a list of sentences");
}

static int read_margins(struct reader *r, struct error *err)
{
	struct experiment *e = r->experiment;
	const struct yaml *map;
	int rc = section(&map, r, "margins", err);

	if (rc < 0 || !map)
		return rc;
	e->margin = mem_zeroed(map->n, sizeof(*e->margin));
	if (!e->margin)
		return error_nomem(err);
	for (; e->margins < map->n && !rc; e->margins++) {
		struct margin *margin = &e->margin[e->margins];
		const struct yaml *at = map->item[e->margins];

		margin->metric = mem_text(map->key[e->margins]);
		rc = margin->metric ? fields_scalar(&margin->value, r->top, at, map->key[e->margins], err)
				    : error_nomem(err);
		if (!rc && margin->value <= 0)
			rc = fields_error(r->top, at, err, "the margin of %s is not above 0", margin->metric);
	}
	return rc;
}

static int read_expectation(struct expectation *out, const struct reader *r, const char *metric, const struct yaml *at,
			    struct error *err)
{
	static const char *const words[] = {"better", "worse", "equivalent"};
	const char *text = at->kind == YAML_SCALAR ? at->text : "", *rest, *op = operator_of(text, &rest);
	int known = 0;

	out->metric = mem_text(metric);
	out->what = mem_text(text);
	if (!out->metric || !out->what)
		return error_nomem(err);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		known |= !strcmp(text, words[i]);
	if (*op && strcmp(op, "=") != 0 && number_parse(&out->value, rest, strlen(rest)) == NUMBER_OK) {
		out->bounded = 1;
		snprintf(out->op, sizeof(out->op), "%s", op);
		return 0;
	}
	if (!known) {
		fields_error(r->top, at, err, "expects: '%s' is nothing to expect of %s", text, metric);
		error_hint(err, "write better, worse, equivalent, or a bound on the difference: \">= +0.02\"");
		return ERR_INPUT;
	}
	if (direction(r, metric) == DIRECTION_UNKNOWN) {
		fields_error(r->top, at, err, "expects: it is not known which way '%s' is better", metric);
		error_hint(err, "list {%s: higher} or {%s: lower} under metrics", metric, metric);
		return ERR_INPUT;
	}
	return 0;
}

static int read_expects(struct reader *r, struct error *err)
{
	struct experiment *e = r->experiment;
	const struct yaml *map;
	int rc = section(&map, r, "expects", err);

	if (rc < 0 || !map)
		return rc;
	e->expects = mem_zeroed(map->n, sizeof(*e->expects));
	if (!e->expects)
		return error_nomem(err);
	for (; e->n_expects < map->n && !rc; e->n_expects++)
		rc = read_expectation(&e->expects[e->n_expects], r, map->key[e->n_expects], map->item[e->n_expects],
				      err);
	return rc;
}

int criteria_read(struct experiment *experiment, const struct fields *top, const struct declared_metric *metric,
		  size_t n, struct error *err)
{
	struct reader r = {.experiment = experiment, .top = top, .metric = metric, .metrics = n};
	const struct yaml *map;
	int rc = read_margins(&r, err); /* first: no_worse_than may lean on them */

	if (!rc)
		rc = read_expects(&r, err);
	if (!rc)
		rc = section(&map, &r, "success_criteria", err);
	if (!rc && map)
		rc = read_rules(&r, map, err);
	if (!rc)
		rc = read_constraints(&r, err);
	return rc;
}
