/*
 * Each allocation fails in turn, until the call gets through: every time a negative code with a message, and nothing is
 * left behind. The allocator of the program is replaced, so that the libraries' calls fail too; under the address sanitizer
 * by one that passes the calls on to the sanitizer's. For one test program: it defines malloc().
 */
#ifndef ASSAY_TESTS_FAILING_MALLOC_H
#define ASSAY_TESTS_FAILING_MALLOC_H

#include "check.h"

#include "base/error.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* gcc's word */
#endif
#endif

static long live; /* blocks in use */
static long countdown = -1; /* allocations until one fails; negative: none does */

#ifdef __SANITIZE_ADDRESS__
#define BELOW(name) __interceptor_##name
#define UNWATCHED __attribute__((no_sanitize_address, no_sanitize_undefined)) /* called before the sanitizer is ready */
#else
#define BELOW(name) __libc_##name
#define UNWATCHED
#endif

void *BELOW(malloc)(size_t size);
void *BELOW(calloc)(size_t n, size_t size);
void *BELOW(realloc)(void *old, size_t size);
void *BELOW(memalign)(size_t alignment, size_t size);
void BELOW(free)(void *block);
void *memalign(size_t alignment, size_t size);

UNWATCHED static int fails(void)
{
	if (countdown < 0 || countdown-- > 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

UNWATCHED static void *counted(void *block)
{
	live += block != NULL;
	return block;
}

UNWATCHED void *malloc(size_t size)
{
	return fails() ? NULL : counted(BELOW(malloc)(size));
}

UNWATCHED void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(BELOW(calloc)(n, size));
}

UNWATCHED void *realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	return old ? BELOW(realloc)(old, size) : counted(BELOW(realloc)(old, size));
}

UNWATCHED void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : counted(BELOW(memalign)(alignment, size));
}

/* libgomp's way to memory; it ends the program where it gets none, so this one does not fail. */
UNWATCHED void *memalign(size_t alignment, size_t size)
{
	return counted(BELOW(memalign)(alignment, size));
}

UNWATCHED void free(void *block)
{
	live -= block != NULL;
	BELOW(free)(block);
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's own do not pass through malloc(). */
#undef strdup
#undef strndup
char *__interceptor_realpath(const char *path, char *out);
char *realpath(const char *path, char *out)
{
	char *found = __interceptor_realpath(path, out);

	return out ? found : counted(found);
}

char *strndup(const char *text, size_t most)
{
	size_t len = strnlen(text, most);
	char *copy = malloc(len + 1);

	if (copy) {
		memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

char *strdup(const char *text)
{
	return strndup(text, SIZE_MAX);
}
#endif

/* Call it with the 1st, 2nd, 3rd ... allocation failing; how often it failed. */
static int fail_each(int (*call)(struct error *err), int check_leaks)
{
	int failures = 0;

	for (long nth = 0;; nth++) {
		struct error err = {0};
		long before = live;
		int rc;

		countdown = nth;
		rc = call(&err);
		if (countdown >= 0) { /* it had fewer than n */
			countdown = -1;
			check_ok(rc, err);
			return failures;
		}
		if (check_leaks)
			assert_int_equal(live, before);
		if (rc == 0) /* a library could do without */
			continue;
		assert_true(rc < 0);
		assert_int_equal(err.code, rc);
		assert_true(err.text[0]);
		failures++;
	}
}

/* The test: `call` with every allocation failing in turn. */
static void fail_in_turn(int (*call)(struct error *err))
{
	struct error err = {0};

	check_ok(call(&err), err); /* libraries keep what they need: first where nothing fails, */
	fail_each(call, 0); /* then what they need to note failures */
	assert_true(fail_each(call, 1) > 3);
}

#endif
