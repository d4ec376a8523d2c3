/* What every record has, whoever makes the run: see record_parts.h. */
#include "track/record_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "format/json.h"

enum { LEFT_OUT_NAMED = 20 };

json_t *record_text(const char *text)
{
	struct buf mended = BUF_INIT;
	size_t left = strlen(text);
	json_t *json = NULL;
	unsigned code;

	while (left) {
		size_t len = utf8_next(text, left, &code);

		buf_put(&mended, len ? text : "\xef\xbf\xbd", len ? len : 3);
		text += len ? len : 1;
		left -= len ? len : 1;
	}
	if (!mended.failed)
		json = json_string(mended.text);
	buf_release(&mended);
	return json;
}

int record_head(struct run *run, const struct record_head *head, struct error *err)
{
	const struct {
		const char *key, *text;
	} field[] = {
		{"id", head->id},      {"experiment", head->experiment->name},
		{"name", head->name},  {"kind", head->kind},
		{"status", "running"}, {"started", head->started},
	};
	int rc = run_new(run, err);

	for (size_t i = 0; i < sizeof(field) / sizeof(*field) && !rc; i++)
		rc = run_set_text(run, field[i].key, field[i].text, err);
	if (!rc && *head->project->below)
		rc = run_set_text(run, "root", head->project->below, err);
	return rc;
}

int record_code_look(struct store_code *out, struct store *store, const struct project *project, struct error *err)
{
	char *site = path_join(project->below, project->site.output),
	     *results = path_join(project->below, "experiments/*.results.md");
	const char *ignore[] = {site, results, NULL};
	const struct store_code_options options = {.snapshot = project->git.snapshot, .ignore = ignore};
	int rc = site && results ? store_code_state(out, store, &options, err) : error_nomem(err);

	free(site);
	free(results);
	return rc;
}

/* Files that the snapshot of a changed work tree did not take, by name: the first few, and how many more. */
static int note_left_out(struct run *run, const struct names *left_out, struct error *err)
{
	struct buf text = BUF_INIT;
	json_t *mended;
	int rc;

	if (!left_out->n)
		return 0;
	for (size_t i = 0; i < left_out->n && i < LEFT_OUT_NAMED; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", left_out->name[i]);
	if (left_out->n > LEFT_OUT_NAMED)
		buf_printf(&text, " and %zu more", left_out->n - LEFT_OUT_NAMED);
	rc = buf_check(&text, err);
	mended = rc ? NULL : record_text(text.text);
	if (!rc)
		rc = mended ? run_note(run, err, "left out of the code's snapshot: %s", json_string_value(mended))
			    : error_nomem(err);
	json_decref(mended);
	buf_release(&text);
	return rc;
}

int record_code(struct run *run, const struct store_code *code, struct error *err)
{
	int rc = 0;

	if (*code->commit)
		rc = run_set_text(run, "code.commit", code->commit, err);
	if (!rc && *code->tree)
		rc = run_set_text(run, "code.tree", code->tree, err);
	if (!rc && *code->branch)
		rc = run_set_text(run, "code.branch", code->branch, err);
	if (!rc)
		rc = run_set(run, "code.dirty", json_boolean(code->dirty), err);
	if (!rc && *code->snapshot)
		rc = run_set_text(run, "code.snapshot", code->snapshot, err);
	return rc ? rc : note_left_out(run, &code->left_out, err);
}

int record_plan_commit(char commit[OID_HEX], struct store *store, const struct project *project,
		       const struct experiment *experiment, struct error *err)
{
	char *path;
	int rc;

	commit[0] = '\0';
	if (!experiment->path)
		return 0;
	path = path_join(project->below, experiment->path);
	rc = path ? store_path_commit(commit, store, path, experiment->blob, err) : error_nomem(err);
	free(path);
	return rc;
}

int record_plan(struct run *run, const struct experiment *experiment, const char *commit, struct error *err)
{
	int rc;

	if (!experiment->path)
		return 0;
	rc = run_set_text(run, "plan.path", experiment->path, err);
	if (!rc)
		rc = run_set_text(run, "plan.blob", experiment->blob, err);
	if (!rc && *commit)
		rc = run_set_text(run, "plan.commit", commit, err);
	return rc;
}

int record_note_each(struct run *run, const struct names *notes, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < notes->n && !rc; i++)
		rc = run_note(run, err, "%s", notes->name[i]);
	return rc;
}

int record_file(json_t *artifacts, const char *path, const struct buf *bytes, struct error *err)
{
	json_t *artifact = json_object();
	char sha[SHA256_HEX];
	int rc = artifact ? sha256(sha, bytes->text, bytes->len, err) : error_nomem(err);

	if (!rc)
		rc = json_set_text(artifact, "path", path, err);
	if (!rc)
		rc = json_set_text(artifact, "sha256", sha, err);
	if (!rc)
		rc = json_set_number(artifact, "bytes", (double)bytes->len, err);
	if (!rc)
		rc = json_set_text(artifact, "where", "git", err);
	if (!rc && json_array_append(artifacts, artifact) < 0)
		rc = error_nomem(err);
	json_decref(artifact);
	return rc;
}

int record_end(struct run *run, const char *status, int exit_code, struct error *err)
{
	char ended[CLOCK_TEXT];
	int rc = run_set_text(run, "status", status, err);

	clock_text(ended, clock_now());
	if (!rc)
		rc = run_set_text(run, "ended", ended, err);
	if (!rc)
		rc = run_set_number(run, "exit", exit_code, err);
	return rc;
}
