/*
 * Markdown as GitHub renders it. cmark can take seconds, gigabytes, or abort on a few kilobytes of the wrong shape: what is
 * not small and plain is rendered in a child with limits.
 */
#include "site/markdown.h"
#include "site/markdown_tree.h"
#include "base/process.h"

#include <cmark-gfm-core-extensions.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	PLAIN_BYTES = 4096, /* as much is rendered in this process */
	PLAIN_BARS = 64, /* of a line: a table of n columns and n short rows is n * n cells */
	MOST_BYTES = 1 << 20,
	CHILD_CPU_SECONDS = 2,
	CHILD_SECONDS = 20,
	CHILD_MEMORY = 512 << 20,
	CHILD_OUTPUT = 16 << 20,
};

struct source {
	const char *text;
	size_t len;
	const char *prefix;
	int shift;
};

void markdown_init(void)
{
	cmark_gfm_core_extensions_ensure_registered();
}

static int starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

struct page {
	struct buf *out;
	const struct names *slugs;
	const char *prefix;
	size_t headings; /* written so far */
};

/* The marks of a footnote get the prefix: behind `mark` stands the address. 0 if html does not begin with it. */
static size_t put_prefix(struct page *page, const char *html, const char *mark)
{
	if (!starts(html, mark) || !starts(html + strlen(mark), "fn"))
		return 0;
	buf_puts(page->out, mark);
	buf_puts(page->out, page->prefix);
	return strlen(mark);
}

/* A check box gets a name for who cannot see it. */
static size_t put_label(struct page *page, const char *html, const char *box, const char *label)
{
	if (!starts(html, box))
		return 0;
	buf_printf(page->out, "%s aria-label=\"%s\"", box, label);
	return strlen(box);
}

static size_t put_heading(struct page *page, const char *html)
{
	const char *slug;

	if (!starts(html, "<h") || html[2] < '1' || html[2] > '6' || html[3] != '>' || page->headings == page->slugs->n)
		return 0;
	slug = page->slugs->name[page->headings++];
	buf_put(page->out, html, 3);
	buf_printf(page->out, " id=\"%s", page->prefix);
	buf_html(page->out, slug, strlen(slug));
	buf_putc(page->out, '"');
	return 3;
}

/*
 * Write the HTML with addresses and labels where cmark has none. An unescaped `<` or a quoted attribute in it is cmark's
 * own, never the writer's.
 */
static void put_page(struct page *page, const char *html)
{
	while (*html) {
		size_t used = strcspn(html, "< ");

		buf_put(page->out, html, used);
		html += used;
		used = put_heading(page, html);
		if (!used)
			used = put_prefix(page, html, " id=\"");
		if (!used)
			used = put_prefix(page, html, "<a href=\"#");
		if (!used)
			used = put_label(page, html, "<input type=\"checkbox\" checked=\"\" disabled=\"\"", "done");
		if (!used)
			used = put_label(page, html, "<input type=\"checkbox\" disabled=\"\"", "to do");
		if (!used && *html) {
			buf_putc(page->out, *html);
			used = 1;
		}
		html += used;
	}
}

/* Characters that turn the direction of the text around them, and control characters, are shown as their code point. */
static void put_visible(struct buf *out, const char *text, size_t len)
{
	size_t step;
	unsigned code;

	for (size_t i = 0; i < len; i += step) {
		step = utf8_next(text + i, len - i, &code);
		if (step && ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
			     (code < 0x20 && code && code != '\t' && code != '\n' && code != '\r') || code == 0x7f)) {
			buf_printf(out, "<U+%04X>", code);
			continue;
		}
		if (!step)
			step = 1;
		buf_put(out, text + i, step);
	}
}

static int render(struct buf *out, const struct source *source, struct error *err)
{
	static const char *const extensions[] = {"table", "strikethrough", "autolink", "tasklist"};
	const int options = CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8;
	cmark_parser *parser = cmark_parser_new(options);
	cmark_node *document = NULL;
	struct names slugs = {0};
	struct buf text = BUF_INIT;
	char *html = NULL;
	int rc;

	put_visible(&text, source->text, source->len);
	rc = buf_check(&text, err);
	for (size_t i = 0; rc == 0 && i < sizeof(extensions) / sizeof(*extensions); i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);

		if (!extension || !cmark_parser_attach_syntax_extension(parser, extension))
			rc = error_set(err, ERR_MACHINE, "cmark has no %s", extensions[i]);
	}
	if (rc < 0)
		goto out;
	cmark_parser_feed(parser, text.text, text.len);
	document = cmark_parser_finish(parser);
	rc = markdown_mend(document, &slugs, source->prefix, source->shift, err);
	if (rc < 0)
		goto out;
	html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser));
	put_page(&(struct page){out, &slugs, source->prefix, 0}, html);
	rc = buf_check(out, err);
out:
	if (html)
		cmark_get_default_mem_allocator()->free(html);
	if (document)
		cmark_node_free(document);
	cmark_parser_free(parser);
	names_free(&slugs);
	buf_release(&text);
	return rc;
}

/* In the child. cmark's last words when memory is out are not the user's business. */
static int render_to(void *context, int fd)
{
	struct buf out = BUF_INIT;
	int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int rc = silence < 0 || dup2(silence, STDERR_FILENO) < 0 ? ERR_MACHINE : render(&out, context, NULL);

	if (rc == 0)
		rc = fd_write(fd, out.text, out.len, "pipe", NULL);
	buf_release(&out);
	return rc < 0;
}

static int is_plain(const char *text, size_t len)
{
	size_t bars = 0;

	if (len > PLAIN_BYTES)
		return 0;
	for (size_t i = 0; i < len && bars <= PLAIN_BARS; i++)
		bars = text[i] == '\n' ? 0 : bars + (text[i] == '|');
	return bars <= PLAIN_BARS;
}

static void put_as_written(struct buf *out, const char *text, size_t len, const char *why)
{
	buf_printf(out, "<p><em>Shown as it was written: %s.</em></p>\n<pre>", why);
	buf_html(out, text, len);
	buf_puts(out, "</pre>\n");
}

int markdown_html(struct buf *out, const char *text, size_t len, const char *prefix, int shift, struct error *err)
{
	static const struct process_limits limits = {.seconds = CHILD_SECONDS,
						     .cpu_seconds = CHILD_CPU_SECONDS,
						     .memory_bytes = CHILD_MEMORY,
						     .output_bytes = CHILD_OUTPUT};
	struct source source = {text, len, prefix ? prefix : "", shift};
	struct process_result result = {0};
	struct buf html = BUF_INIT;
	int rc = 0;

	if (is_plain(text, len))
		return render(out, &source, err);
	if (len > MOST_BYTES) {
		put_as_written(out, text, len, "it is over 1 MiB of Markdown");
		return buf_check(out, err);
	}
	rc = process_fork(&result, &html, render_to, &source, &limits, err);
	if (rc < 0)
		goto out;
	if (result.exit || result.timed_out)
		put_as_written(out, text, len, "as Markdown it takes too much time, memory or space");
	else
		buf_put(out, html.text, html.len);
	rc = buf_check(out, err);
out:
	buf_release(&html);
	return rc;
}
