#include "record/fields.h"
#include "base/mem.h"
#include "format/number.h"
#include "format/suggest.h"
#include "stats/metric.h"

#include <math.h>
#include <stdarg.h>

int fields_error(const struct fields *fields, const struct yaml *at, struct error *err, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return error_nomem(err);
	error_set(err, ERR_INPUT, "%s:%zu: %s", fields->file, at->line, text);
	free(text);
	return ERR_INPUT;
}

static size_t count(const char *const *words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

/* "did you mean ...", else all that could stand there. */
static void hint_words(struct error *err, const char *word, const char *const *words)
{
	const char *nearest = suggest(word, words, count(words));
	struct buf list = BUF_INIT;

	if (nearest) {
		error_hint(err, "did you mean '%s'?", nearest);
		return;
	}
	for (size_t i = 0; words[i]; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", words[i]);
	error_hint(err, "known here: %s", list.text);
	buf_release(&list);
}

static int is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return 1;
	return 0;
}

int fields_check(const struct fields *fields, const char *const *known, struct error *err)
{
	const struct yaml *map = fields->map;

	if (!map)
		return 0;
	if (map->kind != YAML_MAP)
		return fields_error(fields, map, err, "%s holds no keys; write 'key: value' lines below it",
				    fields->key ? fields->key : "the file");
	for (size_t i = 0; i < map->n; i++) {
		if (is_one_of(map->key[i], known))
			continue;
		error_set(err, ERR_INPUT, "%s:%zu: unknown key '%s'%s%s", fields->file, map->key_line[i], map->key[i],
			  fields->key ? " in " : "", fields->key ? fields->key : "");
		hint_words(err, map->key[i], known);
		return ERR_INPUT;
	}
	return 0;
}

static int is_empty(const struct yaml *at)
{
	return at->kind == YAML_SCALAR && !at->quoted &&
	       (!*at->text || !strcmp(at->text, "~") || !strcmp(at->text, "null"));
}

const struct yaml *fields_get(const struct fields *fields, const char *key)
{
	const struct yaml *at = fields->map ? yaml_get(fields->map, key) : NULL;

	return at && !is_empty(at) ? at : NULL;
}

struct fields fields_below(const struct fields *fields, const char *key)
{
	return (struct fields){.map = fields_get(fields, key), .file = fields->file, .key = key};
}

static int copy_text(char **out, const char *text, struct error *err)
{
	char *copy = mem_text(text);

	if (!copy)
		return error_nomem(err);
	free(*out);
	*out = copy;
	return 0;
}

int fields_text(char **out, const struct fields *fields, const char *key, struct error *err)
{
	const struct yaml *at = fields_get(fields, key);

	if (!at)
		return 0;
	if (at->kind != YAML_SCALAR)
		return fields_error(fields, at, err, "%s is one text, not a %s", key,
				    at->kind == YAML_LIST ? "list" : "map");
	if (!*at->text)
		return fields_error(fields, at, err, "%s is empty", key);
	return copy_text(out, at->text, err);
}

int fields_scalar(double *out, const struct fields *fields, const struct yaml *at, const char *key, struct error *err)
{
	if (at->kind != YAML_SCALAR || number_parse(out, at->text, strlen(at->text)) != NUMBER_OK)
		return fields_error(fields, at, err, "%s is not a number", key);
	return 0;
}

int fields_number(double *out, const struct fields *fields, const char *key, struct error *err)
{
	const struct yaml *at = fields_get(fields, key);

	return at ? fields_scalar(out, fields, at, key, err) : 0;
}

int fields_whole(unsigned long long *out, const struct fields *fields, const char *key, unsigned long long most,
		 struct error *err)
{
	const struct yaml *at = fields_get(fields, key);
	unsigned long long value = 0;

	if (!at)
		return 0;
	if (at->kind != YAML_SCALAR || !*at->text || at->text[strspn(at->text, "0123456789")])
		return fields_error(fields, at, err, "%s is not a whole number", key);
	for (const char *digit = at->text; *digit; digit++) {
		unsigned next = (unsigned)(*digit - '0');

		if (value > (most - next) / 10)
			return fields_error(fields, at, err, "%s is above %llu", key, most);
		value = value * 10 + next;
	}
	*out = value;
	return 0;
}

int fields_choice(size_t *out, const struct fields *fields, const char *key, const char *const *words,
		  struct error *err)
{
	const struct yaml *at = fields_get(fields, key);
	const char *word = at && at->kind == YAML_SCALAR ? at->text : "";

	if (!at)
		return 0;
	for (size_t i = 0; words[i]; i++)
		if (!strcmp(word, words[i])) {
			*out = i;
			return 0;
		}
	fields_error(fields, at, err, "%s cannot be '%s'", key, word);
	hint_words(err, word, words);
	return ERR_INPUT;
}

int fields_flag(int *out, const struct fields *fields, const char *key, struct error *err)
{
	static const char *const words[] = {"false", "true", NULL};
	size_t choice = (size_t)*out;
	int rc = fields_choice(&choice, fields, key, words, err);

	*out = choice != 0;
	return rc;
}

int fields_names(struct names *out, const struct fields *fields, const char *key, struct error *err)
{
	const struct yaml *at = fields_get(fields, key);

	if (!at)
		return 0;
	if (at->kind != YAML_LIST) {
		fields_error(fields, at, err, "%s is a list", key);
		error_hint(err, "write %s: [%s]", key, at->kind == YAML_SCALAR ? at->text : "NAME, NAME");
		return ERR_INPUT;
	}
	for (size_t i = 0; i < at->n; i++) {
		int rc = at->item[i]->kind == YAML_SCALAR
				 ? names_add(out, at->item[i]->text, err)
				 : fields_error(fields, at->item[i], err, "%s is a list of text", key);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* A direction in words that agrees with the table of metrics. */
static int read_direction(struct declared_metric *metric, const struct fields *fields, const struct yaml *at,
			  struct error *err)
{
	const struct metric *known = metric_find(metric->name);
	int lower = at->kind == YAML_SCALAR && !strcmp(at->text, "lower");

	if (!lower && (at->kind != YAML_SCALAR || strcmp(at->text, "higher") != 0))
		return fields_error(fields, at, err, "metrics: the direction of %s is higher or lower", metric->name);
	if (known && (known->better == BETTER_LOWER) != lower)
		return fields_error(fields, at, err, "metrics: of %s, %s is better", metric->name,
				    lower ? "higher" : "lower");
	metric->lower = lower;
	return 0;
}

static int read_metric(struct declared_metric *out, const struct fields *fields, const struct yaml *at,
		       struct error *err)
{
	const char *name = at->kind == YAML_SCALAR ? at->text : at->kind == YAML_MAP && at->n == 1 ? at->key[0] : "";
	const struct metric *known = metric_find(name);

	if (!*name)
		return fields_error(fields, at, err, "metrics: an entry is NAME, {NAME: higher} or {NAME: lower}");
	if (at->kind == YAML_SCALAR && !known) {
		fields_error(fields, at, err, "metrics: it is not known which way '%s' is better", name);
		error_hint(err, "write {%s: higher} or {%s: lower}", name, name);
		return ERR_INPUT;
	}
	out->name = mem_text(name);
	if (!out->name)
		return error_nomem(err);
	out->known = known != NULL;
	out->lower = known && known->better == BETTER_LOWER;
	return at->kind == YAML_MAP ? read_direction(out, fields, at->item[0], err) : 0;
}

int fields_metrics(struct declared_metric **out, size_t *n, const struct fields *fields, struct error *err)
{
	const struct yaml *list = fields_get(fields, "metrics");
	struct declared_metric *metric;
	int rc = 0;

	if (!list)
		return 0;
	if (list->kind != YAML_LIST || !list->n)
		return fields_error(fields, list, err, "metrics is a list such as [f1, roc_auc]");
	metric = mem_zeroed(list->n, sizeof(*metric));
	if (!metric)
		return error_nomem(err);
	for (size_t i = 0; i < list->n && !rc; i++) {
		rc = read_metric(&metric[i], fields, list->item[i], err);
		for (size_t j = 0; j < i && !rc; j++)
			if (!strcmp(metric[j].name, metric[i].name))
				rc = fields_error(fields, list->item[i], err, "metrics: %s stands there twice",
						  metric[i].name);
	}
	if (rc < 0) {
		metrics_free(metric, list->n);
		return rc;
	}
	metrics_free(*out, *n);
	*out = metric;
	*n = list->n;
	return 0;
}

void metrics_free(struct declared_metric *metric, size_t n)
{
	for (size_t i = 0; metric && i < n; i++)
		free(metric[i].name);
	free(metric);
}
