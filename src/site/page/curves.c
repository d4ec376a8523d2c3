/* The curves of a run from its evaluation.json: ROC, precision against recall, calibration. A stranger's file: whatever is
 * not as it should be is left out. */
#include "site/page/plots.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/number.h"
#include "site/page/words.h"
#include "stats/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SERIES_DRAWN 3

static int read_evaluation(json_t **out, struct site_model *model, const struct seen_run *run, struct error *err)
{
	struct error problem = {0};
	struct buf text = BUF_INIT;
	char *path;
	int rc;

	*out = NULL;
	if (run->where != WHERE_GIT || !run->folder)
		return 0;
	path = path_join(run->folder, "evaluation.json");
	if (!path)
		return error_nomem(err);
	rc = store_file_at(&text, model->store, model->runs.tip, path, &problem);
	if (rc == 0)
		rc = json_parse(out, text.text, text.len, path, &problem);
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc < 0)
		rc = model_problem(model, path, &problem, err);
	free(path);
	buf_release(&text);
	return rc;
}

int evaluation_load(json_t **out, struct site_model *model, const struct seen_run *run, struct error *err)
{
	unsigned at;
	int rc;

	for (at = 0; at < 2; at++) {
		if (model->last.evaluation_of[at] == run) {
			model->last.next = !at;
			*out = json_incref(model->last.evaluation[at]);
			return 0;
		}
	}
	rc = read_evaluation(out, model, run, err);
	if (rc < 0)
		return rc;
	at = model->last.next;
	json_decref(model->last.evaluation[at]);
	model->last.evaluation[at] = json_incref(*out);
	model->last.evaluation_of[at] = run;
	model->last.next = !at;
	return 0;
}

/* Columns x and y of [[x, y, ...], ...]. *n is 0 where nothing is usable; the arrays are the caller's. */
static int read_points(double **x, double **y, size_t *n, const json_t *list, struct error *err)
{
	size_t total = json_array_size(list), i;
	const json_t *point;

	if (total > CURVE_POINTS)
		total = CURVE_POINTS;
	*x = mem_array(total, sizeof(**x));
	*y = mem_array(total, sizeof(**y));
	*n = 0;
	if (!*x || !*y) {
		free(*x);
		free(*y);
		return error_nomem(err);
	}
	json_array_foreach(list, i, point)
	{
		double a, b;

		if (*n < total && json_number(&a, json_array_get(point, 0)) &&
		    json_number(&b, json_array_get(point, 1)) && isfinite(a) && isfinite(b)) {
			(*x)[*n] = a;
			(*y)[(*n)++] = b;
		}
	}
	return 0;
}

static void csv_points(struct buf *csv, const char *series, const double *x, const double *y, size_t n)
{
	char text[NUMBER_TEXT];

	for (size_t i = 0; i < n; i++) {
		buf_csv(csv, series, strlen(series));
		number_text(text, x[i]);
		buf_printf(csv, ",%s", text);
		number_text(text, y[i]);
		buf_printf(csv, ",%s\n", text);
	}
}

/* One curve; its points go into the CSV too. *added: 1 if there were at least two points. */
static int add_curve(struct figure *figure, const char *name, const char *label, enum chart_role role,
		     const json_t *points, int *added, struct error *err)
{
	double *x, *y;
	size_t n;
	int rc;

	*added = 0;
	rc = read_points(&x, &y, &n, points, err);
	if (rc < 0)
		return rc;
	if (n < 2) {
		free(x);
		free(y);
		return 0;
	}
	csv_points(&figure->csv, name, x, y, n);
	*added = 1;
	return figure_series(figure, name, label, role, x, y, n, err);
}

struct side { /* a run and its evaluation */
	const struct seen_run *run;
	const json_t *evaluation;
	enum chart_role role;
};

static const char *positive_of(const json_t *evaluation)
{
	const char *name = json_string_value(json_object_get(evaluation, "positive"));

	return name ? name : "";
}

/* The curve of the positive class of one side, labelled with its area. */
static int add_side(struct figure *figure, const struct side *side, const char *kind, const char *metric, int *added,
		    struct error *err)
{
	const json_t *curves = json_object_get(side->evaluation, kind);
	struct buf label = BUF_INIT;
	struct score score;
	int rc;

	words_name(&label, run_name(&side->run->run));
	score_of(&score, side->run, metric);
	if (isfinite(score.value)) {
		buf_puts(&label, !strcmp(metric, "roc_auc") ? ", area " : ", average ");
		words_value(&label, metric, score.value);
	}
	rc = buf_check(&label, err);
	if (rc == 0)
		rc = add_curve(figure, run_name(&side->run->run), label.text, side->role,
			       json_object_get(curves, positive_of(side->evaluation)), added, err);
	buf_release(&label);
	return rc;
}

/* More than two classes: one curve a class, the first few of the file (it has the largest). */
static int add_classes(struct figure *figure, const json_t *curves, int *added, struct error *err)
{
	static const enum chart_role role[SERIES_DRAWN] = {ROLE_FOCUS, ROLE_SECOND, ROLE_CONTEXT};
	const json_t *points;
	const char *name;
	int any = 0, one, rc = 0;

	json_object_foreach((json_t *)curves, name, points)
	{
		if (any >= SERIES_DRAWN || rc < 0)
			break;
		rc = add_curve(figure, name, name, role[any], points, &one, err);
		any += one;
	}
	*added = any > 0;
	return rc;
}

/* Counts of the two-class confusion matrix, rows true; 0 where it is not one. */
static int two_by_two(double cell[2][2], const json_t *evaluation)
{
	const json_t *classes = json_object_get(evaluation, "classes"), *matrix;
	int at = -1;

	matrix = json_object_get(evaluation, "confusion_matrix");
	for (size_t i = 0; i < 2; i++) {
		const char *name = json_string_value(json_array_get(classes, i));

		if (name && !strcmp(name, positive_of(evaluation)))
			at = (int)i;
	}
	if (at < 0 || json_array_size(classes) != 2)
		return 0;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2; k++)
			if (!json_number(&cell[(int)i == at][(int)k == at],
					 json_array_get(json_array_get(matrix, i), k)))
				return 0;
	return 1;
}

static int is_binary(const json_t *evaluation)
{
	return json_array_size(json_object_get(evaluation, "classes")) == 2 && positive_of(evaluation)[0];
}

/* The curves of one kind: the run and its bar for two classes, else one a class. *added: 0 leaves the figure without. */
static int add_sides(struct figure *figure, const struct side *run, const struct side *bar, const char *kind,
		     const char *metric, int *added, struct error *err)
{
	int one, rc;

	if (!is_binary(run->evaluation))
		return add_classes(figure, json_object_get(run->evaluation, kind), added, err);
	rc = add_side(figure, run, kind, metric, added, err);
	if (rc == 0 && *added && bar->evaluation && bar->run != run->run)
		rc = add_side(figure, bar, kind, metric, &one, err);
	return rc;
}

static void drop_last(struct figures *out)
{
	struct figures one = {0};

	one.item = mem_array(1, sizeof(*one.item));
	if (!one.item)
		return; /* stays, empty: its chart says so */
	one.n = 1;
	one.item[0] = out->item[--out->n];
	figures_free(&one);
}

/* "0.836 against 0.857 for logistic"; the metric's name first. */
static char *area_caption(const struct side *run, const struct side *bar, const char *metric)
{
	struct buf text = BUF_INIT;
	struct score score, other;

	score_of(&score, run->run, metric);
	words_sentence(&text, words_title(metric));
	buf_putc(&text, ' ');
	if (isfinite(score.value))
		words_value(&text, metric, score.value);
	else
		buf_puts(&text, "not measured");
	if (isfinite(score.low)) {
		buf_puts(&text, " (");
		words_interval(&text, metric, score.low, score.high);
		buf_puts(&text, ")");
	}
	if (bar->run && bar->run != run->run) {
		score_of(&other, bar->run, metric);
		if (isfinite(other.value)) {
			buf_puts(&text, " against ");
			words_value(&text, metric, other.value);
			buf_printf(&text, " for %s", run_name(&bar->run->run));
		}
	}
	buf_puts(&text, ".");
	if (!is_binary(run->evaluation) && json_array_size(json_object_get(run->evaluation, "classes")) > SERIES_DRAWN)
		buf_printf(&text, " Drawn: %d of %zu classes.", SERIES_DRAWN,
			   json_array_size(json_object_get(run->evaluation, "classes")));
	return figure_text(&text);
}

static char *curve_title(enum chart_kind kind, const char *positive)
{
	if (kind != CHART_ROC)
		return mem_text("What precision is paid for recall?");
	return positive ? mem_printf("Is \xe2\x80\x9c%s\xe2\x80\x9d ranked above the rest?", positive)
			: mem_text("Is each class ranked above the rest?");
}

static int plot_curve(struct figures *out, const struct side *run, const struct side *bar, enum chart_kind kind,
		      struct error *err)
{
	int roc = kind == CHART_ROC, added = 0, rc;
	const char *metric = roc ? "roc_auc" : "average_precision";
	const char *positive = is_binary(run->evaluation) ? positive_of(run->evaluation) : NULL;
	char *path = model_run_href(run->run, roc ? "-roc.csv" : "-precision-recall.csv");
	struct figure *figure;
	double cell[2][2];

	if (!path)
		return error_nomem(err);
	figure = figures_add(out, roc ? "roc" : "precision-recall", kind, path, err);
	free(path);
	if (!figure)
		return err->code;
	buf_puts(&figure->csv, roc ? "series,false_positive_rate,true_positive_rate\n" : "series,recall,precision\n");
	rc = add_sides(figure, run, bar, roc ? "roc" : "precision_recall", metric, &added, err);
	if (rc == 0)
		rc = figure_texts(
			figure, curve_title(kind, positive),
			mem_text(roc ? "True positive rate against false positive rate" : "Precision against recall"),
			area_caption(run, bar, metric), area_caption(run, bar, metric), err);
	if (rc == 0 && two_by_two(cell, run->evaluation)) {
		double found = cell[1][1] / (cell[1][0] + cell[1][1]), total = cell[1][0] + cell[1][1];
		double alarms = cell[0][1] / (cell[0][0] + cell[0][1]), called = cell[0][1] + cell[1][1];

		figure->chart.point_x = roc ? alarms : found;
		figure->chart.point_y = roc ? found : called > 0 ? cell[1][1] / called : NAN;
		if (!roc)
			rc = figure_reference(figure, total / (total + cell[0][0] + cell[0][1]), "calling everyone",
					      err);
	}
	if (rc == 0 && !added)
		drop_last(out);
	return rc;
}

/* Mean score against rate, one point a bin; the caption says how far off on average (expected calibration error). */
static int plot_calibration(struct figures *out, const struct side *run, struct error *err)
{
	const json_t *bins = json_object_get(run->evaluation, "calibration"), *bin;
	size_t total = json_array_size(bins), n = 0, i;
	double *x = NULL, *y = NULL, off = 0, rows = 0;
	struct figure *figure;
	char *path;

	if (total < 2 || total > CURVE_POINTS)
		return 0;
	path = model_run_href(run->run, "-calibration.csv");
	figure = path ? figures_add(out, "calibration", CHART_CALIBRATION, path, err) : NULL;
	free(path);
	x = mem_array(total, sizeof(*x));
	y = mem_array(total, sizeof(*y));
	if (!figure || !x || !y) {
		free(x);
		free(y);
		return error_nomem(err);
	}
	json_array_foreach(bins, i, bin)
	{
		double mean, rate, count;

		if (!json_number(&mean, json_object_get(bin, "mean_score")) ||
		    !json_number(&rate, json_object_get(bin, "rate")) ||
		    !json_number(&count, json_object_get(bin, "n")))
			continue;
		x[n] = mean;
		y[n++] = rate;
		off += count * fabs(mean - rate);
		rows += count;
	}
	buf_puts(&figure->csv, "series,mean_score,rate\n");
	csv_points(&figure->csv, run_name(&run->run->run), x, y, n);
	if (figure_series(figure, run_name(&run->run->run), run_name(&run->run->run), ROLE_FOCUS, x, y, n, err) < 0)
		return err->code;
	if (n < 2) {
		drop_last(out);
		return 0;
	}
	return figure_texts(figure, mem_text("Can its probabilities be taken at face value?"),
			    mem_text("Share that is so against predicted share, in tenths"),
			    mem_printf("Off by %.3f on average.", rows > 0 ? off / rows : 0),
			    mem_printf("Predicted and observed shares in %zu bins, off by %.3f on average.", n,
				       rows > 0 ? off / rows : 0),
			    err);
}

int plot_curves(struct figures *out, struct site_model *model, const struct seen_run *run, const struct seen_run *bar,
		struct error *err)
{
	json_t *mine = NULL, *other = NULL;
	int rc;

	rc = evaluation_load(&mine, model, run, err);
	if (rc == 0 && mine && bar && bar != run)
		rc = evaluation_load(&other, model, bar, err);
	if (rc == 0 && mine) {
		struct side a = {run, mine, ROLE_FOCUS}, b = {bar, other, ROLE_BASELINE};

		rc = plot_curve(out, &a, &b, CHART_ROC, err);
		if (rc == 0)
			rc = plot_curve(out, &a, &b, CHART_PRECISION_RECALL, err);
		if (rc == 0)
			rc = plot_calibration(out, &a, err);
	}
	json_decref(mine);
	json_decref(other);
	return rc;
}
