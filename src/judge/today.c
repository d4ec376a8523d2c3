/* What a record's comparison says at today's size of the family, and that size. */
#include "base/mem.h"
#include "judge/entry.h"
#include "judge/judge.h"

const char *judge_today(const struct run *run, const char *metric, size_t points)
{
	struct entry entry;

	if (!entry_read(&entry, comparison_of(run), metric))
		return NULL;
	return entry_verdict(&entry, (points ? points : 1) * entry.members);
}

/* Whether the run is a member of the family that is compared with base_id. */
static int is_member(const struct run *run, const char *experiment, const char *base_id)
{
	const char *against = json_string_value(json_object_get(comparison_of(run), "against"));

	return against && strcmp(against, base_id) == 0 && strcmp(run_experiment(run), experiment) == 0 &&
	       strcmp(run_text(run, "status"), "failed") != 0 && strcmp(run_text(run, "status"), "killed") != 0 &&
	       !*run_text(run, "tags.reproduces");
}

/* Parameters, code and data as one text; NULL without memory. */
static char *point_of(const struct run *run)
{
	const json_t *params = run_field(run, "params"), *files = run_field(run, "data.files");
	const char *snapshot = run_text(run, "code.snapshot");
	char *of_params = params ? json_dumps(params, JSON_SORT_KEYS | JSON_COMPACT) : mem_text("");
	char *of_files = files ? json_dumps(files, JSON_SORT_KEYS | JSON_COMPACT) : mem_text(""), *point = NULL;

	if (of_params && of_files)
		point = mem_printf("%s\n%s\n%s", of_params, *snapshot ? snapshot : run_text(run, "code.tree"),
				   of_files);
	free(of_params);
	free(of_files);
	return point;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Without memory every member counts as a point of its own: the careful side. */
static size_t distinct(char **point, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (!point[i])
			return n;
	qsort(point, n, sizeof(*point), by_text);
	for (size_t i = 0; i < n; i++)
		found += i == 0 || strcmp(point[i], point[i - 1]) != 0;
	return found;
}

size_t judge_points(const struct runs *runs, const char *experiment, const char *base_id)
{
	char **point = mem_zeroed(runs->n, sizeof(*point));
	size_t n = 0, points;

	for (size_t i = 0; i < runs->n; i++) {
		if (!is_member(&runs->item[i].run, experiment, base_id))
			continue;
		if (point)
			point[n] = point_of(&runs->item[i].run);
		n++;
	}
	points = point ? distinct(point, n) : n;
	for (size_t i = 0; point && i < n; i++)
		free(point[i]);
	free(point);
	return points;
}
