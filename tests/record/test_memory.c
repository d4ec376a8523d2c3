/* What reads, makes and writes records, experiments and predictions under failing allocations. */
#include "failing_malloc.h"

#include "base/mem.h"
#include "record/evaluation.h"
#include "record/experiment.h"
#include "record/runs.h"

static const char record[] = "{\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\", \"name\": "
			     "\"n\", \"kind\": \"run\", "
			     "\"status\": \"finished\", \"command\": [\"a\", \"b\"], \"measured\": {\"f1\": 0.5, "
			     "\"x\": NaN}, \"zzz\": [1, {\"b\": 2}]}";

static int copy_record(struct error *err)
{
	struct buf out = BUF_INIT;
	struct run run = {0};
	int rc = run_parse(&run, record, strlen(record), "r", err);

	if (!rc)
		rc = run_set_number(&run, "reported.\"a.b\"", 3, err);
	if (!rc)
		rc = run_set_text(&run, "code.commit", "c", err);
	if (!rc)
		rc = run_note(&run, err, "%s", "said");
	if (!rc)
		rc = run_write(&out, &run, err);
	if (!rc)
		rc = run_message(&out, &run, "f1", 0.1, err);
	run_release(&run);
	buf_release(&out);
	return rc;
}

static void a_record_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(copy_record);
}

enum { ROWS = 60 };
static int y[ROWS];
static double score[2 * ROWS];
static char id_text[ROWS][8], *id[ROWS], no[] = "No", yes[] = "Yes", *names[] = {no, yes};
static const struct predictions rows = {
	.n = ROWS, .classes = 2, .positive = 1, .y_true = y, .y_pred = y, .score = score};

static int make_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		y[i] = i % 30 == 0;
		score[2 * i + 1] = (double)i / ROWS;
		score[2 * i] = 1 - score[2 * i + 1];
		snprintf(id_text[i], sizeof(id_text[i]), "%zu", i);
		id[i] = id_text[i];
	}
	return 0;
}

static int evaluate(struct error *err)
{
	struct buf out = BUF_INIT;
	int rc = evaluation_write(&out, &rows, names, err);

	buf_release(&out);
	return rc;
}

static void an_evaluation_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(evaluate);
}

/* Read, pair with itself, view. */
static int pair(const char *text, size_t len, const char *positive, struct error *err)
{
	struct stored_predictions *p = NULL;
	struct predictions_view view = {0};
	size_t *left = NULL, *right = NULL, n, unmatched;
	int rc = predictions_read(&p, text, len, positive, "p.csv", err);

	if (!rc)
		rc = predictions_pair(&left, &right, &n, &unmatched, p, p, err);
	if (!rc)
		rc = predictions_view(&view, p, left, n, err);
	predictions_view_release(&view);
	free(left);
	free(right);
	stored_predictions_free(p);
	return rc;
}

static int store_and_pair(struct error *err)
{
	const struct predictions_options options = {.rows = 40, .bytes = 1 << 20};
	struct buf out = BUF_INIT;
	size_t kept;
	int rc = predictions_write(&out, &kept, &rows, names, id, &options, err);

	if (!rc)
		rc = pair(out.text, out.len, "Yes", err);
	buf_release(&out);
	return rc;
}

static int read_columns(struct error *err)
{
	static const char text[] = "id,y_true,y_pred,cluster,cost\n1,0,1,a,2\n2,1,1,b,3\n3,1,0,a,\n4,0,0,,1\n";

	return pair(text, strlen(text), "1", err);
}

static void predictions_survive_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(store_and_pair);
	fail_in_turn(read_columns);
}

static int read_project(struct error *err)
{
	static const char text[] = "---\n"
				   "title: t\n"
				   "expects: {f1: better}\n"
				   "metrics: [f1, {mine: lower}]\n"
				   "success_criteria: {f1: 0.8, mine: {beats: baseline, by: 0.1}}\n"
				   "margins: {f1: 0.01}\n"
				   "constraints: [short]\n"
				   "drop: [a]\n"
				   "---\n# Heading\n";
	struct project *project = NULL;
	struct experiment *experiment = NULL;
	char *name = NULL;
	int rc = project_load(&project, "/", NULL, err);

	if (!rc)
		rc = experiment_resolve(&name, project, NULL, err);
	if (!rc)
		rc = experiment_parse(&experiment, project, "e", "experiments/e.md", text, strlen(text), err);
	experiment_free(experiment);
	project_free(project);
	free(name);
	return rc;
}

static void an_experiment_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(read_project);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_survives_any_failed_allocation),
		cmocka_unit_test(an_evaluation_survives_any_failed_allocation),
		cmocka_unit_test(predictions_survive_any_failed_allocation),
		cmocka_unit_test(an_experiment_survives_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, make_rows, NULL);
}
