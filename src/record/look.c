#include "record/look.h"

static int is_judged(const struct run *run)
{
	return !strcmp(run_text(run, "kind"), "run") && !strcmp(run_text(run, "status"), "finished") &&
	       !*run_text(run, "tags.reproduces") &&
	       (json_array_size(run_field(run, "comparison")) || json_array_size(run_field(run, "criteria")));
}

int look_rows(char out[LOOK_ROWS], const struct run *run)
{
	const char *labels = run_text(run, "evaluation.sha256"), *split = run_text(run, "data.split.sha256"),
		   *file = run_text(run, "data.files.0.sha256");

	*out = '\0';
	if (!is_judged(run))
		return 0;
	if (*labels)
		snprintf(out, LOOK_ROWS, "%.64s", labels);
	else if (*split && *file)
		snprintf(out, LOOK_ROWS, "%.64s %.64s", split, file);
	return *out != '\0';
}
