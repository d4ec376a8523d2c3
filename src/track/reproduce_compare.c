/* Figure by figure: the same to the last bit, within the tolerance, or different. And what else is not as it was. */
#include "track/reproduce_work.h"
#include "base/mem.h"
#include "stats/metric.h"

#include <math.h>

/* Durations vary with the machine's mood: those of the table of metrics, and names that say that they are one. */
static int is_duration(const char *name)
{
	static const char *const words[] = {"second", "latency", "duration", "per_sec"};
	static const char *const ends[] = {"_ms", "_s", "_time"};
	const struct metric *metric = metric_find(name);
	size_t len = strlen(name);

	if (metric)
		return metric->kind == METRIC_TIMING;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(name, words[i]))
			return 1;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (len > strlen(ends[i]) && !strcmp(name + len - strlen(ends[i]), ends[i]))
			return 1;
	return !strcmp(name, "time");
}

/* A number, or one of the words for what is none. */
static int value_of(double *out, const json_t *json)
{
	const char *word = json_string_value(json);

	if (json_is_number(json)) {
		*out = json_number_value(json);
		return 1;
	}
	if (!word)
		return 0;
	*out = !strcmp(word, "NaN") ? NAN : !strcmp(word, "Infinity") ? INFINITY : -INFINITY;
	return !strcmp(word, "NaN") || !strcmp(word, "Infinity") || !strcmp(word, "-Infinity");
}

static enum reproduced judge(double before, double now, double tolerance)
{
	if ((isnan(before) && isnan(now)) || !(before < now || before > now || isnan(before) || isnan(now)))
		return REPRODUCED_IDENTICAL;
	return fabs(before - now) <= tolerance * fmax(fabs(before), fabs(now)) ? REPRODUCED_WITHIN
									       : REPRODUCED_DIFFERENT;
}

static int add_metric(struct reproduction *work, const char *name, int reported, const json_t *before,
		      const json_t *now, struct error *err)
{
	struct reproduce_report *report = work->report;
	struct reproduced_metric metric = {
		.reported = reported, .before = NAN, .now = NAN, .varies = is_duration(name)};
	int had = value_of(&metric.before, before), has = value_of(&metric.now, now);

	if (!had && !has)
		return 0;
	metric.outcome = had && has ? judge(metric.before, metric.now, work->options->tolerance) : REPRODUCED_MISSING;
	if (MEM_GROW(report->metric, report->metrics, report->cap, err) < 0)
		return ERR_NOMEM;
	metric.name = mem_text(name);
	if (!metric.name)
		return error_nomem(err);
	report->metric[report->metrics++] = metric;
	if (!metric.varies) {
		enum reproduced as = metric.outcome == REPRODUCED_MISSING ? REPRODUCED_DIFFERENT : metric.outcome;

		if (as > report->outcome)
			report->outcome = as;
	}
	return 0;
}

static int compare_map(struct reproduction *work, const struct run *now, const char *key, int reported,
		       struct error *err)
{
	const json_t *before = run_field(work->run, key), *after = run_field(now, key), *value;
	const char *name;
	int rc = 0;

	json_object_foreach((json_t *)(size_t)before, name, value) if (!rc)
		rc = add_metric(work, name, reported, value, json_object_get(after, name), err);
	json_object_foreach((json_t *)(size_t)after, name, value) if (!rc && !json_object_get(before, name))
		rc = add_metric(work, name, reported, NULL, value, err);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct reproduced_metric *x = a, *y = b;
	int order = x->reported - y->reported;

	return order ? order : strcmp(x->name, y->name);
}

static int note(struct reproduction *work, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);
static int note(struct reproduction *work, struct error *err, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return names_add(&work->report->notes, text, err);
}

/* What the machine is now and was then, key by key. */
static int compare_texts(struct reproduction *work, const struct run *now, const char *path, const char *what,
			 struct error *err)
{
	const char *a = run_text(work->run, path), *b = run_text(now, path);

	if (!strcmp(a, b) || !*a || !*b)
		return 0;
	return note(work, err, "%s is %s now and was %s", what, b, a);
}

static int compare_packages(struct reproduction *work, const struct run *now, struct error *err)
{
	const json_t *before = run_field(work->run, "environment.packages"),
		     *after = run_field(now, "environment.packages"), *value;
	size_t differ = 0;
	const char *name, *first = NULL;

	json_object_foreach((json_t *)(size_t)before, name,
			    value) if (!json_equal(value, json_object_get(after, name)) && !differ++) first = name;
	json_object_foreach((json_t *)(size_t)after, name, value) if (!json_object_get(before, name) && !differ++)
		first = name;
	if (!differ)
		return 0;
	return note(work, err, "%zu %s not as then, %s among %s", differ, differ == 1 ? "package is" : "packages are",
		    first, differ == 1 ? "it" : "them");
}

static const char *file_hash(const struct run *run, const char *path)
{
	const json_t *item;
	size_t i;

	json_array_foreach(run_field(run, "artifacts"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "path"));

		if (name && !strcmp(name, path))
			return json_string_value(json_object_get(item, "sha256"));
	}
	return NULL;
}

/* Predictions that are the same to the byte say more than any figure. */
static int compare_predictions(struct reproduction *work, const struct run *now, struct error *err)
{
	const char *a = file_hash(work->run, "predictions.csv"), *b = file_hash(now, "predictions.csv");

	if (!a || !b)
		return 0;
	return note(work, err,
		    strcmp(a, b) ? "predictions.csv is not the same file" : "predictions.csv is the same to the byte");
}

int reproduce_compare(struct reproduction *work, const struct run *now, struct error *err)
{
	struct reproduce_report *report = work->report;
	double before = 0, exit = 0;
	int rc = compare_map(work, now, "measured", 0, err);

	if (!rc)
		rc = compare_map(work, now, "reported", 1, err);
	if (report->metrics)
		qsort(report->metric, report->metrics, sizeof(*report->metric), by_name);
	if (!rc && run_number(&before, work->run, "exit") && run_number(&exit, now, "exit") &&
	    (int)before != (int)exit) {
		report->outcome = REPRODUCED_DIFFERENT;
		rc = note(work, err, "it ended with exit code %d and not with %d", (int)exit, (int)before);
	}
	if (!rc)
		rc = compare_predictions(work, now, err);
	if (!rc)
		rc = compare_texts(work, now, "environment.assay", "assay", err);
	if (!rc)
		rc = compare_texts(work, now, "environment.cpu", "the processor", err);
	return rc ? rc : compare_packages(work, now, err);
}
