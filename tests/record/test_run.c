/* run.json: the same record is the same bytes, whatever order its fields were set in; a stranger's record is checked. */
#include "check.h"

#include "format/json.h"
#include "record/run.h"
#include "record/shape.h"

/* A record with every kind of value, in FORMATS' order. */
static const char full[] = "{\n"
			   "  \"schema\": 1,\n"
			   "  \"id\": \"20261124-103015-3f2a91bc07\",\n"
			   "  \"experiment\": \"churn\",\n"
			   "  \"name\": \"<b>\\\"f\\\\\\u001b\xc3\xb6rest</b>\",\n"
			   "  \"kind\": \"baseline\",\n"
			   "  \"status\": \"finished\",\n"
			   "  \"started\": \"2026-11-24T10:30:15Z\",\n"
			   "  \"exit\": 0,\n"
			   "  \"command\": [\"assay\", \"baseline\"],\n"
			   "  \"seed\": 9223372036854775807,\n"
			   "  \"usage\": {\n"
			   "    \"seconds\": 0.1,\n"
			   "    \"peak_rss_bytes\": 36700160\n"
			   "  },\n"
			   "  \"environment\": {\n"
			   "    \"cores\": 2,\n"
			   "    \"gpu\": [],\n"
			   "    \"packages\": {\n"
			   "      \"B\": \"1\",\n"
			   "      \"a\": \"2\"\n"
			   "    }\n"
			   "  },\n"
			   "  \"data\": {\n"
			   "    \"files\": [\n"
			   "      {\n"
			   "        \"path\": \"data/churn.csv\",\n"
			   "        \"rows\": 7043,\n"
			   "        \"zone\": \"unknown here, kept\"\n"
			   "      }\n"
			   "    ],\n"
			   "    \"split\": {\n"
			   "      \"test\": 0.2,\n"
			   "      \"stratified\": true\n"
			   "    }\n"
			   "  },\n"
			   "  \"params\": {\n"
			   "    \"a.b\": 1e-07,\n"
			   "    \"trees\": 100\n"
			   "  },\n"
			   "  \"measured\": {\n"
			   "    \"accuracy\": \"NaN\",\n"
			   "    \"f1\": 0.861,\n"
			   "    \"roc_auc\": 0.30000000000000004\n"
			   "  },\n"
			   "  \"reported\": {\n"
			   "    \"f1\": 0.9,\n"
			   "    \"loss\": 12\n"
			   "  },\n"
			   "  \"intervals\": {\n"
			   "    \"f1\": [0.84, 0.88]\n"
			   "  },\n"
			   "  \"comparison\": [\n"
			   "    {\n"
			   "      \"against\": \"20261124-103014-aaaaaaaaaa\",\n"
			   "      \"role\": \"baseline\",\n"
			   "      \"metrics\": {\n"
			   "        \"f1\": {\n"
			   "          \"difference\": 0.034,\n"
			   "          \"interval\": [0.01, 0.06],\n"
			   "          \"verdict\": \"better\"\n"
			   "        }\n"
			   "      }\n"
			   "    }\n"
			   "  ],\n"
			   "  \"aaa_of_a_later_version\": {\n"
			   "    \"x\": 1,\n"
			   "    \"y\": [1, 2.5, \"z\"]\n"
			   "  }\n"
			   "}\n";

#define REQUIRED                                                                                          \
	"\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\", \"name\": \"n\", " \
	"\"kind\": \"run\", \"status\": \"finished\""

static struct run parsed(const char *text)
{
	struct error err = {0};
	struct run run = {0};

	check_ok(run_parse(&run, text, strlen(text), "run.json", &err), err);
	return run;
}

static void check_bytes(const struct run *run, const char *want)
{
	struct error err = {0};
	struct buf out = BUF_INIT;

	check_ok(run_write(&out, run, &err), err);
	assert_string_equal(out.text, want);
	buf_release(&out);
}

static void a_record_read_and_written_is_the_same_bytes(void **state)
{
	struct run run = parsed(full);

	(void)state;
	check_bytes(&run, full);
	run_release(&run);
}

static void fields_come_out_in_the_order_of_the_format(void **state)
{
	struct run run;
	struct error err = {0};

	(void)state;
	check_ok(run_new(&run, &err), err);
	check_ok(run_set_number(&run, "zzz", 1, &err), err);
	check_ok(run_set_number(&run, "measured.f1", 0.861, &err), err);
	check_ok(run_set_number(&run, "measured.accuracy", NAN, &err), err);
	check_ok(run_set_text(&run, "code.snapshot", "s", &err), err);
	check_ok(run_set_text(&run, "code.commit", "c", &err), err);
	check_ok(run_set_text(&run, "status", "running", &err), err);
	check_ok(run_set_number(&run, "aaa", 2, &err), err);
	check_ok(run_set_text(&run, "id", "i", &err), err);
	check_bytes(&run, "{\n"
			  "  \"schema\": 1,\n"
			  "  \"id\": \"i\",\n"
			  "  \"status\": \"running\",\n"
			  "  \"code\": {\n"
			  "    \"commit\": \"c\",\n"
			  "    \"snapshot\": \"s\"\n"
			  "  },\n"
			  "  \"measured\": {\n"
			  "    \"accuracy\": \"NaN\",\n"
			  "    \"f1\": 0.861\n"
			  "  },\n"
			  "  \"aaa\": 2,\n"
			  "  \"zzz\": 1\n"
			  "}\n");
	run_release(&run);
}

static void fields_are_found_by_dotted_path(void **state)
{
	struct run run = parsed(full);
	double value;

	(void)state;
	assert_string_equal(run_text(&run, "status"), "finished");
	assert_string_equal(run_text(&run, "data.files.0.path"), "data/churn.csv");
	assert_string_equal(run_text(&run, "comparison.0.metrics.f1.verdict"), "better");
	assert_true(run_number(&value, &run, "params.trees"));
	check_close(value, 100, 0);
	assert_true(run_number(&value, &run, "comparison.0.metrics.f1.interval.1"));
	check_close(value, 0.06, 0);
	assert_true(run_number(&value, &run, "measured.accuracy"));
	assert_true(isnan(value));
	run_release(&run);
}

static void a_name_with_dots_needs_no_quotes_where_only_a_name_can_stand(void **state)
{
	struct run run = parsed(full);
	struct error err = {0};
	double value;

	(void)state;
	assert_true(run_number(&value, &run, "params.a.b"));
	check_close(value, 1e-7, 0);
	assert_true(run_number(&value, &run, "params.\"a.b\""));
	check_close(value, 1e-7, 0);
	check_ok(run_set_number(&run, "reported.val.loss", 3, &err), err);
	check_close(json_number_value(json_object_get(json_object_get(run.json, "reported"), "val.loss")), 3, 0);
	check_ok(run_set_number(&run, "series.\"val.loss\".last", 4, &err), err);
	assert_true(run_number(&value, &run, "series.\"val.loss\".last"));
	check_close(value, 4, 0);
	check_ok(run_set_number(&run, "params.\"say \\\"hi\\\"\"", 5, &err), err);
	check_close(json_number_value(json_object_get(json_object_get(run.json, "params"), "say \"hi\"")), 5, 0);
	run_release(&run);
}

static void metrics_are_measured_else_reported(void **state)
{
	struct run run = parsed(full);
	double value;

	(void)state;
	assert_true(run_number(&value, &run, "metrics.f1"));
	check_close(value, 0.861, 0);
	assert_true(run_number(&value, &run, "metrics.loss"));
	check_close(value, 12, 0);
	assert_false(run_number(&value, &run, "metrics.other"));
	assert_null(run_metric(&value, &run, "other"));
	run_release(&run);
}

static void a_comparison_is_found_by_its_role(void **state)
{
	struct run run = parsed(
		"{\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\", \"name\": \"n\", "
		"\"kind\": \"run\", \"status\": \"finished\", \"comparison\": [{\"against\": \"p\", \"role\": "
		"\"previous\"}, {\"against\": \"b\", \"role\": \"baseline\"}]}");
	struct run none = parsed(full);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(run_comparison(&run, "baseline"), "against")), "b");
	assert_string_equal(json_string_value(json_object_get(run_comparison(&run, "previous"), "against")), "p");
	assert_null(run_comparison(&none, "previous"));
	run_release(&run);
	run_release(&none);
}

static void what_is_absent_or_of_another_type_is_told(void **state)
{
	static const char *const absent[] = {"nothing",      "code.commit",
					     "id.x",         "data.files.7.path",
					     "data.files.x", "",
					     "params.",      "a..b",
					     ".id",          "\"id",
					     "params",       "data.files.00000000000000000009"};
	struct run run = parsed(full);
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		assert_string_equal(run_text(&run, absent[i]), "");
		assert_false(run_number(&value, &run, absent[i]));
	}
	assert_false(run_number(&value, &run, "status"));
	assert_string_equal(run_text(&run, "seed"), "");
	run_release(&run);
}

static void a_path_through_a_value_cannot_be_set(void **state)
{
	struct run run = parsed(full);
	struct error err = {0};

	(void)state;
	assert_int_equal(run_set_number(&run, "id.x", 1, &err), ERR_INPUT);
	err = (struct error){0};
	assert_int_equal(run_set_number(&run, "a..b", 1, &err), ERR_INPUT);
	err = (struct error){0};
	assert_int_equal(run_set_number(&run, "", 1, &err), ERR_INPUT);
	err = (struct error){0};
	assert_int_equal(run_set_text(&run, "name", "\xff", &err), ERR_INPUT);
	err = (struct error){0};
	assert_int_equal(run_set(&run, "name", NULL, &err), ERR_NOMEM);
	run_release(&run);
}

static void a_newer_schema_is_refused_with_a_hint(void **state)
{
	static const char text[] = "{\"schema\": 2, \"id\": 3}";
	struct error err = {0};
	struct run run = {0};

	(void)state;
	assert_int_equal(run_parse(&run, text, strlen(text), "runs/x/run.json", &err), ERR_INPUT);
	assert_string_equal(err.text, "runs/x/run.json: written by a newer assay: its schema is 2, this one knows 1");
	assert_non_null(strstr(err.hint, "update assay"));
	assert_null(run.json);
}

static void check_refused(const char *text, const char *why)
{
	struct error err = {0};
	struct run run = {0};

	assert_int_equal(run_parse(&run, text, strlen(text), "r", &err), ERR_INPUT);
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
	assert_null(run.json);
}

static void a_record_that_is_none_is_refused_and_says_why(void **state)
{
	(void)state;
	check_refused("", "r");
	check_refused("[]", "not a JSON object");
	check_refused("{}", "no schema number");
	check_refused("{\"schema\": \"1\"}", "no schema number");
	check_refused("{\"schema\": 1}", "no id");
	check_refused("{\"schema\": 1, \"id\": 5}", "id is not text");
	check_refused("{\"schema\": 1, \"id\": \"../x\", \"experiment\": \"e\", \"name\": \"n\", \"kind\": \"run\", "
		      "\"status\": \"failed\"}",
		      "'../x' is no id");
	check_refused("{" REQUIRED ", \"id\": \"x\"}", "r");
	check_refused("{\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\", \"name\": \"n\", "
		      "\"kind\": \"walk\", \"status\": \"failed\"}",
		      "kind is 'walk'");
	check_refused("{\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\", \"name\": \"n\", "
		      "\"kind\": \"run\", \"status\": \"well\"}",
		      "status is 'well'");
	check_refused("{" REQUIRED ", \"measured\": {\"f1\": \"high\"}}", "measured.f1 is not a number");
	check_refused("{" REQUIRED ", \"measured\": [1]}", "measured is not an object");
	check_refused("{" REQUIRED ", \"measured\": null}", "measured is not an object");
	check_refused("{" REQUIRED ", \"intervals\": {\"f1\": [1]}}", "intervals.f1 is not an interval");
	check_refused("{" REQUIRED ", \"notes\": [1]}", "notes is not a list of text");
	check_refused("{" REQUIRED ", \"comparison\": [{\"metrics\": {\"f1\": {\"p\": \"x\"}}}]}", "p is not a number");
	check_refused("{" REQUIRED ", \"comparison\": [1]}", "comparison is not a list of objects");
	check_refused("{" REQUIRED ", \"code\": {\"dirty\": 1}}", "code.dirty is not true or false");
}

static void an_artifact_cannot_leave_its_folder(void **state)
{
	static const char *const bad[] = {"../x", "/etc/passwd", "a/../../b", "a//b", "", "a/", ".", "a\\\\b"};
	static const char *const good[] = {"artifacts/model.bin", "a..b", "..x", "lfs/a/b"};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "{" REQUIRED ", \"artifacts\": [{\"path\": \"%s\"}]}", bad[i]);
		check_refused(text, "artifact 1 has a path that leaves");
	}
	check_refused("{" REQUIRED ", \"artifacts\": [{}]}", "artifact 1 has no path");
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct run run;

		snprintf(text, sizeof(text), "{" REQUIRED ", \"artifacts\": [{\"path\": \"%s\"}]}", good[i]);
		run = parsed(text);
		assert_string_equal(run_text(&run, "artifacts.0.path"), good[i]);
		run_release(&run);
	}
}

static void infinities_that_python_writes_are_read_and_kept(void **state)
{
	struct run run = parsed("{" REQUIRED ", \"reported\": {\"a\": NaN, \"b\": -Infinity, \"c\": Infinity}}");
	double value;

	(void)state;
	assert_string_equal(run_text(&run, "reported.a"), "NaN");
	assert_true(run_number(&value, &run, "reported.b") && value == -INFINITY);
	assert_true(run_number(&value, &run, "reported.c") && value == INFINITY);
	run_release(&run);
}

static void notes_gather_one_sentence_each(void **state)
{
	struct run run;
	struct error err = {0};

	(void)state;
	check_ok(run_new(&run, &err), err);
	check_ok(run_note(&run, &err, "%d rows left out", 3), err);
	check_ok(run_note(&run, &err, "second"), err);
	check_bytes(&run, "{\n  \"schema\": 1,\n  \"notes\": [\"3 rows left out\", \"second\"]\n}\n");
	run_release(&run);
}

static void check_message(const char *fields, const char *headline, double difference, const char *want)
{
	struct error err = {0};
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct run run;

	buf_printf(&text, "{%s}", fields);
	run = parsed(text.text);
	check_ok(run_message(&out, &run, headline, difference, &err), err);
	assert_string_equal(out.text, want);
	run_release(&run);
	buf_release(&text);
	buf_release(&out);
}

#define TRAILERS "\n\nAssay-Run: 20261124-103015-3f2a91bc07\nAssay-Experiment: e\nAssay-Status: finished\n"

static void the_commit_message_names_run_score_and_difference(void **state)
{
	(void)state;
	check_message(REQUIRED
		      ", \"measured\": {\"f1\": 0.8612}, \"code\": {\"commit\": \"abc\", \"snapshot\": \"def\"}",
		      "f1", 0.0339, "assay: n on e: f1 0.861 (+0.034)" TRAILERS "Assay-Code: def\n");
	check_message(REQUIRED ", \"measured\": {\"f1\": 0.8612}, \"code\": {\"commit\": \"abc\"}", "f1", NAN,
		      "assay: n on e: f1 0.861" TRAILERS "Assay-Code: abc\n");
	check_message(REQUIRED ", \"reported\": {\"loss\": 12345.6}", "loss", -1e-5,
		      "assay: n on e: loss 1.235e+04 (-1e-05)" TRAILERS);
	check_message(REQUIRED, "f1", 0.1, "assay: n on e" TRAILERS);
	check_message(REQUIRED, NULL, NAN, "assay: n on e" TRAILERS);
}

static void a_name_cannot_forge_a_trailer(void **state)
{
	(void)state;
	check_message("\"schema\": 1, \"id\": \"20261124-103015-3f2a91bc07\", \"experiment\": \"e\\nAssay-Status: "
		      "finished\", "
		      "\"name\": \"n\\n\\nAssay-Run: 1\", \"kind\": \"run\", \"status\": \"failed\"",
		      NULL, NAN,
		      "assay: n<U+000A><U+000A>Assay-Run: 1 on e<U+000A>Assay-Status: finished: failed\n\n"
		      "Assay-Run: 20261124-103015-3f2a91bc07\n"
		      "Assay-Experiment: e<U+000A>Assay-Status: finished\n"
		      "Assay-Status: failed\n");
}

/* The schema's properties for what a shape describes, in the same order. */
static void check_properties(const json_t *schema, const struct key *shape)
{
	const json_t *properties = json_object_get(schema, "properties");
	void *at = json_object_iter((json_t *)properties);

	for (const struct key *key = shape->inner; key->name; key++) {
		const json_t *inner;

		assert_non_null(at);
		assert_string_equal(json_object_iter_key(at), key->name);
		inner = json_object_iter_value(at);
		if (key->form == FORM_OBJECT)
			check_properties(inner, key);
		else if (key->form == FORM_OBJECTS)
			check_properties(json_object_get(inner, "items"), key);
		else if (key->form == FORM_MAP && key->inner->form == FORM_OBJECT)
			check_properties(json_object_get(inner, "additionalProperties"), key->inner);
		at = json_object_iter_next((json_t *)properties, at);
	}
	assert_null(at);
}

static void the_json_schema_has_the_keys_of_the_shape_in_their_order(void **state)
{
	struct error err = {0};
	json_t *schema = NULL;

	(void)state;
	check_ok(json_parse(&schema, run_schema(), strlen(run_schema()), "run.schema.json", &err), err);
	check_properties(schema, &run_shape);
	json_decref(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_read_and_written_is_the_same_bytes),
		cmocka_unit_test(fields_come_out_in_the_order_of_the_format),
		cmocka_unit_test(fields_are_found_by_dotted_path),
		cmocka_unit_test(a_name_with_dots_needs_no_quotes_where_only_a_name_can_stand),
		cmocka_unit_test(metrics_are_measured_else_reported),
		cmocka_unit_test(a_comparison_is_found_by_its_role),
		cmocka_unit_test(what_is_absent_or_of_another_type_is_told),
		cmocka_unit_test(a_path_through_a_value_cannot_be_set),
		cmocka_unit_test(a_newer_schema_is_refused_with_a_hint),
		cmocka_unit_test(a_record_that_is_none_is_refused_and_says_why),
		cmocka_unit_test(an_artifact_cannot_leave_its_folder),
		cmocka_unit_test(infinities_that_python_writes_are_read_and_kept),
		cmocka_unit_test(notes_gather_one_sentence_each),
		cmocka_unit_test(the_commit_message_names_run_score_and_difference),
		cmocka_unit_test(a_name_cannot_forge_a_trailer),
		cmocka_unit_test(the_json_schema_has_the_keys_of_the_shape_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
