/* Values that differ between two runs: see command_values.h. */
#include "judge/command_values.h"

#include "format/json.h"

json_t *names_in_either(const json_t *a, const json_t *b)
{
	json_t *all = a ? json_copy((json_t *)(size_t)a) : json_object(), *sorted = NULL;

	if (all && (!b || json_object_update(all, (json_t *)(size_t)b) == 0))
		sorted = json_sorted(all);
	json_decref(all);
	return sorted;
}

int params_differing(json_t **out, const struct run *from, const struct run *to, struct error *err)
{
	const json_t *was = run_field(from, "params"), *is = run_field(to, "params");
	json_t *pairs = json_object(), *names = names_in_either(was, is), *ignored;
	const char *name;
	int rc = pairs && names ? 0 : error_nomem(err);

	json_object_foreach(names, name, ignored)
	{
		const json_t *a = json_object_get(was, name), *b = json_object_get(is, name);

		if (!rc && !json_same(a, b))
			rc = json_set(pairs, name, json_pack("[O?, O?]", a, b), err);
	}
	json_decref(names);
	if (rc)
		json_decref(pairs);
	else
		*out = pairs;
	return rc;
}

static const json_t *side_of(const json_t *pair, size_t side)
{
	const json_t *value = json_array_get(pair, side);

	return json_is_null(value) ? NULL : value;
}

const json_t *pair_from(const json_t *pair)
{
	return side_of(pair, SIDE_FROM);
}

const json_t *pair_to(const json_t *pair)
{
	return side_of(pair, SIDE_TO);
}

/* The path of a data file that this run records and the other does not, from the i-th on; NULL: there is none. */
static const json_t *next_path(size_t *i, const struct run *here, const struct run *there)
{
	const json_t *files = run_field(here, "data.files"), *others = run_field(there, "data.files");

	while (*i < json_array_size(files)) {
		const json_t *path = json_object_get(json_array_get(files, (*i)++), "path");
		size_t k = 0;

		while (k < json_array_size(others) &&
		       !json_equal(path, json_object_get(json_array_get(others, k), "path")))
			k++;
		if (path && k == json_array_size(others))
			return path;
	}
	return NULL;
}

int command_values_of(struct command_values *out, const struct run *from, const struct run *to, const json_t *params,
		      struct error *err)
{
	const json_t *seed[] = {run_field(from, "seed"), run_field(to, "seed")}, *pair, *path[2];
	size_t i = 0, j = 0;
	const char *name;
	int rc = 0;

	json_object_foreach((json_t *)(size_t)params, name, pair)
	{
		rc = command_value_add(out, name, pair_from(pair), pair_to(pair), err);
		if (rc)
			return rc;
	}
	if (!json_equal(seed[0], seed[1]))
		rc = command_value_add(out, "seed", seed[0], seed[1], err);
	while (!rc && (path[0] = next_path(&i, from, to)) && (path[1] = next_path(&j, to, from)))
		rc = command_value_add(out, "", path[0], path[1], err);
	return rc;
}
