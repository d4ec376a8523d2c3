/* What a run's record and its history.csv say of its series. */
#include "track/series_inside.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/number.h"

#include <math.h>

static int by_name(const void *a, const void *b)
{
	const struct metric_series *x = *(const struct metric_series *const *)a;
	const struct metric_series *y = *(const struct metric_series *const *)b;

	return strcmp(x->name, y->name);
}

/* Those that have points, by name; [*n], the caller's to free(). */
static int sorted(const struct metric_series ***out, size_t *n, const struct series *series, struct error *err)
{
	*out = mem_array(series->n, sizeof(const struct metric_series *));
	*n = 0;
	if (!*out)
		return error_nomem(err);
	for (size_t i = 0; i < series->n; i++)
		if (series->metric[i].count)
			(*out)[(*n)++] = &series->metric[i];
	if (*n)
		qsort(*out, *n, sizeof(const struct metric_series *), by_name);
	return 0;
}

static int record_one(json_t *out, const struct metric_series *metric, struct error *err)
{
	json_t *object = json_object();
	int rc;

	if (json_object_set_new(out, metric->name, object) < 0)
		return error_nomem(err);
	rc = json_set_number(object, "count", (double)metric->count, err);
	if (!rc)
		rc = json_set_number(object, "last", metric->last.value, err);
	if (!rc && metric->best.order != NO_POINT)
		rc = json_set_number(object, "best", metric->best.value, err);
	if (!rc && metric->best.order != NO_POINT)
		rc = json_set_number(object, "best_step", metric->best.step, err);
	return rc;
}

int series_record(json_t *series_object, json_t *reported, const struct series *series, struct error *err)
{
	const struct metric_series **metric = NULL;
	size_t n = 0;
	int rc;

	rc = sorted(&metric, &n, series, err);
	for (size_t i = 0; i < n && !rc; i++) {
		rc = record_one(series_object, metric[i], err);
		if (!rc && !json_object_get(reported, metric[i]->name))
			rc = json_set_number(reported, metric[i]->name, metric[i]->last.value, err);
	}
	free(metric);
	return rc;
}

static int by_order(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void take_stretch(struct point *out, size_t *n, const struct stretch *stretch)
{
	const struct point *const kept[] = {&stretch->least, &stretch->greatest, &stretch->nan};

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (kept[i]->order != NO_POINT)
			out[(*n)++] = *kept[i];
}

/* The points of `groups` equal shares of the stretches, with the first and the last, in order and each once. */
static size_t take_points(struct point *out, const struct metric_series *metric, size_t groups)
{
	size_t n = 0, distinct = 0;

	out[n++] = metric->first;
	out[n++] = metric->last;
	for (size_t g = 0; g < groups; g++) {
		size_t from = g * metric->n / groups, to = (g + 1) * metric->n / groups;
		struct stretch share = metric->stretch[from];

		for (size_t i = from + 1; i < to; i++)
			stretch_join(&share, &metric->stretch[i]);
		take_stretch(out, &n, &share);
	}
	qsort(out, n, sizeof(*out), by_order);
	for (size_t i = 0; i < n; i++)
		if (!distinct || out[distinct - 1].order != out[i].order)
			out[distinct++] = out[i];
	return distinct;
}

/* At most `most` points (2 or more) of a metric; how many. out has room for all that there can be. */
static size_t choose_points(struct point *out, const struct metric_series *metric, size_t most)
{
	size_t n = take_points(out, metric, metric->n), groups, each = 2;

	if (n <= most)
		return n;
	for (size_t i = 0; i < metric->n && each == 2; i++)
		if (metric->stretch[i].nan.order != NO_POINT)
			each = 3;
	groups = (most - 2) / each;
	return take_points(out, metric, groups < metric->n ? groups : metric->n);
}

static void write_points(struct buf *out, const struct metric_series *metric, const struct point *point, size_t n)
{
	char text[NUMBER_TEXT];

	for (size_t i = 0; i < n; i++) {
		buf_csv(out, metric->name, metric->len);
		number_text(text, point[i].step);
		buf_printf(out, ",%s,", text);
		if (!isnan(point[i].time)) {
			number_text(text, point[i].time);
			buf_puts(out, text);
		}
		number_text(text, point[i].value);
		buf_printf(out, ",%s\n", text);
	}
}

struct history {
	const struct metric_series **metric; /* [n] */
	size_t n;
	struct point *point; /* scratch */
	size_t most; /* points a metric */
};

/* The file's size with so many points a metric. */
static size_t measure(const struct history *history, struct buf *scratch)
{
	size_t bytes = 0;

	for (size_t i = 0; i < history->n; i++) {
		buf_clear(scratch);
		write_points(scratch, history->metric[i], history->point,
			     choose_points(history->point, history->metric[i], history->most));
		bytes += scratch->len;
	}
	return bytes;
}

/*
 * The most points a metric that fit into `room`, or nearly so: the file's size is no straight line where some metrics have
 * few points, so that a first guess in proportion is followed by halving what is between a number that fits and one that
 * does not.
 */
static size_t fitting(const struct history *history, size_t room, struct buf *scratch)
{
	struct history tried = *history;
	size_t fits = 2, bytes = measure(history, scratch);

	if (bytes <= room)
		return history->most;
	for (size_t too_many = history->most, tries = 0; too_many - fits > 1 && tries < 8; tries++) {
		size_t guess = (size_t)((double)too_many * 0.98 * (double)room / (double)bytes);

		tried.most = tries || guess <= fits ? fits + (too_many - fits) / 2 : guess;
		bytes = measure(&tried, scratch);
		if (bytes > room) {
			too_many = tried.most;
			continue;
		}
		fits = tried.most;
		if (bytes > room / 10 * 9)
			break;
	}
	return fits;
}

static int choose_most(struct history *history, size_t room, struct error *err)
{
	struct buf scratch = BUF_INIT;
	size_t widest = 0;
	int rc;

	for (size_t i = 0; i < history->n; i++)
		widest = history->metric[i]->n > widest ? history->metric[i]->n : widest;
	history->point = mem_array(3 * widest + 2, sizeof(*history->point));
	if (!history->point)
		return error_nomem(err);
	history->most = 3 * widest + 2 < SERIES_MOST_POINTS ? 3 * widest + 2 : SERIES_MOST_POINTS;
	history->most = fitting(history, room, &scratch);
	rc = buf_check(&scratch, err);
	buf_release(&scratch);
	return rc;
}

int series_history(struct buf *out, unsigned long long *thinned, size_t *absent, const struct series *series,
		   struct error *err)
{
	static const char head[] = "metric,step,time,value\n";
	struct history history = {0};
	int rc;

	*thinned = 0;
	*absent = 0;
	buf_puts(out, head);
	rc = sorted(&history.metric, &history.n, series, err);
	if (!rc)
		rc = choose_most(&history, SERIES_MOST_BYTES - strlen(head), err);
	for (size_t i = 0; i < history.n && !rc; i++) {
		const struct metric_series *metric = history.metric[i];
		size_t before = out->len, n = choose_points(history.point, metric, history.most);

		write_points(out, metric, history.point, n);
		if (!out->failed && out->len > SERIES_MOST_BYTES) {
			out->len = before;
			out->text[before] = '\0';
			++*absent;
			n = 0;
		}
		*thinned += metric->count - n;
	}
	free(history.metric);
	free(history.point);
	return rc ? rc : buf_check(out, err);
}
