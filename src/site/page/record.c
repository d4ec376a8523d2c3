/* The record of a run, for the margin and the details of its page. */
#include "site/page/record.h"

#include "base/mem.h"
#include "format/json.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <stdlib.h>
#include <string.h>

static int read_bytes(struct buf *out, struct site_model *model, const struct seen_run *run, struct error *err)
{
	char *path;
	int rc;

	if (run->where != WHERE_GIT || !run->folder)
		return run_write(out, &run->run, err);
	path = path_join(run->folder, "run.json");
	if (!path)
		return error_nomem(err);
	rc = store_file_at(out, model->store, model->runs.tip, path, err);
	free(path);
	return rc;
}

int record_bytes(const struct buf **out, struct site_model *model, const struct seen_run *run, struct error *err)
{
	int rc = 0;

	if (model->last.raw_of != run) {
		model->last.raw_of = NULL;
		buf_clear(&model->last.raw);
		rc = read_bytes(&model->last.raw, model, run, err);
		if (rc == 0)
			rc = buf_check(&model->last.raw, err);
		if (rc == 0)
			model->last.raw_of = run;
	}
	*out = &model->last.raw;
	return rc;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void add_pair(struct view *list, const char *name, const char *value)
{
	struct view view = view_object();

	view_text(&view, "name", name);
	view_text(&view, "value", value);
	view_add(list, &view);
}

static void add_scalar(struct view *list, const char *name, const json_t *value)
{
	struct buf text = BUF_INIT;

	words_scalar(&text, value);
	add_pair(list, name, text.text);
	view_done(list, &text);
}

static void put_command(struct view *out, const struct run *run)
{
	struct buf text = BUF_INIT;

	words_command(&text, run_field(run, "command"));
	view_text(out, "command", text.len ? text.text : NULL);
	view_done(out, &text);
}

/* Whose labels it was scored by, where they are not the split's. */
static void put_labels(struct view *out, const struct run *run)
{
	const char *source = run_text(run, "evaluation.source");
	struct buf text = BUF_INIT;
	double rows;

	if (!strcmp(source, "run"))
		buf_puts(&text, "on the run's own labels");
	else if (!strcmp(source, "project"))
		buf_puts(&text, run_text(run, "evaluation.labels"));
	if (text.len && run_number(&rows, run, "evaluation.matched")) {
		buf_puts(&text, ", ");
		words_count(&text, rows);
		buf_puts(&text, " rows");
	} else if (text.len) {
		buf_puts(&text, ", nothing was scored");
	}
	view_text(out, "labels", text.len ? text.text : NULL);
	view_printf(out, "labels_sha", "%.12s", run_text(run, "evaluation.sha256"));
	view_done(out, &text);
}

static void put_data(struct view *out, const struct run *run)
{
	const json_t *list = run_field(run, "data.files"), *file;
	struct view files = view_list();
	struct buf text = BUF_INIT;
	double n;
	size_t i;

	json_array_foreach(list, i, file)
	{
		struct view view = view_object();

		view_text(&view, "path", text_at(file, "path"));
		view_printf(&view, "sha", "%.12s", text_at(file, "sha256"));
		view_text(&view, "sha256", text_at(file, "sha256"));
		view_add(&files, &view);
	}
	view_sub(out, "files", &files);
	if (run_number(&n, run, "data.split.test_rows")) {
		words_count(&text, n);
		buf_puts(&text, " rows held out");
	}
	if (run_number(&n, run, "data.split.seed"))
		buf_printf(&text, "%sseed %.0f", text.len ? ", " : "", n);
	view_text(out, "split", text.len ? text.text : NULL);
	view_printf(out, "split_sha", "%.12s", run_text(run, "data.split.sha256"));
	buf_clear(&text);
	if (run_number(&n, run, "evaluation.look"))
		buf_printf(&text, "look %.0f at these rows", n);
	view_text(out, "look", text.len ? text.text : NULL);
	put_labels(out, run);
	view_done(out, &text);
}

static void put_time(struct view *out, const struct run *run)
{
	const char *started = run_text(run, "started");
	struct buf text = BUF_INIT;
	double n;

	words_date(&text, started, DATE_TIME);
	view_text(out, "started", text.text);
	view_text(out, "datetime", started);
	buf_clear(&text);
	if (run_number(&n, run, "usage.seconds"))
		words_seconds(&text, n);
	if (run_number(&n, run, "exit"))
		buf_printf(&text, "%sexit %.0f", text.len ? ", " : "", n);
	view_text(out, "took", text.len ? text.text : NULL);
	buf_clear(&text);
	if (run_number(&n, run, "threshold.value")) {
		const char *chosen = run_text(run, "threshold.chosen");

		words_value(&text, "", n);
		buf_puts(&text, !strcmp(chosen, "half")       ? ", as usual"
				: !strcmp(chosen, "train_cv") ? ", chosen on the training rows"
				: !strcmp(chosen, "given")    ? ", given"
							      : "");
	}
	view_text(out, "threshold", text.len ? text.text : NULL);
	view_done(out, &text);
}

void record_evidence(struct view *out, const struct site_model *model, const struct seen_run *run)
{
	struct view view = view_object();

	view_text(&view, "id", run_id(&run->run));
	view_text(&view, "handle", id_handle(run_id(&run->run)));
	view_text(&view, "branch", store_branch(model->store));
	commit_view(&view, "recorded", model, run->commit);
	commit_view(&view, "code", model, run_text(&run->run, "code.commit"));
	commit_view(&view, "snapshot", model, run_text(&run->run, "code.snapshot"));
	view_text(&view, "code_branch",
		  run_text(&run->run, "code.branch")[0] ? run_text(&run->run, "code.branch") : NULL);
	view_flag(&view, "dirty", json_is_true(run_field(&run->run, "code.dirty")));
	/* what stands for several runs is reproduced run by run */
	view_text(&view, "reproduce",
		  json_array_size(run_field(&run->run, "children")) ? NULL : id_handle(run_id(&run->run)));
	put_command(&view, &run->run);
	put_data(&view, &run->run);
	put_time(&view, &run->run);
	view_sub(out, "evidence", &view);
}

void record_params(struct view *out, const struct seen_run *run)
{
	const json_t *value;
	struct view list = view_list();
	const char *name;

	json_object_foreach((json_t *)run_field(&run->run, "params"), name, value)
	{
		add_scalar(&list, name, value);
	}
	json_object_foreach((json_t *)run_field(&run->run, "tags"), name, value)
	{
		add_scalar(&list, name, value);
	}
	if (run_field(&run->run, "seed"))
		add_scalar(&list, "seed", run_field(&run->run, "seed"));
	view_flag(out, "any_params", view_count(&list) > 0);
	view_printf(out, "params_count", "%zu", view_count(&list));
	view_sub(out, "params", &list);
}

void record_environment(struct view *out, const struct seen_run *run)
{
	const json_t *environment = run_field(&run->run, "environment"), *value, *inner;
	struct view list = view_list();
	const char *name, *key;

	json_object_foreach((json_t *)environment, name, value)
	{
		if (!strcmp(name, "memory_bytes") && json_is_number(value)) {
			struct buf text = BUF_INIT;

			words_bytes(&text, json_number_value(value));
			add_pair(&list, "memory", text.text);
			view_done(out, &text);
		} else if (json_is_object(value)) {
			json_object_foreach((json_t *)value, key, inner)
			{
				add_scalar(&list, key, inner);
			}
		} else if (!json_is_array(value) || json_array_size(value)) {
			add_scalar(&list, name, value);
		}
	}
	view_flag(out, "any_environment", view_count(&list) > 0);
	view_text(out, "environment_summary", run_text(&run->run, "environment.os"));
	view_sub(out, "environment", &list);
}

void record_artifacts(struct view *out, const struct seen_run *run)
{
	const json_t *artifacts = run_field(&run->run, "artifacts"), *item;
	struct view list = view_list();
	struct buf text = BUF_INIT;
	double total = 0, bytes;
	size_t i;

	json_array_foreach(artifacts, i, item)
	{
		struct view view = view_object();

		buf_clear(&text);
		view_text(&view, "path", text_at(item, "path"));
		view_printf(&view, "sha", "%.12s", text_at(item, "sha256"));
		view_text(&view, "where",
			  !strcmp(text_at(item, "where"), "local") ? "this machine" : text_at(item, "where"));
		if (json_number(&bytes, json_object_get(item, "bytes"))) {
			words_bytes(&text, bytes);
			total += bytes;
		}
		view_text(&view, "size", text.text);
		view_add(&list, &view);
	}
	buf_clear(&text);
	words_some(&text, view_count(&list), "file", "files");
	buf_puts(&text, ", ");
	words_bytes(&text, total);
	view_flag(out, "any_artifacts", view_count(&list) > 0);
	view_text(out, "artifacts_summary", text.text);
	view_sub(out, "artifacts", &list);
	view_done(out, &text);
}

void record_notes(struct view *out, const struct seen_run *run)
{
	const json_t *notes = run_field(&run->run, "notes"), *note;
	struct view list = view_list();
	size_t i;

	json_array_foreach(notes, i, note)
	{
		if (json_string_value(note))
			view_add_text(&list, json_string_value(note));
	}
	view_flag(out, "any_notes", view_count(&list) > 0);
	view_sub(out, "run_notes", &list);
}
