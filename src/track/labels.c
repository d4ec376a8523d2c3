/* A CSV of true labels: read at once and checked, because everything that is said of a model hangs on it. */
#include "track/labels.h"

#include "base/mem.h"
#include "format/csv.h"
#include "track/classes.h"
#include "track/id_table.h"

#include <fcntl.h>
#include <unistd.h>

#define NONE ((size_t)-1)

void labels_release(struct labels *labels)
{
	if (!labels)
		return;
	if (labels->path && labels->file >= 0) /* a struct of zeros has none */
		close(labels->file);
	free(labels->path);
	free(labels->name);
	free(labels->why);
	names_free(&labels->class_name);
	buf_release(&labels->text);
	*labels = (struct labels)LABELS_INIT;
}

struct fault { /* rows that cannot be used, and the first of them */
	size_t rows, line;
	char text[48];
};

struct reader {
	const struct labels_wanted *wanted;
	struct labels *out;
	struct csv csv;
	size_t columns, id, target;
	size_t room; /* rows that there is room for */
	struct buf ids; /* of all rows, each ended by a NUL; does not move */
	char **of_row;
	struct id_table table;
	uint16_t *code; /* of each row's class in the order of appearance */
	size_t class_rows[CLASSES_MOST];
	struct fault no_id, no_label, doubled;
};

static int is_field(const struct csv_field *field, const char *text)
{
	return field->len == strlen(text) && !memcmp(field->text, text, field->len);
}

/* Where a column is; NONE. *twice: there are two of that name. */
static size_t find_column(const struct reader *r, const char *name, int *twice)
{
	size_t at = NONE;

	*twice = 0;
	for (size_t i = 0; i < r->columns; i++)
		if (is_field(&r->csv.field[i], name)) {
			*twice |= at != NONE;
			at = at == NONE ? i : at;
		}
	return at;
}

/* "its columns: a, b, c", as the hint of the error that is set. */
static void hint_columns(const struct reader *r, const char *what, struct error *err)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < r->columns && list.len < 400; i++) {
		buf_puts(&list, i ? ", " : "");
		buf_put(&list, r->csv.field[i].text, r->csv.field[i].len);
	}
	error_hint(err, "%s; its columns: %s", what, list.text);
	buf_release(&list);
}

static int need_column(size_t *at, const struct reader *r, const char *name, const char *what, struct error *err)
{
	int twice;

	*at = find_column(r, name, &twice);
	if (twice)
		return error_set(err, ERR_INPUT, "%s:1: two columns are called '%s'", r->wanted->name, name);
	if (*at != NONE)
		return 0;
	error_set(err, ERR_INPUT, "%s:1: there is no column '%s'", r->wanted->name, name);
	hint_columns(r, what, err);
	return ERR_INPUT;
}

static int read_header(struct reader *r, struct error *err)
{
	int rc = csv_next(&r->csv, err), twice;

	if (rc <= 0)
		return rc < 0 ? rc : error_set(err, ERR_INPUT, "%s: the file is empty", r->wanted->name);
	r->columns = r->csv.n;
	rc = need_column(&r->id, r, r->wanted->id, "name the column of the ids", err);
	if (rc < 0)
		return rc;
	if (r->wanted->ids_only) {
		r->target = r->id;
		return 0;
	}
	if (r->wanted->target)
		return need_column(&r->target, r, r->wanted->target, "name the column of the labels as target", err);
	r->target = find_column(r, "y_true", &twice);
	if (r->target == NONE && r->columns == 2)
		r->target = 1 - r->id;
	if (r->target != NONE && !twice)
		return 0;
	error_set(err, ERR_INPUT, "%s:1: which column holds the labels?", r->wanted->name);
	hint_columns(r, "name it as target", err);
	return ERR_INPUT;
}

static int make_room(struct reader *r, const struct buf *text, struct error *err)
{
	r->room = 1;
	for (const char *at = text->text; (at = memchr(at, '\n', (size_t)(text->text + text->len - at))); at++)
		r->room++;
	r->of_row = mem_zeroed(r->room, sizeof(*r->of_row));
	r->code = mem_zeroed(r->room, sizeof(*r->code));
	if (!r->of_row || !r->code || buf_reserve(&r->ids, text->len + r->room) < 0)
		return error_nomem(err);
	return id_table_make(&r->table, r->room, err);
}

static void found(struct fault *fault, const struct reader *r, const struct csv_field *field)
{
	if (!fault->rows++) {
		fault->line = r->csv.line;
		snprintf(fault->text, sizeof(fault->text), "%.*s", field->len < 40 ? (int)field->len : 40, field->text);
	}
}

static int regression(struct reader *r, struct error *err)
{
	r->out->why = mem_printf(
		"%s has more than %d different numbers: a regression, which this version does not score",
		r->wanted->name, REGRESSION_ABOVE);
	return r->out->why ? 1 : error_nomem(err);
}

/* The code of a class in the order of appearance. 1: these are no classes. */
static int class_of(int *code, struct reader *r, const struct csv_field *field, struct error *err)
{
	struct names *classes = &r->out->class_name;
	char *copy;
	int rc;

	for (size_t i = 0; i < classes->n; i++)
		if (!strncmp(classes->name[i], field->text, field->len) && !classes->name[i][field->len]) {
			*code = (int)i;
			return 0;
		}
	if (!classes_text(field->text, field->len))
		return error_set(err, ERR_INPUT, "%s:%zu: a label that is no UTF-8 text", r->wanted->name, r->csv.line);
	if (classes->n == CLASSES_MOST && classes_are_numbers(classes))
		return regression(r, err);
	if (classes->n == CLASSES_MOST)
		return error_set(err, ERR_INPUT, "%s:%zu: more than %d different labels", r->wanted->name, r->csv.line,
				 CLASSES_MOST);
	copy = mem_text_n(field->text, field->len);
	rc = copy ? names_add(classes, copy, err) : error_nomem(err);
	free(copy);
	*code = (int)classes->n - 1;
	return rc;
}

static int take_row(struct reader *r, struct error *err)
{
	const struct csv_field *id, *label;
	size_t row = r->out->rows;
	int code = 0, rc;

	if (r->csv.n != r->columns || row == r->room)
		return error_set(err, ERR_INPUT, "%s:%zu: %zu fields, the header has %zu", r->wanted->name, r->csv.line,
				 r->csv.n, r->columns);
	id = &r->csv.field[r->id];
	label = &r->csv.field[r->target];
	if (!id->len || memchr(id->text, '\0', id->len)) {
		found(&r->no_id, r, id);
		return 0;
	}
	if (!label->len) {
		found(&r->no_label, r, id);
		return 0;
	}
	rc = r->wanted->ids_only ? 0 : class_of(&code, r, label, err);
	if (rc)
		return rc;
	if (id_table_find(&r->table, r->of_row, id->text, id->len, (long long)row) >= 0) {
		found(&r->doubled, r, id);
		return 0;
	}
	r->of_row[row] = r->ids.text + r->ids.len;
	buf_put(&r->ids, id->text, id->len);
	buf_putc(&r->ids, '\0');
	r->code[row] = (uint16_t)code;
	r->class_rows[code]++;
	r->out->rows++;
	return 0;
}

static int refuse(const struct reader *r, const struct fault *fault, const char *what, struct error *err)
{
	if (!fault->rows)
		return 0;
	if (fault->rows == 1)
		return error_set(err, ERR_INPUT, "%s:%zu: %s%s%s", r->wanted->name, fault->line, what,
				 *fault->text ? ": " : "", fault->text);
	return error_set(err, ERR_INPUT, "%s:%zu: %s%s%s (%zu rows, this is the first)", r->wanted->name, fault->line,
			 what, *fault->text ? ": " : "", fault->text, fault->rows);
}

/* What no model can be scored by. 1: numbers to be predicted. */
static int check_all(struct reader *r, struct error *err)
{
	struct labels *out = r->out;
	int rc = refuse(r, &r->doubled, "an id that was there before", err);

	if (!rc)
		rc = refuse(r, &r->no_id, "a row without an id", err);
	if (!rc)
		rc = refuse(r, &r->no_label, "a row without a label", err);
	if (rc < 0)
		return rc;
	if (!out->rows)
		return error_set(err, ERR_INPUT, "%s: there is a header and no row", r->wanted->name);
	if (r->wanted->ids_only)
		return 0;
	if (out->class_name.n < 2)
		return error_set(err, ERR_INPUT, "%s: all rows have one class, '%s'", r->wanted->name,
				 out->class_name.name[0]);
	if (out->class_name.n > REGRESSION_ABOVE && classes_are_numbers(&out->class_name))
		return regression(r, err);
	return 0;
}

/* Rows as a split's file has them, classes in their order. */
static int put_rows(struct reader *r, struct error *err)
{
	struct labels *out = r->out;
	struct names in_order = {0};
	size_t rows[2] = {0};
	int rc = 0;

	if (buf_reserve(&out->text, r->ids.len + out->rows * 8) < 0)
		return error_nomem(err);
	buf_puts(&out->text, "id,part,label\n");
	for (size_t i = 0; i < out->rows; i++) {
		const char *label = out->ids_only ? "" : out->class_name.name[r->code[i]];

		buf_csv(&out->text, r->of_row[i], strlen(r->of_row[i]));
		buf_puts(&out->text, ",test,");
		buf_csv(&out->text, label, strlen(label));
		buf_putc(&out->text, '\n');
	}
	for (size_t i = 0; i < out->class_name.n && !rc; i++)
		rc = names_add(&in_order, out->class_name.name[i], err);
	classes_sort(&out->class_name);
	for (size_t i = 0; i < in_order.n && out->class_name.n == 2; i++)
		rows[strcmp(in_order.name[i], out->class_name.name[0]) != 0] = r->class_rows[i];
	if (out->class_name.n == 2)
		out->positive = classes_positive(&out->rarer, &out->class_name, r->wanted->positive, rows);
	names_free(&in_order);
	return rc ? rc : buf_check(&out->text, err);
}

static int read_all(struct reader *r, const struct buf *text, struct error *err)
{
	int rc = read_header(r, err);

	if (!rc)
		rc = make_room(r, text, err);
	while (!rc && (rc = csv_next(&r->csv, err)) > 0)
		rc = take_row(r, err);
	if (!rc)
		rc = check_all(r, err);
	if (rc > 0)
		return 0;
	return rc ? rc : put_rows(r, err);
}

static int read_file(struct buf *text, const struct labels_wanted *wanted, struct error *err)
{
	struct error why = {0};
	int rc = file_is_plain(wanted->path) ? file_read(text, wanted->path, &why) : ERR_INPUT;

	if (!rc)
		return 0;
	if (rc == ERR_INPUT)
		return error_set(err, ERR_INPUT, "%s: it is no plain file", wanted->name);
	if (rc == ERR_NOT_FOUND)
		return error_set(err, ERR_INPUT, "%s: there is no such file", wanted->name);
	return error_set(err, rc, "%s", why.text);
}

int labels_read(struct labels *out, const struct labels_wanted *wanted, struct error *err)
{
	struct labels labels = LABELS_INIT;
	struct buf text = BUF_INIT;
	struct reader *r = mem_zeroed(1, sizeof(*r));
	int rc = r ? read_file(&text, wanted, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	*r = (struct reader){.wanted = wanted, .out = &labels, .ids = BUF_INIT};
	labels.ids_only = wanted->ids_only;
	labels.path = mem_text(wanted->path);
	labels.name = mem_text(wanted->name);
	rc = labels.path && labels.name ? sha256(labels.sha256, text.text, text.len, err) : error_nomem(err);
	csv_init(&r->csv, text.text, text.len, wanted->name, 0);
	if (!rc)
		rc = read_all(r, &text, err);
	csv_release(&r->csv);
	buf_release(&r->ids);
	free(r->of_row);
	free(r->code);
	id_table_release(&r->table);
out:
	free(r);
	buf_release(&text);
	if (rc < 0)
		labels_release(&labels);
	else
		*out = labels;
	return rc;
}

int labels_of_project(struct labels *out, const struct project *project, struct error *err)
{
	struct labels_wanted wanted = {
		.id = project->evaluation.id, .target = project->evaluation.target, .positive = project->data.positive};
	struct labels labels = LABELS_INIT;
	char *path, *name = NULL;
	int outside = 0, rc;

	if (!project->evaluation.labels) {
		*out = labels;
		return 0;
	}
	path = path_join(project->root, project->evaluation.labels);
	name = path ? project_path(&outside, project, path) : NULL;
	wanted.path = path;
	wanted.name = name;
	rc = name ? labels_read(&labels, &wanted, err) : error_nomem(err);
	if (rc == ERR_INPUT)
		error_hint(err, "`evaluation:` in assay.yaml names it");
	labels.outside = outside;
	free(path);
	free(name);
	if (!rc)
		*out = labels;
	return rc;
}

int labels_put_away(struct labels *labels, const char *folder, struct error *err)
{
	char *path = mem_printf("%s/labels-XXXXXX", folder);
	int rc = path ? dir_make(folder, err) : error_nomem(err);

	if (!rc)
		labels->file = mkostemp(path, O_CLOEXEC);
	if (!rc && labels->file < 0)
		rc = error_errno(err, "cannot make a file in %s", folder);
	else if (!rc && unlink(path) < 0)
		rc = error_errno(err, "cannot unlink %s", path);
	if (!rc)
		rc = fd_write(labels->file, labels->text.text, labels->text.len, "a copy of the labels", err);
	if (!rc)
		buf_release(&labels->text);
	free(path);
	return rc;
}

int labels_text(struct buf *out, const struct labels *labels, struct error *err)
{
	if (labels->file < 0) {
		buf_put(out, labels->text.text, labels->text.len);
		return buf_check(out, err);
	}
	if (lseek(labels->file, 0, SEEK_SET) < 0)
		return error_errno(err, "cannot read the copy of the labels");
	return fd_read(out, labels->file, "the copy of the labels", err);
}

int labels_changed(int *changed, const struct labels *labels, struct error *err)
{
	struct buf text = BUF_INIT;
	struct error why = {0};
	char now[SHA256_HEX] = "";
	int rc = file_is_plain(labels->path) ? file_read(&text, labels->path, &why) : 0;

	*changed = 1;
	if (rc == ERR_NOMEM)
		rc = error_nomem(err);
	else
		rc = rc ? 0 : sha256(now, text.text, text.len, err);
	if (!rc)
		*changed = strcmp(now, labels->sha256) != 0;
	buf_release(&text);
	return rc;
}
