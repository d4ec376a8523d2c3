#include "record/predictions_of.h"

#include "base/mem.h"
#include "format/json.h"

#include <string.h>

/* A file of a run that waits: from whichever spool has it. */
static int read_waiting(struct buf *out, const struct store *store, const char *id, const char *name, struct error *err)
{
	struct names spools = {0};
	struct error none = {0};
	int rc = store_spools(&spools, store, err);

	if (rc < 0)
		return rc;
	rc = ERR_NOT_FOUND;
	for (size_t i = 0; i < spools.n && rc == ERR_NOT_FOUND; i++) {
		char *path = mem_printf("%s/running/%s/final/%s", spools.name[i], id, name);

		error_clear(&none);
		rc = path ? file_read(out, path, &none) : error_nomem(&none);
		free(path);
	}
	names_free(&spools);
	if (rc == ERR_NOT_FOUND)
		return error_set(err, rc, "it has no %s", name);
	return rc ? error_set(err, rc, "%s", none.text) : 0;
}

int run_file(struct buf *out, struct store *store, const char *tip, const struct seen_run *seen, const char *name,
	     struct error *err)
{
	char *path;
	int rc;

	if (!seen->folder)
		return read_waiting(out, store, run_id(&seen->run), name, err);
	path = path_join(seen->folder, name);
	rc = path ? store_file_at(out, store, tip, path, err) : error_nomem(err);
	free(path);
	return rc;
}

/* The positive class of a run on record: a baseline's parameter, else what its evaluation says. "" where there is none. */
static int read_positive(struct buf *out, struct store *store, const char *tip, const struct seen_run *seen,
			 struct error *err)
{
	struct buf text = BUF_INIT;
	json_t *evaluation = NULL;
	const char *positive = "";
	struct error none = {0};
	int rc = 0;

	if (!strcmp(run_text(&seen->run, "kind"), "baseline")) {
		positive = run_text(&seen->run, "params.positive");
	} else {
		rc = run_file(&text, store, tip, seen, "evaluation.json", &none);
		if (rc == ERR_NOT_FOUND) { /* no labels were scored */
			buf_release(&text);
			return 0;
		}
		if (rc < 0)
			error_set(err, rc, "%s", none.text);
		if (!rc)
			rc = json_parse(&evaluation, text.text, text.len, "evaluation.json", err);
		if (!rc && json_is_string(json_object_get(evaluation, "positive")))
			positive = json_string_value(json_object_get(evaluation, "positive"));
	}
	buf_puts(out, positive);
	json_decref(evaluation);
	buf_release(&text);
	return rc ? rc : buf_check(out, err);
}

int run_predictions(struct stored_predictions **out, struct store *store, const char *tip, const struct seen_run *seen,
		    struct error *err)
{
	struct buf text = BUF_INIT, positive = BUF_INIT;
	int rc = read_positive(&positive, store, tip, seen, err);

	if (!rc)
		rc = run_file(&text, store, tip, seen, "predictions.csv", err);
	if (!rc)
		rc = predictions_read(out, text.text, text.len, positive.len ? positive.text : NULL, "predictions.csv",
				      err);
	buf_release(&text);
	buf_release(&positive);
	return rc;
}
