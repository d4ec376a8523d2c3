/* The nearest earlier run, what is said of the step from it, and the runs that would tell its factors apart. */
#include "judge/records.h"

#include "failing_malloc.h"
#include "judge/changes.h"
#include "store/fixture.h"

#include <time.h>

enum { RUNS = 1000, STATES = 40 };
static char none[] = "", site[] = "site";
static const struct project project = {.below = none, .site = {.output = site}};

static struct code_reader *new_reader(struct store *store)
{
	struct code_reader *reader = NULL;
	struct error err = {0};

	check_ok(code_reader_new(&reader, store, &project, &err), err);
	return reader;
}

/* The name of the run that the last one is compared with; "" for none. */
static const char *nearest_of_last(const struct runs *runs, struct store *store)
{
	struct code_reader *reader = new_reader(store);
	const struct seen_run *found = NULL;
	struct error err = {0};

	check_ok(changes_nearest(&found, runs, &runs->item[runs->n - 1].run, reader, &err), err);
	code_reader_free(reader);
	return found ? run_name(&found->run) : "";
}

#define TRAIN(words) "'command': ['python3', 'train.py'" words "]"
#define PARAMS(a, b) TRAIN("") ", 'params': {'a': " a ", 'b': " b "}"

static void the_run_with_the_fewest_factors_is_the_nearest_and_of_equals_the_latest(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "far", "run", PARAMS("1", "1"));
	assert_string_equal(nearest_of_last(&runs, NULL), "");
	add_run(&runs, "near", "run", PARAMS("3", "2"));
	assert_string_equal(nearest_of_last(&runs, NULL), "far");
	add_run(&runs, "later", "run", PARAMS("4", "2"));
	add_run(&runs, "last", "run", PARAMS("1", "9"));
	add_run(&runs, "this", "run", PARAMS("5", "2"));
	assert_string_equal(nearest_of_last(&runs, NULL), "later"); /* as near as "near", and later than it */
	add_run(&runs, "again", "run", PARAMS("3", "2"));
	assert_string_equal(nearest_of_last(&runs, NULL), "near"); /* the same once more */
	release_runs(&runs);
}

static void only_finished_runs_of_the_same_program_and_experiment_are_near(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "python", "run", TRAIN(""));
	add_run(&runs, "baseline", "baseline", TRAIN(""));
	add_run(&runs, "again", "run", TRAIN("") ", 'tags': {'reproduces': '" ID_0 "'}");
	add_run(&runs, "other", "run", "'command': ['python3', 'other.py']");
	add_run(&runs, "module", "run", "'command': ['python3', '-m', 'train']");
	add_run(&runs, "elsewhere", "run", "'command': ['python3', 'train.py'], 'cwd': 'sub'");
	add_run(&runs, "shell", "run", "'command': ['sh', 'train.py']");
	add_run(&runs, "nothing", "run", "");
	assert_string_equal(nearest_of_last(&runs, NULL), "");
	add_run(&runs, "this", "run", "'command': ['/opt/env/bin/python3.11', './train.py']");
	assert_string_equal(nearest_of_last(&runs, NULL), "python");
	add_run(&runs, "absolute", "run", "'command': ['python', '/home/u/repo/sub/train.py']");
	assert_string_equal(nearest_of_last(&runs, NULL), "this");
	add_run(&runs, "renamed", "run", "'command': ['python', 'fit.py']");
	assert_string_equal(nearest_of_last(&runs, NULL), "");
	release_runs(&runs);
}

static void a_run_that_failed_is_none_to_compare_with(void **state)
{
	struct runs runs = {0};
	struct error err = {0};

	(void)state;
	add_run(&runs, "good", "run", PARAMS("1", "1"));
	add_run(&runs, "failed", "run", PARAMS("1", "2"));
	check_ok(run_set_text(&runs.item[1].run, "status", "failed", &err), err);
	add_run(&runs, "other", "run", PARAMS("1", "2"));
	check_ok(run_set_text(&runs.item[2].run, "experiment", "another", &err), err);
	add_run(&runs, "this", "run", PARAMS("1", "2"));
	assert_string_equal(nearest_of_last(&runs, NULL), "good");
	release_runs(&runs);
}

static void seeds_are_compared_by_their_parent_alone(void **state)
{
	static const char of_parent[] = TRAIN("") ", 'parent': '" ID_0 "'";
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "parent", "run", TRAIN("") ", 'children': ['" ID_1 "']");
	add_run(&runs, "child", "run", of_parent);
	assert_int_equal(changes_apply(&runs, &runs.item[0].run), 1);
	assert_int_equal(changes_apply(&runs, &runs.item[1].run), 0);
	add_run(&runs, "this", "run", TRAIN(""));
	assert_string_equal(nearest_of_last(&runs, NULL), "parent");
	release_runs(&runs);

	add_run(&runs, "starting", "run", TRAIN("")); /* no child of it has ended yet */
	add_run(&runs, "child", "run", of_parent);
	assert_int_equal(changes_apply(&runs, &runs.item[1].run), 0);
	release_runs(&runs);

	add_run(&runs, "outer", "run", "'command': ['sh', 'all.sh']"); /* a run within a run is one of its own */
	add_run(&runs, "inner", "run", of_parent);
	assert_int_equal(changes_apply(&runs, &runs.item[1].run), 1);
	release_runs(&runs);
}

/* What is told of the last run against the first; lines joined by '|', the caller's. */
static char *told(struct runs *runs, size_t most)
{
	struct run *run = &runs->item[runs->n - 1].run;
	const struct run *against = runs->n > 1 ? &runs->item[0].run : NULL;
	struct code_reader *reader = new_reader(NULL);
	struct buf text = BUF_INIT;
	struct names lines = {0};
	struct error err = {0};

	check_ok(changes_set(run, against, reader, &err), err);
	check_ok(changes_lines(&lines, run, against, reader, most, &err), err);
	for (size_t i = 0; i < lines.n; i++)
		buf_printf(&text, "%s%s", i ? "|" : "", lines.name[i]);
	names_free(&lines);
	code_reader_free(reader);
	return buf_detach(&text);
}

static void check_told(const char *from, const char *to, const char *want)
{
	struct runs runs = {0};
	char *got;

	add_run(&runs, "a", "run", from);
	add_run(&runs, "b", "run", to);
	got = told(&runs, 3);
	assert_string_equal(got, want);
	free(got);
	release_runs(&runs);
}

#define PACKAGES ", 'environment': {'packages': {'p': '1'}}"
#define LR(lr, depth) \
	"'params': {'lr': " lr ", 'depth': " depth "}, 'command': ['python', 'train.py', '--lr', '" lr "']" PACKAGES

static void the_step_is_told_in_one_line(void **state)
{
	struct runs runs = {0};
	char *got;

	(void)state;
	add_run(&runs, "a", "run", TRAIN(""));
	got = told(&runs, 3);
	assert_string_equal(got, "the first of its kind: nothing to compare with");
	assert_string_equal(run_text(&runs.item[0].run, "changes.verdict"), "first");
	free(got);
	release_runs(&runs);
	check_told(LR("0.1", "4"), LR("0.2", "4"), "changed against 0000000: lr 0.1 -> 0.2 (isolated)");
	check_told(LR("0.1", "4"), LR("0.1", "4"), "changed against 0000000: nothing changed");
	check_told(TRAIN(""), TRAIN(""),
		   "changed against 0000000: nothing changed, as far as recorded: packages are not");
}

static void factors_are_told_apart_by_commands_where_a_command_can_do_it(void **state)
{
	(void)state;
	check_told(
		LR("0.1", "4"), LR("0.2", "6"),
		"changed against 0000000: confounded: depth and lr changed together; 1 more run would tell the two "
		"apart "
		"(main effects only):|  assay run -e churn --param depth=6 --param lr=0.1 -- python train.py --lr 0.1");
	check_told("'seed': 1, " LR("0.1", "4"), "'seed': 2, " LR("0.2", "4"),
		   "changed against 0000000: confounded: lr and seed changed together; 1 more run would tell the two "
		   "apart "
		   "(main effects only):|  assay run -e churn --seed 2 --param lr=0.1 -- python train.py --lr 0.1");
	check_told("'cwd': 'sub dir', " LR("0.1", "4"), "'cwd': 'sub dir', " LR("0.2", "'it is'"),
		   "changed against 0000000: confounded: depth and lr changed together; 1 more run would tell the two "
		   "apart "
		   "(main effects only):|  cd 'sub dir' && assay run -e churn --param 'depth=it is' --param lr=0.1 -- "
		   "python "
		   "train.py --lr 0.1");
}

static void what_the_run_was_given_is_said_again(void **state)
{
#define GIVEN(lr, depth)                                                                                            \
	"'given': {'params': ['lr', 'mode', 'token'], 'data': ['d.csv']}, 'params': {'lr': " lr ", 'depth': " depth \
	", 'mode': 'fast', 'token': '***', 'logged': 7}, 'command': ['t']" PACKAGES
	(void)state;
	check_told(GIVEN("0.1", "4"), GIVEN("0.2", "6"),
		   "changed against 0000000: confounded: depth and lr changed together; 1 more run would tell the two "
		   "apart "
		   "(main effects only):|  assay run -e churn --param depth=6 --param lr=0.1 --param mode=fast --data "
		   "d.csv "
		   "-- t");
	check_told(
		"'cwd': 'a/b', " GIVEN("0.1", "4"), "'cwd': 'a/b', " GIVEN("0.2", "6"),
		"changed against 0000000: confounded: depth and lr changed together; 1 more run would tell the two "
		"apart "
		"(main effects only):|  cd a/b && assay run -e churn --param depth=6 --param lr=0.1 --param mode=fast "
		"--data ../../d.csv -- t");
#undef GIVEN
}

static void what_a_command_cannot_set_is_said_in_words(void **state)
{
#define CODE(commit, lr, data) \
	"'code': {'commit': '" commit "'}, 'data': {'files': [{'path': 'd.csv', 'sha256': '" data "'}]}, " LR(lr, "4")
	(void)state;
	check_told(
		CODE("c1", "0.1", "aa"), CODE("c2", "0.2", "bb"),
		"changed against 0000000: confounded: code, lr and d.csv changed together; 2 more runs would tell them "
		"apart (main effects only):"
		"|  assay run -e churn --param lr=0.1 -- python train.py --lr 0.1, with d.csv as in 0000000"
		"|  assay run -e churn --param lr=0.1 -- python train.py --lr 0.1");
#undef CODE
}

static void packages_change_in_one_step(void **state)
{
	(void)state;
	check_told(
		"'command': ['t'], 'params': {'a': 1}, 'environment': {'packages': {'p': '1', 'q': '1'}}",
		"'command': ['t'], 'params': {'a': 2}, 'environment': {'packages': {'p': '2', 'q': '2'}}",
		"changed against 0000000: confounded: a, p and q changed together; 1 more run would tell the two apart "
		"(main effects only):|  assay run -e churn --param a=1 -- t");
}

static void a_long_list_is_cut_and_says_so(void **state)
{
	(void)state;
	check_told(
		"'command': ['t'], 'params': {'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1, 'g': 1}" PACKAGES,
		"'command': ['t'], 'params': {'a': 2, 'b': 2, 'c': 2, 'd': 2, 'e': 2, 'f': 2, 'g': 2}" PACKAGES,
		"changed against 0000000: confounded: a, b, c, d, e, f and 1 more changed together; 6 more runs would "
		"tell them apart (main effects only):"
		"|  assay run -e churn --param a=2 --param b=1 --param c=1 --param d=1 --param e=1 --param f=1 --param "
		"g=1 -- t"
		"|  assay run -e churn --param a=2 --param b=2 --param c=1 --param d=1 --param e=1 --param f=1 --param "
		"g=1 -- t"
		"|  assay run -e churn --param a=2 --param b=2 --param c=2 --param d=1 --param e=1 --param f=1 --param "
		"g=1 -- t"
		"|  and 3 more: `assay show 0000000` names them");
}

/* A stranger's record may hold names of megabytes: what is said of them stays a line. */
static void a_name_of_megabytes_is_cut(void **state)
{
	char *name = malloc(3000001);
	struct runs runs = {0};
	struct buf text = BUF_INIT, fields = BUF_INIT;

	(void)state;
	assert_non_null(name);
	memset(name, 'n', 3000000);
	name[3000000] = '\0';
	buf_printf(&fields,
		   "'changes': {'against': '" ID_0
		   "', 'verdict': 'isolated', 'factors': [{'factor': 'params', 'name': '%s', 'from': 1, 'to': 2}]}",
		   name);
	add_run(&runs, "a", "run", fields.text);
	changes_words(&text, run_field(&runs.item[0].run, "changes"));
	assert_false(text.failed);
	assert_true(text.len < 300);
	assert_non_null(strstr(text.text, "nnn... 1 -> 2 (isolated)"));
	buf_release(&text);
	buf_release(&fields);
	release_runs(&runs);
	free(name);
}

static struct runs two;

static int find_set_and_tell(struct error *err)
{
	const struct seen_run *against = NULL;
	struct code_reader *reader = NULL;
	struct names lines = {0};
	struct run *run;
	int rc;

	run = &two.item[1].run;
	rc = code_reader_new(&reader, NULL, &project, err);
	if (!rc)
		rc = changes_nearest(&against, &two, run, reader, err);
	if (!rc)
		rc = changes_set(run, &against->run, reader, err);
	if (!rc)
		rc = changes_lines(&lines, run, &against->run, reader, 3, err);
	json_object_del(run->json, "changes"); /* as it was */
	names_free(&lines);
	code_reader_free(reader);
	return rc;
}

static void without_memory_nothing_is_found_and_nothing_leaks(void **state)
{
	(void)state;
	add_run(&two, "a", "run", LR("0.1", "4"));
	add_run(&two, "b", "run", LR("0.2", "6"));
	fail_in_turn(find_set_and_tell);
	release_runs(&two);
}

/* The n-th of a thousand; the last but nine is called "nearest". */
static void add_numbered(struct runs *runs, const char *commit)
{
	size_t i = runs->n;
	struct error err = {0};
	char *text = mem_printf(
		"{\"schema\": 1, \"id\": \"20261124-103015-%010zx\", \"experiment\": \"e\", \"name\": \"%s\", "
		"\"kind\": \"run\", \"status\": \"finished\", \"command\": [\"python\", \"train.py\", \"--a=%zu\"], "
		"\"params\": {\"a\": %zu, \"b\": %zu, \"c\": 1}, \"code\": {\"commit\": \"%s\"}}",
		i, i == RUNS - 10 ? "nearest" : "n", i, i, i % 7, commit);

	assert_non_null(text);
	check_ok(run_parse(&runs->item[i].run, text, strlen(text), "record", &err), err);
	free(text);
}

/* A thousand runs, each with a code state of its own and a parameter that differs: the worst that still is usual. */
static void a_thousand_runs_are_looked_through_in_less_than_a_tenth_of_a_second(void **state)
{
	struct timespec begin, end;
	struct fixture fixture;
	struct runs runs = {0};
	struct store *store;
	char *commit[STATES];
	double seconds;

	(void)state;
	fixture_make(&fixture, "repo");
	for (size_t i = 0; i < STATES; i++) {
		char *text = mem_printf("print(%zu)\n", i);

		write_text(fixture.repo, "train.py", text);
		git_quiet(&fixture, "commit", "-q", "-a", "--allow-empty", "-m", "step");
		commit[i] = git(&fixture, "rev-parse", "HEAD");
		free(text);
	}
	store = open_store(fixture.repo);
	runs.item = mem_zeroed(RUNS, sizeof(*runs.item));
	assert_non_null(runs.item);
	for (; runs.n < RUNS; runs.n++)
		add_numbered(&runs, commit[runs.n % STATES]);
	/* the last but nine has b and the code of the last */
	check_ok(run_set_number(&runs.item[RUNS - 10].run, "params.b", (RUNS - 1) % 7, NULL), (struct error){0});
	check_ok(run_set_text(&runs.item[RUNS - 10].run, "code.commit",
			      run_text(&runs.item[RUNS - 1].run, "code.commit"), NULL),
		 (struct error){0});
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	assert_string_equal(nearest_of_last(&runs, store), "nearest");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
	print_message("%.3f s\n", seconds);
#ifndef __SANITIZE_ADDRESS__
	assert_true(seconds < 0.1);
#endif
	release_runs(&runs);
	for (size_t i = 0; i < STATES; i++)
		free(commit[i]);
	store_free(store);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_run_with_the_fewest_factors_is_the_nearest_and_of_equals_the_latest),
		cmocka_unit_test(only_finished_runs_of_the_same_program_and_experiment_are_near),
		cmocka_unit_test(a_run_that_failed_is_none_to_compare_with),
		cmocka_unit_test(seeds_are_compared_by_their_parent_alone),
		cmocka_unit_test(the_step_is_told_in_one_line),
		cmocka_unit_test(factors_are_told_apart_by_commands_where_a_command_can_do_it),
		cmocka_unit_test(what_the_run_was_given_is_said_again),
		cmocka_unit_test(what_a_command_cannot_set_is_said_in_words),
		cmocka_unit_test(packages_change_in_one_step),
		cmocka_unit_test(a_long_list_is_cut_and_says_so),
		cmocka_unit_test(a_name_of_megabytes_is_cut),
		cmocka_unit_test(without_memory_nothing_is_found_and_nothing_leaks),
		cmocka_unit_test(a_thousand_runs_are_looked_through_in_less_than_a_tenth_of_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
