/* The catalog says what the records say, whatever was done to the branch, and whatever became of its file. */
#include "check.h"

#include "repository.h"

#include "format/json.h"
#include "record/catalog.h"
#include "record/pack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CATALOG ".git/assay/catalog.db"

static const char *const f1[] = {"f1", NULL};

static struct store *opened(void)
{
	struct store *store = NULL;
	struct error err = {0};

	check_ok(store_open(&store, top, &err), err);
	return store;
}

static const char more_of_all[] =
	", \"started\": \"2026-11-24T10:30:15Z\", \"exit\": 0, \"command\": [\"python3\", \"train.py\"], \"seed\": %u, "
	"\"usage\": {\"seconds\": 1.5}, \"environment\": {\"cpu\": \"c\", \"packages\": {\"numpy\": \"2.0\"}, "
	"\"variables\": {\"A\": \"b\"}}, "
	"\"code\": {\"commit\": \"c%u\", \"tree\": \"t\", \"dirty\": false}, \"data\": {\"files\": [{\"path\": "
	"\"d.csv\", \"sha256\": \"s%u\"}], \"split\": {\"seed\": 0}}, \"plan\": {\"path\": \"p\"}, \"evaluation\": "
	"{\"source\": \"split\", \"look\": %u}, \"params\": {\"a.b\": %u, \"wide\": -9223372036854775807, \"deep\": "
	"{\"x\": [1, null, true, \"\\u00e9\"]}}, \"tags\": {\"t\": \"v\"}, \"notes\": [\"a note\"], \"measured\": "
	"{\"f1\": 0.%u, \"nan\": \"NaN\"}, \"reported\": {\"loss\": 1e-300}, \"intervals\": {\"f1\": [0, 1], "
	"\"mae\": [1, 2]}, \"changes\": {\"against\": \"x\", \"verdict\": \"isolated\", \"factors\": [{\"factor\": "
	"\"seed\"}]}, \"criteria\": [{\"metric\": \"f1\", \"verdict\": \"met\"}], \"comparison\": [{\"against\": "
	"\"p\", \"role\": \"previous\", \"metrics\": {}}, {\"against\": \"b%u\", \"role\": \"baseline\", \"rows\": 9, "
	"\"metrics\": {\"f1\": {\"difference\": 0.5, \"declared\": true}, \"mae\": {\"difference\": 1, \"declared\": "
	"false}, \"odd\": {\"p\": 1}}}]";

static char *rich(unsigned k)
{
	char *text = mem_printf(more_of_all, k, k % 3, k % 2, k, k, k % 10, k % 4);

	assert_non_null(text);
	return text;
}

static const json_t *baseline_entry(const struct run *run)
{
	const json_t *list = run_field(run, "comparison"), *one;
	size_t i;

	json_array_foreach((json_t *)(size_t)list, i,
			   one) if (!strcmp(json_string_value(json_object_get(one, "role")), "baseline")) return one;
	return NULL;
}

static void same_value(const char *what, const json_t *got, const json_t *want)
{
	if (got ? !want || !json_equal(got, want) : want != NULL)
		fail_msg("%s differs", what);
}

static void same_brief(const struct run *brief, const struct run *whole)
{
	static const char *const fields[] = {
		"id",
		"experiment",
		"name",
		"kind",
		"parent",
		"status",
		"started",
		"ended",
		"exit",
		"usage",
		"seed",
		"code",
		"data",
		"evaluation",
		"plan",
		"root",
		"params",
		"tags",
		"measured",
		"reported",
		"criteria",
		"command",
		"changes.verdict",
		"changes.against",
		"environment.cpu",
		"environment.packages",
		"intervals.f1",
	};
	const json_t *got = baseline_entry(brief), *want = baseline_entry(whole), *declared;
	const char *name;
	json_t *metric;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		same_value(fields[i], run_field(brief, fields[i]), run_field(whole, fields[i]));
	assert_null(run_field(brief, "notes"));
	assert_null(run_field(brief, "intervals.mae"));
	assert_null(run_field(brief, "environment.variables"));
	same_value("against", json_object_get(got, "against"), json_object_get(want, "against"));
	same_value("rows", json_object_get(got, "rows"), json_object_get(want, "rows"));
	json_object_foreach(json_object_get(want, "metrics"), name, metric)
	{
		json_t *mine = json_object_get(json_object_get(got, "metrics"), name);

		assert_non_null(mine);
		declared = json_object_get(metric, "declared");
		assert_int_equal(json_is_true(json_object_get(mine, "declared")), json_is_true(declared));
		if (!strcmp(name, "f1"))
			same_value(name, mine, metric);
	}
}

static void same_problems(const struct names *got, const struct names *want)
{
	assert_int_equal(got->n, want->n);
	for (size_t i = 0; i < want->n; i++) {
		size_t k = 0;

		while (k < got->n && strcmp(got->name[k], want->name[i]) != 0)
			k++;
		if (k == got->n)
			fail_msg("the catalog does not have the problem: %s", want->name[i]);
	}
}

static size_t check_same(struct catalog *catalog, struct store *store, const char *root)
{
	const struct catalog_query query = {.root = root, .metric = f1, .in_flight = 1};
	struct runs got = {0}, want = {0};
	struct error err = {0};
	size_t n;

	check_ok(runs_load(&want, store, root, &err), err);
	check_ok(catalog_runs(&got, catalog, &query, &err), err);
	assert_string_equal(got.tip, want.tip);
	assert_int_equal(got.n, want.n);
	for (size_t i = 0; i < want.n; i++) {
		const struct seen_run *a = &got.item[i], *b = &want.item[i];
		char point[RUN_POINT];

		assert_string_equal(run_id(&a->run), run_id(&b->run));
		assert_int_equal(a->where, b->where);
		assert_string_equal(a->commit, b->commit);
		if (a->where != WHERE_GIT)
			continue;
		assert_string_equal(a->folder, b->folder);
		check_ok(run_point(point, &b->run, &err), err);
		assert_string_equal(a->point, point);
		same_brief(&a->run, &b->run);
		check_ok(runs_complete(&got.item[i], store, &got, &err), err);
		same_value("the whole record", a->run.json, b->run.json);
	}
	same_problems(&got.problems, &want.problems);
	n = want.n;
	runs_free(&got);
	runs_free(&want);
	return n;
}

/* Both for a catalog that is opened now: what lies in the file has to be good for the next process. */
static size_t check_opened(const char *root)
{
	struct store *store = opened();
	struct catalog *catalog = NULL;
	struct error err = {0};
	size_t n;

	check_ok(catalog_open(&catalog, store, &err), err);
	n = check_same(catalog, store, root);
	catalog_free(catalog);
	store_free(store);
	return n;
}

static void fast_import(struct buf *stream)
{
	git(stream, (const char *const[]){"git", "fast-import", "--quiet", "--force", NULL});
	buf_release(stream);
	*stream = (struct buf)BUF_INIT;
}

static void id_of(char id[RUN_ID], unsigned k)
{
	snprintf(id, RUN_ID, "20261125-%02u%02u%02u-%010x", k / 3600 % 24, k / 60 % 60, k % 60, k * 2654435761U);
}

static void add_run(unsigned k)
{
	struct buf stream = BUF_INIT;
	char id[RUN_ID], *more = rich(k);

	id_of(id, k);
	import_run(&stream, k % 3 ? "churn" : "other", id, more);
	fast_import(&stream);
	free(more);
}

static void change_file(unsigned k, const char *message, const char *text)
{
	struct buf stream = BUF_INIT;
	char id[RUN_ID], *folder, *path;

	id_of(id, k);
	folder = id_folder(k % 3 ? "churn" : "other", id);
	path = mem_printf("%s/run.json", folder);
	import(&stream, message, path, text ? text : "");
	if (!text) { /* take the line that puts it back, and say that it goes */
		char *at = strstr(stream.text, "M 644");

		stream.len = (size_t)(at - stream.text);
		*at = '\0';
		buf_printf(&stream, "D %s\n", path);
	}
	fast_import(&stream);
	free(folder);
	free(path);
}

static unsigned next(unsigned *state, unsigned most)
{
	*state = *state * 1103515245U + 12345U;
	return (*state >> 16) % most;
}

static const char back[] = "assay/runs~2";

static void do_something(unsigned *state, unsigned *runs)
{
	unsigned k = *runs ? next(state, *runs) : 0;

	switch (next(state, 9)) {
	case 0:
		change_file(k, "gone", NULL);
		break;
	case 1:
		change_file(k, "broken", "{");
		break;
	case 2:
		git(NULL, (const char *const[]){"git", "update-ref", "refs/heads/assay/runs", back, NULL});
		break;
	case 3: /* a rewritten branch: the same runs, other commits */
		git(NULL, (const char *const[]){"git", "-c", "user.name=x", "-c", "user.email=x", "checkout", "-q",
						"--detach", back, NULL});
		git(NULL, (const char *const[]){"git", "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q",
						"--amend", "--reset-author", "--no-edit", "--allow-empty", NULL});
		git(NULL, (const char *const[]){"git", "update-ref", "refs/heads/assay/runs", "HEAD", NULL});
		git(NULL, (const char *const[]){"git", "symbolic-ref", "HEAD", "refs/heads/main", NULL});
		break;
	case 4:
		add_run(k); /* again, where it may have gone */
		break;
	default:
		add_run((*runs)++);
	}
}

static void the_catalog_equals_the_records_after_anything(void **state)
{
	struct store *store;
	struct catalog *catalog = NULL;
	struct error err = {0};
	unsigned random = 7, runs = 0;

	(void)state;
	assert_int_equal(check_opened(NULL), 0);
	while (runs < 6)
		add_run(runs++);
	store = opened();
	check_ok(catalog_open(&catalog, store, &err), err);
	for (int step = 0; step < 40; step++) {
		do_something(&random, &runs);
		check_same(catalog, store, NULL);
		if (step % 8 == 0)
			check_opened(NULL);
	}
	git(NULL, (const char *const[]){"git", "branch", "-q", "-m", "assay/runs", "assay/aside", NULL});
	assert_int_equal(check_same(catalog, store, NULL), 0);
	git(NULL, (const char *const[]){"git", "branch", "-q", "-m", "assay/aside", "assay/runs", NULL});
	assert_true(check_same(catalog, store, NULL) > 3);
	catalog_free(catalog);
	store_free(store);
}

static void a_lean_record_names_and_judges_the_same(void **state)
{
	const struct catalog_query lean = {.metric = f1, .lean = 1};
	static const char *const there[] = {"id",   "experiment",  "name",     "kind",         "status",   "started",
					    "tags", "measured.f1", "reported", "intervals.f1", "criteria", "code"};
	struct store *store = opened();
	struct catalog *catalog = NULL;
	struct runs got = {0}, want = {0};
	struct error err = {0};

	(void)state;
	check_ok(catalog_open(&catalog, store, &err), err);
	check_ok(catalog_runs(&got, catalog, &lean, &err), err);
	check_ok(runs_load(&want, store, NULL, &err), err);
	assert_int_equal(got.n, want.n);
	for (size_t i = 0; i < got.n; i++) {
		for (size_t k = 0; k < sizeof(there) / sizeof(*there); k++)
			same_value(there[k], run_field(&got.item[i].run, there[k]),
				   run_field(&want.item[i].run, there[k]));
		same_value("the comparison's f1",
			   json_object_get(json_object_get(baseline_entry(&got.item[i].run), "metrics"), "f1"),
			   json_object_get(json_object_get(baseline_entry(&want.item[i].run), "metrics"), "f1"));
		assert_null(run_field(&got.item[i].run, "params"));
		assert_null(run_field(&got.item[i].run, "measured.nan"));
	}
	runs_free(&got);
	runs_free(&want);
	catalog_free(catalog);
	store_free(store);
}

static void a_query_gives_what_it_asks_for(void **state)
{
	const struct catalog_query other = {.experiment = "other", .no_commits = 1}, none = {.kind = "baseline"},
				   root = {.root = "team"};
	struct store *store = opened();
	struct catalog *catalog = NULL;
	struct runs runs = {0};
	struct error err = {0};

	(void)state;
	check_ok(catalog_open(&catalog, store, &err), err);
	check_ok(catalog_runs(&runs, catalog, &other, &err), err);
	assert_true(runs.n > 0);
	for (size_t i = 0; i < runs.n; i++) {
		assert_string_equal(run_experiment(&runs.item[i].run), "other");
		assert_string_equal(runs.item[i].commit, "");
		assert_null(run_field(&runs.item[i].run, "intervals.f1"));
	}
	runs_free(&runs);
	check_ok(catalog_runs(&runs, catalog, &none, &err), err);
	assert_int_equal(runs.n, 0);
	runs_free(&runs);
	check_ok(catalog_runs(&runs, catalog, &root, &err), err);
	assert_int_equal(runs.n, 0);
	runs_free(&runs);
	catalog_free(catalog);
	store_free(store);
}

static void damage(long at, const char *bytes, size_t len)
{
	char *path = path_join(top, CATALOG);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
	assert_int_equal(close(fd), 0);
	free(path);
}

static long size_of_catalog(void)
{
	char *path = path_join(top, CATALOG);
	struct stat is;

	assert_int_equal(stat(path, &is), 0);
	free(path);
	return (long)is.st_size;
}

static void a_catalog_in_any_state_costs_nothing_but_time(void **state)
{
	char *path = path_join(top, CATALOG), junk[64];
	size_t n = check_opened(NULL);
	unsigned random = 3;

	(void)state;
	memset(junk, 0x5a, sizeof(junk));
	assert_true(n > 3);
	put(CATALOG,
	    "this is no database, and was never one; it is a good deal longer than a page's first hundred bytes");
	assert_int_equal(check_opened(NULL), n);
	put(CATALOG, "");
	assert_int_equal(check_opened(NULL), n);
	damage(0, junk, 16); /* no SQLite file */
	assert_int_equal(check_opened(NULL), n);
	damage(60, "\0\0\0\7", 4); /* another version */
	assert_int_equal(check_opened(NULL), n);
	assert_int_equal(truncate(path, size_of_catalog() / 2), 0);
	assert_int_equal(check_opened(NULL), n);
	for (int i = 0; i < 12; i++) { /* a page's head: found when it is read */
		damage((1 + (long)next(&random, (unsigned)(size_of_catalog() / 4096 - 1))) * 4096, junk, sizeof(junk));
		assert_int_equal(check_opened(NULL), n);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0777), 0); /* cannot be opened at all */
	assert_int_equal(check_opened(NULL), n);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(check_opened(NULL), n);
	assert_true(size_of_catalog() > 4096); /* the file is back */
	free(path);
}

static void what_was_packed_reads_back_the_same(void **state)
{
	static const char text[] =
		"{\"a\": [1, -1, 0, 9223372036854775807, -9223372036854775808, 1.5, true, false, null, "
		"\"\", \"\\u0001x\"], \"\": {}, \"b\": {\"c\": {\"d\": []}}}";
	struct buf packed = BUF_INIT;
	json_t *json = NULL, *back_again;
	struct error err = {0};

	(void)state;
	check_ok(json_parse(&json, text, strlen(text), "t", &err), err);
	pack_json(&packed, json);
	for (size_t len = 0; len <= packed.len; len++) { /* cut anywhere it is damaged, and no byte behind it is read */
		unsigned char *copy = mem_array(len, 1);
		struct unpack unpack = {.at = copy, .end = copy + len}, skip = unpack;

		memcpy(copy, packed.text, len);
		back_again = unpack_json(&unpack);
		unpack_skip(&skip);
		assert_int_equal(unpack.damaged, len < packed.len);
		assert_int_equal(skip.damaged, len < packed.len);
		assert_int_equal(back_again != NULL, len == packed.len);
		if (back_again)
			assert_true(json_equal(back_again, json));
		json_decref(back_again);
		free(copy);
	}
	json_decref(json);
	buf_release(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_reads_back_the_same),
		cmocka_unit_test(the_catalog_equals_the_records_after_anything),
		cmocka_unit_test(a_lean_record_names_and_judges_the_same),
		cmocka_unit_test(a_query_gives_what_it_asks_for),
		cmocka_unit_test(a_catalog_in_any_state_costs_nothing_but_time),
	};

	return cmocka_run_group_tests(tests, make_repository, remove_repository);
}
