/* predictions.csv into rows: columns by name, ids joined, classes and numbers checked, what is wrong counted. */
#include "track/score_work.h"

#include "base/mem.h"
#include "format/number.h"

#include <math.h>

static int is_field(const struct csv_field *field, const char *text)
{
	return field->len == strlen(text) && !memcmp(field->text, text, field->len);
}

static int add_class_column(struct scoring *s, size_t at, const char *name, size_t len)
{
	struct class_column *column;

	if (MEM_GROW(s->score, s->scores, s->scores_cap, s->err) < 0)
		return ERR_NOMEM;
	column = &s->score[s->scores++];
	*column = (struct class_column){.at = at};
	if (len) {
		column->name = mem_text_n(name, len);
		if (!column->name)
			return error_nomem(s->err);
	}
	return 0;
}

/* A column that is a group by its name or by assay.yaml. */
static int is_declared_group(const struct scoring *s, const char *name)
{
	if (!strncmp(name, "group_", 6))
		return 1;
	for (size_t i = 0; s->project && i < s->project->data.groups.n; i++)
		if (!strcmp(s->project->data.groups.name[i], name))
			return 1;
	return 0;
}

/* A name that json and a table of runs can hold. */
static int is_name(const struct csv_field *field)
{
	const char *text = field->text;
	size_t left = field->len, step;
	unsigned code;

	for (; left; text += step, left -= step) {
		step = utf8_next(text, left, &code);
		if (!step || code < 32 || code == 127)
			return 0;
	}
	return field->len > 0;
}

static int add_further(struct scoring *s, size_t at)
{
	const struct csv_field *field = &s->csv.field[at];
	struct further_column *column;

	if (!is_name(field))
		return run_note(s->run, s->err, "Column %zu of predictions.csv has no usable name: left out", at + 1);
	if (MEM_GROW(s->further, s->n_further, s->further_cap, s->err) < 0)
		return ERR_NOMEM;
	column = &s->further[s->n_further++];
	*column = (struct further_column){.at = at, .name = mem_text_n(field->text, field->len)};
	if (!column->name)
		return error_nomem(s->err);
	column->declared = !strcmp(column->name, "cluster") ? 2 : is_declared_group(s, column->name);
	if (column->declared == 2)
		s->cluster = at;
	return 0;
}

static int take_column(struct scoring *s, size_t at)
{
	const struct {
		const char *name;
		size_t *at;
	} known[] = {{s->id_name, &s->id}, {s->true_name, &s->y_true}, {"y_pred", &s->y_pred}, {"weight", &s->weight}};
	const struct csv_field *field = &s->csv.field[at];

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		if (is_field(field, known[k].name)) {
			*known[k].at = at;
			return 0;
		}
	if (is_field(field, "id") && s->id == NO_COLUMN) {
		s->id = at;
		return 0;
	}
	if (is_field(field, "score"))
		return add_class_column(s, at, NULL, 0);
	if (field->len > 6 && !memcmp(field->text, "score_", 6) && is_name(field))
		return add_class_column(s, at, field->text + 6, field->len - 6);
	return add_further(s, at);
}

static int check_doubled(struct scoring *s)
{
	for (size_t i = 0; i < s->columns; i++)
		for (size_t k = 0; k < i; k++)
			if (s->csv.field[i].len == s->csv.field[k].len &&
			    !memcmp(s->csv.field[i].text, s->csv.field[k].text, s->csv.field[i].len))
				return score_refuse(s, "columns %zu and %zu have the same name", k + 1, i + 1);
	return 0;
}

int score_header(struct scoring *s)
{
	struct error why = {0};
	int rc = csv_next(&s->csv, &why);

	s->id = s->y_true = s->y_pred = s->weight = s->cluster = NO_COLUMN;
	if (rc < 0)
		return score_refuse(s, "%s", why.text);
	if (!rc)
		return score_refuse(s, "the file is empty");
	s->columns = s->csv.n;
	rc = s->columns > 20000 ? score_refuse(s, "it has %zu columns", s->columns) : check_doubled(s);
	for (size_t i = 0; i < s->columns && !rc; i++)
		rc = take_column(s, i);
	if (rc)
		return rc;
	if (s->id == NO_COLUMN)
		return score_refuse(s, "it has no column '%s'", s->id_name);
	if (s->truth == TRUTH_PROJECT && !s->compared && s->weight != NO_COLUMN) {
		s->weight = NO_COLUMN;
		rc = run_note(s->run, s->err,
			      "The weights in predictions.csv do not count: assay.yaml pins the labels");
		if (rc < 0)
			return rc;
	}
	s->scored = (s->y_pred != NO_COLUMN || s->scores) &&
		    (s->labels ? !s->labels->ids_only : s->truth != TRUTH_OWN || s->y_true != NO_COLUMN);
	if (!s->scored && !s->n_further)
		return score_refuse(s,
				    s->y_pred != NO_COLUMN || s->scores
					    ? "there are no labels: a column 'y_true', or data and target in assay.yaml"
					    : "it has neither 'y_pred' nor 'score' nor a number for each row");
	return 0;
}

/* Which class each column of scores belongs to. A column of none is refused: its name is a slip. */
static int name_scores(struct scoring *s)
{
	for (size_t i = 0; i < s->scores; i++) {
		struct class_column *column = &s->score[i];

		column->code = column->name ? score_class(s, column->name, strlen(column->name)) : s->positive;
		if (column->code < 0 && !column->name)
			return score_refuse(s,
					    "a column 'score' is for two classes: with %zu, one score_CLASS for each",
					    s->classes.n);
		if (column->code < 0)
			return score_refuse(s, "the column 'score_%s' names no class", column->name);
		for (size_t k = 0; k < i; k++)
			if (s->score[k].code == column->code)
				return score_refuse(s, "two columns have scores of the class '%s'",
						    s->classes.name[column->code]);
	}
	return 0;
}

static void remember(char out[64], const struct csv_field *field)
{
	int len = field->len < 40 ? (int)field->len : 40;

	if (!*out)
		snprintf(out, 64, "%.*s", len, field->text);
}

static void refuse_row(struct scoring *s, size_t *kind)
{
	++*kind;
	if (!s->refused.line)
		s->refused.line = s->csv.line;
}

/* The place of the row that has this id; -1: it is refused or not asked for, and counted. */
static long long place_of(struct scoring *s, const struct csv_field *field)
{
	struct score_rows *rows = &s->rows;
	long long at;

	if (!field->len || memchr(field->text, '\0', field->len)) {
		refuse_row(s, &s->refused.no_id);
		return -1;
	}
	if (s->truth != TRUTH_OWN) {
		at = id_table_find(&rows->table, rows->id, field->text, field->len, -1);
		if (at < 0) {
			refuse_row(s, &s->refused.unknown);
			remember(s->refused.first_unknown, field);
		}
	} else {
		at = id_table_find(&rows->table, rows->id, field->text, field->len, (long long)rows->n);
		if (at < 0) {
			at = (long long)rows->n++;
			rows->id[at] = rows->texts.text + rows->texts.len; /* room was made: it does not move */
			buf_put(&rows->texts, field->text, field->len);
			buf_putc(&rows->texts, '\0');
		}
	}
	if (at >= 0 && rows->state[at] & ROW_SEEN) {
		refuse_row(s, &s->refused.doubled);
		return -1;
	}
	return at;
}

static void take_scores(struct scoring *s, size_t at)
{
	double *score = s->rows.score + at * s->classes.n;

	for (size_t i = 0; i < s->scores; i++) {
		const struct csv_field *field = &s->csv.field[s->score[i].at];

		if (number_parse(&score[s->score[i].code], field->text, field->len) != NUMBER_OK) {
			refuse_row(s, &s->refused.no_number);
			return;
		}
	}
	if (s->scores == 1 && s->classes.n == 2)
		score[1 - s->score[0].code] = 1 - score[s->score[0].code];
}

/* The true class: as given, else the file's own. */
static void take_truth(struct scoring *s, size_t at)
{
	const struct csv_field *field = s->y_true == NO_COLUMN ? NULL : &s->csv.field[s->y_true];
	int code = field ? score_class(s, field->text, field->len) : -1;

	if (s->truth != TRUTH_OWN) {
		s->other_truth += field && field->len && code != s->rows.y_true[at];
		return;
	}
	s->rows.y_true[at] = code;
	if (code < 0)
		refuse_row(s, &s->refused.no_label);
}

static void take_prediction(struct scoring *s, size_t at)
{
	const struct csv_field *field = s->y_pred == NO_COLUMN ? NULL : &s->csv.field[s->y_pred];
	const double *score = s->rows.score ? s->rows.score + at * s->classes.n : NULL;
	int best = 0;

	if (field) {
		best = score_class(s, field->text, field->len);
		if (best < 0) {
			refuse_row(s, &s->refused.no_class);
			remember(s->refused.first_class, field);
		}
	} else {
		for (int k = 1; score && k < (int)s->classes.n; k++)
			if (score[k] > score[best] || (score[k] >= score[best] && k == s->positive))
				best = k;
	}
	s->rows.y_pred[at] = best;
}

static int take_row(struct scoring *s, size_t start)
{
	const struct csv_field *field = s->csv.field;
	double weight = 1;
	long long at;

	if (s->csv.n != s->columns)
		return score_refuse(s, "line %zu has %zu fields, the header %zu", s->csv.line, s->csv.n, s->columns);
	at = place_of(s, &field[s->id]);
	if (at < 0)
		return 0;
	s->rows.state[at] |= ROW_SEEN;
	if (s->weight != NO_COLUMN &&
	    (number_parse(&weight, field[s->weight].text, field[s->weight].len) != NUMBER_OK || weight <= 0))
		refuse_row(s, &s->refused.bad_weight);
	if (s->rows.weight)
		s->rows.weight[at] = weight;
	if (s->rows.at)
		s->rows.at[at] = (uint32_t)start;
	score_take_unit(s, (size_t)at);
	if (s->scored) {
		take_truth(s, (size_t)at);
		if (s->scores)
			take_scores(s, (size_t)at);
		take_prediction(s, (size_t)at);
	}
	return score_further_row(s);
}

int score_read_rows(struct scoring *s)
{
	struct error why = {0};
	size_t start = (size_t)(s->csv.at - s->text.text);
	int rc = s->scored ? name_scores(s) : 0;

	while (!rc && (rc = csv_next(&s->csv, &why)) > 0) {
		rc = take_row(s, start);
		start = (size_t)(s->csv.at - s->text.text);
	}
	if (rc < 0 && why.code)
		rc = score_refuse(s, "%s", why.text);
	return rc;
}
