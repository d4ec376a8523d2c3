/*
 * The runs that would tell confounded factors apart. From the earlier run to this one the factors change one after the other:
 * between the two lie k - 1 runs, and the step from each to the next isolates one factor. What a command cannot set changes
 * first, so that it is as it is now in as many of these runs as can be.
 */
#include "judge/changes.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/changes_work.h"
#include "judge/code_reader.h"
#include "judge/command_values.h"

struct apart {
	const struct run *run, *against;
	json_t *params; /* {NAME: [from, to]} */
	json_t *files; /* parameters that a file of the repository holds: {NAME: path} */
	struct command_values values, same; /* that differ; that the run was given and are the same on both sides */
	json_t *said; /* names of the parameters that a command has to say, sorted */
	struct command_words words;
	int aligned; /* the command between the two can be told */
	const json_t **factor; /* [n] in the order in which they change; borrowed */
	size_t *step; /* [n] that each belongs to */
	size_t n, steps;
	size_t changed; /* how many steps have been taken in the run that is being told */
	enum command_side *side; /* [values.n] in that run */
	struct error *err;
};

/* Parameters change last, the seed before them; the place among what a command cannot set does not matter. */
static int rank_of(const json_t *factor)
{
	return factor_is(factor, "params") ? 3 : factor_is(factor, "seed") ? 2 : factor_is(factor, "packages") ? 1 : 0;
}

static int order_factors(struct apart *apart, struct error *err)
{
	const json_t *factors = run_field(apart->run, "changes.factors");
	size_t n = json_array_size(factors);

	apart->factor = mem_zeroed(n, sizeof(*apart->factor));
	apart->step = mem_zeroed(n, sizeof(*apart->step));
	if (!apart->factor || !apart->step)
		return error_nomem(err);
	for (int rank = 0; rank <= 3; rank++)
		for (size_t i = 0; i < n; i++) {
			const json_t *factor = json_array_get(factors, i);
			int again = apart->n && rank == 1 && rank_of(apart->factor[apart->n - 1]) == 1;

			if (rank_of(factor) != rank)
				continue;
			apart->steps += !again; /* an environment changes as a whole */
			apart->step[apart->n] = apart->steps - 1;
			apart->factor[apart->n++] = factor;
		}
	return 0;
}

/* Parameters whose change is that of a tracked file: setting them on the command line may do nothing. */
static int find_files(struct apart *apart, struct code_reader *reader)
{
	struct code_difference *difference;
	int from_kept, to_kept, rc;
	const char *from = code_of(apart->against, &from_kept), *to = code_of(apart->run, &to_kept);

	if (!from_kept || !to_kept)
		return 0;
	rc = code_difference(&difference, reader, from, to, apart->err);
	for (size_t i = 0; !rc && i < difference->n; i++) {
		struct code_change *change = &difference->item[i];
		const char *key;
		const json_t *pair;

		rc = code_change_explained(reader, change, apart->params, apart->err);
		if (rc <= 0)
			continue;
		rc = 0;
		json_object_foreach(change->values, key, pair)
		{
			if (!rc)
				rc = json_set_text(apart->files, code_param_of_key(apart->params, key), change->path,
						   apart->err);
		}
	}
	return rc;
}

/* Parameters that are factors, and all that the run was given; not those that a file holds. */
static int find_said(struct apart *apart)
{
	const json_t *given = run_field(apart->run, "given.params"), *one;
	json_t *names = json_object();
	int rc = names ? 0 : error_nomem(apart->err);
	size_t i;

	for (i = 0; i < apart->n && !rc; i++)
		if (factor_is(apart->factor[i], "params") &&
		    !json_object_get(apart->files, factor_name(apart->factor[i])))
			rc = json_set(names, factor_name(apart->factor[i]), json_true(), apart->err);
	json_array_foreach((json_t *)(size_t)given, i, one)
	{
		const char *name = json_string_value(one);
		const json_t *value = name ? json_object_get(run_field(apart->run, "params"), name) : NULL;

		if (rc || !value || json_object_get(names, name))
			continue;
		rc = json_set(names, name, json_true(), apart->err);
		if (!rc && !json_object_get(apart->params, name))
			rc = command_value_add(&apart->same, name, value, value, apart->err);
	}
	apart->said = names ? json_sorted(names) : NULL;
	json_decref(names);
	return rc || apart->said ? rc : error_nomem(apart->err);
}

static int apart_init(struct apart *apart, struct code_reader *reader)
{
	int rc;

	apart->files = json_object();
	rc = apart->files ? order_factors(apart, apart->err) : error_nomem(apart->err);
	if (!rc)
		rc = params_differing(&apart->params, apart->against, apart->run, apart->err);
	if (!rc)
		rc = command_values_of(&apart->values, apart->against, apart->run, apart->params, apart->err);
	if (!rc) {
		apart->side = mem_zeroed(apart->values.n, sizeof(*apart->side));
		rc = apart->side ? find_files(apart, reader) : error_nomem(apart->err);
	}
	if (!rc)
		rc = find_said(apart);
	if (!rc) {
		rc = command_align(&apart->words, run_field(apart->against, "command"),
				   run_field(apart->run, "command"), &apart->values, apart->err);
		apart->aligned = rc > 0;
		rc = rc < 0 ? rc : 0;
	}
	return rc;
}

static void apart_release(struct apart *apart)
{
	json_decref(apart->params);
	json_decref(apart->files);
	json_decref(apart->said);
	command_values_release(&apart->values);
	command_values_release(&apart->same);
	command_words_release(&apart->words);
	free(apart->factor);
	free(apart->step);
	free(apart->side);
}

static enum command_side side_of(const struct apart *apart, size_t i)
{
	return apart->step[i] < apart->changed ? SIDE_TO : SIDE_FROM;
}

/* The side of the first factor of a kind (and name, unless NULL); what is no factor is as it is now. */
static enum command_side side_named(const struct apart *apart, const char *kind, const char *name)
{
	for (size_t i = 0; i < apart->n; i++)
		if (factor_is(apart->factor[i], kind) && (!name || !strcmp(factor_name(apart->factor[i]), name)))
			return side_of(apart, i);
	return SIDE_TO;
}

static int is_factor(const struct apart *apart, const char *kind, const char *name)
{
	for (size_t i = 0; i < apart->n; i++)
		if (factor_is(apart->factor[i], kind) && !strcmp(factor_name(apart->factor[i]), name))
			return 1;
	return 0;
}

/* Paths of data have no name; a parameter that is no factor repeats the seed. */
static void set_sides(struct apart *apart)
{
	for (size_t i = 0; i < apart->values.n; i++) {
		const char *name = apart->values.item[i].name;

		apart->side[i] = !*name                             ? side_named(apart, "data", NULL)
				 : is_factor(apart, "params", name) ? side_named(apart, "params", name)
								    : side_named(apart, "seed", NULL);
	}
}

/* 1 if the words of the command hold this value. */
static int in_words(const struct apart *apart, size_t value)
{
	for (size_t i = 0; apart->aligned && i < apart->words.n; i++) {
		const struct command_token *token = &apart->words.item[i];

		if (token->value == value && (token->kind == TOKEN_VALUE || token->kind == TOKEN_WORD_WHERE))
			return 1;
	}
	return 0;
}

static int data_in_words(const struct apart *apart)
{
	for (size_t i = 0; i < apart->values.n; i++)
		if (!*apart->values.item[i].name && in_words(apart, i))
			return 1;
	return 0;
}

/* --seed, or how many seeds or splits, as either run had it. */
static void put_seed(struct buf *out, const struct apart *apart)
{
	const struct run *of = side_named(apart, "seed", NULL) == SIDE_TO ? apart->run : apart->against;
	size_t children = json_array_size(run_field(of, "children"));
	double seed;

	if (children)
		buf_printf(out, " --%s %zu", run_field(of, "data.split.count") ? "splits" : "seeds", children);
	else if (run_number(&seed, of, "seed"))
		buf_printf(out, " --seed %.0f", seed);
}

static void put_param(struct buf *out, const struct command_value *value, enum command_side side)
{
	struct buf word = BUF_INIT;

	if (!value->text[side] || !strcmp(value->text[side], "***")) /* there is none, or it is a secret */
		return;
	buf_printf(&word, "%s=%s", value->name, value->text[side]);
	buf_puts(out, " --param ");
	command_quote(out, word.text, word.len);
	out->failed |= word.failed;
	buf_release(&word);
}

/* Those that differ, but for what a file holds, and those that the run was given, in the order of their names. */
static void put_params(struct buf *out, const struct apart *apart)
{
	const json_t *ignored;
	const char *name;

	json_object_foreach(apart->said, name, ignored)
	{
		size_t i = 0;

		while (i < apart->values.n && strcmp(apart->values.item[i].name, name) != 0)
			i++;
		if (i < apart->values.n)
			put_param(out, &apart->values.item[i], apart->side[i]);
		for (size_t k = 0; i == apart->values.n && k < apart->same.n; k++)
			if (!strcmp(apart->same.item[k].name, name))
				put_param(out, &apart->same.item[k], SIDE_TO);
	}
}

/* A path from the root as it is named from the folder that the command runs in. */
static void put_path(struct buf *out, const char *path, const char *cwd)
{
	struct buf word = BUF_INIT;
	size_t len = strlen(cwd);

	if (len && !strncmp(path, cwd, len) && path[len] == '/') {
		path += len + 1;
	} else if (len && *path != '/') {
		for (const char *at = cwd; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
			buf_puts(&word, "../");
	}
	buf_puts(&word, path);
	command_quote(out, word.text, word.len);
	out->failed |= word.failed;
	buf_release(&word);
}

/* --data as it was given on the side that the data is of. */
static void put_data(struct buf *out, const struct apart *apart)
{
	const struct run *of = side_named(apart, "data", NULL) == SIDE_TO ? apart->run : apart->against;
	const json_t *list = run_field(of, "given.data"), *path;
	size_t i;

	json_array_foreach((json_t *)(size_t)list, i, path)
	{
		const char *text = json_string_value(path);

		if (!text)
			continue;
		buf_puts(out, " --data ");
		put_path(out, text, run_text(apart->run, "cwd"));
	}
}

/* The words of one of the two runs, where none lie between. */
static void put_recorded(struct buf *out, const struct run *run)
{
	const json_t *command = run_field(run, "command"), *word;
	size_t i;

	json_array_foreach((json_t *)(size_t)command, i, word)
	{
		const char *text = json_string_value(word);

		buf_putc(out, ' ');
		command_quote(out, text ? text : "", text ? strlen(text) : 0);
	}
}

static void put_command(struct buf *out, const struct apart *apart)
{
	const char *cwd = run_text(apart->run, "cwd"), *experiment = run_experiment(apart->run);

	if (*cwd) {
		buf_puts(out, "cd ");
		command_quote(out, cwd, strlen(cwd));
		buf_puts(out, " && ");
	}
	buf_puts(out, "assay run");
	if (strcmp(experiment, "default") != 0) {
		buf_puts(out, " -e ");
		command_quote(out, experiment, strlen(experiment));
	}
	put_seed(out, apart);
	put_params(out, apart);
	put_data(out, apart);
	buf_puts(out, " --");
	if (apart->aligned)
		command_put(out, &apart->words, &apart->values, apart->side);
	else
		put_recorded(out, side_named(apart, "command", NULL) == SIDE_TO ? apart->run : apart->against);
}

/* The commas and the "and" of a list that is told in one go. */
struct listing {
	struct buf *out;
	const char *lead; /* before the first */
	size_t n;
};

static void list_item(struct listing *listing, const char *item)
{
	buf_puts(listing->out, listing->n++ ? ", " : listing->lead);
	buf_puts(listing->out, item);
}

/* Files and other things that are to be as they were in the earlier run. */
static void put_as_in(struct buf *out, const struct apart *apart)
{
	static const struct {
		const char *kind, *words;
	} other[] = {{"split", "the split"}, {"packages", "the packages"}, {"hardware", "the hardware"}};
	struct listing list = {.out = out, .lead = ", with "};

	for (size_t i = 0; i < apart->n; i++) {
		const json_t *factor = apart->factor[i];
		int is_code = factor_is(factor, "code"), is_data = factor_is(factor, "data");

		if (side_of(apart, i) == SIDE_TO || !(is_code || (is_data && !data_in_words(apart))))
			continue;
		if (json_object_get(factor, "from"))
			list_item(&list, *factor_name(factor) ? factor_name(factor) : "the code");
	}
	for (size_t k = 0; k < sizeof(other) / sizeof(*other); k++)
		if (side_named(apart, other[k].kind, NULL) == SIDE_FROM)
			list_item(&list, other[k].words);
	if (list.n)
		buf_printf(out, " as in %.7s", id_handle(run_id(apart->against)));
}

/* What was not there in the earlier run, and parameters that a file holds. */
static void put_without(struct buf *out, const struct apart *apart)
{
	struct listing list = {.out = out, .lead = ", without "};

	for (size_t i = 0; i < apart->n; i++) {
		const json_t *factor = apart->factor[i];

		if (side_of(apart, i) == SIDE_FROM && (factor_is(factor, "code") || factor_is(factor, "data")) &&
		    *factor_name(factor) && !json_object_get(factor, "from"))
			list_item(&list, factor_name(factor));
	}
	list = (struct listing){.out = out, .lead = ", with "};
	for (size_t i = 0; i < apart->values.n; i++) {
		const struct command_value *value = &apart->values.item[i];
		const json_t *path = json_object_get(apart->files, value->name);
		const char *text = value->text[apart->side[i]];
		struct buf item = BUF_INIT;

		if (!path || !is_factor(apart, "params", value->name) || apart->side[i] == SIDE_TO)
			continue;
		buf_printf(&item, "%s %s in %s", value->name, text ? text : "left out", json_string_value(path));
		list_item(&list, item.text);
		out->failed |= item.failed;
		buf_release(&item);
	}
}

static int add_step(struct names *out, struct apart *apart, struct error *err)
{
	struct buf line = BUF_INIT;
	int rc;

	set_sides(apart);
	put_command(&line, apart);
	put_as_in(&line, apart);
	put_without(&line, apart);
	rc = buf_check(&line, err);
	if (!rc)
		rc = names_add(out, line.text, err);
	buf_release(&line);
	return rc;
}

int changes_tell_apart(struct names *out, const struct run *run, const struct run *against, struct code_reader *reader,
		       struct error *err)
{
	struct apart apart = {.run = run, .against = against, .err = err};
	int rc;

	if (strcmp(run_text(run, "changes.verdict"), "confounded") != 0)
		return 0;
	rc = apart_init(&apart, reader);
	for (apart.changed = 1; !rc && apart.changed < apart.steps; apart.changed++)
		rc = add_step(out, &apart, err);
	apart_release(&apart);
	return rc;
}
