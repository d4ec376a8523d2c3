/* The parent of a baseline that was trained on several seeds or splits: what `assay run --seeds` makes of a command. */
#include "track/baseline_work.h"

#include "base/mem.h"
#include "track/record_parts.h"
#include "track/repeat.h"

int baseline_parent_start(struct baseline_job *parent, struct error *err)
{
	json_t *children = json_array();
	int rc = children ? 0 : error_nomem(err);

	for (size_t i = 1; i <= parent->children && !rc; i++) {
		struct run *child = &parent[i].run;

		if (json_array_append_new(children, json_string(run_id(child))) < 0)
			rc = error_nomem(err);
		if (!rc)
			rc = run_set_text(child, "parent", run_id(&parent->run), err);
	}
	if (!rc)
		return run_set(&parent->run, "children", children, err);
	json_decref(children);
	return rc;
}

int baseline_parent_end(struct baseline_job *parent, struct error *err)
{
	const struct run **child = mem_array(parent->children, sizeof(struct run *));
	const struct run **finished = mem_array(parent->children, sizeof(struct run *));
	const char *told;
	size_t n = 0;
	int rc = child && finished ? 0 : error_nomem(err);

	for (size_t i = 0; i < parent->children && !rc; i++) {
		child[i] = &parent[1 + i].run;
		if (!parent[1 + i].failed)
			finished[n++] = child[i];
	}
	parent->failed = !n;
	if (!rc)
		rc = record_end(&parent->run, n ? "finished" : "failed", n ? 0 : error_exit(ERR_MACHINE), err);
	if (!rc)
		rc = repeat_usage(&parent->run, child, parent->children, err);
	if (!rc)
		rc = repeat_summarize(&parent->run, finished, n, err);
	if (!rc)
		rc = repeat_note_missing(&parent->run, n, parent->children, &told, err);
	free(child);
	free(finished);
	return rc;
}
