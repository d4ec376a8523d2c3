/* Which rows are to be scored and what their true classes are: from the split's file, or from the predictions' own. */
#include "track/score_work.h"

#include "base/mem.h"
#include "format/number.h"

#include <strings.h>

#define REGRESSION_ABOVE 20 /* distinct numbers, as for a target */

static uint64_t hash_of(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

int id_table_make(struct id_table *out, size_t rows, struct error *err)
{
	size_t slots = 16;

	if (rows >= UINT32_MAX)
		return error_set(err, ERR_INPUT, "more rows than can be joined");
	while (slots < rows + rows / 2)
		slots *= 2;
	out->slot = mem_zeroed(slots, sizeof(*out->slot));
	out->mask = slots - 1;
	return out->slot ? 0 : error_nomem(err);
}

void id_table_release(struct id_table *table)
{
	free(table->slot);
	*table = (struct id_table){0};
}

long long id_table_find(const struct id_table *table, char *const *id, const char *text, size_t len, long long row)
{
	size_t at = hash_of(text, len) & table->mask;

	for (; table->slot[at]; at = (at + 1) & table->mask) {
		const char *other = id[table->slot[at] - 1];

		if (!strncmp(other, text, len) && !other[len])
			return table->slot[at] - 1;
	}
	if (row >= 0)
		table->slot[at] = (uint32_t)row + 1;
	return -1;
}

void score_rows_release(struct score_rows *rows)
{
	free(rows->id);
	free(rows->y_true);
	free(rows->y_pred);
	free(rows->score);
	free(rows->weight);
	free(rows->at);
	free(rows->state);
	buf_release(&rows->texts);
	id_table_release(&rows->table);
	*rows = (struct score_rows){.texts = BUF_INIT};
}

int score_class(const struct scoring *s, const char *text, size_t len)
{
	double value, of_class;

	for (size_t i = 0; i < s->classes.n; i++)
		if (!strncmp(s->classes.name[i], text, len) && !s->classes.name[i][len])
			return (int)i;
	if (number_parse(&value, text, len) != NUMBER_OK)
		return -1;
	for (size_t i = 0; i < s->classes.n; i++)
		if (number_parse(&of_class, s->classes.name[i], strlen(s->classes.name[i])) == NUMBER_OK &&
		    of_class >= value && of_class <= value)
			return (int)i;
	if (s->by_01 && (value == 0 || value == 1))
		return value > 0 ? s->positive : 1 - s->positive;
	return -1;
}

static int make_rows(struct scoring *s, size_t n)
{
	struct score_rows *rows = &s->rows;
	size_t classes = s->scores ? s->classes.n : 0;

	rows->room = n;
	rows->id = mem_zeroed(n, sizeof(*rows->id));
	rows->y_true = mem_array(n, sizeof(*rows->y_true));
	rows->y_pred = mem_array(n, sizeof(*rows->y_pred));
	rows->state = mem_zeroed(n, sizeof(*rows->state));
	if (!rows->id || !rows->y_true || !rows->y_pred || !rows->state)
		return error_nomem(s->err);
	if (classes && !(rows->score = mem_zeroed(n * classes, sizeof(*rows->score))))
		return error_nomem(s->err);
	if (s->weight != NO_COLUMN && !(rows->weight = mem_array(n, sizeof(*rows->weight))))
		return error_nomem(s->err);
	if (s->n_further && !(rows->at = mem_array(n, sizeof(*rows->at))))
		return error_nomem(s->err);
	return id_table_make(&rows->table, n, s->err);
}

/* One record of the split's file. Its texts are ended where they stand: what follows them has been read. */
static int take_label(struct scoring *s, const struct csv *csv)
{
	struct score_rows *rows = &s->rows;
	char *id;
	int code;

	if (csv->n != 3 || rows->n == rows->room)
		return score_refuse(s, "the split's file %s is damaged", s->split->labels);
	code = score_class(s, csv->field[2].text, csv->field[2].len);
	if (code < 0)
		return score_refuse(s, "the split's file %s is damaged", s->split->labels);
	id = rows->texts.text + rows->texts.len; /* room was made: it does not move */
	buf_put(&rows->texts, csv->field[0].text, csv->field[0].len);
	buf_putc(&rows->texts, '\0');
	rows->id[rows->n] = id;
	rows->y_true[rows->n] = code;
	rows->state[rows->n] = csv->field[1].len == 5 ? ROW_VALID : 0; /* else "test" */
	if (id_table_find(&rows->table, rows->id, id, csv->field[0].len, (long long)rows->n) >= 0)
		return score_refuse(s, "the split's file %s is damaged", s->split->labels);
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

int score_labels(struct scoring *s)
{
	struct buf text = BUF_INIT;
	struct error why = {0};
	struct csv csv;
	int rc = file_read(&text, s->split->labels, &why);

	csv_init(&csv, text.text, text.len, s->split->labels, ',');
	if (rc < 0)
		rc = rc == ERR_NOMEM ? error_nomem(s->err) : score_refuse(s, "%s", why.text);
	for (size_t i = 0; i < s->split->class_name.n && !rc; i++)
		rc = names_add(&s->classes, s->split->class_name.name[i], s->err);
	s->positive = -1;
	for (size_t i = 0; i < s->classes.n && s->classes.n == 2; i++)
		if (s->split->positive && !strcmp(s->classes.name[i], s->split->positive))
			s->positive = (int)i;
	s->by_01 = s->positive >= 0;
	if (!rc)
		rc = make_rows(s, count_lines(&text));
	if (!rc && buf_reserve(&s->rows.texts, text.len + s->rows.room) < 0)
		rc = error_nomem(s->err);
	if (!rc && csv_next(&csv, &why) <= 0) /* the header */
		rc = score_refuse(s, "the split's file %s is empty", s->split->labels);
	while (!rc && (rc = csv_next(&csv, &why)) > 0)
		rc = take_label(s, &csv);
	if (rc < 0 && why.code)
		rc = score_refuse(s, "%s", why.text);
	csv_release(&csv);
	buf_release(&text);
	return rc;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_value(const void *a, const void *b)
{
	double x = strtod(*(char *const *)a, NULL), y = strtod(*(char *const *)b, NULL);

	return x < y ? -1 : x > y ? 1 : by_bytes(a, b);
}

static int all_numbers(const struct names *names)
{
	double value;

	for (size_t i = 0; i < names->n; i++)
		if (number_parse(&value, names->name[i], strlen(names->name[i])) != NUMBER_OK)
			return 0;
	return 1;
}

static int is_utf8(const char *text, size_t len)
{
	unsigned code;
	size_t step = 1;

	for (; len && step; text += step, len -= step)
		step = utf8_next(text, len, &code);
	return step != 0;
}

/* Note a class that the file names. An empty one is counted when rows are read. */
static int meet_class(struct scoring *s, const char *text, size_t len)
{
	char *copy;
	int rc;

	if (!len || score_class(s, text, len) >= 0)
		return 0;
	if (memchr(text, '\0', len) || !is_utf8(text, len))
		return score_refuse(s, "a class in line %zu is not UTF-8 text", s->csv.line);
	if (s->classes.n == SCORE_CLASSES_MOST)
		return score_refuse(s, "y_true and y_pred have more than %d different values", SCORE_CLASSES_MOST);
	copy = mem_text_n(text, len);
	rc = copy ? names_add(&s->classes, copy, s->err) : error_nomem(s->err);
	free(copy);
	return rc;
}

/* Of two classes: the project's, else yes, true or 1, else the rarer in y_true (rows of class 0 and 1), said in a note. */
static int choose_positive(struct scoring *s, const size_t rows[2])
{
	static const char *const usual[] = {"yes", "true", "1"};
	const char *named = s->project ? s->project->data.positive : NULL;

	s->positive = named ? score_class(s, named, strlen(named)) : -1;
	for (int k = 1; k >= 0 && s->positive < 0; k--)
		for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
			if (!strcasecmp(s->classes.name[k], usual[i]))
				s->positive = k;
	if (s->positive >= 0)
		return 0;
	s->positive = rows[1] <= rows[0];
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
	if (s->classes.n)
		qsort(s->classes.name, s->classes.n, sizeof(*s->classes.name),
		      all_numbers(&s->classes) ? by_value : by_bytes);
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
	if (!rc && s->scored && s->classes.n > REGRESSION_ABOVE && all_numbers(&s->classes))
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
	if (rows->at)
		rows->at[to] = rows->at[from];
	rows->state[to] = rows->state[from];
}

int score_choose_part(struct scoring *s)
{
	struct score_rows *rows = &s->rows;
	size_t seen[2] = {0}, all[2] = {0}, n = 0;
	int valid;

	id_table_release(&rows->table);
	if (!s->split) {
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
	s->part = valid ? "valid" : "test";
	s->of_rows = all[valid];
	s->missing = all[valid] - seen[valid];
	s->left_out = seen[!valid];
	return 0;
}
