/* Which rows are to be scored and what their true classes are: from labels that are given, or from the predictions' own. */
#include "track/score_work.h"

#include "base/mem.h"
#include "format/number.h"
#include "track/classes.h"

void score_rows_release(struct score_rows *rows)
{
	free(rows->id);
	free(rows->y_true);
	free(rows->y_pred);
	free(rows->score);
	free(rows->weight);
	free(rows->unit);
	free(rows->cluster);
	free(rows->at);
	free(rows->state);
	buf_release(&rows->texts);
	id_table_release(&rows->table);
	*rows = (struct score_rows){.texts = BUF_INIT};
}

int score_class(const struct scoring *s, const char *text, size_t len)
{
	int code = classes_find(&s->classes, text, len);
	double value;

	if (code < 0 && s->by_01 && number_parse(&value, text, len) == NUMBER_OK && (value == 0 || value == 1))
		return value > 0 ? s->positive : 1 - s->positive;
	return code;
}

/* What a file says of each row. */
static int make_values(struct scoring *s, size_t n)
{
	struct score_rows *rows = &s->rows;
	size_t classes = s->scores ? s->classes.n : 0;

	rows->y_pred = mem_array(n, sizeof(*rows->y_pred));
	if (!rows->y_pred)
		return error_nomem(s->err);
	if (classes && !(rows->score = mem_zeroed(n * classes, sizeof(*rows->score))))
		return error_nomem(s->err);
	if (s->weight != NO_COLUMN && !(rows->weight = mem_array(n, sizeof(*rows->weight))))
		return error_nomem(s->err);
	if (s->cluster != NO_COLUMN && !(rows->unit = mem_array(n, sizeof(*rows->unit))))
		return error_nomem(s->err);
	if (s->n_further && !(rows->at = mem_array(n, sizeof(*rows->at))))
		return error_nomem(s->err);
	return 0;
}

static int make_rows(struct scoring *s, size_t n)
{
	struct score_rows *rows = &s->rows;
	int rc;

	rows->room = n;
	rows->id = mem_zeroed(n, sizeof(*rows->id));
	rows->y_true = mem_array(n, sizeof(*rows->y_true));
	rows->state = mem_zeroed(n, sizeof(*rows->state));
	if (!rows->id || !rows->y_true || !rows->state)
		return error_nomem(s->err);
	rc = make_values(s, n);
	return rc ? rc : id_table_make(&rows->table, n, s->err);
}

/* The rows of the file before this one, of which nothing has been seen yet. */
static int take_shared(struct scoring *s)
{
	memset(s->rows.state, 0, s->rows.n);
	return make_values(s, s->rows.n);
}

/* One record of `id,part,label`. */
static int take_label(struct scoring *s, const struct csv *csv)
{
	struct score_rows *rows = &s->rows;
	char *id;
	int code;

	if (csv->n != 3 || rows->n == rows->room)
		return score_refuse(s, "%s is damaged", csv->name);
	code = s->classes.n ? score_class(s, csv->field[2].text, csv->field[2].len) : 0; /* ids alone */
	if (code < 0)
		return score_refuse(s, "%s is damaged", csv->name);
	id = rows->texts.text + rows->texts.len; /* room was made: it does not move */
	buf_put(&rows->texts, csv->field[0].text, csv->field[0].len);
	buf_putc(&rows->texts, '\0');
	rows->id[rows->n] = id;
	rows->y_true[rows->n] = code;
	rows->state[rows->n] = csv->field[1].len == 5 ? ROW_VALID : 0; /* else "test" */
	if (id_table_find(&rows->table, rows->id, id, csv->field[0].len, (long long)rows->n) >= 0)
		return score_refuse(s, "%s is damaged", csv->name);
	rows->n++;
	return 0;
}

static size_t count_lines(const struct buf *text)
{
	size_t lines = 1;

	for (const char *at = text->text; (at = memchr(at, '\n', (size_t)(text->text + text->len - at))); at++)
		lines++;
	return lines;
}

/* The rows of `id,part,label`; the classes are known. */
static int take_labels(struct scoring *s, const struct buf *text, const char *name)
{
	struct error why = {0};
	struct csv csv;
	int rc = make_rows(s, count_lines(text));

	csv_init(&csv, text->text, text->len, name, ',');
	if (!rc && buf_reserve(&s->rows.texts, text->len + s->rows.room) < 0)
		rc = error_nomem(s->err);
	if (!rc && csv_next(&csv, &why) <= 0) /* the header */
		rc = score_refuse(s, "%s is empty", name);
	while (!rc && (rc = csv_next(&csv, &why)) > 0)
		rc = take_label(s, &csv);
	if (rc < 0 && why.code)
		rc = score_refuse(s, "%s", why.text);
	csv_release(&csv);
	return rc;
}

/* Where the split knows all classes of the data, of which the labels may lack a rare one: its. */
static const struct names *classes_of(const struct scoring *s)
{
	if (s->truth == TRUTH_SPLIT)
		return &s->split->class_name;
	for (size_t i = 0; s->split && i < s->labels->class_name.n; i++)
		if (classes_find(&s->split->class_name, s->labels->class_name.name[i],
				 strlen(s->labels->class_name.name[i])) < 0)
			return &s->labels->class_name;
	return s->split && s->split->class_name.n > 2 ? &s->split->class_name : &s->labels->class_name;
}

int score_labels(struct scoring *s)
{
	const char *name = s->truth == TRUTH_SPLIT ? s->split->labels : s->labels->name, *positive = NULL;
	const struct names *classes = classes_of(s);
	struct buf text = BUF_INIT;
	struct error why = {0};
	int rc = 0;

	if (s->truth == TRUTH_SPLIT)
		rc = file_read(&text, name, &why);
	else if (!s->rows.n)
		rc = labels_text(&text, s->labels, &why);
	if (rc < 0)
		rc = rc == ERR_NOMEM ? error_nomem(s->err) : score_refuse(s, "%s", why.text);
	for (size_t i = 0; i < classes->n && !rc; i++)
		rc = names_add(&s->classes, classes->name[i], s->err);
	if (s->truth == TRUTH_SPLIT)
		positive = s->split->positive;
	else if (s->labels->positive >= 0)
		positive = s->labels->class_name.name[s->labels->positive];
	s->positive = -1;
	if (!rc && s->classes.n == 2 && positive)
		s->positive = classes_find(&s->classes, positive, strlen(positive));
	s->by_01 = s->positive >= 0;
	if (!rc && s->truth == TRUTH_PROJECT && s->labels->rarer)
		rc = run_note(s->run, s->err, "positive class: %s (the rarer)", positive);
	if (!rc)
		rc = s->rows.n ? take_shared(s) : take_labels(s, &text, name);
	buf_release(&text);
	return rc;
}

/* Note a class that the file names. An empty one is counted when rows are read. */
static int meet_class(struct scoring *s, const char *text, size_t len)
{
	char *copy;
	int rc;

	if (!len || score_class(s, text, len) >= 0)
		return 0;
	if (!classes_text(text, len))
		return score_refuse(s, "a class in line %zu is not UTF-8 text", s->csv.line);
	if (s->classes.n == CLASSES_MOST)
		return score_refuse(s, "y_true and y_pred have more than %d different values", CLASSES_MOST);
	copy = mem_text_n(text, len);
	rc = copy ? names_add(&s->classes, copy, s->err) : error_nomem(s->err);
	free(copy);
	return rc;
}

/* Of two classes: the project's, else yes, true or 1, else the rarer in y_true (rows of class 0 and 1), said in a note. */
static int choose_positive(struct scoring *s, const size_t rows[2])
{
	int rarer;

	s->positive = classes_positive(&rarer, &s->classes, s->project ? s->project->data.positive : NULL, rows);
	if (!rarer)
		return 0;
	return run_note(s->run, s->err, "positive class: %s (%s)", s->classes.name[s->positive],
			rows[0] == rows[1] ? "both are equally frequent" : "the rarer");
}

static int meet_row(struct scoring *s)
{
	const struct csv_field *field = s->csv.field;
	int rc = 0;

	if (s->csv.n != s->columns)
		return score_refuse(s, "line %zu has %zu fields, the header %zu", s->csv.line, s->csv.n, s->columns);
	if (s->y_true != NO_COLUMN)
		rc = meet_class(s, field[s->y_true].text, field[s->y_true].len);
	if (!rc && s->y_pred != NO_COLUMN)
		rc = meet_class(s, field[s->y_pred].text, field[s->y_pred].len);
	return rc;
}

static int count_classes(struct scoring *s, size_t rows[2], const struct csv *start)
{
	struct error why = {0};
	int rc;

	for (size_t i = 0; i < s->scores; i++)
		if (s->score[i].name && (rc = meet_class(s, s->score[i].name, strlen(s->score[i].name))))
			return rc;
	while ((rc = csv_next(&s->csv, &why)) > 0)
		if ((rc = meet_row(s)))
			return rc;
	if (rc < 0)
		return score_refuse(s, "%s", why.text);
	if (s->y_pred == NO_COLUMN && s->classes.n > REGRESSION_ABOVE && !s->scores)
		return 0;
	classes_sort(&s->classes);
	if (s->classes.n != 2)
		return 0;
	s->csv.at = start->at;
	s->csv.next_line = start->next_line;
	while ((rc = csv_next(&s->csv, &why)) > 0) {
		int code = score_class(s, s->csv.field[s->y_true].text, s->csv.field[s->y_true].len);

		if (code >= 0)
			rows[code]++;
	}
	return rc < 0 ? score_refuse(s, "%s", why.text) : 0;
}

int score_own_classes(struct scoring *s)
{
	const struct csv start = s->csv; /* behind the header */
	size_t rows[2] = {0};
	int rc = s->scored ? count_classes(s, rows, &start) : 0;

	s->csv.at = start.at;
	s->csv.next_line = start.next_line;
	s->positive = -1;
	if (!rc && s->scored && s->classes.n > REGRESSION_ABOVE && classes_are_numbers(&s->classes))
		rc = score_refuse(s,
				  "y_true has more than %d different numbers: a regression, which this version does "
				  "not score",
				  REGRESSION_ABOVE);
	if (!rc && s->scored && s->classes.n < 2)
		rc = score_refuse(s, s->classes.n ? "all rows have one class" : "it has no row");
	if (!rc && s->classes.n == 2)
		rc = choose_positive(s, rows);
	if (!rc)
		rc = make_rows(s, count_lines(&s->text));
	if (!rc && buf_reserve(&s->rows.texts, s->text.len + s->rows.room) < 0)
		rc = error_nomem(s->err);
	return rc;
}

/* Move row `from` to `to`, which is not behind it. */
static void move_row(struct score_rows *rows, size_t to, size_t from, size_t classes)
{
	rows->id[to] = rows->id[from];
	rows->y_true[to] = rows->y_true[from];
	rows->y_pred[to] = rows->y_pred[from];
	if (rows->score)
		memmove(rows->score + to * classes, rows->score + from * classes, classes * sizeof(*rows->score));
	if (rows->weight)
		rows->weight[to] = rows->weight[from];
	if (rows->unit)
		rows->unit[to] = rows->unit[from];
	if (rows->at)
		rows->at[to] = rows->at[from];
	rows->state[to] = rows->state[from];
}

int score_choose_part(struct scoring *s)
{
	struct score_rows *rows = &s->rows;
	size_t seen[2] = {0}, all[2] = {0}, n = 0;
	int valid;

	if (!s->compared)
		id_table_release(&rows->table);
	if (s->truth == TRUTH_OWN) {
		s->of_rows = rows->n;
		return 0;
	}
	for (size_t i = 0; i < rows->n; i++) {
		valid = rows->state[i] & ROW_VALID;
		all[valid]++;
		seen[valid] += (rows->state[i] & ROW_SEEN) != 0;
	}
	valid = !seen[0] && seen[1];
	for (size_t i = 0; i < rows->n; i++)
		if ((rows->state[i] & ROW_VALID) == valid && rows->state[i] & ROW_SEEN)
			move_row(rows, n++, i, s->classes.n);
	rows->n = n;
	if (s->truth == TRUTH_SPLIT)
		s->part = valid ? "valid" : "test";
	s->of_rows = all[valid];
	s->missing = all[valid] - seen[valid];
	s->left_out = seen[!valid];
	return 0;
}
