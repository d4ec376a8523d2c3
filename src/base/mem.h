/* Allocation that refuses to overflow. All return NULL when memory is out; free() ends what they give. */
#ifndef ASSAY_BASE_MEM_H
#define ASSAY_BASE_MEM_H

#include "base/error.h"

#include <stddef.h>

/* n elements of `size` bytes, not cleared. n = 0 gives a pointer that may be freed, never NULL. */
void *mem_array(size_t n, size_t size) MUST_CHECK;

/* The same, all bytes zero. */
void *mem_zeroed(size_t n, size_t size) MUST_CHECK;

/* Change `old` (NULL allowed) to hold n elements; on NULL `old` is still the caller's. */
void *mem_resize(void *old, size_t n, size_t size) MUST_CHECK;

/* 64-byte aligned (vector code); free() ends it. */
void *mem_aligned(size_t n, size_t size) MUST_CHECK;

char *mem_text(const char *text) MUST_CHECK; /* a copy; NULL gives NULL */
char *mem_text_n(const char *text, size_t len) MUST_CHECK; /* a copy of len bytes and a NUL */
char *mem_printf(const char *format, ...) PRINTF_LIKE(1, 2) MUST_CHECK;

/*
 * Make room for one more element in a growing array: doubles the capacity. 0, or ERR_NOMEM with the array as it was.
 *	rc = MEM_GROW(list->item, list->n, list->cap, err);
 */
int mem_grow(void **array, size_t n, size_t *cap, size_t size, struct error *err) MUST_CHECK;
#define MEM_GROW(array, n, cap, err) mem_grow((void **)&(array), (n), &(cap), sizeof(*(array)), (err))

#endif
