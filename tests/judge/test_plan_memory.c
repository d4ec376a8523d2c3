/* Practices, stages, looks and the next step under failing allocations. What asks git is made before: libgit2 ends the program. */
#include "failing_malloc.h"

#include "records.h"

#include "../record/repository.h"
#include "judge/looks.h"
#include "judge/next_step.h"
#include "record/blob.h"

#define FIRST "---\nexpects: {f1: better}\nsuccess_criteria: {f1: 0.85}\nmargins: {f1: 0.01}\n---\nBecause.\n"
#define SECOND "---\nexpects: {f1: better}\nsuccess_criteria: {f1: 0.83}\n---\nSo.\n"

static struct store *store;
static struct runs runs;
static struct experiment *experiment;
static struct run_order *order;
static struct plan_order plan;
static char f1[] = "f1", root[] = "";
static struct declared_metric metric[] = {{f1, 0, 1}};
static struct project project = {.root = root, .below = root, .metric = metric, .metrics = 1};

/* A commit with that text of the experiment, and a run that started from it. */
static void add_planned(const char *text, const char *name, const char *more)
{
	char blob[OID_HEX], commit[OID_HEX], *text_of;
	struct error err = {0};

	put("experiments/e.md", text);
	git(NULL, (const char *const[]){"git", "add", "-A", NULL});
	git(NULL, (const char *const[]){"git", "commit", "-q", "-m", name, NULL});
	check_ok(blob_name(blob, text, strlen(text), &err), err);
	check_ok(store_path_commit(commit, store, "experiments/e.md", blob, &err), err);
	text_of = mem_printf("'plan': {'path': 'experiments/e.md', 'blob': '%s', 'commit': '%s'}, 'code': {'commit': "
			     "'%s'}%s",
			     blob, commit, commit, more);
	assert_non_null(text_of);
	add_run(&runs, name, "run", text_of);
	free(text_of);
}

static int make_world(void **state)
{
	static const char *const argv[] = {"git", "fast-import", "--quiet", NULL};
	struct buf stream = BUF_INIT;
	struct error err = {0};

	if (make_repository(state) || !(project.root = top))
		return -1;
	check_ok(store_open(&store, top, &err), err);
	add_run(&runs, "logistic", "baseline", "'measured': {'f1': 0.8}");
	add_planned(FIRST, "one", ", 'measured': {'f1': 0.8}, 'criteria': [{'metric': 'f1', 'verdict': 'unmet'}]");
	add_planned(SECOND, "two",
		    ", 'measured': {'f1': 0.84}, 'evaluation': {'sha256': 'x'}, 'criteria': [{'metric': 'f1', "
		    "'verdict': 'met'}], 'changes': {'verdict': 'confounded'}");
	for (size_t i = 0; i < runs.n; i++)
		import_run(&stream, "churn", run_id(&runs.item[i].run), "");
	git(&stream, argv);
	buf_release(&stream);
	check_ok(experiment_parse(&experiment, &project, "churn", "experiments/e.md", FIRST, strlen(FIRST), &err), err);
	check_ok(run_order_new(&order, store, &runs, &err), err);
	check_ok(plan_order_make(&plan, store, &project, experiment, &runs, order, &err), err);
	assert_int_equal(plan.state, PLAN_BEFORE);
	assert_true(plan.changes >= 2);
	check_ok(plan_margins(experiment, store, &project, &runs, &runs.item[2].run, &err), err);
	assert_null(experiment->margin[0].why);
	return 0;
}

static int remove_world(void **state)
{
	plan_order_release(&plan);
	run_order_free(order);
	experiment_free(experiment);
	release_runs(&runs);
	store_free(store);
	return remove_repository(state);
}

static int stand(struct error *err)
{
	struct judge_families *families = NULL;
	struct experiment_standing standing = {0};
	struct hypothesis hypothesis = {0};
	struct standing_input input = {
		.experiment = experiment, .metric = metric, .hypothesis = &hypothesis, .plan = &plan, .order = order};
	struct buf text = BUF_INIT;
	struct runs own = {0};
	struct looks looks;
	const char *why;
	int rc = judge_families_new(&families, &runs, err);

	if (!rc)
		rc = judge_runs_of(&own, &runs, "churn", err);
	if (!rc) {
		input.runs = &own;
		input.families = families;
		judge_hypothesis(&hypothesis, &own, families, experiment, metric);
		rc = judge_standing(&standing, &input, err);
	}
	if (!rc) {
		plan_order_sentence(&text, &plan);
		plan_change_sentence(&text, &plan.change[0]);
		next_step(&text, &why, &input, &standing, &project);
		rc = buf_check(&text, err);
	}
	if (!rc)
		rc = judge_looks(&looks, &runs, 0, &runs.item[2].run, err);
	buf_release(&text);
	judge_standing_release(&standing);
	judge_families_free(families);
	free(own.item);
	return rc;
}

static void standing_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(stand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standing_survives_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}
