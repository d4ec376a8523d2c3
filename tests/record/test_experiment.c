/* experiments/NAME.md: the front matter's forms, every error with its file:line, and which experiment is meant. */
#include "check.h"

#include "record/experiment.h"

#define PATH "experiments/forest.md"

static struct declared_metric project_metric[] = {{.name = "f1", .known = 1}, {.name = "cost", .lower = 1}};
static struct project project = {.metric = project_metric, .metrics = 2};

static struct experiment *parsed(const char *text)
{
	struct experiment *e = NULL;
	struct error err = {0};

	check_ok(experiment_parse(&e, &project, "forest", PATH, text, strlen(text), &err), err);
	return e;
}

static void check_refused(const char *yaml, const char *text, const char *hint)
{
	struct experiment *e = NULL;
	struct error err = {0};
	struct buf file = BUF_INIT;

	buf_printf(&file, "---\n%s---\n# Forest\n", yaml);
	assert_int_equal(experiment_parse(&e, &project, "forest", PATH, file.text, file.len, &err), ERR_INPUT);
	assert_string_equal(err.text, text);
	assert_string_equal(err.hint, hint);
	assert_null(e);
	buf_release(&file);
}

static void every_key_of_the_format_is_read(void **state)
{
	static const char text[] = "---\n"
				   "title: Forest or linear\n"
				   "question: Does a forest beat a linear model here?\n"
				   "expects: {f1: better, cost: \"<= -0.02\"}\n"
				   "metrics: [roc_auc, {cost: lower}]\n"
				   "success_criteria:\n"
				   "  f1: 0.85\n"
				   "margins: {f1: 0.01}\n"
				   "candidate: random_forest_tuned\n"
				   "constraints: {latency_ms: 50}\n"
				   "baseline: other/logistic_tuned\n"
				   "features: [a, b]\n"
				   "drop: [c]\n"
				   "status: closed\n"
				   "---\n"
				   "# Heading\n\nProse.\n";
	struct experiment *e = parsed(text);
	const struct declared_metric *metric;
	size_t n;

	(void)state;
	assert_string_equal(e->name, "forest");
	assert_string_equal(e->path, PATH);
	assert_string_equal(e->title, "Forest or linear");
	assert_string_equal(e->question, "Does a forest beat a linear model here?");
	assert_int_equal(e->n_expects, 2);
	assert_string_equal(e->expects[0].what, "better");
	assert_false(e->expects[0].bounded);
	assert_true(e->expects[1].bounded);
	assert_string_equal(e->expects[1].op, "<=");
	check_close(e->expects[1].value, -0.02, 0);
	metric = experiment_metrics(&n, e, &project);
	assert_int_equal(n, 2);
	assert_string_equal(metric[0].name, "roc_auc");
	assert_int_equal(e->criteria, 2);
	assert_false(e->criterion[0].constraint);
	assert_int_equal(e->criterion[0].line, 7);
	assert_true(e->criterion[1].constraint);
	assert_int_equal(e->margins, 1);
	check_close(e->margin[0].value, 0.01, 0);
	assert_string_equal(e->candidate, "random_forest_tuned");
	assert_string_equal(e->baseline, "other/logistic_tuned");
	assert_int_equal(e->features.n, 2);
	assert_int_equal(e->drop.n, 1);
	assert_string_equal(e->status, "closed");
	assert_string_equal(e->body, "# Heading\n\nProse.\n");
	assert_string_equal(e->text, text);
	assert_int_equal(e->text_len, strlen(text));
	experiment_free(e);
}

static void a_file_of_prose_alone_has_the_first_heading_as_title(void **state)
{
	struct experiment *e = parsed(
		"Intro.\n\n```sh\n# a comment\n```\n#hashtag\n##  Less is *more*  ##\r\n\nText.\n");
	const struct declared_metric *metric;
	size_t n;

	(void)state;
	assert_string_equal(e->title, "Less is *more*");
	assert_string_equal(e->status, "open");
	assert_int_equal(e->criteria, 0);
	metric = experiment_metrics(&n, e, &project);
	assert_ptr_equal(metric, project_metric);
	/* git hash-object says so */
	assert_string_equal(e->blob, "4ceb5d12a1cbf16142988199b3e09e621b16e6ab");
	experiment_free(e);
	e = parsed("no heading\n");
	assert_string_equal(e->title, "forest");
	experiment_free(e);
}

static void check_criterion(const char *yaml, enum criterion_kind kind, const char *metric, const char *op,
			    double value, const char *rule)
{
	struct buf text = BUF_INIT;
	struct experiment *e;

	buf_printf(&text, "---\nsuccess_criteria: {%s}\n---\n", yaml);
	e = parsed(text.text);
	assert_int_equal(e->criteria, 1);
	assert_int_equal(e->criterion[0].kind, kind);
	assert_string_equal(e->criterion[0].metric, metric);
	assert_string_equal(e->criterion[0].op, op);
	check_close(e->criterion[0].value, value, 0);
	assert_string_equal(e->criterion[0].rule, rule);
	experiment_free(e);
	buf_release(&text);
}

static void every_form_of_a_criterion_is_understood(void **state)
{
	(void)state;
	check_criterion("f1: 0.85", CRITERION_LIMIT, "f1", ">=", 0.85, ">= 0.85");
	check_criterion("latency_ms: 50", CRITERION_LIMIT, "latency_ms", "<=", 50, "<= 50");
	check_criterion("cost: 3", CRITERION_LIMIT, "cost", "<=", 3, "<= 3");
	check_criterion("f1: \">= 0.85\"", CRITERION_LIMIT, "f1", ">=", 0.85, ">= 0.85");
	check_criterion("f1: '>0.85'", CRITERION_LIMIT, "f1", ">", 0.85, "> 0.85");
	check_criterion("f1: \"< 1\"", CRITERION_LIMIT, "f1", "<", 1, "< 1");
	check_criterion("mine: \"<= 2\"", CRITERION_LIMIT, "mine", "<=", 2, "<= 2");
	check_criterion("mine: \"= 2\"", CRITERION_LIMIT, "mine", "=", 2, "= 2");
	check_criterion("latency_ms: {max: 50}", CRITERION_LIMIT, "latency_ms", "<=", 50, "<= 50");
	check_criterion("f1: {min: 0.85}", CRITERION_LIMIT, "f1", ">=", 0.85, ">= 0.85");
	check_criterion("f1: {beats: baseline, by: 0.01}", CRITERION_BEATS, "f1", "", 0.01, "beats baseline by 0.01");
	check_criterion("f1: {beats: baseline}", CRITERION_BEATS, "f1", "", 0, "beats baseline");
	check_criterion("f1: {no_worse_than: baseline, margin: 0.01}", CRITERION_NO_WORSE, "f1", "", 0.01,
			"no worse than baseline, margin 0.01");
	check_criterion("broken: \"<= 0.01\"", CRITERION_BROKEN, "broken", "<=", 0.01, "<= 0.01");
	check_criterion("broken: 0.01", CRITERION_BROKEN, "broken", "<=", 0.01, "<= 0.01");
}

static void a_range_is_two_criteria(void **state)
{
	struct experiment *e = parsed("---\nsuccess_criteria:\n  rate: {min: 0.1, max: 0.3}\n---\n");

	(void)state;
	assert_int_equal(e->criteria, 2);
	assert_string_equal(e->criterion[0].rule, ">= 0.1");
	assert_string_equal(e->criterion[1].rule, "<= 0.3");
	experiment_free(e);
}

static void a_limit_says_whether_what_is_reported_counts(void **state)
{
	struct experiment *e = parsed("---\nsuccess_criteria:\n  f1: {min: 0.8, source: reported}\n"
				      "  recall: {min: 0.8, source: measured}\n  accuracy: 0.8\n---\n");

	(void)state;
	assert_int_equal(e->criteria, 3);
	assert_true(e->criterion[0].reported);
	assert_false(e->criterion[1].reported || e->criterion[2].reported);
	experiment_free(e);
}

static void no_worse_than_takes_the_margin_of_margins(void **state)
{
	struct experiment *e = parsed(
		"---\nsuccess_criteria: {f1: {no_worse_than: baseline}}\nmargins: {f1: 0.02}\n---\n");

	(void)state;
	check_close(e->criterion[0].value, 0.02, 0);
	experiment_free(e);
}

static void constraints_are_criteria_or_sentences(void **state)
{
	struct experiment *e = parsed(
		"---\nconstraints:\n  - No personal data leaves the bank.\n  - Runs on a laptop.\n---\n");

	(void)state;
	assert_int_equal(e->criteria, 0);
	assert_int_equal(e->sentences.n, 2);
	assert_string_equal(e->sentences.name[1], "Runs on a laptop.");
	experiment_free(e);
	e = parsed("---\nconstraints:\n  latency_ms: {max: 20}\n---\n");
	assert_int_equal(e->criteria, 1);
	assert_true(e->criterion[0].constraint);
	experiment_free(e);
}

#define FORMS                                                                                                       \
	"write a number, \">= 0.85\", {max: 50}, {beats: baseline, by: 0.01} or {no_worse_than: baseline, margin: " \
	"0.01}"

static void a_rule_that_is_none_is_refused_with_its_line(void **state)
{
	(void)state;
	check_refused("success_criteria:\n  f1: high\n", PATH ":3: success_criteria: 'high' is no rule for f1", FORMS);
	check_refused("success_criteria:\n  f1: \">= much\"\n",
		      PATH ":3: success_criteria: '>= much' is no rule for f1", FORMS);
	check_refused("success_criteria:\n  f1: 85%\n", PATH ":3: success_criteria: '85%' is no rule for f1", FORMS);
	check_refused("success_criteria:\n  mine: 0.8\n",
		      PATH ":3: success_criteria: it is not known which way 'mine' is better",
		      "write mine: \">= 0.8\" or mine: \"<= 0.8\", or list {mine: higher} under metrics");
	check_refused("constraints:\n  mine: 0.8\n", PATH ":3: constraints: it is not known which way 'mine' is better",
		      "write mine: \">= 0.8\" or mine: \"<= 0.8\", or list {mine: higher} under metrics");
	check_refused("success_criteria: {mine: {beats: baseline}}\n",
		      PATH ":2: success_criteria: it is not known which way 'mine' is better",
		      "list {mine: higher} or {mine: lower} under metrics");
	check_refused("success_criteria: {f1: {beats: logistic}}\n",
		      PATH ":2: success_criteria: f1 can be compared with the baseline only",
		      "write {beats: baseline}; `baseline: RUN` says which run that is");
	check_refused("success_criteria: {f1: {beats: baseline, margin: 1}}\n", PATH ":2: unknown key 'margin' in f1",
		      "known here: beats, by");
	check_refused("success_criteria: {f1: {beets: baseline}}\n", PATH ":2: unknown key 'beets' in f1",
		      "did you mean 'beats'?");
	check_refused("success_criteria: {f1: {by: 1}}\n", PATH ":2: success_criteria: the rule for f1 says nothing",
		      "write {min: 0.85}, {max: 50}, {beats: baseline} or {no_worse_than: baseline, margin: 0.01}");
	check_refused("success_criteria: {f1: {beats: baseline, by: -1}}\n",
		      PATH ":2: success_criteria: by of f1 is below 0", "");
	check_refused("success_criteria: {f1: {no_worse_than: baseline}}\n",
		      PATH ":2: success_criteria: no_worse_than of f1 needs a margin",
		      "write {no_worse_than: baseline, margin: 0.01}, or name f1 under margins");
	check_refused("success_criteria: {f1: {min: 2, max: 1}}\n",
		      PATH ":2: success_criteria: the max of f1 lies below its min", "");
	check_refused("success_criteria: {f1: {min: 1, source: me}}\n", PATH ":2: source cannot be 'me'",
		      "known here: measured, reported");
	check_refused("success_criteria: {f1: {min: x}}\n", PATH ":2: min is not a number", "");
	check_refused("success_criteria: {f1: [1]}\n", PATH ":2: f1 holds no keys; write 'key: value' lines below it",
		      "");
	check_refused("success_criteria: [f1]\n", PATH ":2: success_criteria is a map of metrics",
		      "write lines such as '  f1: 0.85' below it");
}

static void a_rule_without_its_quotes_gets_the_hint(void **state)
{
	static const char text[] = "---\nsuccess_criteria:\n  f1: >= 0.85\n---\n";
	struct experiment *e = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(experiment_parse(&e, &project, "forest", PATH, text, strlen(text), &err), ERR_INPUT);
	assert_non_null(strstr(err.text, PATH ":3"));
	assert_string_equal(err.hint,
			    "a > that begins a value opens a block of text: write rules in quotes, f1: \">= 0.85\"");
}

static void other_keys_are_as_strict(void **state)
{
	(void)state;
	check_refused("question: x\nsucess_criteria: {}\n", PATH ":3: unknown key 'sucess_criteria'",
		      "did you mean 'success_criteria'?");
	check_refused("expects: {f1: bigger}\n", PATH ":2: expects: 'bigger' is nothing to expect of f1",
		      "write better, worse, equivalent, or a bound on the difference: \">= +0.02\"");
	check_refused("expects: {f1: [better]}\n", PATH ":2: expects: '' is nothing to expect of f1",
		      "write better, worse, equivalent, or a bound on the difference: \">= +0.02\"");
	check_refused("expects: {mine: better}\n", PATH ":2: expects: it is not known which way 'mine' is better",
		      "list {mine: higher} or {mine: lower} under metrics");
	check_refused("expects: better\n", PATH ":2: expects is a map of metrics",
		      "write lines such as '  f1: 0.85' below it");
	check_refused("margins: {f1: 0}\n", PATH ":2: the margin of f1 is not above 0", "");
	check_refused("margins: {f1: small}\n", PATH ":2: f1 is not a number", "");
	check_refused("status: done\n", PATH ":2: status cannot be 'done'", "known here: open, closed, abandoned");
	check_refused("constraints: fast\n", PATH ":2: constraints is a map of metrics or a list of sentences", "");
	check_refused("metrics: [mine]\n", PATH ":2: metrics: it is not known which way 'mine' is better",
		      "write {mine: higher} or {mine: lower}");
	check_refused("drop: contract\n", PATH ":2: drop is a list", "write drop: [contract]");
}

static char top[] = "/tmp/assay-experiment-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	project.root = mkdtemp(top);
	return project.root ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return dir_remove(top, NULL);
}

static void put(const char *name, const char *text)
{
	struct error err = {0};
	char path[256];

	snprintf(path, sizeof(path), "%s/experiments", top);
	check_ok(dir_make(path, &err), err);
	snprintf(path, sizeof(path), "%s/experiments/%s", top, name);
	check_ok(file_write(path, text, strlen(text), &err), err);
}

static void check_resolved(const char *asked, const char *want)
{
	struct error err = {0};
	char *name = NULL;

	check_ok(experiment_resolve(&name, &project, asked, &err), err);
	assert_string_equal(name, want);
	free(name);
}

static void the_experiment_meant_is_asked_then_set_then_the_only_one(void **state)
{
	struct names all = {0};
	struct error err = {0};
	char *name = NULL;

	(void)state;
	check_resolved(NULL, "default");
	check_resolved("asked", "asked");
	assert_int_equal(experiment_resolve(&name, &project, "Not/Allowed", &err), ERR_INPUT);
	put("b.md", "# B\n");
	put("b.results.md", "written by pick\n");
	put("README.txt", "x\n");
	put("Upper.md", "no experiment: its name could not be a run's\n");
	check_resolved(NULL, "b");
	put("b-2.md", "# B2\n");
	check_resolved(NULL, "default");
	project.experiment = (char *)"b-2";
	check_resolved(NULL, "b-2");
	check_resolved("x", "x");
	project.experiment = NULL;
	err = (struct error){0};
	check_ok(experiment_list(&all, &project, &err), err);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.name[0], "b");
	assert_string_equal(all.name[1], "b-2");
	names_free(&all);
}

static void an_experiment_without_a_file_has_its_name_alone(void **state)
{
	struct experiment *e = NULL;
	struct error err = {0};

	(void)state;
	check_ok(experiment_load(&e, &project, "nowhere", &err), err);
	assert_string_equal(e->title, "nowhere");
	assert_null(e->path);
	assert_null(e->text);
	assert_string_equal(e->blob, "");
	assert_string_equal(e->status, "open");
	experiment_free(e);
	put("written.md", "---\ntitle: [x]\n---\n");
	assert_int_equal(experiment_load(&e, &project, "written", &err), ERR_INPUT);
	assert_string_equal(err.text, "experiments/written.md:2: title is one text, not a list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_format_is_read),
		cmocka_unit_test(a_file_of_prose_alone_has_the_first_heading_as_title),
		cmocka_unit_test(every_form_of_a_criterion_is_understood),
		cmocka_unit_test(a_range_is_two_criteria),
		cmocka_unit_test(a_limit_says_whether_what_is_reported_counts),
		cmocka_unit_test(no_worse_than_takes_the_margin_of_margins),
		cmocka_unit_test(constraints_are_criteria_or_sentences),
		cmocka_unit_test(a_rule_that_is_none_is_refused_with_its_line),
		cmocka_unit_test(a_rule_without_its_quotes_gets_the_hint),
		cmocka_unit_test(other_keys_are_as_strict),
		cmocka_unit_test(the_experiment_meant_is_asked_then_set_then_the_only_one),
		cmocka_unit_test(an_experiment_without_a_file_has_its_name_alone),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
