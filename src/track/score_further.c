/* The further columns of predictions.csv: numbers are scores per row and have a mean; texts are groups; and the stored file. */
#include "track/score_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/number.h"
#include "stats/rows.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

enum { PREDICTION_BYTES = 1 << 20 };

static int count_text(struct further_column *column, const struct csv_field *field, struct error *err)
{
	char *copy;
	int rc;

	column->texts++;
	for (size_t i = 0; i < column->levels.n; i++)
		if (!strncmp(column->levels.name[i], field->text, field->len) && !column->levels.name[i][field->len])
			return 0;
	if (column->levels.n > LEVELS_MOST)
		return 0;
	copy = mem_text_n(field->text, field->len);
	rc = copy ? names_add(&column->levels, copy, err) : error_nomem(err);
	free(copy);
	return rc;
}

int score_further_row(struct scoring *s)
{
	int rc = 0;

	for (size_t i = 0; i < s->n_further && !rc; i++) {
		struct further_column *column = &s->further[i];
		const struct csv_field *field = &s->csv.field[column->at];
		double value;

		if (predictions_missing(field->text, field->len)) {
			column->empty++;
		} else if (number_parse(&value, field->text, field->len) == NUMBER_OK) {
			column->numbers++;
		} else if (!column->declared) {
			rc = count_text(column, field, s->err);
		}
	}
	return rc;
}

static int is_score(const struct further_column *column)
{
	return !column->declared && column->numbers && !column->texts;
}

int score_further_kept(const struct further_column *column)
{
	return column->declared || is_score(column) || (column->texts && column->levels.n <= LEVELS_MOST);
}

/* Read the record of a row again. */
static int record_at(struct scoring *s, struct csv *csv, size_t row)
{
	struct error none = {0};

	if (s->rows.at[row] >= s->text.len)
		return 0;
	csv->at = s->text.text + s->rows.at[row];
	return csv_next(csv, &none) > 0 && csv->n == s->columns;
}

int score_further_values(double *out, struct scoring *s, const char *name)
{
	const struct further_column *column = NULL;
	struct csv csv;

	for (size_t i = 0; i < s->n_further; i++)
		if (!strcmp(s->further[i].name, name) && is_score(&s->further[i]))
			column = &s->further[i];
	if (!column)
		return 0;
	csv_init(&csv, s->text.text, s->text.len, s->name, s->csv.separator);
	for (size_t row = 0; row < s->rows.n; row++)
		if (!record_at(s, &csv, row) ||
		    number_parse(&out[row], csv.field[column->at].text, csv.field[column->at].len) != NUMBER_OK)
			out[row] = NAN;
	csv_release(&csv);
	return 1;
}

enum pass { PASS_SUMS, PASS_SQUARES };

/* Over the rows that are scored: first the sums, then the squared deviations from the means, weighted as rows_mean() has them. */
static void add_up(struct scoring *s, enum pass pass)
{
	struct csv csv;

	csv_init(&csv, s->text.text, s->text.len, "predictions.csv", s->csv.separator);
	for (size_t row = 0; row < s->rows.n; row++) {
		double weight = s->rows.weight ? s->rows.weight[row] : 1, value;

		if (!record_at(s, &csv, row))
			continue;
		for (size_t i = 0; i < s->n_further; i++) {
			struct further_column *column = &s->further[i];
			const struct csv_field *field = &csv.field[column->at];
			int number;

			if (!is_score(column))
				continue;
			number = number_parse(&value, field->text, field->len) == NUMBER_OK;
			if (number && pass == PASS_SQUARES)
				column->squares += weight * (value - column->mean) * weight * (value - column->mean);
			if (pass == PASS_SQUARES)
				continue;
			column->valued += number != 0;
			column->weights += number ? weight : 0;
			column->sum += number ? weight * value : 0;
		}
	}
	csv_release(&csv);
}

/* The column's values of the rows that are scored, and which rows have one. */
static void read_values(double *value, unsigned char *counted, struct scoring *s, const struct further_column *column)
{
	struct csv csv;

	csv_init(&csv, s->text.text, s->text.len, "predictions.csv", s->csv.separator);
	for (size_t row = 0; row < s->rows.n; row++) {
		const struct csv_field *field = record_at(s, &csv, row) ? &csv.field[column->at] : NULL;

		counted[row] = field && number_parse(&value[row], field->text, field->len) == NUMBER_OK;
	}
	csv_release(&csv);
}

/* Half of the width of the interval of the mean, by clusters; NaN where there is one cluster alone. */
static int half_of_clusters(double *half, struct scoring *s, const struct further_column *column)
{
	const struct predictions p = score_predictions(s);
	double *value = mem_array(p.n, sizeof(*value));
	unsigned char *counted = mem_array(p.n, sizeof(*counted));
	struct rows_mean mean = {0};
	int rc = value && counted ? 0 : error_nomem(s->err);

	if (!rc) {
		read_values(value, counted, s, column);
		rc = rows_mean_of_clusters(&mean, value, counted, &p, s->err);
	}
	*half = mean.df < 1 ? NAN : gsl_cdf_tdist_Qinv(0.025, mean.df) * mean.se;
	free(value);
	free(counted);
	return rc;
}

static double half_of_rows(const struct further_column *column)
{
	double n = (double)column->valued;

	return gsl_cdf_tdist_Qinv(0.025, n - 1) * sqrt(column->squares * (n / (n - 1))) / column->weights;
}

static int measure_column(struct scoring *s, const struct further_column *column, json_t *measured, json_t *intervals)
{
	double half = NAN;
	int rc;

	if (!column->valued)
		return 0;

	if (json_object_get(measured, column->name))
		return run_note(s->run, s->err, "The column '%s' has the name of a metric that was measured: not taken",
				column->name);
	rc = json_set_number(measured, column->name, column->mean, s->err);
	if (!rc && column->valued < s->rows.n)
		rc = run_note(s->run, s->err, "%s: %zu rows without a value are left out", column->name,
			      s->rows.n - column->valued);
	if (rc || column->valued < 2)
		return rc;
	if (s->rows.cluster)
		rc = half_of_clusters(&half, s, column);
	else
		half = half_of_rows(column);
	if (rc || !isfinite(half))
		return rc;
	return json_set(intervals, column->name, json_pack("[f, f]", column->mean - half, column->mean + half), s->err);
}

int score_further_measure(struct scoring *s, json_t *measured, json_t *intervals)
{
	int rc = 0, any = 0;

	for (size_t i = 0; i < s->n_further; i++)
		any |= is_score(&s->further[i]);
	if (any)
		add_up(s, PASS_SUMS);
	for (size_t i = 0; i < s->n_further; i++)
		s->further[i].mean = s->further[i].sum / s->further[i].weights;
	if (any)
		add_up(s, PASS_SQUARES);
	for (size_t i = 0; i < s->n_further && !rc; i++) {
		const struct further_column *column = &s->further[i];

		if (is_score(column))
			rc = measure_column(s, column, measured, intervals);
		else if (!score_further_kept(column) && column->texts)
			rc = run_note(s->run, s->err,
				      "The column '%s' has more than %d different texts: not kept as a group",
				      column->name, LEVELS_MOST);
	}
	return rc;
}

/* What the writer asks for each row that it keeps. */
struct further_source {
	struct scoring *s;
	struct csv csv;
};

static void put_further(struct buf *out, void *context, size_t row)
{
	struct further_source *source = context;
	struct scoring *s = source->s;
	int there = record_at(s, &source->csv, row);

	for (size_t i = 0; i < s->n_further; i++) {
		const struct csv_field *field = there ? &source->csv.field[s->further[i].at] : NULL;

		if (!score_further_kept(&s->further[i]))
			continue;
		buf_putc(out, ',');
		if (field)
			buf_csv(out, field->text, field->len);
	}
}

/* Rows of one cluster stay together: its text instead of the id decides which are kept. */
static const char *cluster_of(void *context, size_t row, size_t *len)
{
	struct further_source *source = context;
	struct scoring *s = source->s;

	if (!record_at(s, &source->csv, row))
		return NULL;
	for (size_t i = 0; i < s->n_further; i++)
		if (s->further[i].declared == 2 && source->csv.field[s->further[i].at].len) {
			*len = source->csv.field[s->further[i].at].len;
			return source->csv.field[s->further[i].at].text;
		}
	return NULL;
}

static int has_cluster(const struct scoring *s)
{
	for (size_t i = 0; i < s->n_further; i++)
		if (s->further[i].declared == 2)
			return 1;
	return 0;
}

int score_store(struct scored *out, struct scoring *s, const struct predictions *p)
{
	struct further_source source = {.s = s};
	const char **name = mem_zeroed(s->n_further + 1, sizeof(*name));
	struct predictions_options options = {.rows = s->project ? s->project->predictions.rows : 20000,
					      .bytes = PREDICTION_BYTES,
					      .further = name,
					      .put_further = put_further,
					      .unit = has_cluster(s) ? cluster_of : NULL,
					      .context = &source};
	size_t n = 0, kept;
	int rc;

	if (!name)
		return error_nomem(s->err);
	for (size_t i = 0; i < s->n_further; i++)
		if (score_further_kept(&s->further[i]))
			name[n++] = s->further[i].name;
	if (!n)
		options.further = NULL;
	csv_init(&source.csv, s->text.text, s->text.len, "predictions.csv", s->csv.separator);
	rc = predictions_write(&out->predictions, &kept, p, s->classes.name, s->rows.id, &options, s->err);
	if (!rc && kept < p->n)
		rc = run_note(s->run, s->err, "predictions.csv holds %zu of %zu rows: comparisons use these.", kept,
			      p->n);
	csv_release(&source.csv);
	free(name);
	return rc;
}
