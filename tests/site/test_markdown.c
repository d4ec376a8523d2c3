#include "check.h"

#include "base/clock.h"
#include "site/markdown.h"
#include "site/markdown_tree.h"

/* The HTML of text; valid until the next call. */
static const char *html_of_bytes(const char *text, size_t len)
{
	static struct buf out;
	struct error err = {0};

	buf_release(&out);
	out = (struct buf)BUF_INIT;
	check_ok(markdown_html(&out, text, len, "p-", 1, &err), err);
	return out.text;
}

static const char *html_of(const char *text)
{
	return html_of_bytes(text, strlen(text));
}

static void check_has(const char *html, const char *part)
{
	if (!strstr(html, part)) {
		print_error("no %s in:\n%.3000s\n", part, html);
		fail();
	}
}

static void check_lacks(const char *html, const char *part)
{
	if (strstr(html, part)) {
		print_error("%s stands in:\n%.3000s\n", part, html);
		fail();
	}
}

static void renders_what_github_renders(void **state)
{
	const char *html = html_of("~~a~~ www.example.org\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] c\n- [ ] d\n");

	(void)state;
	check_has(html, "<del>a</del>");
	check_has(html, "<a href=\"http://www.example.org\">");
	check_has(html, "<td>1</td>");
	check_has(html, "checked=\"\" disabled=\"\" aria-label=\"done\"");
	check_has(html, "<input type=\"checkbox\" disabled=\"\" aria-label=\"to do\"");
}

static void shifts_headings_and_gives_them_addresses(void **state)
{
	const char *html = html_of("# What `it` is, really?\n\n## A <b>b</b>\n\n## A b\n\n###### Six\n\n# ?\n\n"
				   "[up](#a-b) [none](#other)\n");

	(void)state;
	check_has(html, "<h2 id=\"p-what-it-is-really\">");
	check_has(html, "<h3 id=\"p-a-b\">A b</h3>");
	check_has(html, "<h3 id=\"p-a-b-1\">");
	check_has(html, "<h6 id=\"p-six\">");
	check_has(html, "<h2 id=\"p-section\">");
	check_has(html, "<a href=\"#p-a-b\">up</a>");
	check_has(html, "<a href=\"#other\">none</a>");
}

static void gives_footnotes_of_two_texts_different_addresses(void **state)
{
	const char *html = html_of("a[^1] b[^1]\n\n[^1]: note\n");

	(void)state;
	check_has(html, "<a href=\"#p-fn-1\" id=\"p-fnref-1\"");
	check_has(html, "<li id=\"p-fn-1\">");
	check_has(html, "<a href=\"#p-fnref-1-2\"");
	check_lacks(html, "\"fn");
	check_lacks(html, "#fn");
}

static void writes_no_html_of_the_writer(void **state)
{
	const char *html = html_of("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> <!-- c --> b\n\n"
				   "[^\"><i>]: x\n\na[^\"><i>] `<i>`\n\n    <i>\n\n# \"<i id=x>\n");

	(void)state;
	check_lacks(html, "<script");
	check_lacks(html, "<img");
	check_lacks(html, "<i>");
	check_lacks(html, "<!--");
	check_lacks(html, "id=x");
}

static void follows_only_links_that_a_page_may_have(void **state)
{
	static const char *const refused[] = {"javascript:alert(1)",
					      "JaVaScript:alert(1)",
					      "&#106;avascript:alert(1)",
					      "java\tscript:alert(1)",
					      "data:text/html,x",
					      "vbscript:x",
					      "file:///etc/passwd",
					      "//host/x",
					      "/x",
					      "\\\\host\\x",
					      "x:y",
					      "http:x",
					      ""};
	static const char *const kept[] = {
		"https://a.b/c?d=e#f", "HTTP://a.b", "mailto:a@b.c", "a/b.html", "../a.md", "#x", "?q=1:2", "./a:b"};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		snprintf(text, sizeof(text), "[word](<%s>) ![pic](<%s>)", refused[i], refused[i]);
		check_lacks(html_of(text), "href");
		check_lacks(html_of(text), "src");
		check_has(html_of(text), "word");
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		snprintf(text, sizeof(text), "[word](<%s>)", kept[i]);
		check_has(html_of(text), "<a href=\"");
	}
	assert_false(markdown_may_link("\tjavascript:x", 1));
	check_lacks(html_of("<javascript:alert(1)> <x:y>"), "href");
	check_lacks(html_of("[a]\n\n[a]: javascript:alert(1)\n"), "href");
}

static void asks_no_other_site_for_an_image(void **state)
{
	const char *html = html_of("![cat](https://a.b/c.png) ![dog](d.png) [x ![in](//h/i.png)](y) "
				   "[x ![in](http://h/i.png)](y) ![data](data:image/png;base64,AAAA)");

	(void)state;
	check_has(html, "<a href=\"https://a.b/c.png\">cat</a>");
	check_has(html, "<img src=\"d.png\" alt=\"dog\" />");
	check_has(html, "<a href=\"y\">x in</a> <a href=\"y\">x in</a>");
	check_lacks(html, "data:");
}

static void shows_what_would_turn_the_text_around(void **state)
{
	static const char text[] = "a\xe2\x80\xae b \x1b[0m \xff c\0d \xd7\x90";
	const char *html = html_of_bytes(text, sizeof(text) - 1);

	(void)state;
	check_has(html, "a&lt;U+202E&gt; b &lt;U+001B&gt;[0m \xef\xbf\xbd c\xef\xbf\xbd"
			"d \xd7\x90");
}

static void repeated(struct buf *out, const char *part, size_t bytes)
{
	buf_clear(out);
	while (out->len < bytes)
		buf_puts(out, part);
}

static void takes_hostile_shapes_in_bounded_time(void **state)
{
	static const char *const shapes[] = {"![[]()", "_www.a_b", "<?", "|"};
	struct buf text = BUF_INIT;
	double start = clock_seconds();

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		repeated(&text, shapes[i], 4000);
		buf_puts(&text, "\n?>\n\nend\n");
		check_has(html_of(text.text), "end");
	}
	repeated(&text, "![[]()", 600000);
	check_has(html_of(text.text), "<pre>![[]()![[]()");
	assert_true(clock_seconds() - start < 25);
	buf_release(&text);
}

static void survives_a_table_that_would_take_gigabytes(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 7000; i++)
		buf_puts(&text, "|a");
	buf_puts(&text, "\n");
	for (int i = 0; i < 7000; i++)
		buf_puts(&text, "|-");
	buf_puts(&text, "\n");
	for (int i = 0; i < 7000; i++)
		buf_puts(&text, "a\n");
	check_has(html_of(text.text), "Shown as it was written");
	buf_release(&text);
}

static void renders_long_and_plain_text_as_well(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	repeated(&text, "A *word* in a paragraph.\n\n", 900000);
	check_has(html_of(text.text), "<em>word</em>");
	repeated(&text, "A *word* in a paragraph.\n\n", (1 << 20) + 1);
	check_has(html_of(text.text), "over 1 MiB");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renders_what_github_renders),
		cmocka_unit_test(shifts_headings_and_gives_them_addresses),
		cmocka_unit_test(gives_footnotes_of_two_texts_different_addresses),
		cmocka_unit_test(writes_no_html_of_the_writer),
		cmocka_unit_test(follows_only_links_that_a_page_may_have),
		cmocka_unit_test(asks_no_other_site_for_an_image),
		cmocka_unit_test(shows_what_would_turn_the_text_around),
		cmocka_unit_test(takes_hostile_shapes_in_bounded_time),
		cmocka_unit_test(survives_a_table_that_would_take_gigabytes),
		cmocka_unit_test(renders_long_and_plain_text_as_well),
	};

	markdown_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
