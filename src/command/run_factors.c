/* What differs between runs: see run_factors.h. */
#include "command/run_factors.h"

#include "format/json.h"

struct factors {
	const struct seen_run *const *run;
	size_t n;
	json_t *out;
};

/* Add the values (taken) if they are not all the same. */
static int add(struct factors *factors, const char *factor, const char *name, json_t *values, struct error *err)
{
	int same = 1, failed = !values || json_array_size(values) != factors->n;
	json_t *one;

	for (size_t i = 1; !failed && i < factors->n; i++)
		same &= json_equal(json_array_get(values, 0), json_array_get(values, i));
	if (failed || same) {
		json_decref(values);
		return failed ? error_nomem(err) : 0;
	}
	one = name ? json_pack("{s:s, s:s, s:o}", "factor", factor, "name", name, "values", values)
		   : json_pack("{s:s, s:o}", "factor", factor, "values", values);
	return json_array_append_new(factors->out, one) < 0 ? error_nomem(err) : 0;
}

static void append(json_t *values, const json_t *value)
{
	/* One that fails leaves the list short, which add() sees. */
	(void)!json_array_append_new(values, value ? json_incref((json_t *)(size_t)value) : json_null());
}

static int add_field(struct factors *factors, const char *factor, const char *name, const char *field,
		     struct error *err)
{
	json_t *values = json_array();

	for (size_t i = 0; i < factors->n; i++)
		append(values, run_field(&factors->run[i]->run, field));
	return add(factors, factor, name, values, err);
}

/* The code that ran: the snapshot, else the commit. */
static int add_code(struct factors *factors, struct error *err)
{
	json_t *values = json_array();

	for (size_t i = 0; i < factors->n; i++) {
		const json_t *snapshot = run_field(&factors->run[i]->run, "code.snapshot");

		append(values, snapshot ? snapshot : run_field(&factors->run[i]->run, "code.commit"));
	}
	return add(factors, "code", NULL, values, err);
}

/* The map of one run: as it is, or of data files the path to the hash. */
static json_t *map_of(const struct seen_run *seen, const char *field)
{
	const json_t *value = run_field(&seen->run, field);
	json_t *map, *one;
	size_t i;

	if (!json_is_array(value))
		return json_is_object(value) ? json_copy((json_t *)(size_t)value) : json_object();
	map = json_object();
	json_array_foreach((json_t *)(size_t)value, i, one)
	{
		const char *path = json_string_value(json_object_get(one, "path"));
		json_t *sha = json_object_get(one, "sha256");

		if (path && sha && json_object_set(map, path, sha) < 0) {
			json_decref(map);
			return NULL;
		}
	}
	return map;
}

static int add_map(struct factors *factors, const char *factor, const char *field, struct error *err)
{
	json_t *maps = json_array(), *all = json_object(), *sorted, *ignored, *map;
	const char *name;
	int rc = maps && all ? 0 : error_nomem(err);

	for (size_t k = 0; k < factors->n && !rc; k++) {
		map = map_of(factors->run[k], field);
		if (!map || json_object_update(all, map) < 0)
			rc = error_nomem(err);
		if (json_array_append_new(maps, map) < 0)
			rc = error_nomem(err);
	}
	sorted = rc ? NULL : json_sorted(all);
	if (!rc && !sorted)
		rc = error_nomem(err);
	json_object_foreach(sorted, name, ignored)
	{
		json_t *values = json_array();

		if (rc) {
			json_decref(values);
			break;
		}
		for (size_t i = 0; i < json_array_size(maps); i++)
			append(values, json_object_get(json_array_get(maps, i), name));
		rc = add(factors, factor, name, values, err);
	}
	json_decref(sorted);
	json_decref(all);
	json_decref(maps);
	return rc;
}

int run_factors(json_t **out, const struct seen_run *const *run, size_t n, struct error *err)
{
	static const struct {
		const char *factor, *name, *field;
	} fields[] = {
		{"split", NULL, "data.split.sha256"},   {"seed", NULL, "seed"},
		{"hardware", "cpu", "environment.cpu"}, {"hardware", "cores", "environment.cores"},
		{"hardware", "gpu", "environment.gpu"},
	};
	struct factors factors = {.run = run, .n = n, .out = json_array()};
	int rc = factors.out ? add_field(&factors, "command", NULL, "command", err) : error_nomem(err);

	if (!rc)
		rc = add_code(&factors, err);
	if (!rc)
		rc = add_map(&factors, "params", "params", err);
	if (!rc)
		rc = add_map(&factors, "data", "data.files", err);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields) && !rc; i++)
		rc = add_field(&factors, fields[i].factor, fields[i].name, fields[i].field, err);
	if (!rc)
		rc = add_map(&factors, "packages", "environment.packages", err);
	if (rc < 0)
		json_decref(factors.out);
	else
		*out = factors.out;
	return rc;
}
