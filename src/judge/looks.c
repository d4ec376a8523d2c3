/* See looks.h. */
#include "judge/looks.h"

#include "record/look.h"
#include "record/point.h"
#include "record/repetition.h"

#include <string.h>

/* The same seed gives the same figures again, which nobody looks at twice. */
static int same_seed(const struct run *a, const struct run *b)
{
	double of_a, of_b;

	return run_number(&of_a, a, "seed") && run_number(&of_b, b, "seed") && of_a == of_b &&
	       !json_array_size(run_field(a, "children")) && !json_array_size(run_field(b, "children"));
}

int judge_looks(struct looks *out, const struct runs *runs, size_t elsewhere, const struct run *run, struct error *err)
{
	char point[RUN_POINT], other[RUN_POINT], rows[LOOK_ROWS], its_rows[LOOK_ROWS];
	int is_child = runs_parent(runs, run) != NULL, rc;

	*out = (struct looks){0};
	if (!look_rows(rows, run))
		return 0;
	*out = (struct looks){1 + elsewhere, 1};
	rc = run_point(point, run, err);
	for (size_t i = 0; i < runs->n && !rc; i++) {
		const struct seen_run *seen = &runs->item[i];
		const char *parent = run_text(&seen->run, "parent");

		if (!look_rows(its_rows, &seen->run) || strcmp(its_rows, rows) != 0 ||
		    !strcmp(run_id(&seen->run), run_id(run)) || (*parent && runs_with_id(runs, parent)))
			continue;
		out->look++;
		memcpy(other, seen->point, sizeof(other));
		if (!*other)
			rc = run_point(other, &seen->run, err);
		if (!rc && !is_child && !strcmp(run_experiment(&seen->run), run_experiment(run)) &&
		    !strcmp(other, point) && !same_seed(&seen->run, run))
			out->same++;
	}
	return rc;
}
