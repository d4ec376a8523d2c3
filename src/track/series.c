#include "track/series_inside.h"

#include "base/mem.h"
#include "stats/metric.h"

#include <ctype.h>
#include <math.h>

enum {
	MOST_OF_ONE = 2048, /* stretches: between half of it and all of it hold the points of a long series */
	MOST_OF_ALL = 32768, /* 4 MB */
	LEAST_OF_ONE = 2,
	FIRST_SLOTS = 64,
};

struct series *series_new(void)
{
	struct series *series = mem_zeroed(1, sizeof(*series));

	if (!series)
		return NULL;
	series->limit = MOST_OF_ONE;
	series->slots = FIRST_SLOTS;
	series->slot = mem_zeroed(FIRST_SLOTS, sizeof(*series->slot));
	if (!series->slot) {
		free(series);
		return NULL;
	}
	return series;
}

void series_free(struct series *series)
{
	if (!series)
		return;
	for (size_t i = 0; i < series->n; i++) {
		free(series->metric[i].name);
		free(series->metric[i].stretch);
	}
	free(series->metric);
	free(series->slot);
	free(series);
}

/* FNV-1a; the names are at most SERIES_MOST_METRICS, so that nobody can make it slow. */
static uint64_t hash_of(const char *name, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

static int is_named(const struct metric_series *metric, const char *name, size_t len)
{
	return metric->len == len && !memcmp(metric->name, name, len);
}

/* The slot of the name, or the free one where it would be. */
static size_t slot_of(const struct series *series, const char *name, size_t len, uint64_t hash)
{
	size_t at = hash & (series->slots - 1);

	while (series->slot[at]) {
		const struct metric_series *metric = &series->metric[series->slot[at] - 1];

		if (metric->hash == hash && is_named(metric, name, len))
			break;
		at = (at + 1) & (series->slots - 1);
	}
	return at;
}

size_t series_find(const struct series *series, const char *name, size_t len, size_t guess)
{
	if (guess < series->n && is_named(&series->metric[guess], name, len))
		return guess;
	/* a free slot holds 0: SIZE_MAX */
	return series->slot[slot_of(series, name, len, hash_of(name, len))] - 1;
}

static int make_slots(struct series *series, struct error *err)
{
	struct series wider = *series;

	if (series->n * 2 < series->slots)
		return 0;
	wider.slots *= 4;
	wider.slot = mem_zeroed(wider.slots, sizeof(*wider.slot));
	if (!wider.slot)
		return error_nomem(err);
	for (size_t i = 0; i < series->n; i++) {
		const struct metric_series *metric = &series->metric[i];

		wider.slot[slot_of(&wider, metric->name, metric->len, metric->hash)] = i + 1;
	}
	free(series->slot);
	*series = wider;
	return 0;
}

int series_metric(size_t *out, struct series *series, const char *name, size_t len, struct error *err)
{
	struct metric_series new = {.len = len, .hash = hash_of(name, len), .width = 1};
	int rc;

	*out = series_find(series, name, len, SIZE_MAX);
	if (*out != SIZE_MAX || series->n == SERIES_MOST_METRICS)
		return 0;
	rc = make_slots(series, err);
	if (!rc)
		rc = MEM_GROW(series->metric, series->n, series->cap, err);
	if (rc < 0)
		return rc;
	new.name = mem_text_n(name, len);
	if (!new.name)
		return error_nomem(err);
	new.lower = series_is_lower(new.name);
	new.first.order = new.last.order = new.best.order = NO_POINT;
	series->slot[slot_of(series, name, len, new.hash)] = series->n + 1;
	*out = series->n;
	series->metric[series->n++] = new;
	return 0;
}

static int is_better(const struct point *a, const struct point *b, int lower)
{
	if (a->order == NO_POINT || isnan(a->value))
		return 0;
	return b->order == NO_POINT || (lower ? a->value < b->value : a->value > b->value);
}

void stretch_join(struct stretch *into, const struct stretch *from)
{
	if (is_better(&from->least, &into->least, 1))
		into->least = from->least;
	if (is_better(&from->greatest, &into->greatest, 0))
		into->greatest = from->greatest;
	if (into->nan.order == NO_POINT)
		into->nan = from->nan;
}

/* Two neighbours become one, until there are at most `limit`. */
static void halve(struct series *series, struct metric_series *metric, size_t limit)
{
	while (metric->n > limit) {
		size_t n = metric->n;

		for (size_t i = 0; i < n; i += 2) {
			metric->stretch[i / 2] = metric->stretch[i];
			if (i + 1 < n)
				stretch_join(&metric->stretch[i / 2], &metric->stretch[i + 1]);
		}
		metric->in_last += n % 2 ? 0 : metric->width;
		metric->width *= 2;
		metric->n = (n + 1) / 2;
		series->total -= n - metric->n;
	}
}

/* All metrics share MOST_OF_ALL stretches: where they are used up, each may have half of what it could have. */
static void make_room(struct series *series)
{
	while (series->total >= MOST_OF_ALL && series->limit > LEAST_OF_ONE) {
		series->limit /= 2;
		for (size_t i = 0; i < series->n; i++) {
			struct metric_series *metric = &series->metric[i];
			struct stretch *smaller;

			halve(series, metric, series->limit);
			if (metric->cap <= series->limit)
				continue;
			smaller = mem_resize(metric->stretch, series->limit, sizeof(*smaller));
			if (!smaller) /* then it stays as large as it is */
				continue;
			metric->stretch = smaller;
			metric->cap = series->limit;
		}
	}
}

static int new_stretch(struct series *series, struct metric_series *metric, struct error *err)
{
	struct stretch *bigger;
	size_t cap = metric->cap ? metric->cap * 2 : LEAST_OF_ONE;

	make_room(series);
	if (metric->n == series->limit)
		halve(series, metric, series->limit - 1);
	if (metric->n == metric->cap) {
		bigger = mem_resize(metric->stretch, cap, sizeof(*bigger));
		if (!bigger)
			return error_nomem(err);
		metric->stretch = bigger;
		metric->cap = cap;
	}
	metric->stretch[metric->n++] = (struct stretch){{NO_POINT, 0, 0, 0}, {NO_POINT, 0, 0, 0}, {NO_POINT, 0, 0, 0}};
	metric->in_last = 0;
	series->total++;
	return 0;
}

int series_add(struct series *series, size_t number, double step, double time, double value, struct error *err)
{
	struct metric_series *metric = &series->metric[number];
	struct point point = {metric->count, step, time, value};
	struct point none = {NO_POINT, 0, 0, 0};
	struct stretch one = {point, point, none};
	int rc = 0;

	if (isnan(value))
		one = (struct stretch){none, none, point};
	if (!metric->n || metric->in_last == metric->width)
		rc = new_stretch(series, metric, err);
	if (rc < 0)
		return rc;
	stretch_join(&metric->stretch[metric->n - 1], &one);
	metric->in_last++;
	if (!metric->count++)
		metric->first = point;
	metric->last = point;
	if (is_better(&point, &metric->best, metric->lower))
		metric->best = point;
	return 0;
}

int series_first_on(struct series *series, size_t metric, size_t stamp)
{
	int first = series->metric[metric].stamp != stamp;

	series->metric[metric].stamp = stamp;
	return first;
}

/* Does the text hold the word, in any case? */
static int holds(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++) {
		size_t i = 0;

		while (i < len && tolower((unsigned char)text[i]) == word[i])
			i++;
		if (i == len)
			return 1;
	}
	return 0;
}

/* Errors by their short names, which no table here has. */
static int is_error_name(const char *part)
{
	static const char *const names[] = {"mse", "rmse", "mae", "mape", "perplexity", "wer", "cer"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcasecmp(part, names[i]))
			return 1;
	return 0;
}

int series_is_lower(const char *name)
{
	const char *part = name;

	while (*part) {
		const struct metric *known = metric_find(part);

		if (known)
			return known->better == BETTER_LOWER;
		if (is_error_name(part))
			return 1;
		part += strcspn(part, "/._-: ");
		part += *part != '\0';
	}
	return holds(name, "loss") || holds(name, "error");
}
