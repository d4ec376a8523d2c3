/* Parameters and tags: params.json, params.yaml, and what `assay log` appended, line by line. */
#include "track/collect_inside.h"

#include "format/json.h"
#include "format/yaml.h"
#include "track/secret.h"

struct taking { /* values of one file into one object of the record */
	json_t *into;
	const json_t *given; /* what --param said, or NULL */
	struct names *notes;
	struct oddities odds;
	size_t line; /* 0: the file has none that matter */
	struct buf name, text; /* scratch */
};

/* Text as the record has it: without secrets, and not endless. */
static json_t *fitting_text(struct taking *taking, const char *name, const char *text, size_t len, size_t masked)
{
	if (masked)
		odd(&taking->odds, ODD_HIDDEN, taking->line, name, strlen(name));
	if (len > COLLECT_TEXT) {
		odd(&taking->odds, ODD_LONG_VALUE, taking->line, name, strlen(name));
		len = collect_cut(text, len, COLLECT_TEXT);
	}
	return json_stringn(text, len);
}

/* The value as the record has it: null as the text "null" (that is known, and what is not known is absent). */
static json_t *fitting(struct taking *taking, const char *name, const json_t *value)
{
	const char *text = json_string_value(value);
	struct buf *written = &taking->text;
	size_t masked;

	if (json_is_null(value))
		return json_string("null");
	if (text && *text && secret_name(name))
		return fitting_text(taking, name, SECRET_MASK, strlen(SECRET_MASK), 1);
	buf_clear(written);
	if (text) {
		masked = secret_mask(written, text, json_string_length(value));
		return written->failed ? NULL : fitting_text(taking, name, written->text, written->len, masked);
	}
	if (json_is_array(value)) {
		struct buf list = BUF_INIT;

		json_write(&list, value);
		masked = secret_mask(written, list.text, list.len);
		written->failed |= list.failed;
		buf_release(&list);
		if (written->failed || masked || written->len > COLLECT_TEXT)
			return written->failed ? NULL : fitting_text(taking, name, written->text, written->len, masked);
	}
	return json_incref((json_t *)value);
}

static int take(void *context, const char *name, size_t len, const json_t *value, struct error *err)
{
	struct taking *taking = context;
	const json_t *said;
	json_t *fit;
	int rc;

	rc = collect_name(&taking->name, name, len, &taking->odds, taking->line, err);
	if (rc < 1)
		return rc;
	name = taking->name.text;
	if (json_object_size(taking->into) >= COLLECT_MOST && !json_object_get(taking->into, name)) {
		odd(&taking->odds, ODD_MANY, taking->line, name, strlen(name));
		return 0;
	}
	fit = fitting(taking, name, value);
	if (!fit)
		return error_nomem(err);
	said = json_object_get(taking->given, name);
	rc = 0;
	if (said && !json_same(said, value) && json_same(said, json_object_get(taking->into, name)))
		rc = collect_note(taking->notes, err,
				  "%s: %.200s is not what --param said; what the command wrote was taken",
				  taking->odds.file, name);
	if (rc < 0) {
		json_decref(fit);
		return rc;
	}
	return json_set(taking->into, name, fit, err);
}

static void taking_release(struct taking *taking)
{
	buf_release(&taking->name);
	buf_release(&taking->text);
}

/* At the end of a file: its notes; what was not taken whole is kept as it is. */
static int finish(const struct collecting *collecting, const struct taking *taking, int unread, struct error *err)
{
	int rc = 0, hidden = taking->odds.kind[ODD_HIDDEN].count > 0;

	/* never what holds a secret */
	if (!hidden && (unread || odd_any(&taking->odds)))
		rc = collect_keep(collecting, taking->odds.file, err);
	return rc ? rc : odd_notes(&collecting->out->notes, &taking->odds, err);
}

static int ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

int collect_parse(json_t **out, const struct buf *text, const char *name, struct error *err)
{
	struct yaml *yaml = NULL;
	int rc;

	if (!ends_in(name, ".yaml") && !ends_in(name, ".yml"))
		return json_parse_last(out, text->text, text->len, name, err);
	rc = yaml_parse(&yaml, text->text, text->len, name, 1, err);
	if (!rc) {
		*out = yaml_json(yaml);
		rc = *out ? 0 : error_nomem(err);
	}
	yaml_free(yaml);
	return rc;
}

/* A document that cannot be parsed is kept as it is, but for one that shows secrets. */
static int tell_unread(struct taking *taking, const struct buf *text, const struct error *reason, struct error *err)
{
	buf_clear(&taking->text);
	if (secret_mask(&taking->text, text->text, text->len))
		odd(&taking->odds, ODD_HIDDEN, 0, "", 0);
	return collect_unread(taking->notes, reason, err);
}

int collect_document(struct collecting *collecting, const char *name, const json_t *given, struct error *err)
{
	struct collected *out = collecting->out;
	struct taking taking = {.into = out->params,
				.given = given,
				.notes = &out->notes,
				.odds = {.file = name},
				.name = BUF_INIT,
				.text = BUF_INIT};
	struct error reason = {0};
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	int rc;

	rc = collect_read(&text, collecting, name, err);
	if (rc < 1)
		goto out;
	rc = collect_parse(&json, &text, name, &reason);
	if (rc < 0)
		rc = tell_unread(&taking, &text, &reason, err);
	else if (json_is_object(json))
		rc = collect_flatten(json, take, &taking, err);
	else
		odd(&taking.odds, ODD_LINE, 0, "", 0);
	if (!rc)
		rc = finish(collecting, &taking, reason.code != 0, err);
out:
	json_decref(json);
	taking_release(&taking);
	buf_release(&text);
	return rc;
}

static int take_line(void *context, const json_t *object, size_t line, struct error *err)
{
	struct taking *taking = context;

	taking->line = line;
	return collect_flatten(object, take, taking, err);
}

/* params.jsonl or tags.jsonl */
static int read_appended(struct collecting *collecting, const char *name, json_t *into, const json_t *given,
			 struct error *err)
{
	struct collected *out = collecting->out;
	struct taking taking = {.into = into,
				.given = given,
				.notes = &out->notes,
				.odds = {.file = name},
				.name = BUF_INIT,
				.text = BUF_INIT};
	int rc;

	rc = collect_lines(collecting, &taking.odds, take_line, &taking, err);
	if (!rc)
		rc = finish(collecting, &taking, 0, err);
	taking_release(&taking);
	return rc;
}

static int take_given(struct collected *out, const json_t *given, struct error *err)
{
	struct taking taking = {.into = out->params,
				.notes = &out->notes,
				.odds = {.file = "--param"},
				.name = BUF_INIT,
				.text = BUF_INIT};
	int rc = 0;

	if (given)
		rc = collect_flatten(given, take, &taking, err);
	if (!rc)
		rc = odd_notes(&out->notes, &taking.odds, err);
	taking_release(&taking);
	return rc;
}

int collect_values(struct collecting *collecting, const json_t *given, struct error *err)
{
	struct collected *out = collecting->out;
	int rc;

	rc = take_given(out, given, err);
	if (!rc)
		rc = collect_document(collecting, "params.json", given, err);
	if (!rc)
		rc = collect_document(collecting, "params.yaml", given, err);
	if (!rc)
		rc = read_appended(collecting, "params.jsonl", out->params, given, err);
	if (!rc)
		rc = read_appended(collecting, "tags.jsonl", out->tags, NULL, err);
	return rc;
}
