/* See looks.h. */
#include "judge/looks.h"

#include "record/point.h"

#include <string.h>

/* A hash that both record, and is the same. */
static int same(const struct run *a, const struct run *b, const char *field)
{
	const char *of_a = run_text(a, field);

	return *of_a && !strcmp(of_a, run_text(b, field));
}

/* An id is often the record's number: the split's hash says which rows only beside the data file's. */
static int same_rows(const struct run *a, const struct run *b)
{
	if (*run_text(a, "evaluation.sha256") || *run_text(b, "evaluation.sha256"))
		return same(a, b, "evaluation.sha256");
	return same(a, b, "data.split.sha256") && same(a, b, "data.files.0.sha256");
}

static int has_rows(const struct run *run)
{
	return *run_text(run, "evaluation.sha256") ||
	       (*run_text(run, "data.split.sha256") && *run_text(run, "data.files.0.sha256"));
}

static int is_judged(const struct run *run)
{
	return !strcmp(run_text(run, "kind"), "run") && !strcmp(run_text(run, "status"), "finished") &&
	       !*run_text(run, "tags.reproduces") &&
	       (json_array_size(run_field(run, "comparison")) || json_array_size(run_field(run, "criteria")));
}

static int has_run(const struct runs *runs, const char *id)
{
	size_t low = 0, high = runs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int way = strcmp(run_id(&runs->item[middle].run), id);

		if (!way)
			return 1;
		if (way < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* The same seed gives the same figures again, which nobody looks at twice. */
static int same_seed(const struct run *a, const struct run *b)
{
	double of_a, of_b;

	return run_number(&of_a, a, "seed") && run_number(&of_b, b, "seed") && of_a == of_b &&
	       !json_array_size(run_field(a, "children")) && !json_array_size(run_field(b, "children"));
}

int judge_looks(struct looks *out, const struct runs *runs, const struct run *run, struct error *err)
{
	char point[RUN_POINT], other[RUN_POINT];
	int rc;

	*out = (struct looks){0};
	if (!is_judged(run) || !has_rows(run))
		return 0;
	*out = (struct looks){1, 1};
	rc = run_point(point, run, err);
	for (size_t i = 0; i < runs->n && !rc; i++) {
		const struct seen_run *seen = &runs->item[i];
		const char *parent = run_text(&seen->run, "parent");

		if (!is_judged(&seen->run) || !same_rows(&seen->run, run) || !strcmp(run_id(&seen->run), run_id(run)) ||
		    (*parent && has_run(runs, parent)))
			continue;
		out->look++;
		memcpy(other, seen->point, sizeof(other));
		if (!*other)
			rc = run_point(other, &seen->run, err);
		if (!rc && !strcmp(run_experiment(&seen->run), run_experiment(run)) && !strcmp(other, point) &&
		    !same_seed(&seen->run, run))
			out->same++;
	}
	return rc;
}
