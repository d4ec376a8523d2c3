/* evaluation.json: the confusion matrix, the report by class, curves and calibration of one run. */
#include "record/evaluation.h"
#include "base/mem.h"
#include "format/json.h"
#include "stats/curve.h"
#include "stats/metric.h"

#include <math.h>

#define CURVES 10 /* classes with a curve where there are many */

/* A figure of a chart: 7 digits are more than anyone sees, and differences of the last bits stay out of git. */
static json_t *figure(double value)
{
	char text[32];

	if (isinf(value))
		return json_string(value > 0 ? "Infinity" : "-Infinity");
	snprintf(text, sizeof(text), "%.7g", value);
	return json_real(strtod(text, NULL));
}

/* A count: an integer, but with weights. */
static json_t *count(double value)
{
	return value == floor(value) && fabs(value) < 0x1p53 ? json_integer((json_int_t)value) : figure(value);
}

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

static double class_rows(const double *matrix, int classes, int class_code)
{
	double rows = 0;

	for (int i = 0; i < classes; i++)
		rows += matrix[class_code * classes + i];
	return rows;
}

static int put_matrix(json_t *out, const double *matrix, int classes, struct error *err)
{
	json_t *rows = json_array();
	int failed = !rows;

	for (int i = 0; i < classes && !failed; i++) {
		json_t *row = json_array();

		failed = json_array_append_new(rows, row) < 0;
		for (int j = 0; j < classes && !failed; j++)
			failed = json_array_append_new(row, count(matrix[i * classes + j])) < 0;
	}
	if (failed) {
		json_decref(rows);
		return error_nomem(err);
	}
	return json_set(out, "confusion_matrix", rows, err);
}

/* precision, recall, f1 and support of one class against the rest. */
static json_t *class_report(const double *matrix, int classes, int class_code)
{
	double hit = matrix[class_code * classes + class_code], truly = class_rows(matrix, classes, class_code),
	       said = 0;

	for (int i = 0; i < classes; i++)
		said += matrix[i * classes + class_code];
	return json_pack("{s:f, s:f, s:f, s:o}", "precision", ratio(hit, said), "recall", ratio(hit, truly), "f1",
			 ratio(2 * hit, truly + said), "support", count(truly));
}

static int put_report(json_t *out, const double *matrix, int classes, char *const *class_name, struct error *err)
{
	json_t *report = json_object(), *sorted;
	int rc = report ? 0 : error_nomem(err);

	for (int i = 0; i < classes && !rc; i++)
		rc = json_set(report, class_name[i], class_report(matrix, classes, i), err);
	sorted = rc ? NULL : json_sorted(report);
	if (!rc)
		rc = json_set(out, "report", sorted, err);
	json_decref(report);
	return rc;
}

static json_t *curve_json(const struct curve *curve)
{
	json_t *points = json_array();

	for (size_t i = 0; points && i < curve->n; i++) {
		const struct curve_point *at = &curve->point[i];
		json_t *point = json_pack("[o, o, o]", figure(at->x), figure(at->y), figure(at->threshold));

		if (json_array_append_new(points, point) < 0) {
			json_decref(points);
			points = NULL;
		}
	}
	return points;
}

/* Which classes get a curve: the positive one, else the ten with most rows, the first of equals. */
static size_t curve_classes(int chosen[CURVES], const double *matrix, int classes, int positive)
{
	size_t n = 0;

	if (positive >= 0) {
		chosen[0] = positive;
		return 1;
	}
	for (; n < CURVES && n < (size_t)classes; n++) {
		double most = -1;

		chosen[n] = 0;
		for (int i = 0; i < classes; i++) {
			double rows = class_rows(matrix, classes, i);
			int taken = 0;

			for (size_t j = 0; j < n; j++)
				taken |= chosen[j] == i;
			if (!taken && rows > most) {
				most = rows;
				chosen[n] = i;
			}
		}
	}
	return n;
}

typedef int curve_function(struct curve *out, const struct predictions *p, int class_code, struct error *err);

static int put_curves(json_t *out, const char *key, curve_function *draw, const struct predictions *p,
		      const int *chosen, size_t n, char *const *class_name, struct error *err)
{
	json_t *curves = json_object(), *sorted = NULL;
	struct curve curve;
	int rc = curves ? 0 : error_nomem(err);

	for (size_t i = 0; i < n && !rc; i++) {
		struct error why = {0};

		rc = draw(&curve, p, chosen[i], &why);
		if (!rc)
			rc = json_set(curves, class_name[chosen[i]], curve_json(&curve), err);
		else if (rc == ERR_INPUT)
			rc = 0; /* a class without rows, or with all of them, has no curve */
		else
			error_set(err, rc, "%s", why.text);
	}
	if (!rc && json_object_size(curves)) {
		sorted = json_sorted(curves);
		rc = json_set(out, key, sorted, err);
	}
	json_decref(curves);
	return rc;
}

static int put_calibration(json_t *out, const struct predictions *p, struct error *err)
{
	struct calibration_bin bin[10];
	size_t n = curve_calibration(bin, p, p->positive);
	json_t *bins = json_array();

	for (size_t i = 0; bins && i < n; i++) {
		json_t *entry = json_pack("{s:o, s:o, s:o, s:o, s:o}", "from", figure(bin[i].from), "to",
					  figure(bin[i].to), "n", count(bin[i].n), "mean_score",
					  figure(bin[i].mean_score), "rate", figure(bin[i].rate));

		if (json_array_append_new(bins, entry) < 0) {
			json_decref(bins);
			bins = NULL;
		}
	}
	return json_set(out, "calibration", bins, err);
}

static json_t *names_json(char *const *name, int n)
{
	json_t *names = json_array();

	for (int i = 0; i < n && names; i++)
		if (json_array_append_new(names, json_string(name[i])) < 0) {
			json_decref(names);
			names = NULL;
		}
	return names;
}

/* schema, classes, positive, rows. */
static int put_head(json_t *out, const struct predictions *p, char *const *class_name, struct error *err)
{
	int rc = json_set_number(out, "schema", 1, err);

	if (!rc)
		rc = json_set(out, "classes", names_json(class_name, p->classes), err);
	if (!rc && p->positive >= 0)
		rc = json_set_text(out, "positive", class_name[p->positive], err);
	return rc ? rc : json_set_number(out, "rows", (double)p->n, err);
}

int evaluation_write(struct buf *out, const struct predictions *p, char *const *class_name, struct error *err)
{
	size_t cells = (size_t)p->classes * (size_t)p->classes, n;
	double *matrix = mem_zeroed(cells, sizeof(*matrix));
	json_t *json = json_object();
	struct predictions counted = *p;
	int chosen[CURVES], rc;

	if (!p->y_pred)
		counted.y_pred = p->y_true;
	if (!matrix || !json) {
		rc = error_nomem(err);
		goto out;
	}
	rc = put_head(json, p, class_name, err);
	if (rc < 0)
		goto out;
	confusion_matrix(matrix, &counted); /* for the rows of each class at the least */
	n = p->score ? curve_classes(chosen, matrix, p->classes, p->positive) : 0;
	if (p->y_pred)
		rc = put_matrix(json, matrix, p->classes, err);
	if (!rc && p->y_pred)
		rc = put_report(json, matrix, p->classes, class_name, err);
	if (!rc)
		rc = put_curves(json, "roc", curve_roc, p, chosen, n, class_name, err);
	if (!rc)
		rc = put_curves(json, "precision_recall", curve_precision_recall, p, chosen, n, class_name, err);
	if (!rc && p->score && p->positive >= 0)
		rc = put_calibration(json, p, err);
	if (!rc)
		json_write(out, json);
	if (!rc)
		rc = buf_check(out, err);
out:
	free(matrix);
	json_decref(json);
	return rc;
}
