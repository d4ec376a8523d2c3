/* What is known before the command starts: names, parameters, code, data, environment. Nothing is left behind by an error. */
#include "track/run_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/json_word.h"
#include "track/environment.h"
#include "track/record_parts.h"
#include "track/secret.h"

/* "k=v" of --param or --tag into an object. */
static int add_pair(json_t *object, const char *option, const char *pair, int as_text, struct error *err)
{
	const char *equals = strchr(pair, '=');
	char *name;
	int rc;

	if (!equals || equals == pair) {
		rc = error_set(err, ERR_INPUT, "%s %s: it takes NAME=VALUE", option, pair);
		error_hint(err, "%s depth=6", option);
		return rc;
	}
	name = mem_text_n(pair, (size_t)(equals - pair));
	if (!name)
		return error_nomem(err);
	rc = json_set(object, name, as_text ? record_text(equals + 1) : json_word(equals + 1), err);
	if (rc < 0)
		rc = error_set(err, ERR_INPUT, "%s %s: the name is not UTF-8", option, pair);
	free(name);
	return rc;
}

static int read_pairs(json_t **out, const char *option, const struct names *pairs, int as_text, struct error *err)
{
	int rc = 0;

	*out = json_object();
	if (!*out)
		return error_nomem(err);
	for (size_t i = 0; pairs && i < pairs->n && !rc; i++)
		rc = add_pair(*out, option, pairs->name[i], as_text, err);
	return rc;
}

static void words_free(char **argv)
{
	for (char **word = argv; word && *word; word++)
		free(*word);
	free(argv);
}

/* The text that `{k}` stands for: that of the last --param k=. NULL: there is none, the word stays as it is. */
static const char *param_text(const struct names *params, const char *name, size_t len)
{
	const char *found = NULL;

	for (size_t i = 0; params && i < params->n; i++)
		if (!strncmp(params->name[i], name, len) && params->name[i][len] == '=')
			found = params->name[i] + len + 1;
	return found;
}

/* The word with each {k} replaced; secret: how many values were masked for the record; NULL: they are given as they are. */
static char *fill_in(const char *word, const struct names *params, size_t *secrets)
{
	struct buf out = BUF_INIT;

	while (*word) {
		size_t len = *word == '{' ? strcspn(word, "}") : 0;
		const char *value = len > 1 && word[len] ? param_text(params, word + 1, len - 1) : NULL;
		char *name = value && secrets ? mem_text_n(word + 1, len - 1) : NULL;

		if (value && secrets && (!name || secret_name(name))) {
			buf_puts(&out, SECRET_MASK);
			++*secrets;
		} else if (value) {
			buf_puts(&out, value);
		} else {
			buf_putc(&out, *word);
		}
		word += value ? len + 1 : 1;
		free(name);
	}
	return buf_detach(&out);
}

/* The command with its parameters in it; NULL without memory. */
static char **fill_command(const struct run_options *options, size_t *secrets)
{
	size_t n = 0;
	char **argv;
	int failed = 0;

	while (options->argv[n])
		n++;
	argv = mem_zeroed(n + 1, sizeof(*argv));
	for (size_t i = 0; argv && i < n && !failed; i++) {
		argv[i] = options->code ? mem_text(options->argv[i])
					: fill_in(options->argv[i], options->params, secrets);
		failed = !argv[i];
	}
	if (failed) {
		words_free(argv);
		argv = NULL;
	}
	return argv;
}

/* ASSAY_RUN_ID names the outer run where that is one in flight here; else it is some other repository's. */
static int find_parent(struct run_work *work, struct error *err)
{
	const char *outer = work->options->parent ? work->options->parent : getenv("ASSAY_RUN_ID");
	int rc, found = outer && work->options->parent;
	struct names spools = {0};

	if (!outer || !id_valid(outer))
		return 0;
	rc = store_spools(&spools, work->store, err);
	for (size_t i = 0; i < spools.n && !rc && !found; i++) {
		char *folder = mem_printf("%s/running/%s", spools.name[i], outer);

		found = folder && dir_exists(folder);
		rc = folder ? 0 : error_nomem(err);
		free(folder);
	}
	names_free(&spools);
	if (!rc && found) {
		work->parent = mem_text(outer);
		rc = work->parent ? 0 : error_nomem(err);
	}
	return rc;
}

/* --seed, else the ASSAY_SEED that the command would see anyway. */
static long long seed_of(const struct run_options *options)
{
	const char *given = getenv("ASSAY_SEED");
	size_t len = given ? strlen(given) : 0;

	if (options->seed >= 0 || !len || len > 18 || strspn(given, "0123456789") != len)
		return options->seed;
	return strtoll(given, NULL, 10);
}

/* The names of parameters, and paths of data, that options gave: what is to be said again when the run is. */
static int set_given(struct run_work *work, struct error *err)
{
	const struct names *data = work->options->data;
	json_t *params = json_array(), *paths = json_array(), *sorted = json_sorted(work->given), *ignored;
	const char *name;
	int rc = params && paths && sorted ? 0 : error_nomem(err);

	json_object_foreach(sorted, name, ignored)
	{
		if (!rc)
			rc = json_array_append_new(params, json_string(name)) < 0 ? error_nomem(err) : 0;
	}
	for (size_t i = 0; data && i < data->n && !rc; i++) {
		char *full = work->options->cwd ? path_join(work->options->cwd, data->name[i])
						: mem_text(data->name[i]);
		int outside;
		char *path = full ? project_path(&outside, work->project, full) : NULL;

		rc = path && json_array_append_new(paths, record_text(path)) == 0 ? 0 : error_nomem(err);
		free(full);
		free(path);
	}
	if (!rc && json_array_size(params))
		rc = run_set(&work->base, "given.params", json_incref(params), err);
	if (!rc && json_array_size(paths))
		rc = run_set(&work->base, "given.data", json_incref(paths), err);
	json_decref(params);
	json_decref(paths);
	json_decref(sorted);
	return rc;
}

static int set_names(struct run_work *work, struct error *err)
{
	const struct run_options *options = work->options;
	json_t *tags = NULL;
	int rc = options->name ? run_name_check(options->name, err) : 0;

	if (!rc)
		rc = read_pairs(&work->given, "--param", options->params, 0, err);
	if (!rc)
		rc = set_given(work, err);
	if (!rc)
		rc = read_pairs(&tags, "--tag", options->tags, 1, err);
	if (!rc && json_object_size(tags))
		rc = run_set(&work->base, "tags", json_incref(tags), err);
	json_decref(tags);
	if (!rc && !(work->argv = fill_command(options, NULL)))
		rc = error_nomem(err);
	if (!rc && options->name)
		work->name = mem_text(options->name);
	else if (!rc)
		rc = run_default_name(&work->name, (const char *const *)work->argv, err);
	if (!rc && !work->name)
		rc = error_nomem(err);
	return rc;
}

static int set_command(struct run_work *work, struct error *err)
{
	size_t masked = 0, secrets = 0;
	char **shown = fill_command(work->options, &secrets);
	json_t *argv = shown ? secret_argv((const char *const *)shown, &masked) : NULL;
	int rc = argv ? run_set(&work->base, "command", argv, err) : error_nomem(err);
	char *note;

	words_free(shown);
	masked = masked > secrets ? masked : secrets; /* --token *** is found twice */
	if (rc || !masked)
		return rc;
	note = mem_printf("%zu secret%s in the command %s recorded as %s.", masked, masked == 1 ? "" : "s",
			  masked == 1 ? "is" : "are", SECRET_MASK);
	rc = note ? run_note(&work->base, err, "%s", note) : error_nomem(err);
	if (!rc)
		rc = run_report_note(work->report, note, err);
	free(note);
	return rc;
}

/* The folder that the command runs in, below the root; absent where it is the root, or outside. */
static int set_cwd(struct run_work *work, struct error *err)
{
	const char *root = work->project->root;
	char *cwd = realpath(work->options->cwd ? work->options->cwd : ".", NULL), *top = realpath(root, NULL);
	size_t len = top ? strlen(top) : 0;
	int rc = 0;

	if (cwd && top && !strncmp(cwd, top, len) && cwd[len] == '/')
		rc = run_set(&work->base, "cwd", record_text(cwd + len + 1), err);
	free(cwd);
	free(top);
	return rc;
}

static int set_code(struct run_work *work, struct error *err)
{
	char plan_commit[OID_HEX];
	int rc;

	if (work->options->code) {
		rc = run_set(&work->base, "code", json_deep_copy(work->options->code), err);
		return rc ? rc : record_plan(&work->base, work->experiment, "", err);
	}
	rc = record_code_look(&work->code, work->store, work->project, err);

	if (!rc)
		rc = record_plan_commit(plan_commit, work->store, work->project, work->experiment, err);
	if (!rc)
		rc = record_code(&work->base, &work->code, err);
	if (!rc)
		rc = record_plan(&work->base, work->experiment, plan_commit, err);
	for (size_t i = 0; i < work->code.left_out.n && !rc; i++)
		rc = names_add(&work->report->left_out, work->code.left_out.name[i], err);
	work->report->snapshot_files = work->code.files;
	work->report->snapshot_bytes = work->code.bytes;
	return rc;
}

int run_prepare(struct run_work *work, struct error *err)
{
	int rc = run_new(&work->base, err);

	if (!rc)
		rc = set_names(work, err);
	work->seed = seed_of(work->options);
	if (!rc && !work->options->code)
		store_code_look(work->store);
	if (!rc)
		rc = store_ready(work->store, err);
	if (!rc)
		rc = run_check_plan(work, err);
	if (!rc)
		rc = run_find_from(work, err);
	if (!rc)
		rc = find_parent(work, err);
	if (!rc)
		rc = set_command(work, err);
	if (!rc)
		rc = set_cwd(work, err);
	if (!rc)
		rc = set_code(work, err);
	if (!rc)
		rc = environment_of_command(&work->base, (const char *const *)work->argv, work->options->cwd, err);
	if (!rc)
		rc = run_set_data(work, err);
	return rc ? rc : run_set_labels(work, err);
}

void run_work_release(struct run_work *work)
{
	run_release(&work->base);
	store_code_release(&work->code);
	split_file_release(&work->split);
	labels_release(&work->labels);
	json_decref(work->given);
	words_free(work->argv);
	free(work->name);
	free(work->parent);
}
