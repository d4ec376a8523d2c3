/* The order of runs against brute force over a history with many joins; what is said of two texts; looks at the same rows. */
#include "records.h"

#include "../record/repository.h"
#include "base/random.h"
#include "judge/looks.h"
#include "judge/plan_diff.h"
#include "judge/run_order.h"
#include "record/project.h"

enum { COMMITS = 120, HEADS = 5 };

/* A history of lines that fork and join; commit i has parents parent[i], and most commits bring a run. */
struct history {
	int parent[COMMITS][HEADS]; /* -1: none */
	int brings[COMMITS];
	char after[COMMITS][COMMITS]; /* after[i][k]: i has k in its past */
};

static void history_make(struct history *h)
{
	struct random random;
	int head[HEADS], heads = 1;

	memset(h, 0, sizeof(*h));
	random_init(&random, 11, 1);
	for (int i = 0; i < COMMITS; i++) {
		int at = (int)random_below(&random, (unsigned)heads),
		    join = (int)random_below(&random, (unsigned)heads);

		for (int k = 0; k < HEADS; k++)
			h->parent[i][k] = -1;
		h->brings[i] = random_below(&random, 5) != 0;
		if (i && i < COMMITS - 1) {
			h->parent[i][0] = head[at];
			if (join != at && random_below(&random, 4) == 0)
				h->parent[i][1] = head[join];
		} else if (i) {
			for (int k = 0; k < heads; k++) /* the tip reaches everything */
				h->parent[i][k] = head[k];
		}
		for (int k = 0; k < HEADS; k++)
			for (int m = 0; h->parent[i][k] >= 0 && m < COMMITS; m++)
				h->after[i][m] |= m == h->parent[i][k] || h->after[h->parent[i][k]][m];
		if (i && heads < HEADS && random_below(&random, 6) == 0)
			head[heads++] = i; /* a fork: the old line goes on too */
		else
			head[i ? at : 0] = i;
	}
}

static void id_of(char id[RUN_ID], int i)
{
	/* ids are in another order than commits */
	snprintf(id, RUN_ID, "20251124-%06d-%010x", 103000 + (i * 37) % COMMITS, (unsigned)i);
}

static void history_import(const struct history *h)
{
	static const char *const argv[] = {"git", "fast-import", "--quiet", NULL};
	struct buf stream = BUF_INIT;

	for (int i = 0; i < COMMITS; i++) {
		char id[RUN_ID], message[80];

		id_of(id, i);
		snprintf(message, sizeof(message), h->brings[i] ? "run\n\nAssay-Run: %s\n" : "no run %s\n", id);
		buf_printf(&stream, "commit refs/heads/%s\nmark :%d\ncommitter t <t@e.org> 1000 +0000\ndata %zu\n%s\n",
			   i < COMMITS - 1 ? "lines" : "assay/runs", i + 1, strlen(message), message);
		for (int k = 0; k < HEADS; k++)
			if (h->parent[i][k] >= 0)
				buf_printf(&stream, "%s :%d\n", k ? "merge" : "from", h->parent[i][k] + 1);
		buf_puts(&stream, "\n");
	}
	git(&stream, argv);
	buf_release(&stream);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(run_id(&((const struct seen_run *)a)->run), run_id(&((const struct seen_run *)b)->run));
}

static void runs_make(struct runs *runs, const struct history *h)
{
	struct error err = {0};

	runs->item = mem_zeroed(COMMITS, sizeof(*runs->item));
	assert_non_null(runs->item);
	for (int i = 0; i < COMMITS; i++) {
		char id[RUN_ID];
		struct seen_run *seen = &runs->item[runs->n];

		if (!h->brings[i])
			continue;
		id_of(id, i);
		check_ok(run_new(&seen->run, &err), err);
		check_ok(run_set_text(&seen->run, "id", id, &err), err);
		runs->n++;
	}
	qsort(runs->item, runs->n, sizeof(*runs->item), by_id);
}

static int commit_of(const struct run *run)
{
	return (int)strtol(id_handle(run_id(run)), NULL, 16);
}

static void the_order_is_that_of_ancestry_however_lines_fork_and_join(void **state)
{
	static struct history history;
	size_t parallel = 0;
	struct run_order *order = NULL;
	struct store *store = NULL;
	struct runs runs = {0};
	struct error err = {0};

	(void)state;
	history_make(&history);
	history_import(&history);
	runs_make(&runs, &history);
	check_ok(store_open(&store, top, &err), err);
	check_ok(run_order_new(&order, store, &runs, &err), err);
	for (size_t a = 0; a < runs.n; a++) {
		size_t number = run_order_find(order, &runs.item[a].run);

		assert_int_equal(number, a);
		for (size_t b = 0; b < runs.n; b++) {
			int x = commit_of(&runs.item[a].run), y = commit_of(&runs.item[b].run);
			enum run_relation want = history.after[y][x]   ? RUN_BEFORE
						 : history.after[x][y] ? RUN_AFTER
								       : RUN_PARALLEL;

			if (a == b)
				continue;
			assert_int_equal(run_order_relation(order, a, b), want);
			parallel += want == RUN_PARALLEL;
			if (want == RUN_BEFORE)
				assert_true(run_order_place(order, a) < run_order_place(order, b));
		}
	}
	assert_true(parallel > runs.n); /* else the history shows nothing */
	run_order_free(order);
	store_free(store);
	release_runs(&runs);
}

static void what_is_in_flight_comes_last_and_what_has_no_commit_is_not_known(void **state)
{
	struct run_order *order = NULL;
	struct store *store = NULL;
	struct runs runs = {0};
	struct error err = {0};

	(void)state;
	add_run(&runs, "lost", "run", "");
	add_run(&runs, "going", "run", "");
	add_run(&runs, "waiting", "run", "");
	runs.item[1].where = WHERE_RUNNING;
	runs.item[2].where = WHERE_WAITING;
	check_ok(store_open(&store, top, &err), err);
	check_ok(run_order_new(&order, store, &runs, &err), err);
	assert_int_equal(run_order_place(order, 0), RUN_ORDER_NONE);
	assert_int_equal(run_order_relation(order, 0, 1), RUN_UNKNOWN);
	assert_int_equal(run_order_relation(order, RUN_ORDER_NONE, 1), RUN_UNKNOWN);
	assert_int_equal(run_order_relation(order, 1, 2), RUN_BEFORE);
	run_order_free(order);
	store_free(store);
	release_runs(&runs);
}

static int collect(void *context, enum plan_item item, const char *what)
{
	buf_printf(context, "%d %s\n", (int)item, what);
	return 0;
}

/* What is said of two texts, a line each with the number of its item. */
static void check_diff(const char *from, const char *to, const char *want)
{
	static struct declared_metric metric[] = {{(char *)(intptr_t) "f1", 0, 1}};
	struct project project = {.metric = metric, .metrics = 1};
	struct experiment *before = NULL, *after = NULL;
	struct buf said = BUF_INIT;
	struct error err = {0};

	check_ok(experiment_parse(&before, &project, "e", "before", from, strlen(from), &err), err);
	check_ok(experiment_parse(&after, &project, "e", "after", to, strlen(to), &err), err);
	assert_int_equal(plan_diff(before, after, collect, &said, &err), 0);
	assert_string_equal(said.text, want);
	buf_release(&said);
	experiment_free(before);
	experiment_free(after);
}

#define PLAN(front, body) "---\n" front "\n---\n" body

static void each_change_of_a_plan_has_its_words(void **state)
{
	(void)state;
	check_diff(PLAN("success_criteria: {f1: 0.85}", ""), PLAN("success_criteria: {f1: 0.83}", ""),
		   "0 f1 lowered from 0.85 to 0.83\n");
	check_diff(PLAN("constraints: {latency_ms: 50}", ""), PLAN("constraints: {latency_ms: 60}", ""),
		   "1 constraint latency_ms raised from 50 to 60\n");
	check_diff(PLAN("success_criteria: {f1: {min: 0.8, max: 0.9}}", ""),
		   PLAN("success_criteria: {f1: {min: 0.8}, recall: 0.5}", ""),
		   "0 recall >= 0.5 added\n0 f1 <= 0.9 removed\n");
	check_diff(PLAN("success_criteria: {f1: {min: 0.8}}", ""),
		   PLAN("success_criteria: {f1: {min: 0.7, source: reported}}", ""),
		   "0 f1 now judged as reported\n0 f1 lowered from 0.8 to 0.7\n");
	check_diff(PLAN("success_criteria: {f1: {beats: baseline, by: 0.01}}", ""),
		   PLAN("success_criteria: {f1: {beats: baseline}}", ""),
		   "0 f1 changed from \"beats baseline by 0.01\" to \"beats baseline\"\n");
	check_diff(PLAN("expects: {f1: better}", ""), PLAN("expects: {f1: \">= +0.02\", recall: worse}", ""),
		   "2 expectation of f1 changed from better to >= +0.02\n2 expectation recall worse added\n");
	check_diff(PLAN("margins: {f1: 0.01, recall: 0.1}", ""), PLAN("margins: {f1: 0.02}", ""),
		   "3 margin of f1 widened from 0.01 to 0.02\n3 margin of recall removed\n");
	check_diff(PLAN("candidate: a", ""), PLAN("candidate: b\nbaseline: logistic", ""),
		   "4 candidate changed from a to b\n5 baseline logistic named\n");
	check_diff(PLAN("metrics: [f1]", ""), PLAN("metrics: [f1, {mine: lower}]", ""),
		   "6 metrics changed from f1 to f1, mine (lower)\n");
	check_diff(PLAN("constraints: [No names]", ""), PLAN("status: closed", ""),
		   "1 constraint \"No names\" removed\n");
}

static void notes_and_title_are_no_plan_and_the_hypothesis_is(void **state)
{
	(void)state;
	check_diff(PLAN("title: a", "Because.\n"),
		   PLAN("title: b\nstatus: closed", "Because.\n\n## Notes\n\nIt was.\n"), "");
	check_diff(PLAN("title: a", "Because.\n\n## Notes\n"), PLAN("title: a", "Because of that.\n\n## Notes\n"),
		   "7 text of the hypothesis changed\n");
	check_diff(PLAN("question: Why?", ""), PLAN("question: How?", ""), "7 question changed\n");
	check_diff("Because.\n", "Because.\n\n## Noteworthy\n", "7 text of the hypothesis changed\n");
}

#define ROWS_A "'evaluation': {'sha256': '" ID_0 "'}, "
#define ROWS_B "'evaluation': {'sha256': '" ID_1 "'}, "
#define JUDGED "'criteria': [{'metric': 'f1', 'rule': '>= 0.8', 'verdict': 'met'}]"

static void a_look_is_a_judged_run_on_the_same_rows(void **state)
{
	struct error err = {0};
	struct runs runs = {0};
	struct looks looks;

	(void)state;
	add_run(&runs, "base", "baseline", ROWS_A JUDGED);
	add_run(&runs, "one", "run", "'seed': 1, " ROWS_A JUDGED);
	add_run(&runs, "two", "run", "'seed': 2, " ROWS_A JUDGED);
	add_run(&runs, "again", "run", "'seed': 2, " ROWS_A JUDGED);
	add_run(&runs, "unjudged", "run", ROWS_A "'seed': 3");
	add_run(&runs, "elsewhere", "run", ROWS_B JUDGED);
	add_run(&runs, "copy", "run", "'tags': {'reproduces': '" ID_1 "'}, " ROWS_A JUDGED);
	add_run(&runs, "child", "run", "'parent': '" ID_1 "', " ROWS_A JUDGED);
	add_run(&runs, "orphan", "run", "'parent': '20200101-000000-0000000000', " ROWS_A JUDGED);
	add_run(&runs, "other", "run", "'params': {'k': 1}, " ROWS_A JUDGED);
	check_ok(judge_looks(&looks, &runs, 0, &runs.item[9].run, &err), err);
	assert_int_equal(looks.look, 5); /* one, two, again, orphan and itself */
	assert_int_equal(looks.same, 1);
	check_ok(judge_looks(&looks, &runs, 3, &runs.item[9].run, &err), err);
	assert_int_equal(looks.look, 8);
	check_ok(judge_looks(&looks, &runs, 0, &runs.item[3].run, &err), err);
	assert_int_equal(looks.same, 3); /* itself, seed 1, the orphan without a seed; not seed 2 once more */
	check_ok(judge_looks(&looks, &runs, 0, &runs.item[5].run, &err), err);
	assert_int_equal(looks.look, 1);
	check_ok(judge_looks(&looks, &runs, 0, &runs.item[0].run, &err), err);
	assert_int_equal(looks.look, 0);
	release_runs(&runs);
}

static void one_of_several_splits_adds_no_seed_to_an_earlier_run(void **state)
{
	struct error err = {0};
	struct runs runs = {0};
	struct looks looks;

	(void)state;
	add_run(&runs, "single", "run", "'seed': 1, " ROWS_A JUDGED);
	add_run(&runs, "parent", "run", "'children': ['20200101-000000-0000000000']");
	add_run(&runs, "child", "run", "'parent': '" ID_1 "', " ROWS_A JUDGED);
	check_ok(judge_looks(&looks, &runs, 0, &runs.item[2].run, &err), err);
	assert_int_equal(looks.look, 2);
	assert_int_equal(looks.same, 1);
	release_runs(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_is_that_of_ancestry_however_lines_fork_and_join),
		cmocka_unit_test(what_is_in_flight_comes_last_and_what_has_no_commit_is_not_known),
		cmocka_unit_test(each_change_of_a_plan_has_its_words),
		cmocka_unit_test(notes_and_title_are_no_plan_and_the_hypothesis_is),
		cmocka_unit_test(a_look_is_a_judged_run_on_the_same_rows),
		cmocka_unit_test(one_of_several_splits_adds_no_seed_to_an_earlier_run),
	};

	return cmocka_run_group_tests(tests, make_repository, remove_repository);
}
