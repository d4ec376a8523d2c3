#include "record/run.h"
#include "base/embedded.h"
#include "base/mem.h"
#include "format/json.h"
#include "record/path.h"
#include "record/shape.h"

#include <math.h>
#include <stdarg.h>

#define SCHEMA 1

int run_new(struct run *run, struct error *err)
{
	int rc;

	run->json = json_object();
	if (!run->json)
		return error_nomem(err);
	rc = json_set_number(run->json, "schema", SCHEMA, err);
	if (rc < 0)
		run_release(run);
	return rc;
}

void run_release(struct run *run)
{
	if (!run)
		return;
	json_decref(run->json);
	run->json = NULL;
}

static int one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return 1;
	return 0;
}

static int check_word(const struct run *run, const char *key, const char *const *words, const char *name,
		      struct error *err)
{
	if (one_of(run_text(run, key), words))
		return 0;
	return error_set(err, ERR_INPUT, "%s: %s is '%s', which this assay does not know", name, key,
			 run_text(run, key));
}

/* A path below the run's own folder, whoever wrote it. */
static int inside(const char *path)
{
	if (!*path || *path == '/' || strchr(path, '\\'))
		return 0;
	for (;;) {
		size_t len = strcspn(path, "/");

		if (!len || (len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.'))
			return 0;
		if (!path[len])
			return 1;
		path += len + 1;
	}
}

static int check_artifacts(const struct run *run, const char *name, struct error *err)
{
	const json_t *artifacts = run_field(run, "artifacts");
	const json_t *artifact;
	size_t i;

	json_array_foreach(artifacts, i, artifact)
	{
		const char *path = json_string_value(json_object_get(artifact, "path"));

		if (!path || !inside(path))
			return error_set(err, ERR_INPUT, "%s: artifact %zu has %s", name, i + 1,
					 path ? "a path that leaves the run's folder" : "no path");
	}
	return 0;
}

static int check_schema(const json_t *json, const char *name, struct error *err)
{
	const json_t *schema = json_object_get(json, "schema");

	if (!json_is_integer(schema) || json_integer_value(schema) < 1)
		return error_set(err, ERR_INPUT, "%s: no record of a run: it has no schema number", name);
	if (json_integer_value(schema) <= SCHEMA)
		return 0;
	error_set(err, ERR_INPUT, "%s: written by a newer assay: its schema is %lld, this one knows %d", name,
		  (long long)json_integer_value(schema), SCHEMA);
	error_hint(err, "update assay; the record is left as it is");
	return ERR_INPUT;
}

static int check_run(const struct run *run, const char *name, struct error *err)
{
	static const char *const needed[] = {"id", "experiment", "name", "kind", "status"};
	static const char *const kinds[] = {"baseline", "run", "evaluation", "abtest", "monitor", NULL};
	static const char *const states[] = {"running", "finished", "failed", "killed", NULL};
	int rc;

	rc = check_schema(run->json, name, err);
	if (rc < 0)
		return rc;
	rc = shape_check(run->json, &run_shape, name, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!*run_text(run, needed[i]))
			return error_set(err, ERR_INPUT, "%s: the record has no %s", name, needed[i]);
	if (!id_valid(run_id(run)))
		return error_set(err, ERR_INPUT, "%s: '%s' is no id of a run", name, run_id(run));
	rc = check_word(run, "kind", kinds, name, err);
	if (rc < 0)
		return rc;
	rc = check_word(run, "status", states, name, err);
	if (rc < 0)
		return rc;
	return check_artifacts(run, name, err);
}

int run_parse(struct run *run, const char *text, size_t len, const char *name, struct error *err)
{
	struct run made = {0};
	int rc;

	rc = json_parse(&made.json, text, len, name, err);
	if (rc < 0)
		return rc;
	if (json_is_object(made.json))
		rc = check_run(&made, name, err);
	else
		rc = error_set(err, ERR_INPUT, "%s: no record of a run: not a JSON object", name);
	if (rc < 0)
		run_release(&made);
	else
		*run = made;
	return rc;
}

int run_write(struct buf *out, const struct run *run, struct error *err)
{
	json_t *ordered = shape_order(run->json, &run_shape);

	if (!ordered)
		return error_nomem(err);
	json_write(out, ordered);
	json_decref(ordered);
	return buf_check(out, err);
}

/* One step down: a member of an object, or an entry of an array by its number from 0. */
static const json_t *step(const json_t *json, const char *segment)
{
	char *end;
	unsigned long at;

	if (json_is_object(json))
		return json_object_get(json, segment);
	if (!json_is_array(json) || !*segment || segment[strspn(segment, "0123456789")])
		return NULL;
	at = strtoul(segment, &end, 10);
	return json_array_get(json, at);
}

const json_t *run_field(const struct run *run, const char *path)
{
	struct buf segment = BUF_INIT;
	const json_t *at = run->json, *found = NULL;
	const struct key *shape = &run_shape;
	double ignored;

	if (*path && !path[strcspn(path, ".\"\\")]) /* most: one plain key */
		return json_object_get(at, path);
	if (!strncmp(path, "metrics.", strlen("metrics."))) {
		const char *name = path + strlen("metrics.");

		if (path_rest(&segment, &name, NULL) == 1 && !*name)
			found = run_metric(&ignored, run, segment.text);
		goto out;
	}
	for (;;) {
		int plain = shape_is_plain_map(shape) && json_is_object(at);
		int rc = plain ? path_rest(&segment, &path, NULL) : path_next(&segment, &path, NULL);

		if (rc < 0)
			goto out;
		if (rc == 0)
			break;
		if (!json_is_array(at)) /* the entries of a list share its shape */
			shape = shape_inner(shape, segment.text);
		at = step(at, segment.text);
		if (!at)
			goto out;
	}
	found = at;
out:
	buf_release(&segment);
	return found;
}

const json_t *run_metric(double *value, const struct run *run, const char *metric)
{
	const json_t *json = json_object_get(json_object_get(run->json, "measured"), metric);

	if (!json)
		json = json_object_get(json_object_get(run->json, "reported"), metric);
	return json_number(value, json) ? json : NULL;
}

int run_is_measured(const struct run *run, const char *metric)
{
	return json_object_get(json_object_get(run->json, "measured"), metric) != NULL;
}

const json_t *run_comparison(const struct run *run, const char *role)
{
	const json_t *list = run_field(run, "comparison"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *is = json_string_value(json_object_get(one, "role"));

		if (is && !strcmp(is, role))
			return one;
	}
	return NULL;
}

const char *run_text(const struct run *run, const char *path)
{
	const char *text = json_string_value(run_field(run, path));

	return text ? text : "";
}

int run_number(double *out, const struct run *run, const char *path)
{
	return json_number(out, run_field(run, path));
}

/* The object below `at` named `name`, made if it is not there; lent. */
static json_t *child(json_t *at, const char *name)
{
	json_t *down = json_object_get(at, name);

	if (down)
		return json_is_object(down) ? down : NULL;
	down = json_object();
	return json_object_set_new(at, name, down) < 0 ? NULL : down;
}

int run_set(struct run *run, const char *path, json_t *value, struct error *err)
{
	struct buf segment = BUF_INIT;
	const struct key *shape = &run_shape;
	const char *rest = path;
	json_t *at = run->json;
	int rc;

	if (!value)
		return error_nomem(err);
	for (;;) {
		rc = shape_is_plain_map(shape) ? path_rest(&segment, &rest, err) : path_next(&segment, &rest, err);
		if (rc == 0)
			rc = error_set(err, ERR_INPUT, "an empty name of a field");
		if (rc < 0 || !*rest)
			break;
		at = child(at, segment.text);
		if (!at) {
			rc = error_set(err, ERR_INPUT, "%s: '%s' is no object", path, segment.text);
			break;
		}
		shape = shape_inner(shape, segment.text);
	}
	if (rc < 0)
		json_decref(value);
	else
		rc = json_set(at, segment.text, value, err);
	buf_release(&segment);
	return rc;
}

/* jansson took no text: it answers alike where it is not UTF-8 and where there is no memory. */
static int text_refused(const char *path, const char *text, struct error *err)
{
	size_t len = strlen(text), step = 1;
	unsigned code;

	for (size_t i = 0; i < len && step; i += step)
		step = utf8_next(text + i, len - i, &code);
	return step ? error_nomem(err) : error_set(err, ERR_INPUT, "%s: the text is not UTF-8", path);
}

int run_set_text(struct run *run, const char *path, const char *value, struct error *err)
{
	json_t *text = json_string(value);

	if (!text)
		return text_refused(path, value, err);
	return run_set(run, path, text, err);
}

int run_set_number(struct run *run, const char *path, double value, struct error *err)
{
	json_t *holder = json_object();
	int rc = holder ? json_set_number(holder, "", value, err) : error_nomem(err);

	if (!rc)
		rc = run_set(run, path, json_incref(json_object_get(holder, "")), err);
	json_decref(holder);
	return rc;
}

int run_note(struct run *run, struct error *err, const char *format, ...)
{
	json_t *notes = json_object_get(run->json, "notes");
	char *text = NULL;
	va_list args;
	int len, rc = 0;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return error_nomem(err);
	if (!notes) {
		notes = json_array();
		rc = json_set(run->json, "notes", notes, err);
	}
	if (!rc && json_array_append_new(notes, json_string(text)) < 0)
		rc = text_refused("notes", text, err);
	free(text);
	return rc;
}

const char *run_id(const struct run *run)
{
	return run_text(run, "id");
}

const char *run_name(const struct run *run)
{
	return run_text(run, "name");
}

const char *run_experiment(const struct run *run)
{
	return run_text(run, "experiment");
}

const char *run_schema(void)
{
	return embedded_find("src/record/run.schema.json")->text;
}
