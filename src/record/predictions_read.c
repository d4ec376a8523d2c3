/*
 * predictions.csv read: columns are found by name; labels get the codes of their classes in the order of their bytes, so
 * that two files with the same labels have the same codes.
 */
#include "record/predictions_work.h"
#include "base/file.h"
#include "base/mem.h"
#include "format/number.h"

#include <math.h>

#define CLASSES_MOST 1000
#define NONE ((size_t)-1)
#define PLAIN (-1) /* the column `score`, of the positive class */

struct score_column {
	size_t at;
	int code; /* of its class; PLAIN */
};

struct reader {
	const char *name;
	struct csv csv;
	size_t columns, id, y_true, y_pred, weight, cluster; /* where; NONE */
	struct score_column *score;
	size_t scores, scores_cap;
	struct names classes; /* in order of appearance until the end */
	double *raw; /* [rows x scores] as the file has them */
	char **unit; /* [rows] texts of clusters; NULL: the file has none */
	struct further_columns further;
	size_t rows; /* that there is room for */
	struct stored_predictions *p;
};

static int bad(const struct reader *r, struct error *err, const char *what, size_t column)
{
	return error_set(err, ERR_INPUT, "%s:%zu: %s in column %zu", r->name, r->csv.line, what, column + 1);
}

/* Names of classes go into JSON, which is UTF-8. */
static int is_utf8(const char *text, size_t len)
{
	unsigned code;
	size_t step = 1;

	for (; len && step; text += step, len -= step)
		step = utf8_next(text, len, &code);
	return step != 0;
}

/* The code of a class, new or known; or an error. */
static int class_code(struct reader *r, const char *text, size_t len, size_t column, struct error *err)
{
	char *copy;
	int rc;

	for (size_t i = 0; i < r->classes.n; i++)
		if (strlen(r->classes.name[i]) == len && !memcmp(r->classes.name[i], text, len))
			return (int)i;
	if (!len || memchr(text, '\0', len))
		return bad(r, err, len ? "a NUL byte" : "no class", column);
	if (!is_utf8(text, len))
		return bad(r, err, "a class that is not UTF-8", column);
	if (r->classes.n == CLASSES_MOST)
		return bad(r, err, "more than 1000 classes", column);
	copy = mem_text_n(text, len);
	rc = copy ? names_add(&r->classes, copy, err) : error_nomem(err);
	free(copy);
	return rc < 0 ? rc : (int)r->classes.n - 1;
}

static int is_field(const struct csv_field *field, const char *text)
{
	return field->len == strlen(text) && !memcmp(field->text, text, field->len);
}

static int add_score(struct reader *r, size_t column, struct error *err)
{
	const struct csv_field *field = &r->csv.field[column];
	size_t prefix = strlen("score_");
	int code = PLAIN;

	if (field->len > prefix) {
		code = class_code(r, field->text + prefix, field->len - prefix, column, err);
		if (code < 0)
			return code;
	}
	for (size_t i = 0; i < r->scores; i++)
		if (r->score[i].code == code || code == PLAIN || r->score[i].code == PLAIN)
			return bad(r, err, "a second score of a class", column);
	if (MEM_GROW(r->score, r->scores, r->scores_cap, err) < 0)
		return ERR_NOMEM;
	r->score[r->scores++] = (struct score_column){.at = column, .code = code};
	return 0;
}

/* Labels with what was predicted, or neither and something else to compare. */
static int check_header(const struct reader *r, struct error *err)
{
	int predicted = r->y_pred != NONE || r->scores;

	if (r->id == NONE || (r->y_true == NONE && (predicted || !r->further.n)))
		return error_set(err, ERR_INPUT, "%s:1: there is no column '%s'", r->name,
				 r->id == NONE ? "id" : "y_true");
	if (r->y_true != NONE && !predicted)
		return error_set(err, ERR_INPUT, "%s:1: there is neither a column 'y_pred' nor a score", r->name);
	return 0;
}

static int read_header(struct reader *r, struct error *err)
{
	struct {
		const char *name;
		size_t *at;
	} known[] = {{"id", &r->id},
		     {"y_true", &r->y_true},
		     {"y_pred", &r->y_pred},
		     {"weight", &r->weight},
		     {"cluster", &r->cluster}};
	int rc = csv_next(&r->csv, err);

	if (rc <= 0)
		return rc < 0 ? rc : error_set(err, ERR_INPUT, "%s: the file is empty", r->name);
	r->columns = r->csv.n;
	for (size_t i = 0; i < r->columns; i++) {
		const struct csv_field *field = &r->csv.field[i];
		size_t k = 0;

		while (k < sizeof(known) / sizeof(*known) && !is_field(field, known[k].name))
			k++;
		if (k < sizeof(known) / sizeof(*known)) {
			if (*known[k].at != NONE)
				return bad(r, err, "a name for the second time", i);
			*known[k].at = i;
		} else if (is_field(field, "score") || (field->len > 6 && !memcmp(field->text, "score_", 6))) {
			rc = add_score(r, i, err);
		} else {
			rc = further_add(&r->further, i, field, err);
		}
		if (rc < 0)
			return rc;
	}
	return check_header(r, err);
}

/* Room for as many rows as there are lines. */
static int make_room(struct reader *r, const char *text, size_t len, struct error *err)
{
	struct stored_predictions *p = r->p;
	const char *at = text, *end = text + len;

	for (r->rows = 1; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		r->rows++;
	p->id = mem_zeroed(r->rows, sizeof(*p->id));
	if (r->y_true != NONE) {
		p->y_true = mem_array(r->rows, sizeof(*p->y_true));
		p->y_pred = mem_array(r->rows, sizeof(*p->y_pred));
	}
	if (r->scores)
		r->raw = mem_array(r->rows, r->scores * sizeof(*r->raw));
	if (r->weight != NONE)
		p->weight = mem_array(r->rows, sizeof(*p->weight));
	if (r->cluster != NONE)
		r->unit = mem_zeroed(r->rows, sizeof(*r->unit));
	if (!p->id || (r->y_true != NONE && (!p->y_true || !p->y_pred)) || (r->scores && !r->raw) ||
	    (r->weight != NONE && !p->weight) || (r->cluster != NONE && !r->unit))
		return error_nomem(err);
	return further_room(&r->further, r->rows, err);
}

static int read_number(double *out, const struct reader *r, size_t column, struct error *err)
{
	const struct csv_field *field = &r->csv.field[column];

	if (number_parse(out, field->text, field->len) != NUMBER_OK)
		return bad(r, err, "no number", column);
	return 0;
}

/* What is predicted of a row, and its truth. */
static int read_labels(struct reader *r, struct error *err)
{
	struct stored_predictions *p = r->p;
	const struct csv_field *field = r->csv.field;
	int rc;

	if (r->y_true == NONE)
		return 0;
	rc = p->y_true[p->n] = class_code(r, field[r->y_true].text, field[r->y_true].len, r->y_true, err);
	if (rc >= 0 && r->y_pred != NONE)
		rc = p->y_pred[p->n] = class_code(r, field[r->y_pred].text, field[r->y_pred].len, r->y_pred, err);
	for (size_t i = 0; i < r->scores && rc >= 0; i++)
		rc = read_number(&r->raw[p->n * r->scores + i], r, r->score[i].at, err);
	return rc < 0 ? rc : 0;
}

static int read_cluster(struct reader *r, struct error *err)
{
	const struct csv_field *field = &r->csv.field[r->cluster];

	if (!field->len)
		return 0;
	r->unit[r->p->n] = mem_text_n(field->text, field->len);
	return r->unit[r->p->n] ? 0 : error_nomem(err);
}

static int read_row(struct reader *r, struct error *err)
{
	struct stored_predictions *p = r->p;
	const struct csv_field *field = r->csv.field;
	int rc;

	if (r->csv.n != r->columns)
		return error_set(err, ERR_INPUT, "%s:%zu: %zu fields, but the header has %zu", r->name, r->csv.line,
				 r->csv.n, r->columns);
	if (p->n == r->rows)
		return bad(r, err, "a line end that is none", 0);
	if (!field[r->id].len || memchr(field[r->id].text, '\0', field[r->id].len))
		return bad(r, err, field[r->id].len ? "a NUL byte" : "no id", r->id);
	rc = read_labels(r, err);
	if (!rc && p->weight)
		rc = read_number(&p->weight[p->n], r, r->weight, err);
	if (!rc && p->weight && p->weight[p->n] <= 0)
		rc = bad(r, err, "a weight that is not positive", r->weight);
	if (!rc && r->unit)
		rc = read_cluster(r, err);
	if (rc)
		return rc;
	further_row(&r->further, p->n, field);
	p->id[p->n] = mem_text_n(field[r->id].text, field[r->id].len);
	if (!p->id[p->n])
		return error_nomem(err);
	p->n++;
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find_class(const struct stored_predictions *p, const char *name)
{
	for (int i = 0; i < p->classes; i++)
		if (!strcmp(p->class_name[i], name))
			return i;
	return -1;
}

/* From order of appearance to order of bytes: names, labels and the columns of scores. */
static int sort_classes(struct reader *r, struct error *err)
{
	struct stored_predictions *p = r->p;
	char **sorted = mem_array(r->classes.n, sizeof(*sorted));
	int *code = mem_array(r->classes.n, sizeof(*code));

	if (!sorted || !code) {
		free(sorted);
		free(code);
		return error_nomem(err);
	}
	memcpy(sorted, r->classes.name, r->classes.n * sizeof(*sorted));
	qsort(sorted, r->classes.n, sizeof(*sorted), by_bytes);
	p->class_name = sorted;
	p->classes = (int)r->classes.n;
	for (size_t i = 0; i < r->classes.n; i++)
		code[i] = find_class(p, r->classes.name[i]);
	r->classes.n = 0; /* the names themselves are p's now */
	for (size_t i = 0; i < p->n; i++) {
		p->y_true[i] = code[p->y_true[i]];
		if (r->y_pred != NONE)
			p->y_pred[i] = code[p->y_pred[i]];
	}
	for (size_t i = 0; i < r->scores; i++)
		if (r->score[i].code != PLAIN)
			r->score[i].code = code[r->score[i].code];
	free(code);
	return 0;
}

/* Which of two classes is the positive one: as told, else the one called yes, true or 1. */
static int choose_positive(struct stored_predictions *p, const char *positive, const char *name, struct error *err)
{
	static const char *const usual[] = {"yes", "true", "1"};

	p->positive = -1;
	if (p->classes < 2)
		return error_set(err, ERR_INPUT, "%s: all rows have one class", name);
	if (p->classes > 2)
		return 0;
	if (positive) {
		p->positive = find_class(p, positive);
		if (p->positive < 0)
			return error_set(err, ERR_INPUT, "%s: no row has the positive class '%s'", name, positive);
		return 0;
	}
	for (int i = 0; i < p->classes; i++)
		for (size_t k = 0; k < sizeof(usual) / sizeof(*usual); k++)
			if (!strcasecmp(p->class_name[i], usual[k]))
				p->positive = i;
	return 0;
}

/* The scores of every class, and the predicted class where the file does not say. */
static int spread_scores(struct reader *r, struct error *err)
{
	struct stored_predictions *p = r->p;
	size_t classes = (size_t)p->classes;
	int plain = r->scores == 1 && r->score[0].code == PLAIN;

	if (plain && p->positive < 0) {
		error_set(err, ERR_INPUT, "%s: which class the column 'score' belongs to is not known", r->name);
		error_hint(err, "name the positive class, or write one column score_CLASS for each class");
		return ERR_INPUT;
	}
	p->score = mem_zeroed(p->n, classes * sizeof(*p->score));
	if (!p->score)
		return error_nomem(err);
	for (size_t i = 0; i < p->n; i++) {
		double *score = p->score + i * classes;
		int best = 0;

		for (size_t k = 0; k < r->scores; k++)
			score[plain ? p->positive : r->score[k].code] = r->raw[i * r->scores + k];
		if (plain)
			score[1 - p->positive] = 1 - score[p->positive];
		for (int k = 1; k < p->classes; k++)
			if (score[k] > score[best] || (score[k] == score[best] && k == p->positive))
				best = k;
		if (r->y_pred == NONE)
			p->y_pred[i] = best;
	}
	if (r->y_pred == NONE && plain && !scores_are_probabilities(p->score, p->n, p->classes)) {
		free(p->y_pred); /* nothing says where to cut them */
		p->y_pred = NULL;
	}
	return 0;
}

static int finish_labels(struct reader *r, const char *positive, struct error *err)
{
	int rc = 0;

	if (positive && r->classes.n == 1 && strcmp(r->classes.name[0], positive) != 0)
		rc = names_add(&r->classes, positive, err);
	if (!rc)
		rc = sort_classes(r, err);
	if (!rc)
		rc = choose_positive(r->p, positive, r->name, err);
	if (!rc && r->scores)
		rc = spread_scores(r, err);
	return rc;
}

static int read_all(struct reader *r, const char *text, size_t len, const char *positive, struct error *err)
{
	int rc = read_header(r, err);

	if (!rc)
		rc = make_room(r, text, len, err);
	while (!rc && (rc = csv_next(&r->csv, err)) > 0)
		rc = read_row(r, err);
	if (!rc && !r->p->n)
		rc = error_set(err, ERR_INPUT, "%s: there is a header and no row", r->name);
	r->p->positive = -1;
	if (!rc && r->y_true != NONE)
		rc = finish_labels(r, positive, err);
	if (!rc && r->unit)
		rc = clusters_number(r->p, r->unit, err);
	if (!rc)
		rc = further_take(r->p, &r->further, err);
	if (!rc && r->y_true == NONE && !r->p->further.n)
		rc = error_set(err, ERR_INPUT, "%s: no column has a number for each row", r->name);
	return rc;
}

static void reader_release(struct reader *r)
{
	csv_release(&r->csv);
	names_free(&r->classes);
	further_release(&r->further);
	for (size_t i = 0; r->unit && i < r->rows; i++)
		free(r->unit[i]);
	free(r->unit);
	free(r->score);
	free(r->raw);
}

int predictions_read(struct stored_predictions **out, const char *text, size_t len, const char *positive,
		     const char *name, struct error *err)
{
	struct reader r = {.name = name, .id = NONE, .y_true = NONE, .y_pred = NONE, .weight = NONE, .cluster = NONE};
	int rc;

	csv_init(&r.csv, text, len, name, ',');
	r.p = mem_zeroed(1, sizeof(*r.p));
	rc = r.p ? read_all(&r, text, len, positive, err) : error_nomem(err);
	reader_release(&r);
	if (rc < 0)
		stored_predictions_free(r.p);
	else
		*out = r.p;
	return rc;
}

void stored_predictions_free(struct stored_predictions *p)
{
	if (!p)
		return;
	for (size_t i = 0; p->id && i < p->n; i++)
		free(p->id[i]);
	for (int i = 0; p->class_name && i < p->classes; i++)
		free(p->class_name[i]);
	free(p->id);
	free(p->class_name);
	free(p->y_true);
	free(p->y_pred);
	free(p->score);
	free(p->weight);
	free(p->cluster);
	names_free(&p->further);
	free(p->further_value);
	free(p);
}
