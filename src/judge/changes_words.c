/* What changed, in words: see changes.h. */
#include "judge/changes.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/changes_work.h"

enum { NAMED_MOST = 6, VALUE_MOST = 60 /* bytes of a value */, NAME_MOST = 200 /* of a name: files have long ones */ };

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

int factor_is(const json_t *factor, const char *kind)
{
	return strcmp(text_at(factor, "factor"), kind) == 0;
}

const char *factor_name(const json_t *factor)
{
	return text_at(factor, "name");
}

/* Long text is cut where a character begins. */
static void put_cut(struct buf *out, const char *text, size_t len, size_t most)
{
	size_t cut = len;
	unsigned code;

	if (len > most)
		for (cut = 0; cut < most;) {
			size_t step = utf8_next(text + cut, len - cut, &code);

			cut += step ? step : 1;
		}
	buf_put(out, text, cut);
	if (cut < len)
		buf_puts(out, "...");
}

static void put_value(struct buf *out, const json_t *value)
{
	struct buf text = BUF_INIT;

	if (!value || json_is_null(value)) {
		buf_puts(out, "none");
	} else if (json_is_string(value)) {
		put_cut(out, json_string_value(value), json_string_length(value), VALUE_MOST);
	} else {
		json_write_line(&text, value);
		put_cut(out, text.text, strcspn(text.text, "\n"), VALUE_MOST);
		out->failed |= text.failed;
	}
	buf_release(&text);
}

void factor_words(struct buf *out, const json_t *factor, enum factor_words how)
{
	int is_file = factor_is(factor, "code") || factor_is(factor, "data");
	const json_t *from = json_object_get(factor, "from"), *to = json_object_get(factor, "to");
	const char *name = *factor_name(factor) ? factor_name(factor) : text_at(factor, "factor");

	put_cut(out, name, strlen(name), NAME_MOST);
	if (is_file && *factor_name(factor) && !from)
		buf_puts(out, " (new)");
	else if (is_file && *factor_name(factor) && !to)
		buf_puts(out, " (removed)");
	if (how == FACTOR_NAMED || is_file || factor_is(factor, "command") || factor_is(factor, "split"))
		return;
	buf_putc(out, ' ');
	put_value(out, from);
	buf_puts(out, " -> ");
	put_value(out, to);
}

/* "a", "a and b", "a, b and c", "a, b, c, d, e, f and 12 more" */
static void put_names(struct buf *out, const json_t *factors)
{
	size_t n = json_array_size(factors), named = n > NAMED_MOST ? NAMED_MOST : n;

	for (size_t i = 0; i < named; i++) {
		if (i)
			buf_puts(out, i + 1 == n ? " and " : ", ");
		factor_words(out, json_array_get(factors, i), FACTOR_NAMED);
	}
	if (named < n)
		buf_printf(out, " and %zu more", n - named);
}

void changes_words(struct buf *out, const json_t *changes)
{
	const json_t *factors = json_object_get(changes, "factors");
	const char *verdict = text_at(changes, "verdict");
	int unknown = json_array_size(json_object_get(changes, "unknown")) > 0;

	if (!strcmp(verdict, "first")) {
		buf_puts(out, "the first of its kind: nothing to compare with");
	} else if (!json_array_size(factors)) {
		buf_puts(out, "nothing changed");
		if (unknown)
			buf_puts(out, ", as far as recorded: packages are not");
	} else if (json_array_size(factors) == 1) {
		factor_words(out, json_array_get(factors, 0), FACTOR_VALUES);
		buf_puts(out, unknown ? " (isolated, as far as recorded: packages are not)" : " (isolated)");
	} else {
		buf_puts(out, "confounded: ");
		put_names(out, factors);
		buf_puts(out, " changed together");
	}
}

static int add_sentence(struct names *out, const json_t *changes, size_t apart, struct error *err)
{
	const char *against = text_at(changes, "against");
	struct buf line = BUF_INIT;
	int rc;

	if (*against)
		buf_printf(&line, "changed against %.7s: ", id_handle(against));
	changes_words(&line, changes);
	if (apart)
		buf_printf(&line, "; %zu more run%s would tell %s apart (main effects only):", apart,
			   apart == 1 ? "" : "s", apart == 1 ? "the two" : "them");
	rc = buf_check(&line, err);
	if (!rc)
		rc = names_add(out, line.text, err);
	buf_release(&line);
	return rc;
}

static int add_indented(struct names *out, const char *text, struct error *err)
{
	char *line = mem_printf("  %s", text);
	int rc = line ? names_add(out, line, err) : error_nomem(err);

	free(line);
	return rc;
}

int changes_lines(struct names *out, const struct run *run, const struct run *against, struct code_reader *reader,
		  size_t most, struct error *err)
{
	const json_t *changes = run_field(run, "changes");
	struct names apart = {0};
	char more[64];
	int rc = 0;

	if (!changes)
		return 0;
	if (against)
		rc = changes_tell_apart(&apart, run, against, reader, err);
	if (!rc)
		rc = add_sentence(out, changes, apart.n, err);
	for (size_t i = 0; i < apart.n && i < most && !rc; i++)
		rc = add_indented(out, apart.name[i], err);
	if (!rc && apart.n > most) {
		snprintf(more, sizeof(more), "and %zu more: `assay show %.7s` names them", apart.n - most,
			 id_handle(run_id(run)));
		rc = add_indented(out, more, err);
	}
	names_free(&apart);
	return rc;
}
