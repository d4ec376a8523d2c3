/* metrics.jsonl, a line of it at a time, and metrics.json. */
#include "track/collect_inside.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/json_line.h"
#include "format/lines.h"

#include <math.h>
#include <stdint.h>
#include <unistd.h>

#define LINES "metrics.jsonl"
#define FINAL "metrics.json"

struct value {
	size_t metric; /* also the guess for what stands in this place on the next line */
	double value;
};

struct reading { /* of metrics.jsonl */
	struct series *series;
	struct oddities *odds;
	const struct lines *lines;
	struct value *value; /* of the line looked at */
	size_t n, cap;
	double step, time;
	int has_step, has_time;
	size_t stamp; /* of each look at a line */
	struct buf name; /* scratch */
};

static void start_line(struct reading *reading)
{
	reading->n = 0;
	reading->step = (double)reading->lines->number;
	reading->time = NAN;
	reading->stamp++;
}

/* The number of a metric by the name that it has in the file: SIZE_MAX where it is left out. */
static int find_metric(size_t *out, struct reading *reading, const char *name, size_t len, struct error *err)
{
	size_t guess = reading->n < reading->cap ? reading->value[reading->n].metric : SIZE_MAX;
	int rc;

	*out = SIZE_MAX;
	if (len <= COLLECT_NAME)
		*out = series_find(reading->series, name, len, guess);
	if (*out != SIZE_MAX)
		return 0;
	rc = collect_name(&reading->name, name, len, reading->odds, reading->lines->number, err);
	if (rc < 1)
		return rc;
	rc = series_metric(out, reading->series, reading->name.text, reading->name.len, err);
	if (!rc && *out == SIZE_MAX)
		odd(reading->odds, ODD_MANY, reading->lines->number, name, len);
	return rc;
}

static void replace_value(struct reading *reading, size_t metric, double value)
{
	for (size_t i = 0; i < reading->n; i++)
		if (reading->value[i].metric == metric)
			reading->value[i].value = value;
}

static int is_name(const char *name, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(name, word, len);
}

static int take_value(struct reading *reading, const char *name, size_t len, double value, struct error *err)
{
	size_t metric, cap = reading->cap;
	int rc;

	if (is_name(name, len, "step") && isfinite(value)) {
		reading->step = value;
		return 0;
	}
	if (is_name(name, len, "time") && isfinite(value)) {
		reading->time = value;
		return 0;
	}
	if (is_name(name, len, "step") || is_name(name, len, "time")) {
		odd(reading->odds, *name == 's' ? ODD_STEP : ODD_TIME, reading->lines->number, "", 0);
		return 0;
	}
	rc = find_metric(&metric, reading, name, len, err);
	if (rc < 0 || metric == SIZE_MAX)
		return rc;
	if (!series_first_on(reading->series, metric, reading->stamp)) {
		odd(reading->odds, ODD_TWICE, reading->lines->number, name, len);
		replace_value(reading, metric, value);
		return 0;
	}
	rc = MEM_GROW(reading->value, reading->n, reading->cap, err);
	if (rc < 0)
		return rc;
	for (; cap < reading->cap; cap++)
		reading->value[cap].metric = SIZE_MAX;
	reading->value[reading->n++] = (struct value){metric, value};
	return 0;
}

/* 1: all of the line was taken; 0: it is of another kind. */
static int take_flat(struct reading *reading, const char *text, size_t len, struct error *err)
{
	struct json_member member;
	struct json_line line;

	json_line_init(&line, text, len);
	start_line(reading);
	for (;;) {
		enum json_line_state state = json_line_next(&line, &member);
		int rc;

		if (state == JSON_LINE_OTHER)
			return 0;
		if (state == JSON_LINE_END)
			return 1;
		rc = take_value(reading, member.name, member.len, member.value, err);
		if (rc < 0)
			return rc;
	}
}

/* What is no number: null is not known, which is no oddity; times as text are common. */
static int take_member(void *context, const char *name, size_t len, const json_t *json, struct error *err)
{
	struct reading *reading = context;
	double value;

	if (json_number(&value, json))
		return take_value(reading, name, len, value, err);
	if (json_is_null(json))
		return 0;
	if (is_name(name, len, "step"))
		odd(reading->odds, ODD_STEP, reading->lines->number, "", 0);
	else if (is_name(name, len, "time"))
		odd(reading->odds, ODD_TIME, reading->lines->number, "", 0);
	else
		odd(reading->odds, ODD_VALUE, reading->lines->number, name, len);
	return 0;
}

/* By the JSON library; ERR_NOMEM alone is an error. */
static int take_any(struct reading *reading, struct error *err)
{
	const struct lines *lines = reading->lines;
	json_t *json = NULL;
	int rc;

	start_line(reading);
	if (lines->len > COLLECT_ODD_LINE) {
		odd(reading->odds, ODD_LONG_LINE, lines->number, "", 0);
		return 0;
	}
	rc = json_parse_last(&json, lines->text, lines->len, LINES, NULL);
	if (rc == ERR_NOMEM)
		rc = error_nomem(err);
	else if (rc < 0 || !json_is_object(json))
		odd(reading->odds, lines->unfinished ? ODD_CUT : ODD_LINE, lines->number, "", 0);
	else
		rc = collect_flatten(json, take_member, reading, err);
	json_decref(json);
	return rc == ERR_INPUT ? 0 : rc;
}

static int take_line(struct reading *reading, struct error *err)
{
	const struct lines *lines = reading->lines;
	int rc;

	if (lines->too_long) {
		odd(reading->odds, ODD_LONG_LINE, lines->number, "", 0);
		return 0;
	}
	if (lines_is_blank(lines))
		return 0;
	rc = take_flat(reading, lines->text, lines->len, err);
	if (!rc)
		rc = take_any(reading, err);
	for (size_t i = 0; i < reading->n && rc >= 0; i++)
		rc = series_add(reading->series, reading->value[i].metric, reading->step, reading->time,
				reading->value[i].value, err);
	return rc < 0 ? rc : 0;
}

static int read_lines(struct collecting *collecting, struct oddities *odds, struct error *err)
{
	struct lines lines;
	struct reading reading = {.series = collecting->series, .odds = odds, .lines = &lines, .name = BUF_INIT};
	struct error reason = {0};
	unsigned long long bytes;
	int fd, rc;

	rc = collect_open(&fd, &bytes, collecting, LINES, err);
	if (rc < 1)
		return rc;
	lines_init(&lines, fd, LINES, COLLECT_LINE, bytes);
	while ((rc = lines_next(&lines, &reason)) == 1) {
		rc = take_line(&reading, err);
		if (rc < 0)
			break;
	}
	if (reason.code)
		rc = collect_unread(&collecting->out->notes, &reason, err);
	lines_release(&lines);
	buf_release(&reading.name);
	free(reading.value);
	close(fd);
	return rc;
}

struct finals { /* of metrics.json */
	json_t *reported;
	struct oddities *odds;
	struct buf name;
};

static int take_final(void *context, const char *name, size_t len, const json_t *json, struct error *err)
{
	struct finals *finals = context;
	double value;
	int rc;

	if (json_is_null(json))
		return 0;
	if (!json_number(&value, json)) {
		odd(finals->odds, ODD_VALUE, 0, name, len);
		return 0;
	}
	rc = collect_name(&finals->name, name, len, finals->odds, 0, err);
	if (rc < 1)
		return rc;
	if (json_object_size(finals->reported) >= COLLECT_MOST) {
		odd(finals->odds, ODD_MANY, 0, name, len);
		return 0;
	}
	return json_set_number(finals->reported, finals->name.text, value, err);
}

static int read_finals(struct collecting *collecting, struct error *err)
{
	struct oddities odds = {.file = FINAL};
	struct finals finals = {.reported = collecting->out->reported, .odds = &odds, .name = BUF_INIT};
	struct error reason = {0};
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	int rc;

	rc = collect_read(&text, collecting, FINAL, err);
	if (rc < 1)
		goto out;
	rc = json_parse_last(&json, text.text, text.len, FINAL, &reason);
	if (rc < 0)
		rc = collect_unread(&collecting->out->notes, &reason, err);
	else if (!json_is_object(json))
		odd(&odds, ODD_LINE, 0, "", 0);
	else
		rc = collect_flatten(json, take_final, &finals, err);
	if (!rc && (reason.code || odd_any(&odds)))
		rc = collect_keep(collecting, FINAL, err);
	if (!rc)
		rc = odd_notes(&collecting->out->notes, &odds, err);
out:
	json_decref(json);
	buf_release(&finals.name);
	buf_release(&text);
	return rc;
}

static int write_history(struct collecting *collecting, int *in_part, const char *history, struct error *err)
{
	struct buf text = BUF_INIT;
	unsigned long long thinned = 0;
	size_t absent = 0;
	int rc;

	rc = series_history(&text, &thinned, &absent, collecting->series, err);
	*in_part = thinned > 0;
	if (!rc && json_object_size(collecting->out->series)) {
		rc = file_write(history, text.text, text.len, err);
		collecting->out->has_history = !rc;
	}
	if (!rc && absent)
		rc = collect_note(
			&collecting->out->notes, err,
			"history.csv is full: %zu of %zu metrics have only their last and best value on record", absent,
			json_object_size(collecting->out->series));
	buf_release(&text);
	return rc;
}

int collect_metrics(struct collecting *collecting, const char *history, struct error *err)
{
	struct collected *out = collecting->out;
	struct oddities odds = {.file = LINES};
	int in_part = 0, rc;

	rc = read_lines(collecting, &odds, err);
	if (!rc)
		rc = read_finals(collecting, err);
	if (!rc)
		rc = odd_notes(&out->notes, &odds, err);
	if (!rc)
		rc = series_record(out->series, out->reported, collecting->series, err);
	if (!rc)
		rc = write_history(collecting, &in_part, history, err);
	if (!rc && (in_part || odd_any(&odds)))
		rc = collect_keep(collecting, LINES, err);
	return rc;
}
