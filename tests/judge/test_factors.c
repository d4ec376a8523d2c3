/* What differs between two runs, on repositories whose differences are known. */
#include "store/fixture.h"

#include "format/json.h"
#include "judge/factors.h"

struct world {
	struct fixture fixture;
	struct store *store;
	struct project project;
	struct code_reader *reader;
};

static char none[] = "", site[] = "site";

static void world_make(struct world *world)
{
	struct error err = {0};

	*world = (struct world){.project = {.below = none, .site = {.output = site}}};
	fixture_make(&world->fixture, "repo");
	world->store = open_store(world->fixture.repo);
	check_ok(code_reader_new(&world->reader, world->store, &world->project, &err), err);
}

static void world_remove(struct world *world)
{
	code_reader_free(world->reader);
	store_free(world->store);
	fixture_remove(&world->fixture);
}

static void put_file(const struct world *world, const char *path, const char *text)
{
	char *whole = path_join(world->fixture.repo, path), *folder = mem_text(whole);
	struct error err = {0};

	*strrchr(folder, '/') = '\0';
	check_ok(dir_make(folder, &err), err);
	check_ok(file_write(whole, text, strlen(text), &err), err);
	free(whole);
	free(folder);
}

/* Commit all that is there; its name, the caller's. */
static char *commit_all(const struct world *world)
{
	git_quiet(&world->fixture, "add", "-A");
	git_quiet(&world->fixture, "commit", "-q", "--allow-empty", "-m", "step");
	return git(&world->fixture, "rev-parse", "HEAD");
}

/* A run of `more` (members, single quotes for double ones), on this commit where there is one. */
static void make_run(struct run *run, const char *commit, const char *more)
{
	struct error err = {0};
	char *text = mem_printf(
		"{'schema': 1, 'id': '20261124-103015-0000000001', 'experiment': 'e', 'name': 'n', 'kind': "
		"'run', 'status': 'finished'%s%s}",
		*more ? ", " : "", more);

	assert_non_null(text);
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	check_ok(run_parse(run, text, strlen(text), "record", &err), err);
	free(text);
	if (commit && !run_field(run, "code.snapshot"))
		check_ok(run_set_text(run, "code.commit", commit, &err), err);
}

/* "kind:name kind:name", as the factors come. */
static char *listed(const json_t *list)
{
	struct buf text = BUF_INIT;
	const json_t *factor;
	size_t i;

	buf_puts(&text, "");
	json_array_foreach((json_t *)(size_t)list, i, factor)
	{
		const char *name = json_string_value(json_object_get(factor, "name"));

		buf_printf(&text, "%s%s%s%s", i ? " " : "", json_string_value(json_object_get(factor, "factor")),
			   name ? ":" : "", name ? name : "");
	}
	return text.cap ? buf_detach(&text) : mem_text("");
}

static void check_between(struct code_reader *reader, const char *from_commit, const char *from_more,
			  const char *to_commit, const char *to_more, const char *want)
{
	struct run from, to;
	struct factors factors = {0};
	struct error err = {0};
	char *got;

	make_run(&from, from_commit, from_more);
	make_run(&to, to_commit, to_more);
	check_ok(factors_between(&factors, reader, &from, &to, FACTORS_ALL, &err), err);
	got = listed(factors.list);
	assert_string_equal(got, want);
	free(got);
	factors_release(&factors);
	run_release(&from);
	run_release(&to);
}

/* Without code: what records alone say. */
static void check_records(const char *from, const char *to, const char *want)
{
	struct project project = {.below = none, .site = {.output = site}};
	struct code_reader *reader = NULL;
	struct error err = {0};

	check_ok(code_reader_new(&reader, NULL, &project, &err), err);
	check_between(reader, NULL, from, NULL, to, want);
	code_reader_free(reader);
}

#define FILES(path, sha) "'data': {'files': [{'path': '" path "', 'sha256': '" sha "'}]}"
#define SPLIT(path, sha, seed, split)                                                                         \
	"'data': {'files': [{'path': '" path "', 'sha256': '" sha "'}], 'split': {'test': 0.2, 'seed': " seed \
	", 'sha256': '" split "'}}"

static void each_factor_alone_is_the_one_named(void **state)
{
	(void)state;
	check_records("'params': {'lr': 0.1, 'depth': 4}", "'params': {'lr': 0.2, 'depth': 4}", "params:lr");
	check_records("'params': {'lr': 0.1}", "'params': {'lr': 0.1, 'wide': true}", "params:wide");
	check_records("'params': {'lr': 1}", "'params': {'lr': 1.0}", "");
	check_records(FILES("d.csv", "aa"), FILES("d.csv", "bb"), "data:d.csv");
	check_records(SPLIT("d.csv", "aa", "1", "s1"), SPLIT("d.csv", "aa", "2", "s2"), "split");
	check_records("'seed': 1", "'seed': 2", "seed");
	check_records("'seed': 1", "'seed': 1", "");
	check_records("'environment': {'packages': {'numpy': '1.26', 'scipy': '1.11'}}",
		      "'environment': {'packages': {'numpy': '2.0', 'scipy': '1.11'}}", "packages:numpy");
	check_records("'environment': {'cpu': 'A', 'cores': 8}", "'environment': {'cpu': 'A', 'cores': 16}",
		      "hardware");
	check_records("'environment': {'cpu': 'A', 'gpu': []}", "'environment': {'cpu': 'A', 'gpu': ['H100']}",
		      "hardware");
	check_records("'command': ['python', 'train.py', '--fast']", "'command': ['python', 'train.py']", "command");
}

static void what_follows_from_another_factor_is_none_of_its_own(void **state)
{
	(void)state;
	/* rows that the data brought, not another way to divide them */
	check_records(SPLIT("d.csv", "aa", "1", "s1"), SPLIT("d.csv", "bb", "1", "s2"), "data:d.csv");
	check_records(SPLIT("d.csv", "aa", "1", "s1"), SPLIT("d.csv", "bb", "2", "s2"), "data:d.csv split");
	/* a parameter that is the seed */
	check_records("'seed': 1, 'params': {'seed': 1}", "'seed': 2, 'params': {'seed': 2}", "seed");
	check_records("'seed': 1, 'params': {'split_seed': 5}", "'seed': 2, 'params': {'split_seed': 6}",
		      "params:split_seed seed");
	/* one file in the place of another, in the command too */
	check_records(FILES("a.csv", "aa") ", 'command': ['train', 'a.csv']",
		      FILES("b.csv", "bb") ", 'command': ['train', 'b.csv']", "data:b.csv");
}

static void words_that_hold_a_parameter_that_differs_are_no_factor(void **state)
{
	(void)state;
#define LR(value, words) "'params': {'lr': " value "}, 'command': ['python', 'train.py', " words "]"
	check_records(LR("0.1", "'--lr', '0.1'"), LR("0.2", "'--lr', '0.2'"), "params:lr");
	check_records(LR("0.1", "'--lr=0.1'"), LR("0.15", "'--lr=0.15'"), "params:lr");
	check_records(LR("0.1", "'--lr=1e-1'"), LR("0.2", "'--lr=2e-1'"), "params:lr");
	check_records(LR("0.1", "'out/lr0.1/a'"), LR("0.2", "'out/lr0.2/a'"), "params:lr");
	check_records(LR("0.1", "'-x'"), LR("0.2", "'-x', '--lr', '0.2'"), "params:lr");
	check_records(LR("0.1", "'--lr=0.1', '-x'"), LR("0.2", "'-x'"), "params:lr");
	/* but another word is */
	check_records(LR("0.1", "'--lr', '0.1'"), LR("0.2", "'--lr', '0.2', '--fast'"), "command params:lr");
	check_records(LR("0.1", "'--lr', '0.1'"), LR("0.2", "'--lr', '0.3'"), "command params:lr");
	check_records(LR("0.1", "'--lr', '0.1'"), LR("0.1", "'--lr', '0.2'"), "command");
#undef LR
	check_records("'params': {'a': 1, 'b': 1}, 'command': ['t', 'a=1,b=1']",
		      "'params': {'a': 2, 'b': 3}, 'command': ['t', 'a=2,b=3']", "params:a params:b");
	check_records("'params': {'dropout': false}, 'command': ['t']",
		      "'params': {'dropout': true}, 'command': ['t', '--dropout']", "params:dropout");
	check_records("'seed': 1, 'command': ['t', '--seed', '1']", "'seed': 2, 'command': ['t', '--seed', '2']",
		      "seed");
	check_records("'command': ['/usr/bin/python3', 'train.py']", "'command': ['.venv/bin/python3.11', 'train.py']",
		      "");
	check_records("'command': ['/opt/a/train']", "'command': ['/opt/b/train']", "command");
}

static void packages_that_are_not_recorded_are_not_called_unchanged(void **state)
{
	struct project project = {.below = none, .site = {.output = site}};
	struct code_reader *reader = NULL;
	struct factors factors;
	struct run with, without;
	struct error err = {0};

	(void)state;
	check_ok(code_reader_new(&reader, NULL, &project, &err), err);
	make_run(&with, NULL, "'environment': {'packages': {'numpy': '2.0'}}");
	make_run(&without, NULL, "");
	check_ok(factors_between(&factors, reader, &with, &without, FACTORS_ALL, &err), err);
	assert_int_equal(json_array_size(factors.list), 0);
	assert_int_equal(factors.packages_unknown, 1);
	factors_release(&factors);
	check_ok(factors_between(&factors, reader, &with, &with, FACTORS_ALL, &err), err);
	assert_int_equal(factors.packages_unknown, 0);
	factors_release(&factors);
	run_release(&with);
	run_release(&without);
	code_reader_free(reader);
}

static void each_changed_file_of_code_is_a_factor_and_no_other_file(void **state)
{
	struct world world;
	char *first, *second, *third;

	(void)state;
	world_make(&world);
	put_file(&world, "lib/model.py", "x = 1\n");
	put_file(&world, "lib/old.py", "x = 1\n");
	put_file(&world, "data.csv", "a\n1\n");
	first = commit_all(&world);
	put_file(&world, "lib/model.py", "x = 2\n");
	put_file(&world, "lib/new.py", "x = 1\n");
	git_quiet(&world.fixture, "rm", "-q", "lib/old.py");
	put_file(&world, "data.csv", "a\n2\n");
	second = commit_all(&world);
	put_file(&world, "assay.yaml", "project: p\n");
	put_file(&world, "experiments/e.md", "# e\n");
	put_file(&world, "experiments/e.results.md", "| a |\n");
	put_file(&world, "site/index.html", "<p>\n");
	put_file(&world, "README.md", "text\n");
	third = commit_all(&world);
	check_between(world.reader, first, "", second, "",
		      "code:data.csv code:lib/model.py code:lib/new.py code:lib/old.py");
	check_between(world.reader, first, FILES("data.csv", "aa"), second, FILES("data.csv", "bb"),
		      "code:lib/model.py code:lib/new.py code:lib/old.py data:data.csv");
	check_between(world.reader, second, "", third, "", "");
	check_between(world.reader, third, "", third, "", "");
	free(first);
	free(second);
	free(third);
	world_remove(&world);
}

static void a_default_changed_in_code_is_not_hidden_behind_an_unchanged_parameter_file(void **state)
{
	static const char params[] = "'params': {'lr': 0.1}";
	struct world world;
	char *first, *second;

	(void)state;
	world_make(&world);
	put_file(&world, "params.json", "{\"lr\": 0.1}\n");
	put_file(&world, "train.py", "def fit(depth=4): pass\n");
	first = commit_all(&world);
	put_file(&world, "train.py", "def fit(depth=6): pass\n");
	second = commit_all(&world);
	check_between(world.reader, first, params, second, params, "code:train.py");
	free(first);
	free(second);
	world_remove(&world);
}

static void a_file_of_parameters_is_no_second_factor_where_it_says_what_the_record_says(void **state)
{
	struct world world;
	char *commit[5];

	(void)state;
	world_make(&world);
	put_file(&world, "params.yaml", "train:\n  lr: 0.1\n  depth: 4\n");
	commit[0] = commit_all(&world);
	put_file(&world, "params.yaml", "# faster\ntrain:\n  lr: 0.2\n  depth: 4\n");
	commit[1] = commit_all(&world);
	put_file(&world, "params.yaml", "train:\n  lr: 0.2\n  depth: 4\n  hidden: 1\n");
	commit[2] = commit_all(&world);
	put_file(&world, "params.yaml", "train: [1\n");
	commit[3] = commit_all(&world);
	check_between(world.reader, commit[0], "'params': {'train.lr': 0.1}", commit[1], "'params': {'train.lr': 0.2}",
		      "params:train.lr");
	check_between(world.reader, commit[0], "'params': {'lr': 0.1}", commit[1], "'params': {'lr': 0.2}",
		      "params:lr");
	/* a value that was not used, one that is not recorded, a file that cannot be read */
	check_between(world.reader, commit[0], "'params': {'lr': 0.1}", commit[1], "'params': {'lr': 0.3}",
		      "code:params.yaml params:lr");
	check_between(world.reader, commit[0], "", commit[1], "", "code:params.yaml");
	check_between(world.reader, commit[0], "'params': {'lr': 0.1}", commit[2], "'params': {'lr': 0.2}",
		      "code:params.yaml params:lr");
	check_between(world.reader, commit[0], "'params': {'lr': 0.1}", commit[3], "'params': {'lr': 0.2}",
		      "code:params.yaml params:lr");
	for (size_t i = 0; i < 4; i++)
		free(commit[i]);
	world_remove(&world);
}

static void code_that_cannot_be_compared_is_a_factor_without_a_name(void **state)
{
	static const char dirty[] = "'code': {'dirty': true}",
			  lost[] = "'code': {'snapshot': '1234567890123456789012345678901234567890', 'dirty': true}";
	struct world world;
	char *first;

	(void)state;
	world_make(&world);
	first = commit_all(&world);
	check_between(world.reader, first, "", first, lost, "code"); /* its objects are in another clone */
	check_between(world.reader, first, "", first, dirty, "code"); /* changes that were not kept */
	check_between(world.reader, first, dirty, first, dirty, "code");
	free(first);
	world_remove(&world);
}

static void all_that_differ_are_named_together(void **state)
{
	struct world world;
	char *first, *second;

	(void)state;
	world_make(&world);
	first = commit_all(&world);
	put_file(&world, "train.py", "print(2)\n");
	second = commit_all(&world);
	check_between(
		world.reader, first,
		"'command': ['python', 'train.py'], 'params': {'lr': 0.1}, 'seed': 1, 'environment': {'cpu': 'A', "
		"'packages': {'numpy': '1'}}, " SPLIT("d.csv", "aa", "1", "s1"),
		second,
		"'command': ['python', 'train.py', '-x'], 'params': {'lr': 0.2}, 'seed': 2, 'environment': {'cpu': "
		"'B', 'packages': {'numpy': '2'}}, " SPLIT("d.csv", "bb", "2", "s2"),
		"command code:train.py params:lr data:d.csv split seed packages:numpy hardware");
	free(first);
	free(second);
	world_remove(&world);
}

static void several_runs_stand_beside_the_first(void **state)
{
	struct project project = {.below = none, .site = {.output = site}};
	struct code_reader *reader = NULL;
	struct error err = {0};
	struct run run[3];
	const struct run *all[] = {&run[0], &run[1], &run[2]};
	json_t *table = NULL;
	char *text;

	(void)state;
	check_ok(code_reader_new(&reader, NULL, &project, &err), err);
	make_run(&run[0], NULL, "'params': {'a': 1, 'b': 1}, 'environment': {'packages': {'p': '1'}}");
	make_run(&run[1], NULL, "'params': {'a': 1, 'b': 2}, 'environment': {'packages': {'p': '2'}}");
	make_run(&run[2], NULL, "'params': {'b': 1, 'a': 3, 'c': 0}");
	check_ok(factors_side_by_side(&table, reader, all, 3, &err), err);
	text = json_dumps(table, JSON_COMPACT);
	assert_string_equal(text, "[{\"factor\":\"params\",\"name\":\"a\",\"values\":[1,1,3]},"
				  "{\"factor\":\"params\",\"name\":\"b\",\"values\":[1,2,1]},"
				  "{\"factor\":\"params\",\"name\":\"c\",\"values\":[null,null,0]},"
				  "{\"factor\":\"packages\",\"name\":\"p\",\"values\":[\"1\",\"2\",null]}]");
	free(text);
	json_decref(table);
	for (size_t i = 0; i < 3; i++)
		run_release(&run[i]);
	code_reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_factor_alone_is_the_one_named),
		cmocka_unit_test(what_follows_from_another_factor_is_none_of_its_own),
		cmocka_unit_test(words_that_hold_a_parameter_that_differs_are_no_factor),
		cmocka_unit_test(packages_that_are_not_recorded_are_not_called_unchanged),
		cmocka_unit_test(each_changed_file_of_code_is_a_factor_and_no_other_file),
		cmocka_unit_test(a_default_changed_in_code_is_not_hidden_behind_an_unchanged_parameter_file),
		cmocka_unit_test(a_file_of_parameters_is_no_second_factor_where_it_says_what_the_record_says),
		cmocka_unit_test(code_that_cannot_be_compared_is_a_factor_without_a_name),
		cmocka_unit_test(all_that_differ_are_named_together),
		cmocka_unit_test(several_runs_stand_beside_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
