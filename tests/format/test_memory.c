/* Readers and writers of formats under failing allocations. */
#include "failing_malloc.h"

#include "format/csv.h"
#include "format/json.h"
#include "format/yaml.h"

static int json_there_and_back(struct error *err)
{
	static const char text[] = "{\"b\": [1, NaN, {\"c\": \"\xc3\xa9\"}], \"a\": 0.25}";
	struct buf out = BUF_INIT;
	json_t *json = NULL, *sorted = NULL;
	int rc;

	rc = json_parse(&json, text, strlen(text), "r.json", err);
	if (!rc)
		rc = json_set_number(json, "x", 0.5, err);
	if (!rc)
		rc = json_set_text(json, "y", "bad \xff", err);
	if (rc < 0)
		goto out;
	sorted = json_sorted(json);
	if (!sorted) {
		rc = error_nomem(err);
		goto out;
	}
	json_write(&out, sorted);
	rc = buf_check(&out, err);
out:
	json_decref(sorted);
	json_decref(json);
	buf_release(&out);
	return rc;
}

static void json_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(json_there_and_back);
}

static int yaml_to_json(struct error *err)
{
	static const char text[] = "a: 1\nb: [x, {c: 'd'}, 2.5]\ne:\n  f: |\n    text\n  g: ~\n";
	struct yaml *yaml = NULL;
	json_t *json = NULL;
	int rc;

	rc = yaml_parse(&yaml, text, strlen(text), "a.yaml", 1, err);
	if (rc < 0)
		return rc;
	json = yaml_json(yaml);
	if (!json)
		rc = error_nomem(err);
	json_decref(json);
	yaml_free(yaml);
	return rc;
}

static void yaml_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(yaml_to_json);
}

static int csv_records(struct error *err)
{
	struct buf text = BUF_INIT;
	struct csv csv;
	int rc;

	for (int row = 0; row < 4; row++)
		for (int field = 0; field < 40 << row; field++)
			buf_printf(&text, "\"a \"\"%d\"\"\"%c", field, field + 1 < 40 << row ? ',' : '\n');
	rc = buf_check(&text, err);
	csv_init(&csv, text.text, text.len, "f.csv", 0);
	while (!rc && (rc = csv_next(&csv, err)) > 0)
		rc = 0;
	csv_release(&csv);
	buf_release(&text);
	return rc;
}

static void csv_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(csv_records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_survives_any_failed_allocation),
		cmocka_unit_test(yaml_survives_any_failed_allocation),
		cmocka_unit_test(csv_survives_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
