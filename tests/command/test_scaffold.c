/* The files that init and new write: they must read back as what they say. */
#include "check.h"

#include "command/command.h"
#include "command/scaffold.h"
#include "format/yaml.h"

#include <string.h>

static void any_text_reads_back_from_yaml(void **state)
{
	static const char *const text[] = {
		"churn", "Customer churn", "yes", "null", "1e5", "a: b", "#x", "- x",        "it's", "\"q\"\\", "a\tb",
		"",      "trail ",         " x",  "[a]",  "{a}", "%",    "@x", "caf\xc3\xa9"};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct buf line = BUF_INIT;
		struct error err = {0};
		struct yaml *yaml = NULL;
		json_t *value;

		buf_puts(&line, "data: {file: ");
		yaml_text(&line, text[i]);
		buf_puts(&line, ", target: t}\n");
		check_ok(yaml_parse(&yaml, line.text, line.len, "line", 1, &err), err);
		value = yaml_json(yaml_get(yaml_get(yaml, "data"), "file"));
		assert_string_equal(json_string_value(value), text[i]);
		json_decref(value);
		yaml_free(yaml);
		buf_release(&line);
	}
}

static void words_between_at_signs_are_filled_in_and_others_stay(void **state)
{
	const char *const pairs[] = {"name", "bigger-model", NULL};
	struct buf out = BUF_INIT;
	struct error err = {0};

	(void)state;
	check_ok(scaffold_fill(&out, "experiment.md", pairs, &err), err);
	assert_non_null(strstr(out.text, "\ntitle: bigger-model\n"));
	assert_null(strstr(out.text, "@name@"));
	buf_release(&out);
}

static void every_command_explains_itself(void **state)
{
	(void)state;
	for (const struct command *const *at = commands; *at; at++) {
		const struct command *command = *at;

		assert_ptr_equal(command_find(command->name), command);
		assert_int_not_equal(strlen(command->summary), 0);
		assert_int_not_equal(strlen(command->details), 0);
		assert_non_null(strstr(command->example, "  assay "));
		for (const struct option *option = command->options; option && option->name; option++) {
			assert_true(strlen(option->help) > 10);
			assert_true((option->kind == OPTION_FLAG) == !option->value);
			assert_true(option->offset < command->size);
		}
	}
	assert_null(command_find("bass"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_reads_back_from_yaml),
		cmocka_unit_test(words_between_at_signs_are_filled_in_and_others_stay),
		cmocka_unit_test(every_command_explains_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
