/* Runs as `ls --json` has them: see run_json.h. */
#include "command/run_json.h"
#include "command/message.h"
#include "command/run_table.h"

#include "format/json.h"
#include "judge/judge.h"

const char *run_where(const struct seen_run *seen)
{
	static const char *const word[] = {
		[WHERE_GIT] = "git", [WHERE_WAITING] = "waiting", [WHERE_RUNNING] = "running"};

	return word[seen->where];
}

static int set_texts(json_t *out, const struct seen_run *seen, struct error *err)
{
	static const char *const key[] = {"id", "experiment", "name", "kind", "parent", "status", "started"};
	int rc = 0;

	for (size_t i = 0; i < sizeof(key) / sizeof(*key) && !rc; i++)
		if (*run_text(&seen->run, key[i]))
			rc = json_set_text(out, key[i], run_text(&seen->run, key[i]), err);
	if (!rc)
		rc = json_set_text(out, "where", run_where(seen), err);
	if (!rc && *seen->commit)
		rc = json_set_text(out, "commit", seen->commit, err);
	return rc;
}

/* Measured before reported where both have a name; sorted. */
static int set_metrics(json_t *out, const struct run *run, struct error *err)
{
	const json_t *reported = run_field(run, "reported"), *measured = run_field(run, "measured");
	json_t *all = reported ? json_copy((json_t *)(size_t)reported) : json_object(), *sorted;

	if (!all || (measured && json_object_update(all, (json_t *)(size_t)measured) < 0)) {
		json_decref(all);
		return error_nomem(err);
	}
	sorted = json_sorted(all);
	json_decref(all);
	return json_set(out, "metrics", sorted, err);
}

/* Which of `metrics` the command only said of itself; absent where there is none. */
static int set_reported(json_t *out, const struct run *run, struct error *err)
{
	json_t *list = json_array(), *value;
	const char *name;
	int rc = list ? 0 : error_nomem(err);

	json_object_foreach(json_object_get(out, "metrics"), name, value)
	{
		if (!rc && !run_is_measured(run, name) && json_array_append_new(list, json_string(name)) < 0)
			rc = error_nomem(err);
	}
	if (!rc && json_array_size(list))
		rc = json_set(out, "reported", json_incref(list), err);
	json_decref(list);
	return rc;
}

static int set_map(json_t *out, const struct run *run, const char *key, struct error *err)
{
	const json_t *map = run_field(run, key);

	return json_set(out, key, map ? json_sorted(map) : json_object(), err);
}

int run_json(json_t **out, const struct seen_run *seen, const char *metric, const struct judge_families *families,
	     struct error *err)
{
	const struct run *run = &seen->run;
	const char *verdict = run_verdict(run, metric, families);
	json_t *json = json_object();
	size_t met, of;
	int rc = json ? set_texts(json, seen, err) : error_nomem(err);

	if (!rc)
		rc = set_metrics(json, run, err);
	if (!rc)
		rc = set_reported(json, run, err);
	if (!rc)
		rc = set_map(json, run, "params", err);
	if (!rc)
		rc = set_map(json, run, "tags", err);
	if (!rc && verdict)
		rc = json_set_text(json, "verdict", verdict, err);
	judge_criteria_count(&met, &of, run);
	if (!rc && of)
		rc = json_set(json, "criteria", json_pack("[I, I]", (json_int_t)met, (json_int_t)of), err);
	if (!rc) {
		*out = json;
		return 0;
	}
	json_decref(json);
	return rc;
}

int print_json(const json_t *json, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	json_write(&out, json);
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}
