/* The built-in templates and the theme: what they may hold, checked over all of them. */
#include "check.h"

#include "base/embedded.h"
#include "base/buf.h"
#include "site/mustache.h"

#include <string.h>

static int is_template(const struct embedded *file)
{
	return strstr(file->name, ".mustache") != NULL;
}

static int ends_with(const char *name, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && !strncmp(name + len - n, end, n);
}

/* {{{NAME}}}: the value comes from our own code that escapes, and its name says so. */
static void raw_values_have_names_that_say_who_escaped_them(void **state)
{
	size_t raw = 0;

	(void)state;
	for (const struct embedded *file = embedded_files; file->name; file++) {
		if (!is_template(file))
			continue;
		assert_null(strstr(file->text, "{{&"));
		for (const char *at = strstr(file->text, "{{{"); at; at = strstr(at + 3, "{{{")) {
			size_t len = strcspn(at + 3, "}");

			raw++;
			if (!ends_with(at + 3, len, "_html") && !ends_with(at + 3, len, "_svg"))
				fail_msg("%s: {{{%.*s}}} is not escaped", file->name, (int)len, at + 3);
		}
	}
	assert_true(raw >= 2);
}

/* Every {{...}} in an href follows {{root}}, stands alone as a checked address, or comes after '#'. */
static void a_link_starts_at_the_root_of_the_site(void **state)
{
	(void)state;
	for (const struct embedded *file = embedded_files; file->name; file++) {
		if (!is_template(file))
			continue;
		for (const char *at = strstr(file->text, "href=\""); at; at = strstr(at + 6, "href=\"")) {
			const char *value = at + 6;

			if (!strncmp(value, "{{root}}", 8) || *value == '#' || !strncmp(value, "data:image/", 11))
				continue;
			/* the address of a commit: commit_view() lets http and https through only */
			if (!strcmp(file->name, "templates/part/commit.mustache") && !strncmp(value, "{{href}}\"", 9))
				continue;
			fail_msg("%s: href=\"%.30s", file->name, value);
		}
	}
}

static void no_template_asks_another_host_for_anything(void **state)
{
	static const char *const word[] = {"src=\"http", "src=\"//",  "@import", "url(",
					   " style=\"",  " onclick=", "<iframe"};

	(void)state;
	for (const struct embedded *file = embedded_files; file->name; file++) {
		if (!is_template(file) && !strstr(file->name, "themes/"))
			continue;
		for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++)
			if (strstr(file->text, word[i]))
				fail_msg("%s holds %s", file->name, word[i]);
	}
}

/* A file that ends in a newline where it is put into a line would tear that line apart; so would an unclosed section. */
static void every_template_parses_and_renders_from_nothing(void **state)
{
	json_t *nothing = json_object();
	size_t n = 0;

	(void)state;
	for (const struct embedded *file = embedded_files; file->name; file++) {
		struct mustache *mustache = NULL;
		struct buf out = BUF_INIT;
		struct error err = {0};

		if (!is_template(file))
			continue;
		n++;
		check_ok(mustache_parse(&mustache, file->text, file->len, file->name, &err), err);
		check_ok(mustache_render(&out, mustache, nothing, NULL, &err), err);
		mustache_free(mustache);
		buf_release(&out);
	}
	assert_true(n > 20);
	json_decref(nothing);
}

static void dark_colours_come_after_plain_ones(void **state)
{
	const struct embedded *css = embedded_find("themes/default/site.css");
	const char *supports, *first;

	(void)state;
	assert_non_null(css);
	supports = strstr(css->text, "@supports (color: light-dark");
	first = strstr(css->text, "--paper:     #");
	assert_non_null(supports);
	assert_non_null(first);
	assert_true(first < supports);
	assert_null(strstr(css->text + (strstr(supports, "2 base") - css->text), "light-dark("));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_values_have_names_that_say_who_escaped_them),
		cmocka_unit_test(a_link_starts_at_the_root_of_the_site),
		cmocka_unit_test(no_template_asks_another_host_for_anything),
		cmocka_unit_test(every_template_parses_and_renders_from_nothing),
		cmocka_unit_test(dark_colours_come_after_plain_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
