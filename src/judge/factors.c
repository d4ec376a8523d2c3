/* What differs between two runs: see factors.h. */
#include "judge/factors.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/code_reader.h"
#include "judge/command_values.h"

enum kind { COMMAND, CODE, PARAMS, DATA, SPLIT, SEED, PACKAGES, HARDWARE, KINDS };
static const char *const kind_name[KINDS] = {"command", "code", "params",   "data",
					     "split",   "seed", "packages", "hardware"};

struct differing {
	const struct run *from, *to;
	struct code_reader *reader;
	json_t *kind[KINDS]; /* arrays of factors */
	json_t *params; /* all parameters that differ, those too that repeat another factor; NULL: not looked for yet */
	int packages_unknown;
	size_t n, most;
	struct error *err;
};

static json_t *factor_make(enum kind kind, const char *name, const json_t *from, const json_t *to)
{
	json_t *factor = json_pack("{s:s}", "factor", kind_name[kind]);
	struct error none = {0};
	int rc = factor ? 0 : ERR_NOMEM;

	if (!rc && name)
		rc = json_set_text(factor, "name", name, &none);
	if (!rc && from)
		rc = json_set(factor, "from", json_incref((json_t *)(size_t)from), &none);
	if (!rc && to)
		rc = json_set(factor, "to", json_incref((json_t *)(size_t)to), &none);
	if (!rc)
		return factor;
	json_decref(factor);
	return NULL;
}

static int add(struct differing *differing, enum kind kind, const char *name, const json_t *from, const json_t *to)
{
	json_t *factor = factor_make(kind, name, from, to);

	if (!factor || json_array_append_new(differing->kind[kind], factor) < 0)
		return error_nomem(differing->err);
	differing->n++;
	return 0;
}

static int add_text(struct differing *differing, enum kind kind, const char *name, const char *from, const char *to)
{
	json_t *was = *from ? json_text(from) : NULL, *is = *to ? json_text(to) : NULL;
	int rc = (*from && !was) || (*to && !is) ? error_nomem(differing->err) : add(differing, kind, name, was, is);

	json_decref(was);
	json_decref(is);
	return rc;
}

static int too_many(const struct differing *differing)
{
	return differing->n > differing->most;
}

/* A parameter that repeats the run's seed. */
static int repeats_seed(const struct differing *differing, const char *name, const json_t *from, const json_t *to)
{
	const json_t *was = run_field(differing->from, "seed"), *is = run_field(differing->to, "seed");

	return was && is && (strstr(name, "seed") || strstr(name, "random_state")) && json_same(was, from) &&
	       json_same(is, to);
}

static int find_params(struct differing *differing)
{
	const char *name;
	const json_t *pair;
	int rc = params_differing(&differing->params, differing->from, differing->to, differing->err);

	json_object_foreach(differing->params, name, pair)
	{
		const json_t *from = pair_from(pair), *to = pair_to(pair);

		if (!rc && !repeats_seed(differing, name, from, to))
			rc = add(differing, PARAMS, name, from, to);
	}
	return rc;
}

static int find_seed(struct differing *differing)
{
	const json_t *from = run_field(differing->from, "seed"), *to = run_field(differing->to, "seed");

	return json_same(from, to) ? 0 : add(differing, SEED, NULL, from, to);
}

/* The data files of a run: path to sha256; the caller's; NULL without memory. */
static json_t *files_of(const struct run *run)
{
	const json_t *list = run_field(run, "data.files"), *file;
	json_t *map = json_object();
	size_t i;

	json_array_foreach((json_t *)(size_t)list, i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		json_t *sha = json_object_get(file, "sha256");

		if (map && path && sha && json_object_set(map, path, sha) < 0) {
			json_decref(map);
			return NULL;
		}
	}
	return map;
}

/* The one file that a run has and the other lacks; NULL if there are none or several. */
static const char *only_there(const json_t *here, const json_t *there)
{
	const char *path, *found = NULL;
	const json_t *sha;

	json_object_foreach((json_t *)(size_t)here, path, sha)
	{
		if (json_object_get(there, path))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* One file in the place of one other is one change, under the name of the new one. */
static int add_files(struct differing *differing, const json_t *was, const json_t *is)
{
	const char *gone = only_there(was, is), *new = only_there(is, was), *path;
	json_t *names = names_in_either(was, is), *ignored;
	int swapped = gone && new, rc = names ? 0 : error_nomem(differing->err);

	json_object_foreach(names, path, ignored)
	{
		const json_t *from = json_object_get(was, path), *to = json_object_get(is, path);

		if (rc)
			break;
		if (swapped && !strcmp(path, gone))
			continue;
		if (swapped && !strcmp(path, new))
			from = json_object_get(was, gone);
		else if (json_same(from, to))
			continue;
		if (!(swapped && !strcmp(path, new) && json_same(from, to))) /* the same file under another name */
			rc = add(differing, DATA, path, from, to);
	}
	json_decref(names);
	return rc;
}

static int find_data(struct differing *differing)
{
	const json_t *a = run_field(differing->from, "data.files"), *b = run_field(differing->to, "data.files");
	json_t *was, *is;
	int rc;

	if (a == b || json_equal(a, b))
		return 0;
	was = files_of(differing->from);
	is = files_of(differing->to);
	rc = was && is ? add_files(differing, was, is) : error_nomem(differing->err);
	json_decref(was);
	json_decref(is);
	return rc;
}

/* How the rows were divided, not which rows came out. */
static int same_division(const struct run *from, const struct run *to)
{
	static const char *const keys[] = {"data.split.test", "data.split.valid", "data.split.seed",
					   "data.split.stratified", "data.split.count"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!json_same(run_field(from, keys[i]), run_field(to, keys[i])))
			return 0;
	return 1;
}

static int find_split(struct differing *differing)
{
	const json_t *from = run_field(differing->from, "data.split.sha256");
	const json_t *to = run_field(differing->to, "data.split.sha256");

	if (json_same(from, to) ||
	    (json_array_size(differing->kind[DATA]) && from && to && same_division(differing->from, differing->to)))
		return 0;
	return add(differing, SPLIT, NULL, from, to);
}

/* "AMD EPYC 9454, 2 cores, NVIDIA A100": empty where the record says nothing. */
static int machine_words(struct buf *out, const struct run *run, struct error *err)
{
	const char *cpu = run_text(run, "environment.cpu");
	const json_t *gpus = run_field(run, "environment.gpu");
	double cores;

	buf_puts(out, cpu);
	if (run_number(&cores, run, "environment.cores"))
		buf_printf(out, "%s%.0f core%s", out->len ? ", " : "", cores, cores == 1 ? "" : "s");
	for (size_t i = 0; i < json_array_size(gpus); i++) {
		const char *gpu = json_string_value(json_array_get(gpus, i));

		buf_printf(out, "%s%s", out->len ? ", " : "", gpu ? gpu : "");
	}
	return buf_check(out, err);
}

static int find_hardware(struct differing *differing)
{
	struct buf from = BUF_INIT, to = BUF_INIT;
	int rc = machine_words(&from, differing->from, differing->err);

	if (!rc)
		rc = machine_words(&to, differing->to, differing->err);
	if (!rc && from.len && to.len && strcmp(from.text, to.text) != 0)
		rc = add_text(differing, HARDWARE, NULL, from.text, to.text);
	buf_release(&from);
	buf_release(&to);
	return rc;
}

static int find_packages(struct differing *differing)
{
	const json_t *was = run_field(differing->from, "environment.packages");
	const json_t *is = run_field(differing->to, "environment.packages");
	json_t *names, *ignored;
	const char *name;
	int rc = 0;

	differing->packages_unknown = !was || !is;
	if (differing->packages_unknown || was == is || json_equal(was, is))
		return 0;
	names = names_in_either(was, is);
	if (!names)
		return error_nomem(differing->err);
	json_object_foreach(names, name, ignored)
	{
		const json_t *from = json_object_get(was, name), *to = json_object_get(is, name);

		if (!rc && !json_same(from, to))
			rc = add(differing, PACKAGES, name, from, to);
	}
	json_decref(names);
	return rc;
}

static int find_command(struct differing *differing)
{
	const json_t *from = run_field(differing->from, "command"), *to = run_field(differing->to, "command");
	struct command_values values = {0};
	struct command_words words = {0};
	int rc;

	if (from == to || json_equal(from, to))
		return 0;
	rc = command_values_of(&values, differing->from, differing->to, differing->params, differing->err);
	if (!rc)
		rc = command_align(&words, from, to, &values, differing->err);
	if (!rc) /* without from and to: what a run was told would live on in the records of others after it is purged */
		rc = add(differing, COMMAND, NULL, NULL, NULL);
	command_words_release(&words);
	command_values_release(&values);
	return rc < 0 ? rc : 0;
}

static int find_code(struct differing *differing)
{
	int from_kept, to_kept, rc;
	const char *from = code_of(differing->from, &from_kept), *to = code_of(differing->to, &to_kept);
	struct code_difference *difference;

	if (!from_kept || !to_kept)
		return add_text(differing, CODE, NULL, from, to);
	rc = code_difference(&difference, differing->reader, from, to, differing->err);
	if (rc < 0)
		return rc;
	if (difference->unknown)
		return add_text(differing, CODE, NULL, from, to);
	for (size_t i = 0; i < difference->n && !rc && !too_many(differing); i++) {
		struct code_change *change = &difference->item[i];

		if (code_is_data(differing->reader, change->path, differing->from, differing->to))
			continue;
		rc = code_change_explained(differing->reader, change, differing->params, differing->err);
		if (rc > 0)
			rc = 0;
		else if (!rc)
			rc = add_text(differing, CODE, change->path, change->from, change->to);
	}
	if (!rc && difference->unnamed)
		rc = add_text(differing, CODE, NULL, from, to);
	return rc;
}

/* What costs most comes last: by then there may be too many already. Code is not among them. */
static int find_recorded(struct differing *differing)
{
	static int (*const find[])(struct differing *) = {find_params,   find_seed,    find_data,    find_split,
							  find_hardware, find_command, find_packages};
	int rc = 0;

	for (size_t i = 0; i < sizeof(find) / sizeof(*find) && !rc && !too_many(differing); i++)
		rc = find[i](differing);
	return rc;
}

static int differing_init(struct differing *differing)
{
	int rc = 0;

	for (size_t i = 0; i < KINDS && !rc; i++) {
		differing->kind[i] = json_array();
		rc = differing->kind[i] ? 0 : error_nomem(differing->err);
	}
	return rc;
}

static void differing_release(struct differing *differing)
{
	for (size_t i = 0; i < KINDS; i++)
		json_decref(differing->kind[i]);
	json_decref(differing->params);
}

int factors_least(size_t *out, const struct run *from, const struct run *to, struct error *err)
{
	struct differing differing = {.from = from, .to = to, .most = FACTORS_ALL, .err = err};
	int rc = differing_init(&differing);

	if (!rc)
		rc = find_recorded(&differing);
	*out = differing.n;
	differing_release(&differing);
	return rc;
}

int factors_between(struct factors *out, struct code_reader *reader, const struct run *from, const struct run *to,
		    size_t most, struct error *err)
{
	struct differing differing = {.from = from, .to = to, .reader = reader, .most = most, .err = err};
	json_t *list = json_array();
	int rc = list ? differing_init(&differing) : error_nomem(err);

	if (!rc)
		rc = find_recorded(&differing);
	if (!rc && !too_many(&differing))
		rc = find_code(&differing);
	for (size_t i = 0; i < KINDS && !rc; i++)
		rc = json_array_extend(list, differing.kind[i]) < 0 ? error_nomem(err) : 0;
	if (rc || too_many(&differing)) {
		json_decref(list);
		list = NULL;
	}
	if (!rc)
		*out = (struct factors){list, differing.packages_unknown};
	differing_release(&differing);
	return rc;
}

void factors_release(struct factors *factors)
{
	json_decref(factors->list);
	*factors = (struct factors){0};
}
