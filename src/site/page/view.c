/* Views: JSON under construction that remembers its first failure. */
#include "site/page/view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct view view_object(void)
{
	return (struct view){json_object()};
}

struct view view_list(void)
{
	return (struct view){json_array()};
}

void view_release(struct view *view)
{
	if (!view)
		return;
	json_decref(view->json);
	view->json = NULL;
}

/* A JSON string of any bytes: ill-formed UTF-8 becomes U+FFFD. NULL without memory. */
static json_t *view_string(const char *text, size_t len)
{
	struct buf mended = BUF_INIT;
	json_t *string = json_stringn(text, len);
	unsigned code;

	if (string)
		return string;
	for (size_t i = 0, step; i < len; i += step ? step : 1) {
		step = utf8_next(text + i, len - i, &code);
		if (step)
			buf_put(&mended, text + i, step);
		else
			buf_puts(&mended, "\xef\xbf\xbd");
	}
	string = mended.failed ? NULL : json_stringn(mended.text, mended.len);
	buf_release(&mended);
	return string;
}

static void view_json(struct view *view, const char *key, json_t *taken)
{
	if (!view->json) {
		json_decref(taken);
		return;
	}
	if (json_object_set_new(view->json, key, taken) < 0)
		view_release(view);
}

void view_text(struct view *view, const char *key, const char *text)
{
	view_json(view, key, text ? view_string(text, strlen(text)) : json_false());
}

void view_printf(struct view *view, const char *key, const char *format, ...)
{
	char *made = NULL;
	va_list list;

	va_start(list, format);
	if (vasprintf(&made, format, list) < 0)
		made = NULL;
	va_end(list);
	if (made)
		view_text(view, key, made);
	else
		view_release(view);
	free(made);
}

void view_flag(struct view *view, const char *key, int value)
{
	view_json(view, key, json_boolean(value));
}

void view_sub(struct view *view, const char *key, struct view *child)
{
	json_t *json = child->json;

	child->json = NULL;
	if (json)
		view_json(view, key, json);
	else
		view_release(view);
}

void view_add(struct view *list, struct view *child)
{
	json_t *json = child->json;

	child->json = NULL;
	if (!list->json) {
		json_decref(json);
		return;
	}
	if (!json || json_array_append_new(list->json, json) < 0)
		view_release(list);
}

void view_add_text(struct view *list, const char *text)
{
	struct view child = {view_string(text, strlen(text))};

	view_add(list, &child);
}

void view_done(struct view *view, struct buf *text)
{
	if (text->failed)
		view_release(view);
	buf_release(text);
}

size_t view_count(const struct view *list)
{
	return json_array_size(list->json);
}

int view_end(const struct view *view, struct error *err)
{
	return view->json ? 0 : error_nomem(err);
}
