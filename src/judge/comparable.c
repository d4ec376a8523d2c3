#include "judge/comparable.h"

/* 1 where ids of pinned labels would meet numbers of records, which mean rows of one data file alone. */
static int names_meet_numbers(const struct run *pinned, const struct run *other)
{
	return !strcmp(run_text(pinned, "evaluation.source"), "project") &&
	       !strcmp(run_text(other, "evaluation.source"), "split") && !strcmp(run_text(other, "kind"), "baseline") &&
	       !*run_text(other, "params.id");
}

int comparable_rows(const struct run *a, const struct run *b, struct error *err)
{
	static const struct {
		const char *field, *what;
	} same[] = {
		{"data.files.0.sha256", "the data file is another"},
		{"data.split.sha256", "the test rows are others"},
		{"evaluation.sha256", "the labels are others"},
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		const char *of_a = run_text(a, same[i].field), *of_b = run_text(b, same[i].field);

		if (*of_a && *of_b && strcmp(of_a, of_b) != 0)
			return error_set(err, ERR_INPUT, "%s: %.12s, not %.12s", same[i].what, of_a, of_b);
	}
	if (names_meet_numbers(a, b) || names_meet_numbers(b, a))
		return error_set(err, ERR_INPUT,
				 "the labels have ids, and the rows of the data are numbered: "
				 "`data: {id: COLUMN}` names theirs");
	return 0;
}
