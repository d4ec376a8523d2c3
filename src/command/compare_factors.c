/* What differs between runs, for people: see compare_factors.h. */
#include "command/compare_factors.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/changes.h"

enum { NAMED_MOST = 8, /* packages, and files of code, that are shown by name */ HASH_SHOWN = 12, TOLD_MOST = 8 };

static void put_value(struct grid *grid, const json_t *value)
{
	struct buf text = BUF_INIT;

	if (json_is_string(value) && json_string_length(value) >= 40 &&
	    strspn(json_string_value(value), "0123456789abcdef") == json_string_length(value))
		buf_put(&text, json_string_value(value), HASH_SHOWN);
	else if (json_is_string(value))
		buf_puts(&text, json_string_value(value));
	else if (value && !json_is_null(value))
		json_write(&text, value);
	while (text.len && text.text[text.len - 1] == '\n')
		text.text[--text.len] = '\0';
	grid_cell(grid, text.len ? text.text : "-", text.len ? PAINT_NONE : PAINT_QUIET);
	buf_release(&text);
}

static int is_kind(const json_t *factor, const char *kind)
{
	const char *of = json_string_value(json_object_get(factor, "factor"));

	return of && !strcmp(of, kind);
}

static size_t count(const json_t *factors, const char *kind)
{
	const json_t *factor;
	size_t i, n = 0;

	json_array_foreach((json_t *)(size_t)factors, i, factor)
	{
		n += (size_t)is_kind(factor, kind);
	}
	return n;
}

/* One line for a long list: how many differ, and of packages how many each run records. */
static void put_count(struct grid *grid, const char *kind, size_t differ, const struct seen_run *const *run, size_t n)
{
	char text[64];

	snprintf(text, sizeof(text), "%s, %zu differ", kind, differ);
	grid_cell(grid, "*", PAINT_STRONG);
	grid_cell(grid, text, PAINT_NONE);
	for (size_t k = 0; k < n; k++) {
		const json_t *packages = run ? run_field(&run[k]->run, "environment.packages") : NULL;

		snprintf(text, sizeof(text), "%zu recorded", json_object_size(packages));
		grid_cell(grid, run ? text : "", PAINT_NONE);
	}
}

static void put_factor(struct grid *grid, const json_t *factor, size_t n)
{
	const char *kind = json_string_value(json_object_get(factor, "factor"));
	const char *name = json_string_value(json_object_get(factor, "name"));
	struct buf head = BUF_INIT;

	buf_printf(&head, "%s%s%s", kind, name ? " " : "", name ? name : "");
	grid_cell(grid, "*", PAINT_STRONG);
	grid_cell(grid, head.text, PAINT_NONE);
	for (size_t k = 0; k < n; k++)
		put_value(grid, json_array_get(json_object_get(factor, "values"), k));
	buf_release(&head);
}

int compare_factors_put(struct buf *out, struct grid *grid, const json_t *factors, const struct seen_run *const *run,
			size_t n, const struct terminal *terminal, struct error *err)
{
	size_t packages = count(factors, "packages"), files = count(factors, "code"), rows = 0, i;
	const json_t *factor;
	int rc = 0;

	json_array_foreach((json_t *)(size_t)factors, i, factor)
	{
		if (is_kind(factor, "params") || (packages > NAMED_MOST && is_kind(factor, "packages")) ||
		    (files > NAMED_MOST && is_kind(factor, "code")))
			continue;
		put_factor(grid, factor, n);
		rows++;
	}
	if (files > NAMED_MOST)
		put_count(grid, "files of code", files, NULL, n);
	if (packages > NAMED_MOST)
		put_count(grid, "packages", packages, run, n);
	if (rows || files > NAMED_MOST || packages > NAMED_MOST) {
		buf_putc(out, '\n');
		rc = grid_write(out, grid, terminal, 0, "--json has all", err);
	}
	if (files > NAMED_MOST || packages > NAMED_MOST)
		buf_puts(out, "`--json` has all of them by name\n");
	return rc;
}

int compare_factors(json_t **out, const struct session *session, const struct seen_run *const *run, size_t n,
		    struct error *err)
{
	const struct run **record = mem_array(n, sizeof(*record));
	struct code_reader *reader = NULL;
	int rc = record ? code_reader_new(&reader, session->store, session->project, err) : error_nomem(err);

	for (size_t i = 0; i < n && record; i++)
		record[i] = &run[i]->run;
	if (!rc)
		rc = factors_side_by_side(out, reader, record, n, err);
	code_reader_free(reader);
	free(record);
	return rc;
}

int compare_changes_put(struct buf *out, const struct session *session, const struct seen_run *from,
			const struct seen_run *to, struct error *err)
{
	struct run changed = {json_copy(to->run.json)}; /* what it changed against is asked anew */
	struct code_reader *reader = NULL;
	struct names lines = {0};
	int rc = changed.json ? code_reader_new(&reader, session->store, session->project, err) : error_nomem(err);

	if (!rc)
		rc = changes_set(&changed, &from->run, reader, err);
	if (!rc)
		rc = changes_lines(&lines, &changed, &from->run, reader, TOLD_MOST, err);
	if (!rc)
		buf_putc(out, '\n');
	for (size_t i = 0; i < lines.n && !rc; i++) {
		buf_terminal(out, lines.name[i], strlen(lines.name[i]));
		buf_putc(out, '\n');
	}
	names_free(&lines);
	code_reader_free(reader);
	run_release(&changed);
	return rc;
}
