#include "record/repetition.h"

#include <stdlib.h>

enum repetition run_repetition(const struct run *run)
{
	if (!json_is_array(run_field(run, "children")))
		return REPETITION_NONE;
	return run_field(run, "data.split.count") ? REPETITION_SPLITS : REPETITION_SEEDS;
}

const char *repetition_word(enum repetition repetition)
{
	return repetition == REPETITION_SEEDS ? "seeds" : repetition == REPETITION_SPLITS ? "splits" : "";
}

static int by_id(const void *id, const void *seen)
{
	return strcmp(id, run_id(&((const struct seen_run *)seen)->run));
}

const struct seen_run *runs_by_id(const struct runs *runs, const char *id)
{
	return id && *id && runs->n ? bsearch(id, runs->item, runs->n, sizeof(*runs->item), by_id) : NULL;
}

const struct seen_run *runs_parent(const struct runs *runs, const struct run *run)
{
	const struct seen_run *parent = runs_by_id(runs, run_text(run, "parent"));

	return parent && run_repetition(&parent->run) != REPETITION_NONE ? parent : NULL;
}

int runs_pooled(const struct runs *runs, const struct run *run)
{
	const struct seen_run *parent = runs_parent(runs, run);
	const char *status = parent ? run_text(&parent->run, "status") : "";

	return strcmp(status, "finished") == 0 || strcmp(status, "running") == 0;
}

const struct seen_run *runs_child(const struct runs *runs, const struct run *parent, size_t i)
{
	return runs_by_id(runs, json_string_value(json_array_get(run_field(parent, "children"), i)));
}
