/*
 * How many distinct points each family has: what was compared with one baseline in one experiment. A baseline that was
 * trained again, or repeated, is still that baseline; a run that was repeated is one point, whatever its seeds or splits.
 */
#include "base/mem.h"
#include "judge/entry.h"
#include "judge/judge.h"
#include "judge/repeated.h"

struct member {
	char *experiment, *base; /* copies: a record may be set anew, or completed, while families are in use */
	char point[RUN_POINT];
	size_t points; /* distinct ones of its family, up to this one in the order of points */
};

struct alias { /* what runs were compared with, by its id, and the name that it shares with the same trained again */
	char *id, *base;
};

struct judge_families {
	struct member *member; /* the last of each family, by experiment and base */
	size_t n;
	struct alias *alias; /* by id */
	size_t aliases;
};

/* The id of the run that this one, a member, was compared with; NULL if it is no member of a family. */
static const char *base_of(const struct run *run)
{
	const char *status = run_text(run, "status");

	if (strcmp(status, "failed") == 0 || strcmp(status, "killed") == 0 || *run_text(run, "tags.reproduces"))
		return NULL;
	return json_string_value(json_object_get(run_comparison(run, "baseline"), "against"));
}

static int by_alias(const void *a, const void *b)
{
	return strcmp(((const struct alias *)a)->id, ((const struct alias *)b)->id);
}

/* The name of a family's base: its id where it is none of the baselines known. */
static const char *name_of_base(const struct judge_families *families, const char *id)
{
	const struct alias key = {.id = (char *)(size_t)id}, *found;

	found = families->aliases ? bsearch(&key, families->alias, families->aliases, sizeof(key), by_alias) : NULL;
	return found ? found->base : id;
}

/* Baselines of one recipe on the same rows are one base. */
static int add_aliases(struct judge_families *families, const struct runs *runs, struct error *err)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;
		struct alias *alias = &families->alias[families->aliases];

		if (strcmp(run_text(run, "kind"), "baseline") != 0)
			continue;
		families->aliases++;
		alias->id = mem_text(run_id(run));
		alias->base = mem_printf("%s\n%s\n%s\n%s", run_experiment(run), judge_recipe(runs, run),
					 run_text(run, "data.files.0.sha256"), run_text(run, "data.split.sha256"));
		if (!alias->id || !alias->base)
			return error_nomem(err);
	}
	if (families->aliases)
		qsort(families->alias, families->aliases, sizeof(*families->alias), by_alias);
	return 0;
}

/* Of one of several repetitions the point is that of all of them. */
static int point_of(char point[RUN_POINT], const struct runs *runs, const struct seen_run *seen, struct error *err)
{
	const struct seen_run *parent = runs_parent(runs, &seen->run);

	if (parent)
		seen = parent;
	memcpy(point, seen->point, RUN_POINT);
	return *point ? 0 : run_point(point, &seen->run, err);
}

static int add_members(struct judge_families *families, const struct runs *runs, struct error *err)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;
		struct member *member = &families->member[families->n];
		const char *base = base_of(run);

		if (!base)
			continue;
		families->n++;
		member->experiment = mem_text(run_experiment(run));
		member->base = mem_text(name_of_base(families, base));
		if (!member->experiment || !member->base)
			return error_nomem(err);
		if (point_of(member->point, runs, &runs->item[i], err) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

static int by_family(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = strcmp(x->experiment, y->experiment);

	return order ? order : strcmp(x->base, y->base);
}

static int by_point(const void *a, const void *b)
{
	int order = by_family(a, b);

	return order ? order : strcmp(((const struct member *)a)->point, ((const struct member *)b)->point);
}

static void member_free(struct member *member)
{
	free(member->experiment);
	free(member->base);
}

/* Count the distinct points of each family and keep one member of it. */
static void count(struct judge_families *families)
{
	struct member *member = families->member;
	size_t kept = 0;

	if (families->n)
		qsort(member, families->n, sizeof(*member), by_point);
	for (size_t i = 0; i < families->n; i++) {
		int again = kept && by_family(&member[kept - 1], &member[i]) == 0;

		if (!again) {
			member[i].points = 1;
			member[kept++] = member[i];
			continue;
		}
		member[i].points = member[kept - 1].points + (strcmp(member[kept - 1].point, member[i].point) != 0);
		member_free(&member[kept - 1]);
		member[kept - 1] = member[i];
	}
	families->n = kept;
}

int judge_families_new(struct judge_families **out, const struct runs *runs, struct error *err)
{
	struct judge_families *families = mem_zeroed(1, sizeof(*families));
	int rc = families ? 0 : error_nomem(err);

	if (rc < 0)
		return rc;
	families->member = mem_zeroed(runs->n, sizeof(*families->member));
	families->alias = mem_zeroed(runs->n, sizeof(*families->alias));
	rc = families->member && families->alias ? add_aliases(families, runs, err) : error_nomem(err);
	if (rc == 0)
		rc = add_members(families, runs, err);
	if (rc < 0) {
		judge_families_free(families);
		return rc;
	}
	count(families);
	*out = families;
	return 0;
}

void judge_families_free(struct judge_families *families)
{
	if (!families)
		return;
	for (size_t i = 0; families->member && i < families->n; i++)
		member_free(&families->member[i]);
	for (size_t i = 0; families->alias && i < families->aliases; i++) {
		free(families->alias[i].id);
		free(families->alias[i].base);
	}
	free(families->member);
	free(families->alias);
	free(families);
}

size_t judge_points(const struct judge_families *families, const char *experiment, const char *base_id)
{
	const struct member key = {.experiment = (char *)(size_t)experiment,
				   .base = (char *)(size_t)name_of_base(families, base_id)},
			    *found;

	found = bsearch(&key, families->member, families->n, sizeof(key), by_family);
	return found ? found->points : 1;
}

size_t judge_points_of(const struct judge_families *families, const struct run *run)
{
	const char *base = json_string_value(json_object_get(run_comparison(run, "baseline"), "against"));

	return base ? judge_points(families, run_experiment(run), base) : 1;
}
