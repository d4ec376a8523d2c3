/* The policy of links, images and raw HTML, and the addresses of headings. */
#include "site/markdown_tree.h"
#include "base/mem.h"

#include <strings.h>

int markdown_may_link(const char *url, int remote)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:"};
	size_t before = strcspn(url, ":/?#");

	if (url[before] == ':') {
		for (size_t i = 0; remote && i < sizeof(schemes) / sizeof(*schemes); i++)
			if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
				return 1;
		return 0;
	}
	return url[0] && (unsigned char)url[0] > ' ' && url[0] != '/' && url[0] != '\\';
}

/* The children take the place of their parent. */
static void unwrap(cmark_node *node)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(node)))
		if (!cmark_node_insert_before(node, child))
			break;
	cmark_node_unlink(node);
	cmark_node_free(node);
}

/* A link to the image stands in its place, its alternative text inside. */
static int link_to_image(cmark_node *image, struct error *err)
{
	cmark_node *link = cmark_node_new(CMARK_NODE_LINK), *child;

	if (!cmark_node_set_url(link, cmark_node_get_url(image)) || !cmark_node_insert_before(image, link)) {
		cmark_node_free(link);
		return error_set(err, ERR_MACHINE, "cmark refuses a link in place of an image");
	}
	while ((child = cmark_node_first_child(image)))
		if (!cmark_node_append_child(link, child))
			break;
	cmark_node_unlink(image);
	cmark_node_free(image);
	return 0;
}

static int is_in_link(cmark_node *node)
{
	while ((node = cmark_node_parent(node)))
		if (cmark_node_get_type(node) == CMARK_NODE_LINK)
			return 1;
	return 0;
}

static int mend_link(cmark_node *node, struct error *err)
{
	const char *url = cmark_node_get_url(node);
	int is_image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;

	if (url && markdown_may_link(url, !is_image))
		return 0;
	if (is_image && url && markdown_may_link(url, 1) && !is_in_link(node))
		return link_to_image(node, err);
	unwrap(node);
	return 0;
}

/* Lower case, blanks as dashes, no punctuation of ASCII. */
static void put_slug(struct buf *slug, const char *text)
{
	for (; text && *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 'A' && c <= 'Z')
			buf_putc(slug, (char)(c - 'A' + 'a'));
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c >= 0x80)
			buf_putc(slug, (char)c);
		else if (c == ' ')
			buf_putc(slug, '-');
	}
}

static int has_slug(const struct names *slugs, const char *slug)
{
	for (size_t i = 0; i < slugs->n; i++)
		if (!strcmp(slugs->name[i], slug))
			return 1;
	return 0;
}

/* Keep the slug, with -1, -2 ... behind it where it is taken. */
static int add_slug(struct names *slugs, struct buf *slug, struct error *err)
{
	size_t len;

	if (!slug->len)
		buf_puts(slug, "section");
	len = slug->len;
	for (int i = 1; !slug->failed && has_slug(slugs, slug->text); i++) {
		slug->len = len;
		buf_printf(slug, "-%d", i);
	}
	return slug->failed ? error_nomem(err) : names_add(slugs, slug->text, err);
}

static int mend_heading(cmark_node *node, struct names *slugs, struct buf *slug, int shift, struct error *err)
{
	int level = cmark_node_get_heading_level(node) + shift;
	int rc = slugs->n < MARKDOWN_SLUGS ? add_slug(slugs, slug, err) : 0;

	if (rc == 0 && !cmark_node_set_heading_level(node, level > 6 ? 6 : level < 1 ? 1 : level))
		rc = error_nomem(err);
	return rc;
}

/* Nodes are changed when they are left: the iterator has gone on by then. Text and raw HTML have no inside. */
static int mend_nodes(cmark_node *document, struct names *slugs, int shift, struct error *err)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	struct buf slug = BUF_INIT;
	int in_heading = 0, rc = 0;

	while (rc == 0 && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
			cmark_node_unlink(node);
			cmark_node_free(node);
		} else if (type == CMARK_NODE_HEADING && event == CMARK_EVENT_ENTER) {
			in_heading = 1;
			buf_clear(&slug);
		} else if (in_heading && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)) {
			put_slug(&slug, cmark_node_get_literal(node));
		} else if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_HEADING) {
			rc = mend_heading(node, slugs, &slug, shift, err);
			in_heading = 0;
		} else if (event == CMARK_EVENT_EXIT && (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)) {
			rc = mend_link(node, err);
		}
	}
	cmark_iter_free(iter);
	buf_release(&slug);
	return rc;
}

/* "#address" of a heading of this text gets the prefix. */
static int prefix_links(cmark_node *document, const struct names *slugs, const char *prefix, struct error *err)
{
	cmark_iter *iter = cmark_iter_new(document);
	struct buf url = BUF_INIT;
	int rc = 0;

	while (rc == 0 && cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		const char *old = cmark_node_get_type(node) == CMARK_NODE_LINK ? cmark_node_get_url(node) : NULL;

		if (!old || old[0] != '#' || !has_slug(slugs, old + 1))
			continue;
		buf_clear(&url);
		buf_printf(&url, "#%s%s", prefix, old + 1);
		rc = buf_check(&url, err);
		if (rc == 0 && !cmark_node_set_url(node, url.text))
			rc = error_nomem(err);
	}
	cmark_iter_free(iter);
	buf_release(&url);
	return rc;
}

int markdown_mend(cmark_node *document, struct names *slugs, const char *prefix, int shift, struct error *err)
{
	int rc = mend_nodes(document, slugs, shift, err);

	if (rc == 0 && prefix[0] && slugs->n)
		rc = prefix_links(document, slugs, prefix, err);
	return rc;
}
