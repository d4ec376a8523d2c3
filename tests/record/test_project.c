/* assay.yaml: found, read strictly, every slip with its line. */
#include "check.h"

#include "record/project.h"

#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/assay-project-XXXXXX";

static int make_folders(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(top))
		return -1;
	snprintf(path, sizeof(path), "%s/tree/team/data", top);
	return dir_make(path, NULL);
}

static int remove_folders(void **state)
{
	(void)state;
	return dir_remove(top, NULL);
}

static char *in_top(const char *name)
{
	static char path[4][256];
	static int at;

	at = (at + 1) % 4;
	snprintf(path[at], sizeof(path[at]), "%s/%s", top, name);
	return path[at];
}

static void put(const char *name, const char *text)
{
	struct error err = {0};

	check_ok(file_write(in_top(name), text, strlen(text), &err), err);
}

static struct project *loaded(const char *yaml)
{
	struct project *project = NULL;
	struct error err = {0};

	put("tree/assay.yaml", yaml);
	check_ok(project_load(&project, in_top("tree"), in_top("tree"), &err), err);
	return project;
}

static void check_refused(const char *yaml, const char *text, const char *hint)
{
	struct project *project = NULL;
	struct error err = {0};

	put("tree/assay.yaml", yaml);
	assert_int_equal(project_load(&project, in_top("tree"), in_top("tree"), &err), ERR_INPUT);
	assert_string_equal(err.text, text);
	assert_string_equal(err.hint, hint);
	assert_null(project);
}

static void without_a_file_the_work_tree_is_the_root_and_defaults_hold(void **state)
{
	struct project *p = NULL;
	struct error err = {0};

	(void)state;
	unlink(in_top("tree/assay.yaml"));
	check_ok(project_load(&p, in_top("tree/team/data"), in_top("tree"), &err), err);
	assert_string_equal(p->root, in_top("tree"));
	assert_string_equal(p->below, "");
	assert_false(p->has_file);
	assert_string_equal(p->name, "tree");
	assert_null(p->task);
	assert_null(p->data.target);
	check_close(p->split.test, 0.2, 0);
	assert_int_equal(p->metrics, 1);
	assert_string_equal(p->metric[0].name, "f1");
	assert_false(p->metric[0].lower);
	assert_int_equal(p->predictions.rows, 20000);
	assert_string_equal(p->predictions.ids, "number");
	assert_string_equal(p->git.branch, "assay/runs");
	assert_int_equal(p->git.artifact_limit, 1048576);
	assert_int_equal(p->git.snapshot, SNAPSHOT_TEXT);
	assert_string_equal(p->site.output, "site");
	assert_string_equal(p->site.theme, "default");
	project_free(p);
}

static void the_nearest_folder_with_a_file_is_the_root(void **state)
{
	struct project *p = NULL;
	struct error err = {0};

	(void)state;
	put("tree/assay.yaml", "project: outer\n");
	put("tree/team/assay.yaml", "project: inner\n");
	put("assay.yaml", "project: above the work tree\n");
	check_ok(project_load(&p, in_top("tree/team/data"), in_top("tree"), &err), err);
	assert_string_equal(p->name, "inner");
	assert_string_equal(p->below, "team");
	project_free(p);
	unlink(in_top("tree/team/assay.yaml"));
	check_ok(project_load(&p, in_top("tree/team/data"), in_top("tree"), &err), err);
	assert_string_equal(p->name, "outer");
	project_free(p);
	unlink(in_top("tree/assay.yaml"));
	check_ok(project_load(&p, in_top("tree/team/data"), in_top("tree"), &err), err);
	assert_string_equal(p->name, "tree");
	project_free(p);
}

static void every_key_of_the_format_is_accepted(void **state)
{
	struct project *p = loaded(
		"project: Customer churn\n"
		"task: classification\n"
		"experiment: churn\n"
		"data: {file: data/churn.csv, target: churn, positive: yes, id: customer_id, groups: [gender, "
		"senior],\n"
		"  features: [a], drop: [b, c], missing: [\"?\", \"\"]}\n"
		"split: {test: 0.25, valid: 0.1, seed: 7, group: g, time: t, column: c, folds: 5, repeats: 2}\n"
		"metrics: [f1, {exact_match: higher}, latency_ms, {cost: lower}]\n"
		"evaluation: {labels: F, id: C, target: T}\n"
		"predictions: {rows: 100, ids: hash}\n"
		"git: {branch: lab/runs, artifact_limit: 500 kB, snapshot: tracked, lfs: true}\n"
		"site: {output: public, theme: plain, url: \"https://example.org\", repository: r, rows: true}\n");

	(void)state;
	assert_string_equal(p->name, "Customer churn");
	assert_string_equal(p->task, "classification");
	assert_string_equal(p->experiment, "churn");
	assert_string_equal(p->data.file, "data/churn.csv");
	assert_string_equal(p->data.target, "churn");
	assert_string_equal(p->data.positive, "yes");
	assert_string_equal(p->data.id, "customer_id");
	assert_int_equal(p->data.groups.n, 2);
	assert_string_equal(p->data.groups.name[1], "senior");
	assert_int_equal(p->data.features.n, 1);
	assert_int_equal(p->data.drop.n, 2);
	assert_string_equal(p->data.missing.name[1], "");
	check_close(p->split.test, 0.25, 0);
	check_close(p->split.valid, 0.1, 0);
	assert_int_equal(p->split.seed, 7);
	assert_int_equal(p->metrics, 4);
	assert_string_equal(p->metric[1].name, "exact_match");
	assert_false(p->metric[1].known || p->metric[1].lower);
	assert_true(p->metric[2].known && p->metric[2].lower);
	assert_true(p->metric[3].lower);
	assert_string_equal(p->evaluation.labels, "F");
	assert_string_equal(p->evaluation.id, "C");
	assert_string_equal(p->evaluation.target, "T");
	assert_int_equal(p->predictions.rows, 100);
	assert_string_equal(p->predictions.ids, "hash");
	assert_string_equal(p->git.branch, "lab/runs");
	assert_int_equal(p->git.artifact_limit, 500000);
	assert_int_equal(p->git.snapshot, SNAPSHOT_TRACKED);
	assert_string_equal(p->site.output, "public");
	assert_string_equal(p->site.url, "https://example.org");
	assert_true(p->site.rows);
	project_free(p);
}

static void a_key_without_value_is_as_good_as_none(void **state)
{
	struct project *p = loaded("project:\ntask: ~\ndata:\n  target: null\nmetrics:\nsite:\n");

	(void)state;
	assert_string_equal(p->name, "tree");
	assert_null(p->data.target);
	assert_string_equal(p->metric[0].name, "f1");
	project_free(p);
}

static void sizes_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		unsigned long long bytes;
	} cases[] = {{"0", 0},          {"1048576", 1048576}, {"2 MiB", 2097152}, {"2MiB", 2097152},
		     {"1.5 KiB", 1536}, {"3 MB", 3000000},    {"7 B", 7},         {"1 GiB", 1073741824}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char yaml[64];
		struct project *p;

		snprintf(yaml, sizeof(yaml), "git: {artifact_limit: %s}\n", cases[i].text);
		p = loaded(yaml);
		assert_int_equal(p->git.artifact_limit, cases[i].bytes);
		project_free(p);
	}
	check_refused("git:\n  artifact_limit: 1 MiBs\n", "assay.yaml:2: artifact_limit is not a size",
		      "write a number with B, kB, KiB, MB, MiB, GB or GiB: 1 MiB");
	check_refused("git:\n  artifact_limit: big\n", "assay.yaml:2: artifact_limit is not a size",
		      "write a number with B, kB, KiB, MB, MiB, GB or GiB: 1 MiB");
}

static void pinned_labels_have_the_columns_of_the_data_unless_they_say_otherwise(void **state)
{
	struct project *p = loaded("evaluation: {labels: F}\ndata: {target: churn, id: customer}\n");

	(void)state;
	assert_string_equal(p->evaluation.id, "customer");
	assert_string_equal(p->evaluation.target, "churn");
	project_free(p);
	check_refused("project: x\nevaluation: {labels: F, target: t}\n",
		      "assay.yaml:2: evaluation names labels and no id", "add id: COLUMN");
	check_refused("evaluation:\n  id: c\n", "assay.yaml:2: evaluation names columns and no labels",
		      "add labels: FILE");
}

static void an_unknown_key_is_refused_with_its_line_and_the_nearest(void **state)
{
	(void)state;
	check_refused(
		"project: x\ntagret: y\n", "assay.yaml:2: unknown key 'tagret'",
		"known here: project, task, experiment, data, split, metrics, evaluation, predictions, git, site");
	check_refused("metrcs: [f1]\n", "assay.yaml:1: unknown key 'metrcs'", "did you mean 'metrics'?");
	check_refused("data:\n  file: f\n  taget: t\n", "assay.yaml:3: unknown key 'taget' in data",
		      "did you mean 'target'?");
	check_refused("split: {tst: 0.2}\n", "assay.yaml:1: unknown key 'tst' in split", "did you mean 'test'?");
	check_refused("evaluation: {label: F}\n", "assay.yaml:1: unknown key 'label' in evaluation",
		      "did you mean 'labels'?");
	check_refused("predictions:\n\n  row: 2\n", "assay.yaml:3: unknown key 'row' in predictions",
		      "did you mean 'rows'?");
	check_refused("git: {brnch: x}\n", "assay.yaml:1: unknown key 'brnch' in git", "did you mean 'branch'?");
	check_refused("site: {them: x}\n", "assay.yaml:1: unknown key 'them' in site", "did you mean 'theme'?");
}

static void a_value_of_the_wrong_form_is_refused_with_its_line(void **state)
{
	(void)state;
	check_refused("data: churn.csv\n", "assay.yaml:1: data holds no keys; write 'key: value' lines below it", "");
	check_refused("data:\n  target: [a]\n", "assay.yaml:2: target is one text, not a list", "");
	check_refused("data:\n  target: \"\"\n", "assay.yaml:2: target is empty", "");
	check_refused("data:\n  target: t\n  drop: gender\n", "assay.yaml:3: drop is a list", "write drop: [gender]");
	check_refused("data:\n  target: t\n  drop: [[x]]\n", "assay.yaml:3: drop is a list of text", "");
	check_refused("data:\n  file: f.csv\n", "assay.yaml:2: data names a file and no target", "add target: COLUMN");
	check_refused("split:\n  test: half\n", "assay.yaml:2: test is not a number", "");
	check_refused("split:\n  seed: -1\n", "assay.yaml:2: seed is not a whole number", "");
	check_refused("split:\n  seed: 9223372036854775808\n", "assay.yaml:2: seed is above 9223372036854775807", "");
	check_refused("site: {rows: yes}\n", "assay.yaml:1: rows cannot be 'yes'", "known here: false, true");
	check_refused("task: clasification\n", "assay.yaml:1: task cannot be 'clasification'",
		      "did you mean 'classification'?");
	check_refused("predictions: {ids: name}\n", "assay.yaml:1: ids cannot be 'name'",
		      "known here: number, hash, keep");
	check_refused("git: {snapshot: txt}\n", "assay.yaml:1: snapshot cannot be 'txt'", "did you mean 'text'?");
	check_refused(
		"project: x\nexperiment: My Exp\n",
		"assay.yaml:2: 'My Exp' cannot be the name of an experiment: 1 to 64 of a-z 0-9 . _ -, a letter or "
		"digit first, not ending in .results",
		"call it 'my-exp'");
}

static void shares_of_the_split_leave_rows_to_train_on(void **state)
{
	static const char *const bad[] = {"test: 0", "test: 1", "test: -0.1", "valid: -1", "valid: 0.8"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char yaml[64];

		snprintf(yaml, sizeof(yaml), "split: {%s}\n", bad[i]);
		check_refused(yaml,
			      "assay.yaml:1: split: test and valid are shares: test above 0, both together below 1",
			      "");
	}
}

static void a_metric_needs_a_direction_that_is_known(void **state)
{
	(void)state;
	check_refused("metrics: [f1, exact_match]\n",
		      "assay.yaml:1: metrics: it is not known which way 'exact_match' is better",
		      "write {exact_match: higher} or {exact_match: lower}");
	check_refused("metrics:\n  - f1\n  - {f1: higher}\n", "assay.yaml:3: metrics: f1 stands there twice", "");
	check_refused("metrics: [{f1: lower}]\n", "assay.yaml:1: metrics: of f1, higher is better", "");
	check_refused("metrics: [{x: up}]\n", "assay.yaml:1: metrics: the direction of x is higher or lower", "");
	check_refused("metrics: f1\n", "assay.yaml:1: metrics is a list such as [f1, roc_auc]", "");
	check_refused("metrics: []\n", "assay.yaml:1: metrics is a list such as [f1, roc_auc]", "");
	check_refused("metrics: [[f1]]\n", "assay.yaml:1: metrics: an entry is NAME, {NAME: higher} or {NAME: lower}",
		      "");
}

static void check_path(const struct project *p, const char *path, const char *want, int want_outside)
{
	int outside = -1;
	char *got = project_path(&outside, p, path);

	assert_string_equal(got, want);
	assert_int_equal(outside, want_outside);
	free(got);
}

static void paths_are_recorded_below_the_root_or_by_base_name(void **state)
{
	struct project *p = loaded("project: x\n");
	struct error err = {0};
	char here[4096];

	(void)state;
	put("elsewhere.csv", "x\n");
	put("tree/team/data/a.csv", "x\n");
	assert_int_equal(symlink(in_top("elsewhere.csv"), in_top("tree/team/data/link.csv")), 0);
	check_path(p, in_top("tree/team/data/a.csv"), "team/data/a.csv", 0);
	check_path(p, in_top("elsewhere.csv"), "elsewhere.csv", 1);
	check_path(p, in_top("tree/../elsewhere.csv"), "elsewhere.csv", 1);
	check_path(p, in_top("tree/team/../team/data/a.csv"), "team/data/a.csv", 0);
	check_path(p, in_top("tree/team/data/link.csv"), "team/data/link.csv", 0);
	check_path(p, "-", "-", 0);
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(in_top("tree/team")), 0);
	check_path(p, "data/a.csv", "team/data/a.csv", 0);
	check_path(p, "a.csv", "team/a.csv", 0);
	check_path(p, "../../elsewhere.csv", "elsewhere.csv", 1);
	assert_int_equal(chdir(here), 0);
	check_ok(dir_make(in_top("tree-two"), &err), err);
	check_path(p, in_top("tree-two/b.csv"), "b.csv", 1);
	project_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_the_work_tree_is_the_root_and_defaults_hold),
		cmocka_unit_test(the_nearest_folder_with_a_file_is_the_root),
		cmocka_unit_test(every_key_of_the_format_is_accepted),
		cmocka_unit_test(a_key_without_value_is_as_good_as_none),
		cmocka_unit_test(sizes_are_read_as_people_write_them),
		cmocka_unit_test(pinned_labels_have_the_columns_of_the_data_unless_they_say_otherwise),
		cmocka_unit_test(an_unknown_key_is_refused_with_its_line_and_the_nearest),
		cmocka_unit_test(a_value_of_the_wrong_form_is_refused_with_its_line),
		cmocka_unit_test(shares_of_the_split_leave_rows_to_train_on),
		cmocka_unit_test(a_metric_needs_a_direction_that_is_known),
		cmocka_unit_test(paths_are_recorded_below_the_root_or_by_base_name),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
