/* The nearest earlier run, and what changed since: see changes.h. */
#include "judge/changes.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/program.h"

static int is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int by_id(const void *key, const void *item)
{
	return strcmp(key, run_id(&((const struct seen_run *)item)->run));
}

static const struct run *run_of(const struct runs *runs, const char *id)
{
	const struct seen_run *seen = runs->n && *id ? bsearch(id, runs->item, runs->n, sizeof(*seen), by_id) : NULL;

	return seen ? &seen->run : NULL;
}

/* One of several seeds or splits: its parent has children, or is about to have them, being the same command. */
static int is_pooled(const struct runs *runs, const struct run *run)
{
	const struct run *parent = run_of(runs, run_text(run, "parent"));

	return parent &&
	       (run_field(parent, "children") || json_equal(run_field(parent, "command"), run_field(run, "command")));
}

int changes_apply(const struct runs *runs, const struct run *run)
{
	return is(run_text(run, "kind"), "run") && !*run_text(run, "tags.reproduces") && !is_pooled(runs, run);
}

/* What a run ran: borrowed words, the script's path from the project's root. */
struct program {
	const char **argv;
	char *script; /* NULL: the program itself */
};

static void program_release(struct program *program)
{
	free(program->argv);
	free(program->script);
}

/* 1; 0 for a run without a command. */
static int program_of(struct program *out, const struct run *run, struct error *err)
{
	const json_t *command = run_field(run, "command"), *word;
	size_t n = json_array_size(command), i;
	const char *script, *cwd = run_text(run, "cwd");
	int is_module;

	*out = (struct program){0};
	if (!n)
		return 0;
	out->argv = mem_zeroed(n + 1, sizeof(*out->argv));
	if (!out->argv)
		return error_nomem(err);
	json_array_foreach((json_t *)(size_t)command, i, word)
	{
		out->argv[i] = json_string_value(word) ? json_string_value(word) : "";
	}
	script = program_script(out->argv, &is_module);
	if (script == out->argv[0])
		return 1;
	while (!strncmp(script, "./", 2))
		script += 2;
	out->script = is_module ? mem_printf("-m %s", script) : path_join(cwd, script);
	return out->script ? 1 : error_nomem(err);
}

/* Equal, or one is absolute and ends in the other: a script may be named from anywhere. */
static int same_path(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b);

	if (*a != '/' && *b == '/')
		return same_path(b, a);
	if (len > other && *a == '/' && *b != '/')
		return a[len - other - 1] == '/' && is(a + len - other, b);
	return is(a, b);
}

static int same_program(const struct program *a, const struct program *b)
{
	if (!is(path_base(a->argv[0]), path_base(b->argv[0])) && !program_same_interpreter(a->argv[0], b->argv[0]))
		return 0;
	return a->script && b->script ? same_path(a->script, b->script) : a->script == b->script;
}

struct candidate {
	size_t at; /* among the runs */
	size_t least; /* factors that differ at least: all but code */
};

struct nearest {
	const struct runs *runs;
	const struct run *run;
	struct code_reader *reader;
	struct candidate *candidate;
	size_t n, cap;
};

/* 1 if this run may be what the other is compared with. */
static int may_be_nearest(const struct nearest *nearest, const struct program *program, const struct run *other,
			  struct error *err)
{
	struct program theirs = {0};
	int rc;

	if (strcmp(run_id(other), run_id(nearest->run)) >= 0 || !is(run_text(other, "status"), "finished") ||
	    !is(run_experiment(other), run_experiment(nearest->run)) || !changes_apply(nearest->runs, other))
		return 0;
	rc = program_of(&theirs, other, err);
	if (rc > 0)
		rc = same_program(program, &theirs);
	program_release(&theirs);
	return rc;
}

static int find_candidates(struct nearest *nearest, struct error *err)
{
	struct program program = {0};
	int rc = program_of(&program, nearest->run, err);

	for (size_t i = 0; rc > 0 && i < nearest->runs->n; i++) {
		const struct run *other = &nearest->runs->item[i].run;
		struct candidate *candidate;
		int may = may_be_nearest(nearest, &program, other, err);

		if (may > 0 && MEM_GROW(nearest->candidate, nearest->n, nearest->cap, err) < 0)
			may = ERR_NOMEM;
		if (may > 0) {
			candidate = &nearest->candidate[nearest->n++];
			candidate->at = i;
			may = factors_least(&candidate->least, other, nearest->run, err) < 0 ? ERR_NOMEM : 1;
		}
		rc = may < 0 ? may : rc;
	}
	program_release(&program);
	return rc < 0 ? rc : 0;
}

/* The fewest first, of equals the latest. */
static int by_least(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->least != y->least)
		return x->least < y->least ? -1 : 1;
	return x->at > y->at ? -1 : x->at < y->at;
}

/* Compare whole, code and all, only what can still be nearer than the best so far. */
static int choose(const struct seen_run **out, const struct nearest *nearest, struct error *err)
{
	size_t best = FACTORS_ALL, best_at = 0;
	int rc = 0;

	for (size_t i = 0; i < nearest->n && !rc && nearest->candidate[i].least <= best; i++) {
		const struct candidate *candidate = &nearest->candidate[i];
		const struct seen_run *seen = &nearest->runs->item[candidate->at];
		int earlier = *out && candidate->at < best_at;
		struct factors factors = {0};

		if (earlier && candidate->least >= best)
			continue;
		rc = factors_between(&factors, nearest->reader, &seen->run, nearest->run, earlier ? best - 1 : best,
				     err);
		if (!rc && factors.list) {
			*out = seen;
			best_at = candidate->at;
			best = json_array_size(factors.list);
		}
		factors_release(&factors);
	}
	return rc;
}

int changes_nearest(const struct seen_run **out, const struct runs *runs, const struct run *run,
		    struct code_reader *reader, struct error *err)
{
	struct nearest nearest = {.runs = runs, .run = run, .reader = reader};
	int rc = find_candidates(&nearest, err);

	*out = NULL;
	if (nearest.n)
		qsort(nearest.candidate, nearest.n, sizeof(*nearest.candidate), by_least);
	if (!rc)
		rc = choose(out, &nearest, err);
	free(nearest.candidate);
	return rc;
}

static int set_factors(struct run *run, const struct run *against, struct code_reader *reader, struct error *err)
{
	struct factors factors = {0};
	size_t n;
	int rc = factors_between(&factors, reader, against, run, FACTORS_ALL, err);

	if (rc < 0)
		return rc;
	n = json_array_size(factors.list);
	rc = run_set_text(run, "changes.against", run_id(against), err);
	if (!rc)
		rc = run_set_text(run, "changes.verdict", n == 0 ? "none" : n == 1 ? "isolated" : "confounded", err);
	if (!rc)
		rc = run_set(run, "changes.factors", json_incref(factors.list), err);
	if (!rc && factors.packages_unknown)
		rc = run_set(run, "changes.unknown", json_pack("[s]", "packages"), err);
	factors_release(&factors);
	return rc;
}

int changes_set(struct run *run, const struct run *against, struct code_reader *reader, struct error *err)
{
	json_object_del(run->json, "changes");
	return against ? set_factors(run, against, reader, err) : run_set_text(run, "changes.verdict", "first", err);
}
