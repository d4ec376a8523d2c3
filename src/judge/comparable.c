#include "judge/comparable.h"

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
	return 0;
}
