#include "track/repeat.h"

#include "base/hash.h"
#include "base/mem.h"
#include "format/json.h"
#include "stats/bounds.h"
#include "stats/metric.h"
#include "stats/rows.h"

#include <math.h>

struct repeats {
	struct run *parent;
	const struct run *const *child;
	size_t n;
	double overlap; /* test rows / training rows, of splits; 0: of seeds */
	double *value; /* [n] of the metric in hand */
};

static int set_number(struct run *run, const char *map, const char *name, double value, struct error *err)
{
	char *path = mem_printf("%s.%s", map, name);
	int rc = path ? run_set_number(run, path, value, err) : error_nomem(err);

	free(path);
	return rc;
}

static int set_interval(struct run *run, const char *name, double low, double high, struct error *err)
{
	char *path = mem_printf("intervals.%s", name);
	int rc = path ? run_set(run, path, json_pack("[f, f]", low, high), err) : error_nomem(err);

	free(path);
	return rc;
}

/* Time does not depend on which rows train: those of splits are as free of each other as those of seeds. */
static double overlap_of(const struct repeats *repeats, const char *name)
{
	const struct metric *metric = metric_find(name);

	return metric && metric->kind == METRIC_TIMING ? 0 : repeats->overlap;
}

/* 1 if each of them has the metric, as a number that is one. */
static int values_of(struct repeats *repeats, const char *source, const char *name)
{
	for (size_t i = 0; i < repeats->n; i++)
		if (!json_number(&repeats->value[i], json_object_get(run_field(repeats->child[i], source), name)) ||
		    !isfinite(repeats->value[i]))
			return 0;
	return 1;
}

/* Mean and standard error; of equal values exactly that value and 0. */
static struct rows_mean mean_of(const struct repeats *repeats)
{
	const double *value = repeats->value;
	struct rows_mean mean = rows_mean(value, NULL, repeats->n);

	for (size_t i = 1; i < repeats->n; i++)
		if (value[i] < value[0] || value[i] > value[0])
			return mean;
	mean.mean = value[0];
	mean.se = 0;
	return mean;
}

/* Mean, standard deviation and interval of a metric that all have. */
static int summarize(struct repeats *repeats, const char *source, const char *name, struct error *err)
{
	double n = (double)repeats->n, p;
	struct rows_mean mean;
	struct bounds bounds;
	int rc;

	if (!values_of(repeats, source, name))
		return 0;
	mean = mean_of(repeats);
	rc = set_number(repeats->parent, source, name, mean.mean, err);
	if (rc || repeats->n < 2)
		return rc;
	rc = set_number(repeats->parent, "spread", name, mean.se * sqrt(n), err);
	bounds_by_quantiles(&bounds, &p, mean.mean, mean.se * sqrt(1 + n * overlap_of(repeats, name)), mean.df, 1);
	return rc ? rc : set_interval(repeats->parent, name, bounds.low[BOUND_PLAIN], bounds.high[BOUND_PLAIN], err);
}

/* Measured ones last: where a metric is both, interval and spread are those of what assay measured. */
static int summarize_all(struct repeats *repeats, struct error *err)
{
	static const char *const source[] = {"reported", "measured"};
	int rc = 0;

	for (size_t i = 0; i < sizeof(source) / sizeof(*source) && !rc; i++) {
		const char *name;
		const json_t *number;

		json_object_foreach((json_t *)(size_t)run_field(repeats->child[0], source[i]), name, number)
		{
			rc = summarize(repeats, source[i], name, err);
			if (rc)
				break;
		}
	}
	return rc;
}

/* What is the same in all of them is the parent's. */
static int common(struct repeats *repeats, const char *map, struct error *err)
{
	json_t *all = json_object();
	const char *name;
	const json_t *value;
	int rc = all ? 0 : error_nomem(err);

	json_object_foreach((json_t *)(size_t)run_field(repeats->child[0], map), name, value)
	{
		size_t same = 1;

		while (same < repeats->n &&
		       json_equal(value, json_object_get(run_field(repeats->child[same], map), name)))
			same++;
		if (same == repeats->n)
			rc = rc ? rc : json_set(all, name, json_incref((json_t *)(size_t)value), err);
	}
	if (!rc && json_object_size(all))
		return run_set(repeats->parent, map, all, err);
	json_decref(all);
	return rc;
}

int repeat_summarize(struct run *parent, const struct run *const *child, size_t n, struct error *err)
{
	struct repeats repeats = {.parent = parent, .child = child, .n = n};
	double test, train;
	int rc;

	if (!n)
		return 0;
	if (run_repetition(parent) == REPETITION_SPLITS && run_number(&test, parent, "data.split.test_rows") &&
	    run_number(&train, parent, "data.split.train_rows") && train > 0)
		repeats.overlap = test / train;
	repeats.value = mem_array(n, sizeof(*repeats.value));
	rc = repeats.value ? common(&repeats, "params", err) : error_nomem(err);
	if (!rc)
		rc = common(&repeats, "evaluation", err);
	if (!rc)
		rc = summarize_all(&repeats, err);
	free(repeats.value);
	return rc;
}

int repeat_usage(struct run *parent, const struct run *const *child, size_t n, struct error *err)
{
	double seconds = 0, cpu = 0, peak = 0, value;
	int rc;

	for (size_t i = 0; i < n; i++) {
		seconds += run_number(&value, child[i], "usage.seconds") ? value : 0;
		cpu += run_number(&value, child[i], "usage.cpu_seconds") ? value : 0;
		peak = run_number(&value, child[i], "usage.peak_rss_bytes") && value > peak ? value : peak;
	}
	rc = run_set_number(parent, "usage.seconds", seconds, err);
	if (!rc)
		rc = run_set_number(parent, "usage.cpu_seconds", cpu, err);
	return rc ? rc : run_set_number(parent, "usage.peak_rss_bytes", peak, err);
}

static int hash_splits(char sha256[SHA256_HEX], const json_t *const *split, size_t n, struct error *err)
{
	struct hash *hash = hash_new();

	if (!hash)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const char *one = json_string_value(json_object_get(split[i], "sha256"));

		hash_add(hash, one ? one : "", one ? strlen(one) : 0);
		hash_add(hash, "\n", 1);
	}
	hash_end(hash, sha256);
	return 0;
}

int repeat_split(json_t **out, const json_t *const *split, size_t n, struct error *err)
{
	json_t *record = n ? json_deep_copy(split[0]) : json_object();
	char sha256[SHA256_HEX];
	int rc = record ? hash_splits(sha256, split, n, err) : error_nomem(err);

	if (!rc)
		rc = json_set_number(record, "count", (double)n, err);
	if (!rc)
		rc = json_set_text(record, "sha256", sha256, err);
	if (rc < 0) {
		json_decref(record);
		return rc;
	}
	json_object_del(record, "seed");
	*out = record;
	return 0;
}

int repeat_note_missing(struct run *parent, size_t finished, size_t asked, const char **told, struct error *err)
{
	const json_t *notes;
	int rc;

	*told = NULL;
	if (finished >= asked)
		return 0;
	rc = run_note(parent, err, "%zu of %zu %s finished: the means are over these.", finished, asked,
		      repetition_word(run_repetition(parent)));
	notes = run_field(parent, "notes");
	*told = json_string_value(json_array_get(notes, json_array_size(notes) - 1));
	return rc;
}
