/* Differences of code, read once for each pair of commits: see code_reader.h. */
#include "judge/code_reader.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/yaml.h"

#include <fnmatch.h>

enum {
	NAMED_MOST = 1000, /* changed files that are named: a record stays small */
	VALUES_MOST = 256 << 10 /* bytes of a file of parameters */
};

struct code_reader {
	struct store *store; /* NULL: none */
	const char *below; /* the project's root below the work tree */
	char *site; /* the site's folder below the work tree */
	json_t *index; /* "FROM TO" -> where in `difference` */
	struct code_difference **difference;
	size_t n, cap;
};

int code_reader_new(struct code_reader **out, struct store *store, const struct project *project, struct error *err)
{
	struct code_reader *reader = mem_zeroed(1, sizeof(*reader));

	if (!reader)
		return error_nomem(err);
	reader->store = store;
	reader->below = project->below;
	reader->site = path_join(project->below, project->site.output);
	reader->index = json_object();
	if (!reader->site || !reader->index) {
		code_reader_free(reader);
		return error_nomem(err);
	}
	*out = reader;
	return 0;
}

static void difference_free(struct code_difference *difference)
{
	for (size_t i = 0; difference && i < difference->n; i++) {
		free(difference->item[i].path);
		json_decref(difference->item[i].values);
	}
	if (difference)
		free(difference->item);
	free(difference);
}

void code_reader_free(struct code_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->n; i++)
		difference_free(reader->difference[i]);
	free(reader->difference);
	json_decref(reader->index);
	free(reader->site);
	free(reader);
}

const char *code_of(const struct run *run, int *kept)
{
	const char *snapshot = run_text(run, "code.snapshot");

	*kept = *snapshot || !json_is_true(run_field(run, "code.dirty"));
	return *snapshot ? snapshot : run_text(run, "code.commit");
}

/* Never below "", the folder of nothing. */
static int is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return len && !strncmp(path, folder, len) && path[len] == '/';
}

/* The path below a folder; NULL if it is not there. folder "": the top. */
static const char *path_below(const char *path, const char *folder)
{
	if (!*folder)
		return path;
	return is_below(path, folder) ? path + strlen(folder) + 1 : NULL;
}

/* Files that no program reads, or whose effects a record has by themselves. */
static int is_no_code(const struct code_reader *reader, const char *path)
{
	static const char *const readers[] = {
		"README*",  "LICENSE*",     "LICENCE*",   "COPYING*", "CHANGELOG*",    "CHANGES.md",   "CONTRIBUTING*",
		"AUTHORS*", "CITATION.cff", ".gitignore", ".mailmap", ".editorconfig", "*.results.md", ".gitmodules"};
	const char *ours = path_below(path, reader->below), *base = path_base(path);

	if (is_below(path, reader->site) || is_below(path, ".github"))
		return 1;
	if (ours && (!strcmp(ours, "assay.yaml") || !fnmatch("experiments/*.md", ours, 0)))
		return 1;
	if (!strncmp(path, "dvclive/", 8) || strstr(path, "/dvclive/")) /* what a run wrote */
		return 1;
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (!fnmatch(readers[i], base, 0))
			return 1;
	return 0;
}

struct adding {
	const struct code_reader *reader;
	struct code_difference *difference;
	struct error *err;
};

static int add_change(void *context, const char *path, const char *from, const char *to)
{
	struct adding *adding = context;
	struct code_difference *difference = adding->difference;
	struct code_change *change;

	if (is_no_code(adding->reader, path))
		return 0;
	if (difference->n == NAMED_MOST) {
		difference->unnamed++;
		return 0;
	}
	if (MEM_GROW(difference->item, difference->n, difference->cap, adding->err) < 0)
		return ERR_NOMEM;
	change = &difference->item[difference->n++];
	*change = (struct code_change){.path = mem_text(path)};
	snprintf(change->from, sizeof(change->from), "%s", from ? from : "");
	snprintf(change->to, sizeof(change->to), "%s", to ? to : "");
	return change->path ? 0 : error_nomem(adding->err);
}

static int read_difference(struct code_difference *difference, struct code_reader *reader, const char *from,
			   const char *to, struct error *err)
{
	struct adding adding = {reader, difference, err};
	struct error why = {0};
	int rc;

	if (!strcmp(from, to))
		return 0;
	difference->unknown = 1;
	if (!*from || !*to || !reader->store)
		return 0;
	rc = store_code_changes(reader->store, from, to, add_change, &adding, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	difference->unknown = rc != 0;
	return rc && why.code ? error_set(err, rc, "%s", why.text) : rc;
}

int code_difference(struct code_difference **out, struct code_reader *reader, const char *from, const char *to,
		    struct error *err)
{
	char *key = mem_printf("%s %s", from, to);
	const json_t *known = key ? json_object_get(reader->index, key) : NULL;
	int rc = key ? MEM_GROW(reader->difference, reader->n, reader->cap, err) : error_nomem(err);

	if (!rc && known) {
		*out = reader->difference[json_integer_value(known)];
	} else if (!rc) {
		struct code_difference *made = mem_zeroed(1, sizeof(*made));

		rc = made ? read_difference(made, reader, from, to, err) : error_nomem(err);
		if (!rc)
			rc = json_set(reader->index, key, json_integer((json_int_t)reader->n), err);
		if (rc)
			difference_free(made);
		else
			*out = reader->difference[reader->n++] = made;
	}
	free(key);
	return rc;
}

static int ends_in(const char *path, const char *end)
{
	size_t len = strlen(path), end_len = strlen(end);

	return len > end_len && !strcmp(path + len - end_len, end);
}

/* Nested names join by dots and null is text, as it is in recorded parameters. */
static int flatten(json_t *out, const char *prefix, const json_t *map, struct error *err)
{
	const char *name;
	json_t *value;
	int rc = 0;

	json_object_foreach((json_t *)(size_t)map, name, value)
	{
		char *key = *prefix ? mem_printf("%s.%s", prefix, name) : mem_text(name);

		if (!key)
			rc = error_nomem(err);
		else if (json_is_object(value))
			rc = flatten(out, key, value, err);
		else
			rc = json_set(out, key, json_is_null(value) ? json_string("null") : json_incref(value), err);
		free(key);
		if (rc)
			break;
	}
	return rc;
}

static int parse(json_t **out, const struct buf *text, const char *path, struct error *err)
{
	struct yaml *yaml = NULL;
	int rc;

	if (ends_in(path, ".json"))
		return json_parse_last(out, text->text, text->len, path, err);
	rc = yaml_parse(&yaml, text->text, text->len, path, 1, err);
	if (!rc) {
		*out = yaml_json(yaml);
		rc = *out ? 0 : error_nomem(err);
	}
	yaml_free(yaml);
	return rc;
}

/* The values of one side, by dotted name: 1; 0 for a file that holds no map of values, or cannot be read here. */
static int read_values(json_t **out, struct code_reader *reader, const char *path, const char *blob, struct error *err)
{
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	struct error why = {0};
	int rc;

	*out = json_object();
	if (!*out)
		return error_nomem(err);
	if (!*blob)
		return 1;
	rc = store_blob(&text, reader->store, blob, &why);
	if (!rc && text.len > VALUES_MOST)
		rc = ERR_INPUT;
	if (!rc)
		rc = parse(&json, &text, path, &why);
	if (!rc && !json_is_object(json))
		rc = ERR_INPUT;
	if (!rc)
		rc = flatten(*out, "", json, &why);
	json_decref(json);
	buf_release(&text);
	if (rc == ERR_INPUT || rc == ERR_NOT_FOUND)
		return 0;
	return rc ? error_set(err, rc, "%s", why.text) : 1;
}

static int add_pair(json_t *out, const char *name, const json_t *from, const json_t *to, struct error *err)
{
	return json_set(out, name, json_pack("[O?, O?]", from, to), err);
}

/* change->values, read at the first call. */
static int read_change_values(struct code_reader *reader, struct code_change *change, struct error *err)
{
	json_t *from = NULL, *to = NULL, *value;
	const char *name;
	int rc;

	if (change->values_read)
		return 0;
	change->values_read = 1;
	if (!reader->store ||
	    (!ends_in(change->path, ".json") && !ends_in(change->path, ".yaml") && !ends_in(change->path, ".yml")))
		return 0;
	rc = read_values(&from, reader, change->path, change->from, err);
	if (rc > 0)
		rc = read_values(&to, reader, change->path, change->to, err);
	if (rc > 0) {
		change->values = json_object();
		rc = change->values ? 0 : error_nomem(err);
		json_object_foreach(from, name, value)
		{
			if (!rc && !json_same(value, json_object_get(to, name)))
				rc = add_pair(change->values, name, value, json_object_get(to, name), err);
		}
		json_object_foreach(to, name, value)
		{
			if (!rc && !json_object_get(from, name))
				rc = add_pair(change->values, name, NULL, value, err);
		}
	}
	json_decref(from);
	json_decref(to);
	return rc;
}

const char *code_param_of_key(const json_t *params, const char *key)
{
	while (key && !json_object_get(params, key)) {
		key = strchr(key, '.');
		key += key != NULL;
	}
	return key;
}

int code_change_explained(struct code_reader *reader, struct code_change *change, const json_t *params,
			  struct error *err)
{
	const char *key;
	const json_t *pair;
	int rc = read_change_values(reader, change, err);

	if (rc < 0 || !change->values)
		return rc < 0 ? rc : 0;
	json_object_foreach(change->values, key, pair)
	{
		const char *name = code_param_of_key(params, key);
		const json_t *said = name ? json_object_get(params, name) : NULL;

		if (!said || !json_same(json_array_get(said, 0), json_array_get(pair, 0)) ||
		    !json_same(json_array_get(said, 1), json_array_get(pair, 1)))
			return 0;
	}
	return 1;
}

static int records_file(const struct run *run, const char *path)
{
	const json_t *files = run_field(run, "data.files"), *file;
	size_t i;

	json_array_foreach((json_t *)(size_t)files, i, file)
	{
		const char *recorded = json_string_value(json_object_get(file, "path"));

		if (recorded && !strcmp(recorded, path) && !json_is_true(json_object_get(file, "outside")))
			return 1;
	}
	return 0;
}

int code_is_data(const struct code_reader *reader, const char *path, const struct run *from, const struct run *to)
{
	const char *ours = path_below(path, reader->below);

	return ours && (records_file(from, ours) || records_file(to, ours));
}
