/* What the official suite leaves open: messages, limits, escapes of hostile text, numbers. */
#include "check.h"

#include "base/mem.h"
#include "site/mustache.h"

/* The rendering of text with json, the caller's to free(); partials may be NULL. */
static char *rendering(const char *text, const char *json, struct mustache_partials *partials)
{
	json_t *context = json_loads(json, JSON_DECODE_ANY, NULL);
	struct mustache *mustache = NULL;
	struct buf out = BUF_INIT;
	struct error err = {0};

	assert_non_null(context);
	check_ok(mustache_parse(&mustache, text, strlen(text), "t", &err), err);
	check_ok(mustache_render(&out, mustache, context, partials, &err), err);
	mustache_free(mustache);
	json_decref(context);
	return buf_detach(&out);
}

static void check_rendering(const char *text, const char *json, const char *want)
{
	char *got = rendering(text, json, NULL);

	assert_string_equal(got, want);
	free(got);
}

static void check_refused(const char *text, const char *message)
{
	struct mustache *mustache = NULL;
	struct error err = {0};

	assert_int_equal(mustache_parse(&mustache, text, strlen(text), "page.mustache", &err), ERR_INPUT);
	assert_string_equal(err.text, message);
	assert_null(mustache);
}

static void names_the_line_of_a_mistake(void **state)
{
	(void)state;
	check_refused("a\n{{b", "page.mustache:2: a tag is not closed");
	check_refused("a\n{{#b}}\n", "page.mustache:2: this section is not closed: b");
	check_refused("{{#a}}\n{{#b}}\n{{/a}}",
		      "page.mustache:3: {{/a}} stands where section b of line 2 is to be closed");
	check_refused("{{!\n\n}}{{/a}}", "page.mustache:3: there is no section to close: a");
	check_refused("{{ }}", "page.mustache:1: a tag without a name");
	check_refused("{{=<<=}}", "page.mustache:1: these are no two delimiters");
	check_refused("{{=a b c=}}", "page.mustache:1: more than two delimiters");
	check_refused("{{{a}}", "page.mustache:1: a tag is not closed");
	check_refused("{{", "page.mustache:1: a tag is not closed");
}

static void refuses_sections_nested_without_end(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 101; i++)
		buf_puts(&text, "{{#a}}");
	check_refused(text.text, "page.mustache:1: sections are nested too deep");
	buf_release(&text);
}

static void escapes_hostile_text_and_leaves_the_raw_alone(void **state)
{
	(void)state;
	check_rendering("<p title=\"{{a}}\">{{{a}}}{{&a}}", "{\"a\": \"\\\"><b>'\"}",
			"<p title=\"&quot;&gt;&lt;b&gt;&#39;\">\"><b>'\"><b>'");
	check_rendering("{{a}}", "{\"a\": \"x\\u202ey\"}", "x&lt;U+202E&gt;y");
}

static void writes_numbers_short_and_exact(void **state)
{
	(void)state;
	check_rendering("{{a}} {{b}} {{c}} {{d}}", "{\"a\": 0.1, \"b\": 12, \"c\": 1e21, \"d\": true}",
			"0.1 12 1e+21 true");
}

static void takes_zero_and_empty_text_for_true_but_no_null(void **state)
{
	(void)state;
	check_rendering("{{#a}}a{{/a}}{{#b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}{{^e}}e{{/e}}{{#f}}f{{/f}}",
			"{\"a\": 0, \"b\": \"\", \"c\": null, \"d\": [], \"e\": false, \"f\": {}}", "abef");
}

static void a_null_in_the_inner_context_hides_the_outer_value(void **state)
{
	(void)state;
	check_rendering("{{#in}}[{{a}}]{{/in}}", "{\"a\": 1, \"in\": {\"a\": null}}", "[]");
}

static void a_dotted_name_does_not_go_on_outside(void **state)
{
	(void)state;
	check_rendering("{{#in}}[{{a.b}}]{{/in}}", "{\"a\": {\"b\": 1}, \"in\": {\"a\": {}}}", "[]");
}

struct one_partial {
	struct mustache_partials base;
	struct mustache *partial;
	int missing;
};

static const struct mustache *find_one(struct mustache_partials *base, const char *name, struct error *err)
{
	struct one_partial *partials = (struct one_partial *)base;

	if (partials->missing)
		error_set(err, ERR_MACHINE, "no disk for %s", name);
	return partials->partial;
}

static int render_partial(const char *text, int missing, struct error *err)
{
	struct one_partial partials = {.base = {find_one}, .missing = missing};
	struct mustache *mustache = NULL;
	json_t *context = json_object();
	struct buf out = BUF_INIT;
	int rc;

	check_ok(mustache_parse(&mustache, "{{>a}}", 6, "t", err), *err);
	if (text)
		check_ok(mustache_parse(&partials.partial, text, strlen(text), "a", err), *err);
	rc = mustache_render(&out, mustache, context, &partials.base, err);
	json_decref(context);
	mustache_free(mustache);
	mustache_free(partials.partial);
	buf_release(&out);
	return rc;
}

static void stops_a_partial_that_calls_itself(void **state)
{
	struct error err = {0}, again = {0};

	(void)state;
	assert_int_equal(render_partial("x{{>a}}", 0, &err), ERR_INPUT);
	assert_string_equal(err.text, "a: partial a goes on without end");
	assert_int_equal(render_partial("{{>a}}{{>a}}", 0, &again), ERR_INPUT);
}

static void passes_on_the_error_of_a_loader(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(render_partial(NULL, 1, &err), ERR_MACHINE);
	assert_string_equal(err.text, "no disk for a");
}

static void indents_each_line_of_a_partial_but_no_empty_one(void **state)
{
	const char text[] = "a\n\n{{#x}}\n{{x}}\n{{/x}}\n";
	struct one_partial partials = {.base = {find_one}};
	struct error err = {0};
	char *got;

	(void)state;
	check_ok(mustache_parse(&partials.partial, text, sizeof(text) - 1, "a", &err), err);
	got = rendering("<\n  {{>a}}\n>\n", "{\"x\": \"1\\n2\"}", &partials.base);
	assert_string_equal(got, "<\n  a\n\n  1\n2\n>\n");
	free(got);
	mustache_free(partials.partial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_line_of_a_mistake),
		cmocka_unit_test(refuses_sections_nested_without_end),
		cmocka_unit_test(escapes_hostile_text_and_leaves_the_raw_alone),
		cmocka_unit_test(writes_numbers_short_and_exact),
		cmocka_unit_test(takes_zero_and_empty_text_for_true_but_no_null),
		cmocka_unit_test(a_null_in_the_inner_context_hides_the_outer_value),
		cmocka_unit_test(a_dotted_name_does_not_go_on_outside),
		cmocka_unit_test(stops_a_partial_that_calls_itself),
		cmocka_unit_test(passes_on_the_error_of_a_loader),
		cmocka_unit_test(indents_each_line_of_a_partial_but_no_empty_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
