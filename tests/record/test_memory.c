/*
 * Each allocation fails in turn, until the call gets through: every time a negative code with a message, and nothing is
 * left behind. The allocator of the program is replaced, so that the libraries' calls fail too; the sanitizers bring one
 * of their own and leave these tests out.
 */
#include "check.h"

#include "base/mem.h"
#include "record/evaluation.h"
#include "record/experiment.h"
#include "record/runs.h"

#include <errno.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* gcc's word */
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#define REPLACED 0
static long live, countdown;
#else
#define REPLACED 1
static long live; /* blocks in use */
static long countdown = -1; /* allocations until one fails; negative: none does */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

static int fails(void)
{
	if (countdown < 0 || countdown-- > 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

static void *counted(void *block)
{
	live += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	return old ? __libc_realloc(old, size) : counted(__libc_realloc(old, size));
}

void free(void *block)
{
	live -= block != NULL;
	__libc_free(block);
}
#endif

/* Call it with the 1st, 2nd, 3rd ... allocation failing; how often it failed. */
static int fail_each(int (*call)(struct error *err), int check_leaks)
{
	int failures = 0;

	for (long nth = 0;; nth++) {
		struct error err = {0};
		long before = live;
		int rc;

		countdown = nth;
		rc = call(&err);
		if (countdown >= 0) { /* it had fewer than n */
			countdown = -1;
			check_ok(rc, err);
			return failures;
		}
		if (check_leaks)
			assert_int_equal(live, before);
		if (rc == 0) /* a library could do without */
			continue;
		assert_true(rc < 0);
		assert_int_equal(err.code, rc);
		assert_true(err.text[0]);
		failures++;
	}
}

static void fail_in_turn(int (*call)(struct error *err))
{
	struct error err = {0};

	if (!REPLACED)
		skip();
	check_ok(call(&err), err); /* libraries keep what they need: first where nothing fails, */
	fail_each(call, 0); /* then what they need to note failures */
	assert_true(fail_each(call, 1) > 3);
}

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

static int store_and_pair(struct error *err)
{
	const struct predictions_options options = {.rows = 40, .bytes = 1 << 20};
	struct stored_predictions *p = NULL;
	struct predictions_view view = {0};
	struct buf out = BUF_INIT;
	size_t *left = NULL, *right = NULL, n, unmatched, kept;
	int rc = predictions_write(&out, &kept, &rows, names, id, &options, err);

	if (!rc)
		rc = predictions_read(&p, out.text, out.len, "Yes", "p.csv", err);
	if (!rc)
		rc = predictions_pair(&left, &right, &n, &unmatched, p, p, err);
	if (!rc)
		rc = predictions_view(&view, p, left, n, err);
	predictions_view_release(&view);
	free(left);
	free(right);
	stored_predictions_free(p);
	buf_release(&out);
	return rc;
}

static void predictions_survive_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(store_and_pair);
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
