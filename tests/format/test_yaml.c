#include "check.h"

#include "format/json.h"
#include "format/yaml.h"

static struct yaml *parse(const char *text)
{
	struct error err = {0};
	struct yaml *yaml = NULL;

	check_ok(yaml_parse(&yaml, text, strlen(text), "a.yaml", 1, &err), err);
	return yaml;
}

static void check_refused(const char *text, const char *want)
{
	struct error err = {0};
	struct yaml *yaml = NULL;

	assert_int_equal(yaml_parse(&yaml, text, strlen(text), "a.yaml", 10, &err), ERR_INPUT);
	assert_null(yaml);
	if (!strstr(err.text, want))
		fail_msg("'%s' does not say '%s'", err.text, want);
}

static void maps_lists_and_scalars_know_their_lines(void **state)
{
	struct yaml *yaml = parse(
		"# a comment\nproject: Churn\ndata: {file: a.csv,\n  positive: \"yes\"}\nmetrics:\n  - f1\n"
		"  - roc_auc: higher\n");
	const struct yaml *data = yaml_get(yaml, "data"), *metrics = yaml_get(yaml, "metrics");

	(void)state;
	assert_int_equal(yaml->kind, YAML_MAP);
	assert_int_equal(yaml->n, 3);
	assert_string_equal(yaml_get(yaml, "project")->text, "Churn");
	assert_int_equal(yaml->key_line[1], 3);
	assert_string_equal(yaml_get(data, "positive")->text, "yes");
	assert_true(yaml_get(data, "positive")->quoted);
	assert_false(yaml_get(data, "file")->quoted);
	assert_int_equal(yaml_get(data, "positive")->line, 4);
	assert_int_equal(metrics->kind, YAML_LIST);
	assert_string_equal(metrics->item[0]->text, "f1");
	assert_string_equal(yaml_get(metrics->item[1], "roc_auc")->text, "higher");
	assert_null(yaml_get(yaml, "nothing"));
	assert_null(yaml_get(metrics, "f1"));
	assert_null(yaml_get(NULL, "f1"));
	yaml_free(yaml);
}

static void an_empty_document_is_an_empty_map(void **state)
{
	static const char *const texts[] = {"", "# only a comment\n", "---\n", "\xef\xbb\xbf"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct yaml *yaml = parse(texts[i]);

		assert_int_equal(yaml->kind, YAML_MAP);
		assert_int_equal(yaml->n, 0);
		yaml_free(yaml);
	}
}

static void what_makes_small_files_large_is_refused(void **state)
{
	struct buf deep = BUF_INIT;

	(void)state;
	check_refused("a: &x 1\nb: 2\n", "anchors (&name) are not supported: a.yaml:10");
	check_refused("a: 1\nb: *x\n", "a.yaml:11");
	check_refused("a: !!str 1\n", "tags (!name) are not supported: a.yaml:10");
	check_refused("a: 1\n---\nb: 2\n", "second YAML document");
	check_refused("a: 1\nb: 2\na: 3\n", "the key 'a' is there twice: a.yaml:12 (first on line 10)");
	check_refused("? [a, b]\n: 1\n", "a YAML key must be a plain text");
	check_refused("a: \"x\\0y\"\n", "NUL");
	for (int i = 0; i < 65; i++)
		buf_putc(&deep, '[');
	check_refused(deep.text, "nested too deeply");
	buf_release(&deep);
}

static void broken_yaml_is_refused_with_its_line(void **state)
{
	(void)state;
	check_refused("a: 1\nb: [1, 2\nc: 3\n", "a.yaml:12");
	check_refused("a: 1\n\tb: 2\n", "a.yaml:11");
	check_refused("a: \"\xff\"\n", "not valid YAML");
}

static void values_follow_the_core_schema(void **state)
{
	struct yaml *yaml;
	struct buf out = BUF_INIT;
	json_t *json = NULL;

	(void)state;
	yaml = parse("a: [1, -2, +3, 0x1f, 0o17, 017, 1.5, 1e3, .5, 1_000, 0x, 1e999, 12345678901234567890]\n"
		     "b: [true, False, yes, null, ~, \"1\", 'null', .nan, -.inf, .Inf]\nc:\nd: {e: x}\n");
	json = yaml_json(yaml);
	json_write(&out, json);
	assert_string_equal(out.text,
			    "{\n  \"a\": [1, -2, 3, 31, 15, 17, 1.5, 1000, 0.5, \"1_000\", \"0x\", \"1e999\", "
			    "1.2345678901234567e+19],\n  \"b\": [true, false, \"yes\", null, null, \"1\", "
			    "\"null\", \"NaN\", \"-Infinity\", \"Infinity\"],\n  \"c\": null,\n  \"d\": {\n"
			    "    \"e\": \"x\"\n  }\n}\n");
	buf_release(&out);
	json_decref(json);
	yaml_free(yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_lists_and_scalars_know_their_lines),
		cmocka_unit_test(an_empty_document_is_an_empty_map),
		cmocka_unit_test(what_makes_small_files_large_is_refused),
		cmocka_unit_test(broken_yaml_is_refused_with_its_line),
		cmocka_unit_test(values_follow_the_core_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
