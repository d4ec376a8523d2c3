#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>

static int overflows(size_t n, size_t size)
{
	return size && n > SIZE_MAX / 2 / size;
}

void *mem_array(size_t n, size_t size)
{
	if (overflows(n, size))
		return NULL;
	return malloc(n && size ? n * size : 1);
}

void *mem_zeroed(size_t n, size_t size)
{
	if (overflows(n, size))
		return NULL;
	return calloc(n ? n : 1, size ? size : 1);
}

void *mem_resize(void *old, size_t n, size_t size)
{
	if (overflows(n, size))
		return NULL;
	return realloc(old, n && size ? n * size : 1);
}

void *mem_aligned(size_t n, size_t size)
{
	size_t bytes = n * size;

	if (overflows(n, size))
		return NULL;
	return aligned_alloc(64, (bytes + 127) / 64 * 64);
}

char *mem_text(const char *text)
{
	return text ? mem_text_n(text, strlen(text)) : NULL;
}

char *mem_text_n(const char *text, size_t len)
{
	char *copy = mem_array(len + 1, 1);

	if (copy) {
		if (len)
			memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

char *mem_printf(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return len < 0 ? NULL : text;
}

int mem_grow(void **array, size_t n, size_t *cap, size_t size, struct error *err)
{
	size_t want = *cap ? *cap * 2 : 8;
	void *bigger;

	if (n < *cap)
		return 0;
	bigger = mem_resize(*array, want, size);
	if (!bigger)
		return error_nomem(err);
	*array = bigger;
	*cap = want;
	return 0;
}
