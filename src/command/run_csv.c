/* Runs as CSV: see run_csv.h. */
#include "command/run_csv.h"
#include "command/run_json.h"

#include "base/mem.h"
#include "format/json.h"

void run_csv_value(struct buf *out, const json_t *value)
{
	struct buf text = BUF_INIT;

	if (json_is_string(value)) {
		buf_csv(out, json_string_value(value), json_string_length(value));
	} else if (value) {
		json_write(&text, value);
		while (text.len && text.text[text.len - 1] == '\n')
			text.text[--text.len] = '\0';
		buf_csv(out, text.text, text.len);
	}
	out->failed |= text.failed;
	buf_release(&text);
}

static const char *const texts[] = {"id",      "experiment", "name",   "kind",  "status",
				    "started", "where",      "commit", "parent"};
enum { TEXTS = sizeof(texts) / sizeof(*texts) };
static const char *const maps[] = {"metrics", "params", "tags"};
enum { MAPS = sizeof(maps) / sizeof(*maps) };

/* All names that any run has in a map, sorted: as keys of an object. */
static json_t *names_in(const json_t *runs, const char *map)
{
	json_t *all = json_object(), *one, *sorted;
	size_t i;

	json_array_foreach(runs, i, one) if (all && json_object_update_missing(all, json_object_get(one, map)) < 0)
	{
		json_decref(all);
		all = NULL;
	}
	sorted = all ? json_sorted(all) : NULL;
	json_decref(all);
	return sorted;
}

static void put_heading(struct buf *out, json_t *const *names)
{
	const char *name;
	json_t *ignored;

	for (size_t i = 0; i < TEXTS; i++)
		buf_printf(out, "%s%s", i ? "," : "", texts[i]);
	for (size_t m = 0; m < MAPS; m++)
		json_object_foreach(names[m], name, ignored)
		{
			char *whole = mem_printf("%s.%s", maps[m], name);

			buf_putc(out, ',');
			buf_csv(out, whole ? whole : "", whole ? strlen(whole) : 0);
			out->failed |= !whole;
			free(whole);
		}
	buf_puts(out, ",verdict,criteria_met,criteria_of,reported\n");
}

/* Names in one field. */
static void put_names(struct buf *out, const json_t *list)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < json_array_size(list); i++)
		buf_printf(&text, "%s%s", i ? ";" : "", json_string_value(json_array_get(list, i)));
	buf_csv(out, text.text, text.len);
	out->failed |= text.failed;
	buf_release(&text);
}

static void put_run(struct buf *out, const json_t *run, json_t *const *names)
{
	const json_t *criteria = json_object_get(run, "criteria");
	const char *name;
	json_t *ignored;

	for (size_t i = 0; i < TEXTS; i++) {
		buf_puts(out, i ? "," : "");
		run_csv_value(out, json_object_get(run, texts[i]));
	}
	for (size_t m = 0; m < MAPS; m++)
		json_object_foreach(names[m], name, ignored)
		{
			buf_putc(out, ',');
			run_csv_value(out, json_object_get(json_object_get(run, maps[m]), name));
		}
	buf_putc(out, ',');
	run_csv_value(out, json_object_get(run, "verdict"));
	buf_putc(out, ',');
	run_csv_value(out, json_array_get(criteria, 0));
	buf_putc(out, ',');
	run_csv_value(out, json_array_get(criteria, 1));
	buf_putc(out, ',');
	put_names(out, json_object_get(run, "reported"));
	buf_putc(out, '\n');
}

int run_csv_write(struct buf *out, const struct seen_run *const *run, const char *const *first, size_t n,
		  const struct judge_families *families, struct error *err)
{
	json_t *runs = json_array(), *names[MAPS] = {NULL};
	int rc = runs ? 0 : error_nomem(err);

	for (size_t i = 0; i < n && !rc; i++) {
		json_t *one = NULL;

		rc = run_json(&one, run[i], first[i], families, err);
		if (!rc && json_array_append_new(runs, one) < 0)
			rc = error_nomem(err);
	}
	for (size_t m = 0; m < MAPS && !rc; m++) {
		names[m] = names_in(runs, maps[m]);
		rc = names[m] ? 0 : error_nomem(err);
	}
	if (!rc)
		put_heading(out, names);
	for (size_t i = 0; i < n && !rc; i++)
		put_run(out, json_array_get(runs, i), names);
	for (size_t m = 0; m < MAPS; m++)
		json_decref(names[m]);
	json_decref(runs);
	return rc ? rc : buf_check(out, err);
}
