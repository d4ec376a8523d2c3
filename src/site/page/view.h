/*
 * A view: the JSON that a template is rendered from, under construction. Appends return nothing; the first failure is
 * remembered and asked for once, with view_end(). Mustache looks a missing name up in the surrounding views, so a view
 * sets every name that its template asks for: what is not there is set to false.
 */
#ifndef ASSAY_SITE_PAGE_VIEW_H
#define ASSAY_SITE_PAGE_VIEW_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

struct view {
	json_t *json; /* NULL after a failure */
};

struct view view_object(void);
struct view view_list(void);
void view_release(struct view *view); /* NULL allowed */

/* text may be anybody's bytes (bad UTF-8 is mended; the template escapes); NULL sets false. */
void view_text(struct view *view, const char *key, const char *text);
void view_printf(struct view *view, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);
void view_flag(struct view *view, const char *key, int value);
/* child is taken and empty afterwards; a child that failed makes the parent fail. */
void view_sub(struct view *view, const char *key, struct view *child);
void view_add(struct view *list, struct view *child);
void view_add_text(struct view *list, const char *text);
/* Release a text that went into the view: one that had no memory makes the view fail. */
void view_done(struct view *view, struct buf *text);
size_t view_count(const struct view *list);

/* 0, or ERR_NOMEM if anything failed since view_object(). */
MUST_CHECK int view_end(const struct view *view, struct error *err);

#endif
