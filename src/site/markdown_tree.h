/* What a page may have, enforced on cmark's tree before it is rendered. Private to markdown*.c. */
#ifndef ASSAY_SITE_MARKDOWN_TREE_H
#define ASSAY_SITE_MARKDOWN_TREE_H

#include "base/file.h"

#include <cmark-gfm.h>

/*
 * Drop raw HTML, unwrap links that lead nowhere a page may, turn images from elsewhere into links, shift headings, and give
 * the first MARKDOWN_SLUGS headings an address: their text as GitHub writes it, in document order in *slugs. Links to
 * those get `prefix` before the address.
 */
enum { MARKDOWN_SLUGS = 200 };
MUST_CHECK int markdown_mend(cmark_node *document, struct names *slugs, const char *prefix, int shift,
			     struct error *err);

/* 1 for http, https, mailto with `remote` set, and for relative addresses. Public for its test. */
int markdown_may_link(const char *url, int remote);

#endif
