/* How many distinct points each family has: what was compared with one baseline in one experiment. */
#include "base/mem.h"
#include "judge/entry.h"
#include "judge/judge.h"

struct member {
	char *experiment, *base; /* copies: a record may be set anew, or completed, while families are in use */
	char point[RUN_POINT];
	size_t points; /* distinct ones of its family, up to this one in the order of points */
};

struct judge_families {
	struct member *member; /* the last of each family, by experiment and base */
	size_t n;
};

/* The id of the run that this one, a member, was compared with; NULL if it is no member of a family. */
static const char *base_of(const struct run *run)
{
	const char *status = run_text(run, "status");

	if (strcmp(status, "failed") == 0 || strcmp(status, "killed") == 0 || *run_text(run, "tags.reproduces"))
		return NULL;
	return json_string_value(json_object_get(comparison_of(run), "against"));
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

	if (families)
		families->member = mem_zeroed(runs->n, sizeof(*families->member));
	if (!families || !families->member)
		goto nomem;
	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;
		struct member *member = &families->member[families->n];
		const char *base = base_of(run);

		if (!base)
			continue;
		families->n++;
		member->experiment = mem_text(run_experiment(run));
		member->base = mem_text(base);
		if (!member->experiment || !member->base)
			goto nomem;
		memcpy(member->point, runs->item[i].point, RUN_POINT);
		if (!*member->point && run_point(member->point, run, err) < 0)
			goto nomem;
	}
	count(families);
	*out = families;
	return 0;
nomem:
	judge_families_free(families);
	return error_nomem(err);
}

void judge_families_free(struct judge_families *families)
{
	if (!families)
		return;
	for (size_t i = 0; families->member && i < families->n; i++)
		member_free(&families->member[i]);
	free(families->member);
	free(families);
}

size_t judge_points(const struct judge_families *families, const char *experiment, const char *base_id)
{
	const struct member key = {.experiment = (char *)(size_t)experiment, .base = (char *)(size_t)base_id}, *found;

	found = bsearch(&key, families->member, families->n, sizeof(key), by_family);
	return found ? found->points : 1;
}

size_t judge_points_of(const struct judge_families *families, const struct run *run)
{
	const char *base = json_string_value(json_object_get(comparison_of(run), "against"));

	return base ? judge_points(families, run_experiment(run), base) : 1;
}
