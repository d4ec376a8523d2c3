/* GitHub's Markdown by cmark-gfm, in safe mode, with links and images held to what a page may have. */
#ifndef ASSAY_SITE_MARKDOWN_H
#define ASSAY_SITE_MARKDOWN_H

#include "base/buf.h"

/* Register cmark's extensions once, before the first thread. */
void markdown_init(void);

/*
 * Append text as HTML: tables, strikethrough, autolinks, task lists, footnotes; no raw HTML; http, https, mailto and relative
 * links only; images that are not relative become links (no request leaves the site); bad UTF-8 mended. Headings are
 * shifted down by `shift` levels (a page has its own h1). prefix: goes before footnote and heading ids so that two texts
 * can stand on one page.
 * Over 4 kB, or with shapes that cost more than linear time, it is rendered in a child with limits (2 s CPU, 512 MB, 16 MB of
 * output); over 1 MB or where the child dies the text comes as escaped <pre> with a notice. Never fails for its input.
 */
MUST_CHECK int markdown_html(struct buf *out, const char *text, size_t len, const char *prefix, int shift,
			     struct error *err);

#endif
